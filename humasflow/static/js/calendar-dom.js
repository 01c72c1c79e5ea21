// The calendar's items and cells as the page shows them: read, put in their place, changed after an answer.

export const client = () => document.getElementById("calendar-client");
export const words = () => client()?.dataset ?? {};
export const root = () => document.getElementById("calendar");
export const today = () => root()?.dataset.today ?? "";
const english = document.documentElement.lang === "en";
const ITEM = ".ev[data-id], .camp[data-id]";

/** Everything that may be moved. */
export const MOVABLE = ".ev[data-id]:not([data-fixed]), .camp[data-v]:not([data-fixed])";

/** What moving calls an item: kind, number, version, occurrence. */
export function keyOf(item) {
  const { kind, id, v, occurrence } = item.dataset;
  return [kind, id, v, ...(occurrence ? [occurrence] : [])].join(":");
}

/** The same without the version, which changes with every move. */
export const nameOf = (item) => [item.dataset.kind, item.dataset.id, item.dataset.occurrence ?? ""].join(":");

export const items = () => [...(root()?.querySelectorAll(ITEM) ?? [])];
export const titleOf = (item) => (item.querySelector(".ev__text")?.firstChild ?? item).textContent.trim();
export const cellOf = (item) => item.closest("[data-day]");

const boxes = new WeakMap();

/** The box that picks an item. It stands before it, and goes along when a drag took the item away. */
export function boxOf(item) {
  const before = item.previousElementSibling;
  if (before?.matches("input[name=pilih]") && before.value === keyOf(item)) boxes.set(item, before);
  return boxes.get(item) ?? null;
}

/** Find what was there before the calendar was drawn anew. */
export const again = (name) => items().find((item) => nameOf(item) === name);

const hour = (clock) => clock.slice(0, 2);

/** The cell of a day and, where the view has hours, of the hour; null when the page does not show it. */
export function findCell(day, clock, near) {
  const lane = near?.closest(".lane");
  const found = [...(day && lane ? lane : root()).querySelectorAll(`[data-day="${day}"]`)];
  const hours = found.filter((cell) => cell.dataset.time);
  if (!hours.length) return found[0] ?? null;
  if (!clock) return found.find((cell) => !cell.dataset.time) ?? null;
  return hours.find((cell) => hour(cell.dataset.time) === hour(clock)) ?? null;
}

