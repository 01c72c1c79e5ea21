// The board: dragging cards between columns, "Pindahkan ke…", more cards of a column, one column at a time on a phone.
// It works without this file: every card links to the page that moves it, every column to the page with more of it.
import Sortable from "../vendor/sortable.js";
import { current, focusCard } from "./picking.js";
import { toast } from "./toasts.js";

const board = document.querySelector("[data-board]");
const words = board?.dataset ?? {};
const laneOf = (key) => board.querySelector(`.col[data-lane="${key}"]`);
const listOf = (key) => laneOf(key)?.querySelector("[data-cards]");
const JSON_PLEASE = { headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "manual" };

// One column at a time on a phone; which one stays in the address, so that "back" comes back to it.

function bindTabs() {
  const tabs = document.querySelector("[data-lane-tabs]");
  const lanes = [...board.querySelectorAll(".col")];
  const buttons = [...tabs.querySelectorAll("[data-tab]")];
  const show = (key, remember) => {
    for (const lane of lanes) lane.classList.toggle("col--shown", lane.dataset.lane === key);
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.tab === key));
    buttons.find((b) => b.dataset.tab === key)?.scrollIntoView({ block: "nearest", inline: "center" });
    if (remember) history.replaceState(null, "", `#kolom-${key}`);
  };
  tabs.addEventListener("click", (event) => {
    const button = event.target.closest("[data-tab]");
    if (button) show(button.dataset.tab, true);
  });
  const asked = document.getElementById(location.hash.slice(1))?.closest(".col");
  const filled = lanes.find((lane) => Number(lane.dataset.total) > 0) ?? lanes[0];
  show((asked ?? filled).dataset.lane, false);
  return show;
}

// Asking and doing

class Refusal extends Error {}

async function told(answer) {
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const reasons = found.reasons?.length ? found.reasons : [found.error];
    throw new Refusal(reasons.filter(Boolean).join(" ") || words.sayFailed);
  }
  return found;
}

/** Where this card may go, and why not elsewhere: the server's own answer. */
const ask = async (id) => told(await fetch(`/naskah/${id}/pindah`, JSON_PLEASE));

const laneNow = async (id) => (await ask(id)).targets.find((target) => target.how === "here")?.lane;

async function send(id, from, to, more) {
  const body = new FormData();
  for (const [key, value] of Object.entries({ csrf_token: words.csrf, dari: from, ke: to, ...more })) body.set(key, value);
  const post = { method: "POST", body, ...JSON_PLEASE };
  try {
    return await told(await fetch(`/naskah/${id}/pindah`, post));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    // The answer was lost on the way. Sending it again changes nothing if it was done.
    const answer = await fetch(`/naskah/${id}/pindah`, post);
    if (answer.ok || (await laneNow(id)) === from) return told(answer);
    // Refused because the first one was done and led to another column than the one it was dropped on.
    location.reload();
    return new Promise(() => {});
  }
}

function count(key, by) {
  const shown = laneOf(key)?.querySelector("[data-count]");
  const known = Number(shown?.dataset.count);
  if (shown && known < 100) {
    shown.dataset.count = known + by;
    shown.firstChild.textContent = known + by;
  }
  const tab = document.querySelector(`[data-tab="${key}"] b`);
  if (tab && /^\d+$/.test(tab.textContent)) tab.textContent = Number(tab.textContent) + by;
  const lane = laneOf(key);
  if (lane) lane.dataset.total = Number(lane.dataset.total) + by;
}

