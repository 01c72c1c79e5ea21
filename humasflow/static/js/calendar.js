// Dragging posts between days and from the tray. The page works without it: each entry opens "Pindahkan ke…".
import Sortable from "../vendor/sortable.js";
import { toast } from "./toasts.js";

// On a phone the month is one long list: begin at today, unless another month was asked for.
if (window.matchMedia("(max-width: 52rem)").matches && !new URLSearchParams(location.search).get("bulan")) {
  document.querySelector(".day.today")?.scrollIntoView({ block: "start" });
}

const calendar = document.getElementById("calendar");
const english = document.documentElement.lang === "en";

/** The instant's place in a cell: by clock time, entries without one last. */
function place(cell, entry) {
  const after = [...cell.querySelectorAll(":scope > .ev")].find((e) => e !== entry && (e.dataset.t ?? e.querySelector("time")?.textContent.replace(".", ":") ?? "") > entry.dataset.t);
  cell.insertBefore(entry, after ?? null);
  for (const day of document.querySelectorAll(".day")) day.classList.toggle("empty-day", !day.querySelector(".ev, .day__note"));
}

function showTime(entry, clock) {
  entry.dataset.t = clock;
  let time = entry.querySelector("time");
  if (!clock) {
    time?.remove();
    return;
  }
  if (!time) {
    time = document.createElement("time");
    entry.querySelector(".icon").after(time, " ");
  }
  time.textContent = english ? clock : clock.replace(":", ".");
}

async function send(entry, day, time) {
  const body = new FormData();
  body.set("csrf_token", calendar.dataset.csrf);
  body.set("day", day);
  body.set("row_version", entry.dataset.v);
  if (time) body.set("time", time);
  const answer = await fetch(calendar.dataset.move.replace(/0$/, entry.dataset.id), {
    method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "manual",
  });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error([told.error, ...(told.reasons ?? [])].filter(Boolean)[0] || calendar.dataset.sayFailed);
  return told;
}

/** Move at once, ask the server, and move back with its words when it says no. */
async function move(entry, from, to, time = "", undoing = false) {
  const before = entry.dataset.t;
  entry.setAttribute("aria-busy", "true");
  sortables.forEach((s) => s.option("disabled", true));
  place(to, entry);
  try {
    const told = await send(entry, to.dataset.day, time);
    entry.dataset.v = told.row_version;
    showTime(entry, told.clock);
    place(to, entry);
    const undo = told.undo && !undoing && { label: calendar.dataset.sayUndo, run: () => move(entry, to, from, told.undo.time, true) };
    toast(told.message, undo || undefined);
  } catch (error) {
    showTime(entry, before);
    place(from, entry);
    toast(error instanceof TypeError ? calendar.dataset.sayFailed : error.message);
  } finally {
    entry.removeAttribute("aria-busy");
    sortables.forEach((s) => s.option("disabled", false));
    if (entry.matches("a")) entry.focus({ preventScroll: true });
  }
}

// A day that is over takes a drop too: the server says kindly why not, and the entry goes back.
const cells = [...document.querySelectorAll(".day, .tray")];
const sortables = cells.map((cell) => new Sortable(cell, {
  group: "posts",
  draggable: ".ev[data-id]",
  filter: ".ev:not([data-id])",
  preventOnFilter: false,
  sort: false,
  animation: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
  delay: 250, // on a touch screen a short press scrolls, a long one drags
  delayOnTouchOnly: true,
  ghostClass: "dragging",
  onChange: ({ to }) => cells.forEach((c) => c.classList.toggle("over", c === to && c.matches(".day"))),
  onEnd: ({ item, from, to }) => {
    cells.forEach((c) => c.classList.remove("over"));
    if (from !== to) move(item, from, to);
  },
}));