/** Whole days from one to the other. */
export const daysBetween = (from, to) => Math.round((Date.parse(`${to}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / 86_400_000);

export function addDays(day, days) {
  const at = new Date(`${day}T00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** Put an item into a cell by the clock: what takes the whole day first. */
export function place(cell, item) {
  const clock = item.dataset.t ?? "";
  const box = boxOf(item);
  const list = cell.querySelector(":scope > .agenda-list");
  const own = list ? item.closest("li") ?? item : item;
  const after = [...(list ?? cell).children].find((other) => {
    if (other === own) return false;
    if (other.matches(".ev__more")) return true;
    const inside = other.matches(".ev") ? other : other.querySelector(":scope > .ev");
    return inside ? (inside.dataset.t ?? "") > clock : false;
  });
  const before = (after && boxOf(after)) ?? after ?? null;
  // What is put elsewhere loses the focus: whoever stood on it walks along.
  const held = own.contains(document.activeElement) ? document.activeElement : null;
  (list ?? cell).insertBefore(own, before);
  if (box && own === item) item.before(box);
  if (held) {
    held.focus({ preventScroll: true });
    held.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  settle();
}

/** Take it off the page; its box goes along. */
export function takeOff(item) {
  boxOf(item)?.remove();
  (item.closest(".agenda-list > li") ?? item).remove();
  settle();
}

const more = (place) => [...place.querySelectorAll(".ev__more")].reduce((sum, one) => sum + Number(/\d+/.exec(one.textContent)?.[0] ?? 0), 0);

/** Days that are empty look it, the tray and the lanes say how much they hold. */
export function settle() {
  const tray = root().querySelector(".dock");
  const held = tray?.querySelectorAll('[data-day=""] .ev').length;
  if (tray) {
    tray.querySelector("[data-tray-count]").textContent = held || "";
    for (const line of tray.querySelectorAll("[data-tray-when]")) line.hidden = (line.dataset.trayWhen === "held") !== held > 0;
  }
  for (const lane of root().querySelectorAll(".lane")) {
    const total = lane.querySelectorAll(".ev").length + more(lane);
    lane.querySelector("h2 small").textContent = total;
    lane.classList.toggle("lane--empty", total === 0);
  }
  for (const day of root().querySelectorAll(".day")) day.classList.toggle("empty-day", !day.querySelector(".ev, .day__note, .ev__more"));
  for (const cell of root().querySelectorAll(".wk__cell[data-time]")) cell.classList.toggle("wk__cell--empty", !cell.querySelector(".ev"));
  for (const cell of root().querySelectorAll(".lane__cell")) cell.classList.toggle("lane__cell--empty", !cell.querySelector(".ev"));
}

export function showClock(item, clock) {
  item.dataset.t = clock;
  let time = item.querySelector("time");
  if (!clock) {
    if (!item.matches(".ev--row")) time?.remove();
    return;
  }
  if (!time) {
    time = document.createElement("time");
    item.querySelector(".icon")?.after(time, " ");
  }
  // Until when it lasts is the server's to say, at the next look.
  time.textContent = english ? clock : clock.replace(":", ".");
}

/** Where an item stands now, to be able to take it back there. */
export function standing(item) {
  boxOf(item);
  const own = item.closest(".agenda-list > li") ?? item;
  return { item, own, parent: own.parentNode, next: own.nextSibling, clock: item.dataset.t ?? "", day: cellOf(item)?.dataset.day };
}

/** Take all of them back, the last first: what followed one of them may be the next. */
export const putAllBack = (stands) => [...stands].reverse().forEach(putBack);

function putBack({ item, own, parent, next, clock }) {
  if (!parent?.isConnected) return;
  if (item.dataset.t !== clock) showClock(item, clock);
  parent.insertBefore(own, next?.parentNode === parent ? next : null);
  const box = boxOf(item);
  if (box && own === item) item.before(box);
  settle();
}

/** What the server says of an item: its version, time, state and place. False when the page has to be drawn anew. */
export function apply(item, told, near) {
  const box = boxOf(item);
  item.dataset.v = told.row_version;
  if (told.occurrence) item.dataset.occurrence = told.occurrence;
  if (box) box.value = keyOf(item);
  showClock(item, told.clock ?? "");
  look(item, told);
  const cell = findCell(told.day ?? "", told.clock ?? "", near ?? item);
  if (!cell) return false;
  place(cell, item);
  return true;
}

const TONES = ["draft", "review", "return", "approved", "sched", "live", "fail", "park", "event"];

function look(item, told) {
  if (!item.matches(".ev") || !told.tone) return;
  item.classList.remove(...TONES);
  item.classList.add(told.tone);
  const icons = item.querySelectorAll(".icon use");
  const state = icons[icons.length - 1];
  if (icons.length > 1 && told.state_icon) state.setAttribute("href", `${words().sprite}#${told.state_icon}`);
  const word = item.querySelector("[data-state-word]");
  if (!word || !told.label) return;
  if (item.title.endsWith(word.textContent)) item.title = item.title.slice(0, -word.textContent.length) + told.label;
  word.textContent = told.label;
}

/** "Pindahkan ke…" for these items; its script is fetched when it is asked for, its page stands in for it. */
export async function openMove(chosen) {
  if (!chosen.length) return;
  try {
    const where = await import("./calendar-where.js");
    where.openMove(chosen);
  } catch {
    location.assign(`${words().page}?${new URLSearchParams(chosen.map((item) => ["item", keyOf(item)]))}`);
  }
}