/** Put a card into a column, before the sentence that an empty one shows. */
function put(card, key, before = null) {
  const list = listOf(key);
  if (!list) return card.remove();
  // What is put elsewhere loses the focus: whoever stood on it walks along, also while the server is asked.
  const held = card.contains(document.activeElement) ? document.activeElement : null;
  list.insertBefore(card, before?.parentNode === list ? before : list.querySelector(".empty-lane"));
  if (card.dataset.lane !== key) {
    count(card.dataset.lane, -1);
    count(key, 1);
    card.dataset.lane = key;
  }
  held?.focus({ preventScroll: true });
  if (held) card.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function renewed(card, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(".card");
  if (!fresh) return card;
  fresh.querySelector("[data-move]").href = card.querySelector("[data-move]").getAttribute("href"); // leads back here
  fresh.dataset.lane = card.dataset.lane;
  const box = card.querySelector("[data-pick]");
  if (box?.checked) fresh.querySelector("[data-pick]").checked = true;
  card.replaceWith(document.adoptNode(fresh));
  return fresh;
}

/** Move at once, ask the server, and move back with its words when it says no. Whether it was done. */
async function carryOut(card, to, more = {}, home = null, say = toast) {
  const from = card.dataset.lane;
  card.setAttribute("aria-busy", "true");
  lock(true);
  put(card, to);
  try {
    const done = await send(card.dataset.card, from, to, more);
    put(card, done.lane);
    const fresh = renewed(card, done.card);
    const undo = done.undo && { label: words.sayUndo, run: () => carryOut(fresh, done.undo) };
    toast(done.message, undo || undefined);
    card = fresh;
    return true;
  } catch (error) {
    put(card, from, home);
    say(error instanceof Refusal ? error.message : words.sayFailed);
    return false;
  } finally {
    card.removeAttribute("aria-busy");
    lock(false);
    if (!document.querySelector("dialog[open]")) focusCard(card);
  }
}

/** What choosing a column means: done, asked about, chosen elsewhere, or refused with every reason. */
function choose(card, target, known, home) {
  const back = () => { put(card, card.dataset.lane, home); focusCard(card); };
  if (target.how === "not") {
    back();
    const action = target.url && { label: target.label, run: () => location.assign(target.url) };
    toast(target.reasons.join(" "), action || undefined);
  } else if (target.how === "elsewhere") {
    back();
    location.assign(target.url);
  } else if (target.how === "asked") {
    back();
    open(card, { ...known, targets: [target] });
  } else if (target.how === "at_once") {
    carryOut(card, target.lane, {}, home);
  } else {
    back();
  }
}

// "Pindahkan ke…"

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function row(card, target, dialog) {
  const item = element("li", "", target.how === "not" ? "move move--not" : "move");
  const head = element("div", "", "move__head");
  head.append(laneOf(target.lane).querySelector(".chip").cloneNode(true));
  item.append(head);
  if (target.how === "here") {
    head.append(element("span", words.sayHere, "muted small"));
    return item;
  }
  if (target.how === "not") {
    const list = element("ul", "", "reasons");
    for (const reason of target.reasons) list.append(element("li", reason));
    item.append(list);
  } else if (target.says) {
    item.append(element("p", target.says, "small muted"));
  }
  if (target.url) {
    const link = element("a", target.label, "btn");
    link.href = target.url;
    if (target.how !== "at_once") return item.append(link), item;
  }
  if (target.how === "not") return item;
  const form = element("form", "", "stack--tight");
  if (target.needs_reason) {
    const field = element("div", "", "field");
    const label = element("label", words.sayReason);
    const text = element("textarea");
    text.id = `alasan-${target.lane}`;
    label.htmlFor = text.id;
    Object.assign(text, { name: "alasan", required: true, rows: 3, maxLength: 2000 });
    field.append(label, text);
    form.append(field);
  }
  const button = element("button", target.label, "btn");
  const problem = element("p", "", "field__error");
  problem.setAttribute("role", "alert");
  problem.hidden = true;
  form.append(problem, button);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = form.querySelector("textarea");
    problem.hidden = button.disabled = true;
    const more = typed ? { alasan: typed.value, digest: target.digest } : {};
    // What was typed stays until it has arrived.
    const done = await carryOut(card, target.lane, more, null, (message) => {
      problem.textContent = message;
      problem.hidden = false;
    });
    button.disabled = false;
    if (done) dialog.close();
    else (typed ?? button).focus();
  });
  item.append(form);
  return item;
}

