// "Pindahkan ke…" in a dialog: the twin of dragging, for one item or for all that are picked.
import { again, cellOf, keyOf, nameOf, titleOf, today, words } from "./calendar-dom.js";
import { move } from "./calendar-moving.js";

const dialog = () => document.getElementById("moving-where");
let moved = [];
let turn = null;

function tell(message) {
  const problem = dialog().querySelector("[data-problem]");
  problem.textContent = message;
  problem.hidden = !message;
}

async function go(where) {
  tell("");
  const buttons = dialog().querySelectorAll(".moving__foot button");
  buttons.forEach((button) => { button.disabled = true; });
  const names = moved.map(nameOf);
  dialog().close(); // a warning or the question how much of a series opens its own
  let problem = "";
  const done = await move(moved, where, { say: (message) => { problem = message; } });
  buttons.forEach((button) => { button.disabled = false; });
  if (done) {
    if (moved.length > 1) document.dispatchEvent(new CustomEvent("calendar:unpick"));
  } else if (problem) {
    dialog().showModal();
    tell(problem);
  }
  if (!dialog().open) (again(names[0]) ?? moved[0])?.focus?.({ preventScroll: true });
}

function bind() {
  turn?.abort();
  turn = new AbortController();
  const { signal } = turn;
  const form = dialog().querySelector("form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { day, time } = form.elements;
    go({ day: day.value, ...(time.value && !time.disabled ? { time: time.value } : {}) });
  }, { signal });
  dialog().querySelector("[data-to-tray]").addEventListener("click", () => go({ day: "" }), { signal });
}

/** Ask where to. Who has no dialog goes to the page. */
export function openMove(items) {
  if (!items.length) return;
  const address = `${words().page}?${new URLSearchParams(items.map((item) => ["item", keyOf(item)]))}`;
  if (!dialog()) return location.assign(address);
  moved = items;
  const [first] = items;
  const posts = items.every((item) => item.dataset.kind === "publikasi");
  const timed = items.some((item) => item.dataset.kind !== "kampanye");
  const { day, time } = dialog().querySelector("form").elements;
  dialog().querySelector("[data-what]").textContent = items.length === 1 ? titleOf(first) : words().sayPicked.replace("#", items.length);
  // What lasts several days is moved by its first one, wherever it was taken hold of.
  day.value = first.dataset.from ?? (cellOf(first)?.dataset.day || today());
  time.value = items.length === 1 ? first.dataset.t ?? "" : "";
  time.disabled = !timed;
  dialog().querySelector("[data-clock]").hidden = !timed;
  dialog().querySelector("[data-to-tray]").hidden = !posts || !items.some((item) => item.dataset.t);
  dialog().querySelector("[data-page-link]").href = address;
  tell("");
  bind();
  dialog().showModal();
  day.focus();
  return undefined;
}
