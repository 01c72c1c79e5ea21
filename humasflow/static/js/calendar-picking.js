// Picking several items to be moved together. The boxes are the page's own; without this file they are a form.
import { boxOf, items, nameOf, openMove, root, words } from "./calendar-dom.js";

const chosen = new Set(); // by name: the calendar may be drawn anew meanwhile
const line = () => document.getElementById("pick-line");
const isOn = () => document.documentElement.classList.contains("picking");
let last = null;

const able = () => items().filter((item) => boxOf(item));

/** What is picked and shown, in the order of the page; what stands in several places is one. */
export const picked = () => {
  const found = new Map();
  for (const item of isOn() ? able() : []) {
    const name = nameOf(item);
    if (chosen.has(name) && !found.has(name)) found.set(name, item);
  }
  return [...found.values()];
};

function recount() {
  for (const item of able()) {
    const on = isOn() && chosen.has(nameOf(item));
    item.classList.toggle("ev--picked", on);
    boxOf(item).checked = on;
  }
  const count = picked().length;
  line().hidden = !isOn();
  line().querySelector("[data-pick-count]").textContent = words().sayPicked.replace("#", count);
  line().querySelector("[data-pick-move]").disabled = count === 0;
  document.querySelector("#calendar-bar [data-pick]")?.setAttribute("aria-pressed", String(isOn()));
}

function turn(on) {
  document.documentElement.classList.toggle("picking", on);
  root()?.classList.toggle("cal-root--picking", on);
  if (!on) chosen.clear();
  last = null;
  recount();
}

/** Begin or end picking. */
export const turnPicking = () => turn(!isOn());

function pick(item, on, range) {
  const every = able();
  const [from, to] = [every.indexOf(last), every.indexOf(item)];
  const between = range && from >= 0 ? every.slice(Math.min(from, to), Math.max(from, to) + 1) : [item];
  for (const one of between) chosen[on ? "add" : "delete"](nameOf(one));
  last = item;
  recount();
}

/** Pick or let go of an item; the first one begins picking. */
export function togglePick(item) {
  if (!boxOf(item)) return;
  if (!isOn()) turn(true);
  pick(item, !chosen.has(nameOf(item)), false);
}

export function bindPicking() {
  if (!line()) return;
  document.addEventListener("click", (event) => {
    if (event.target.closest("#calendar-bar [data-pick]")) return turnPicking();
    if (event.target.closest("[data-pick-off]")) {
      turn(false);
      return document.querySelector("#calendar-bar [data-pick]")?.focus();
    }
    if (event.target.closest("[data-pick-move]")) return openMove(picked());
    const box = event.target.closest("input[name=pilih]");
    const item = box ? able().find((one) => boxOf(one) === box) : isOn() && event.target.closest(".ev, .camp");
    if (!item || !root()?.contains(item) || !boxOf(item)) return undefined;
    if (!box) event.preventDefault(); // while picking, an item is picked, not opened
    if (!isOn()) turn(true);
    pick(item, box ? box.checked : !chosen.has(nameOf(item)), event.shiftKey);
    return undefined;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOn() && !document.querySelector("dialog[open]")) turn(false);
  });
  document.addEventListener("calendar:unpick", () => turn(false));
  document.addEventListener("calendar:shown", () => {
    root()?.classList.toggle("cal-root--picking", isOn());
    recount();
  });
  recount();
}