function open(card, known) {
  document.getElementById("pindahkan")?.remove();
  const dialog = element("dialog", "", "move-dialog");
  dialog.id = "pindahkan";
  dialog.setAttribute("aria-labelledby", "pindahkan-judul");
  const head = element("div", "", "dialog__head");
  const title = element("h2", words.sayMove);
  title.id = "pindahkan-judul";
  const close = element("button", "×", "btn quiet icon-only");
  close.type = "button";
  close.dataset.closeDialog = "";
  close.setAttribute("aria-label", document.body.dataset.sayClose);
  head.append(title, close);
  const list = element("ul", "", "moves");
  for (const target of known.targets) list.append(row(card, target, dialog));
  dialog.append(head, element("p", known.title, "strong wrap-anywhere"), list);
  const id = card.dataset.card; // the card itself is renewed when it has moved
  dialog.addEventListener("close", () => {
    dialog.remove();
    focusCard(board.querySelector(`[data-card="${id}"]`));
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("textarea, .moves button, .moves a")?.focus();
}

async function offer(card) {
  const link = card.querySelector("[data-move]");
  link.setAttribute("aria-busy", "true");
  try {
    open(card, await ask(card.dataset.card));
  } catch (error) {
    if (error instanceof Refusal) toast(error.message);
    else location.assign(link.href); // the page says the same, and the browser says what is wrong with the network
  } finally {
    link.removeAttribute("aria-busy");
  }
}

// Dragging

let sortables = [];
const lock = (busy) => sortables.forEach((s) => s.option("disabled", busy));

function bindDragging() {
  let asking = null;
  let home = null;
  const lanes = [...board.querySelectorAll(".col")];
  const clear = () => lanes.forEach((lane) => {
    lane.classList.remove("col--over", "col--no", "col--yes");
    delete lane.dataset.why;
  });
  const mark = ({ targets }) => targets.forEach((target) => {
    const lane = laneOf(target.lane);
    lane.classList.toggle("col--no", target.how === "not");
    lane.classList.toggle("col--yes", !["not", "here"].includes(target.how));
    if (target.how === "not") lane.dataset.why = target.reasons.join(" ");
  });
  const end = async ({ item, from, to }) => {
    document.documentElement.classList.remove("dragging-card");
    const known = await asking.catch((error) => error);
    clear();
    if (from === to) return;
    const key = to.closest(".col").dataset.lane;
    if (known instanceof Error) {
      put(item, item.dataset.lane, home);
      toast(known instanceof Refusal ? known.message : words.sayFailed);
      return;
    }
    choose(item, known.targets.find((t) => t.lane === key), known, home);
  };
  sortables = [...board.querySelectorAll("[data-cards]")].map((list) => new Sortable(list, {
    group: "cards",
    draggable: ".card",
    filter: "input, .pick-one, .card__move",
    preventOnFilter: false,
    sort: false,
    animation: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    delay: 250, // on a touch screen a short press scrolls, a long one drags
    delayOnTouchOnly: true,
    ghostClass: "dragging",
    onStart: ({ item }) => {
      home = item.nextElementSibling;
      asking = ask(item.dataset.card);
      asking.then(mark, () => {});
      document.documentElement.classList.add("dragging-card");
    },
    onChange: ({ to }) => lanes.forEach((lane) => lane.classList.toggle("col--over", lane.contains(to))),
    onEnd: end,
  }));
}

async function more(link) {
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href, { credentials: "same-origin" });
    if (!answer.ok) throw new Refusal(words.sayFailed);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = link.closest(".col").querySelector("[data-cards]");
    const known = new Set([...board.querySelectorAll("[data-card]")].map((c) => c.dataset.card));
    const fresh = [...page.querySelectorAll("[data-card]")].filter((c) => !known.has(c.dataset.card));
    for (const card of fresh) list.insertBefore(document.adoptNode(card), list.querySelector(".empty-lane"));
    const next = page.querySelector("a[data-more]");
    if (next) link.href = next.getAttribute("href");
    else link.remove();
    focusCard(fresh[0]);
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

if (board) {
  bindTabs();
  bindDragging();
  board.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const mover = event.target.closest("[data-move]");
    const link = event.target.closest("a[data-more]");
    if (!mover && !link) return;
    event.preventDefault();
    if (mover) offer(mover.closest("[data-card]"));
    else more(link);
  });
  document.querySelector("[data-move-key]")?.addEventListener("click", () => {
    const card = current();
    if (card) offer(card);
  });
}
