// Selecting cards and rows, and walking among them: x selects, Shift selects a range, j/k and the arrows walk.
// Without this file the boxes and the bar at the foot are an ordinary form.

const bar = document.querySelector("[data-pick-bar]");
const all = document.querySelector("[data-pick-all]");
const boxes = () => [...document.querySelectorAll("[data-pick]")];
let last = null;

function recount() {
  const every = boxes();
  const chosen = every.filter((box) => box.checked);
  for (const box of every) box.closest("[data-card]")?.classList.toggle("picked", box.checked);
  if (bar) {
    bar.classList.toggle("pick-bar--on", chosen.length > 0);
    const output = bar.querySelector("[data-pick-count]");
    output.textContent = bar.dataset.sayChosen.replace("#", chosen.length);
    document.documentElement.classList.toggle("picking", chosen.length > 0);
  }
  if (all) {
    all.checked = every.length > 0 && chosen.length === every.length;
    all.indeterminate = chosen.length > 0 && chosen.length < every.length;
  }
}

function pick(box, checked, range) {
  const every = boxes();
  const from = every.indexOf(last);
  const to = every.indexOf(box);
  const between = range && from >= 0 ? every.slice(Math.min(from, to), Math.max(from, to) + 1) : [box];
  for (const one of between) one.checked = checked;
  last = box;
  recount();
}

const cardOf = (element) => element?.closest?.("[data-card]");
const linkOf = (card) => card?.querySelector("h3 a, .list__title");

/** The card or row that has the focus. */
export const current = () => cardOf(document.activeElement);

/** Put the focus on a card's title. */
export function focusCard(card) {
  const link = linkOf(card);
  if (!link) return;
  link.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
}

const shown = (element) => element.getClientRects().length > 0;

function walk(step) {
  const cards = [...document.querySelectorAll("[data-card]")].filter(shown);
  const place = cards.indexOf(current());
  focusCard(cards[place < 0 ? (step > 0 ? 0 : cards.length - 1) : place + step]);
}

/** To the nearest card of the next column that has any. */
function sideways(card, step) {
  const lists = [...document.querySelectorAll("[data-cards]")].filter((l) => shown(l) && l.querySelector("[data-card]"));
  const list = card.closest("[data-cards]");
  const row = [...list.querySelectorAll("[data-card]")].indexOf(card);
  const next = lists[lists.indexOf(list) + step];
  if (!next) return;
  const cards = next.querySelectorAll("[data-card]");
  focusCard(cards[Math.min(row, cards.length - 1)]);
}

document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-pick]");
  if (box) pick(box, box.checked, event.shiftKey);
  if (event.target.closest("[data-pick-none]")) {
    for (const one of boxes()) one.checked = false;
    recount();
  }
  const key = event.target.closest("[data-walk]");
  if (key?.dataset.walk === "pick") {
    const own = current()?.querySelector("[data-pick]");
    if (own) pick(own, !own.checked, false);
  } else if (key) {
    walk(Number(key.dataset.walk));
  }
});

// The label of a box takes Shift too; without this the browser would select text.
document.addEventListener("mousedown", (event) => {
  if (event.shiftKey && event.target.closest(".pick-one")) event.preventDefault();
});

all?.addEventListener("change", () => {
  for (const box of boxes()) box.checked = all.checked;
  recount();
});

document.addEventListener("keydown", (event) => {
  const card = current();
  if (!card || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
  const board = document.querySelector("[data-board]");
  const moves = { ArrowDown: () => walk(1), ArrowUp: () => walk(-1) };
  if (board) Object.assign(moves, { ArrowRight: () => sideways(card, 1), ArrowLeft: () => sideways(card, -1) });
  if (!moves[event.key]) return;
  event.preventDefault();
  moves[event.key]();
});

// F opens the filters and stands on the first of them.
document.querySelector("[data-desk-filters] details")?.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.querySelector("select, input")?.focus();
});

window.addEventListener("pageshow", recount);
recount();
