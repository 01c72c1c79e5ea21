// The keyboard on an item: P asks where to, X picks it, the arrows walk. P and X are keys of the page like any other
// (the buttons with data-item-key), so they rest while somebody types and when shortcuts are switched off; the arrows
// stay, they belong to the calendar and not to a letter.
import { boxOf, cellOf, items, nameOf, openMove, words } from "./calendar-dom.js";
import { picked, togglePick, turnPicking } from "./calendar-picking.js";
import { toast } from "./toasts.js";

const ITEM = "#calendar :is(.ev, .camp)[data-id]";
const shown = (element) => element.getClientRects().length > 0;
const cells = () => [...document.querySelectorAll("#calendar [data-day]")].filter((cell) => cell.dataset.day && shown(cell));

function focus(item) {
  item?.focus({ preventScroll: true });
  item?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function walk(item, step) {
  const every = items().filter((one) => one.matches("a") && shown(one));
  focus(every[every.indexOf(item) + step]);
}

/** To the nearest day before or after that has something at about the same height. */
function sideways(item, step) {
  const every = cells();
  const from = cellOf(item);
  const time = from?.dataset.time;
  let place = every.indexOf(from);
  for (place += step; every[place]; place += step) {
    if (every[place].dataset.day === from.dataset.day || (time && every[place].dataset.time && every[place].dataset.time !== time)) continue;
    const found = every[place].querySelector("a.ev, a.camp");
    if (found) return focus(found);
  }
  return undefined;
}

const ARROWS = { ArrowDown: [walk, 1], ArrowUp: [walk, -1], ArrowRight: [sideways, 1], ArrowLeft: [sideways, -1] };

document.addEventListener("keydown", (event) => {
  const item = event.target.closest?.(ITEM);
  const arrow = item && ARROWS[event.key];
  if (!arrow || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  arrow[0](item, arrow[1]);
}, true);

const ON_ITEM = {
  pick: (item) => (item ? togglePick(item) : turnPicking()),
  move: (item) => {
    const chosen = picked();
    const many = !item || chosen.some((one) => nameOf(one) === nameOf(item)) ? chosen : [item];
    if (many.length) openMove(many);
    else toast(words().sayNone);
  },
};

document.addEventListener("click", (event) => {
  const act = ON_ITEM[event.target.closest?.("[data-item-key]")?.dataset.itemKey];
  if (!act) return;
  const item = document.activeElement?.closest(ITEM);
  act(item && boxOf(item) ? item : null);
});

// What is on its way leads nowhere: the second Enter of two that followed each other is none.
document.addEventListener("click", (event) => {
  if (event.target.closest?.(`${ITEM}[aria-busy=true]`)) event.preventDefault();
}, true);
