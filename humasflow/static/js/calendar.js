// Dragging on the calendar: between days, hours and the tray, one item or all that are picked. What moves them is
// fetched with the first drag. Without this file every item leads to "Pindahkan ke…"; so does the key P.
import Sortable from "../vendor/sortable.js";
import { MOVABLE, boxOf, items, nameOf, putAllBack, root, standing, words } from "./calendar-dom.js";
import "./calendar-keys.js";
import { bindPicking, picked } from "./calendar-picking.js";
import { narrow } from "./pointing.js";
import { toast } from "./toasts.js";

const page = document.documentElement;
const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const moving = () => import("./calendar-moving.js");
let sortables = [];

/** While something is dragged the rows keep their heights, so that nothing slips away under the pointer. */
function hold(on) {
  for (const grid of root()?.querySelectorAll(".cal, .wk, .lane") ?? []) {
    if (on && getComputedStyle(grid).display === "grid") grid.style.gridTemplateRows = getComputedStyle(grid).gridTemplateRows;
    else grid.style.removeProperty("grid-template-rows");
  }
}

/** Nothing is dragged any more: dropped, or the calendar was drawn anew under the pointer. */
function rest() {
  hold(false);
  if (!page.classList.contains("dragging-item")) return;
  page.classList.remove("dragging-item");
  document.dispatchEvent(new CustomEvent("calendar:dropped"));
}

/** What is dragged: everything that is picked, if this is among it. A campaign that stands in two rows is one. */
function along(item) {
  const chosen = picked();
  const at = chosen.findIndex((one) => nameOf(one) === nameOf(item));
  return at < 0 ? [item] : chosen.map((one, n) => (n === at ? item : one));
}

async function drop(many, item, from, to, before) {
  let way;
  try {
    way = await moving();
  } catch {
    putAllBack(before);
    return toast(words().sayFailed);
  }
  // Within a day of the month the place says nothing; between the hours of a day it does.
  const done = await way.move(many, way.dropped(item, from, to, many), { before });
  if (done && many.length > 1) document.dispatchEvent(new CustomEvent("calendar:unpick"));
  return undefined;
}

function wire() {
  sortables.forEach((s) => s.el && s.destroy());
  sortables = [];
  rest();
  if (!root()) return;
  items().forEach(boxOf);
  const cells = [...root().querySelectorAll("[data-day]")].filter((cell) => !cell.matches(".agenda-day"));
  let before = [];
  let many = [];
  const over = (cell) => cells.forEach((c) => c.classList.toggle("over", c === cell && c.dataset.day !== ""));
  // A day that is over takes a drop too: the server says kindly why not, and the item goes back.
  sortables = cells.map((cell) => new Sortable(cell, {
    group: "calendar",
    draggable: MOVABLE,
    filter: "[aria-busy=true], input, .day__add, .ev__more",
    preventOnFilter: false,
    sort: false,
    animation: still ? 0 : 120,
    delay: 250, // on a touch screen a short press scrolls, a long one drags
    delayOnTouchOnly: true,
    ghostClass: "dragging",
    onStart: ({ item }) => {
      moving().catch(() => {}); // said when it is dropped
      many = along(item);
      before = many.map(standing);
      page.classList.add("dragging-item");
      hold(true);
      for (const one of many) one.classList.toggle("ev--along", one !== item);
    },
    onMove: ({ dragged, to }) => {
      over(to);
      // A campaign has no place in an hour or in the tray, what is due or takes place none in the tray.
      return !(to.dataset.day === "" && dragged.dataset.kind !== "publikasi");
    },
    onEnd: ({ item, from, to }) => {
      over(null);
      for (const one of many) one.classList.remove("ev--along");
      if (from !== to && before.some((stand) => stand.item === item)) drop(many, item, from, to, before);
      rest();
    },
  }));
}

// A long press drags; the menu of the link under the finger would take the drag away.
document.addEventListener("contextmenu", (event) => {
  if (page.classList.contains("dragging-item")) event.preventDefault();
});
document.addEventListener("calendar:shown", wire);
bindPicking();
wire();

// On a phone the month is one long list: begin at today, unless another day was asked for.
if (narrow() && !/[?&](bulan|hari)=/.test(location.search)) {
  document.fonts.ready.then(() => {
    if (window.scrollY === 0) document.querySelector(".day.today, .wk__day.today, .agenda-day.today")?.scrollIntoView({ block: "start" });
  });
}
