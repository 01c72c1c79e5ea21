// Quick add: "+" on a day, the key C, a click on an empty part of a day. The form itself is fetched when it is needed.
// Without this file "+" and "Tambah" lead to a page with the same form.
import { root, today, words } from "./calendar-dom.js";
import { narrow, plain } from "./pointing.js";
import { toast } from "./toasts.js";

/** The day that has the focus: who stands on an item or on a day's number adds there. */
function inFocus() {
  const focused = document.activeElement;
  const cell = focused?.closest?.("[data-day]") ?? focused?.closest?.(".wk__day")?.querySelector("[data-day]");
  return cell?.dataset.day && root()?.contains(cell) ? cell : null;
}

/** The "+" of a day knows what the filters and its lane say; days without one are asked for by "Tambah". */
const linkOf = (cell) => cell.querySelector(".day__add") ?? cell.closest(".wk__day")?.querySelector(".day__add") ?? document.querySelector("[data-quick-add]");

async function ask(asked) {
  if (asked.day < today()) return toast(words().sayPast);
  try {
    const { open } = await import("./quick-add-form.js");
    return open(asked);
  } catch {
    return location.assign(asked.address); // the page with the same form
  }
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || !plain(event) || !document.getElementById("quick")) return;
  const link = event.target.closest("a.day__add, a[data-quick-add]");
  const cell = link ? link.matches("[data-quick-add]") && inFocus() : event.target;
  if (link && !cell) {
    event.preventDefault();
    const day = new URL(link.href).searchParams.get("hari") ?? today();
    ask({ day, cell: link.matches(".day__add") ? link : null, address: link.href });
    return;
  }
  // A click on the empty part of a day or an hour, as calendars have taught everybody.
  const empty = !link && cell.matches("#calendar :is(.day, .wk__cell, .lane__cell)[data-day]") && !narrow();
  if (!link && (!empty || document.documentElement.matches(".picking, .dragging-item") || cell.dataset.day < today())) return;
  event.preventDefault();
  ask({ day: cell.dataset.day, time: cell.dataset.time, cell, address: linkOf(cell).href });
});
