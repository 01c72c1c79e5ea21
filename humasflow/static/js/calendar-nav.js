// Going from month to month, week to week and view to view without a new page: the same address is asked for, and the
// parts that differ are put in place. Without this file every one of these is a plain link or a plain form.

import { narrow, plain } from "./pointing.js";
import { toast } from "./toasts.js";

const PARTS = ["#calendar-bar", "#calendar", "#calendar-key", ".head__text", ".head__actions"];
const KEPT = 12; // pages kept for "back" and for what was looked at before
const FRESH = 20_000; // milliseconds: what was fetched ahead is shown only so long
const pages = new Map(); // by address {at, html: a promise}: what is on its way is not asked for twice
const root = () => document.getElementById("calendar");
const whole = (address) => String(address).split("#")[0];
let asked = 0;
let changes = 0; // what was asked for before the last of them is not shown
let here = whole(location); // without the fragment
let going = false; // somewhere else: what is here is not drawn anew any more

async function ask(url) {
  const answer = await fetch(url);
  if (!answer.ok || new URL(answer.url).pathname !== new URL(url).pathname) throw new Error(url);
  return answer.text();
}

function read(url) {
  const known = pages.get(url);
  if (known && Date.now() - known.at < FRESH) return known.html;
  const page = { at: Date.now(), html: ask(url) };
  pages.delete(url);
  pages.set(url, page);
  page.html.catch(() => pages.get(url) === page && pages.delete(url));
  if (pages.size > KEPT) pages.delete(pages.keys().next().value);
  return page.html;
}

/** What had the focus, as something that is found again on the next page. */
function focusNow() {
  const focused = document.activeElement;
  if (!focused?.closest(PARTS.join())) return "";
  if (focused.closest(".cal-filters")) return ".cal-filters > summary";
  if (focused.id) return `#${CSS.escape(focused.id)}`;
  const { key, kind, id, occurrence } = focused.dataset;
  if (id) return `#calendar [data-kind="${kind}"][data-id="${id}"]${occurrence ? `[data-occurrence="${occurrence}"]` : ""}`;
  if (key) return `[data-key="${key}"]`;
  return focused.matches("a") ? `[data-calendar-nav][href="${CSS.escape(focused.getAttribute("href"))}"]` : "main";
}

function put(html) {
  const next = new DOMParser().parseFromString(html, "text/html");
  if (!next.getElementById("calendar")) return false;
  const again = focusNow();
  for (const part of PARTS) {
    const [old, fresh] = [document.querySelector(part), next.querySelector(part)];
    if (old && fresh) old.replaceWith(document.adoptNode(fresh));
  }
  document.title = next.title;
  if (again) {
    const found = document.querySelector(again);
    (found?.getClientRects().length ? found : document.querySelector("main")).focus({ preventScroll: true });
  }
  // What is shown now, said aloud: the heading, what stands there, and what it is narrowed to.
  const said = [...document.querySelectorAll(".head__text :is(h1, p)")].map((part) => part.textContent.trim());
  document.getElementById("calendar-said").textContent = said.join(". ");
  document.dispatchEvent(new CustomEvent("calendar:shown"));
  return true;
}

/**
 * Show the calendar of an address. Whatever goes wrong on the way, the browser goes there by itself; but with `redraw`,
 * which is the calendar that stands here once more, it stays as it is and this is said.
 */
async function show(url, push, redraw) {
  const turn = ++asked;
  going = !redraw;
  root().setAttribute("aria-busy", "true");
  try {
    let html, known;
    do {
      known = changes;
      html = await read(whole(url));
      if (turn !== asked) return; // something newer was asked for meanwhile
    } while (known !== changes);
    if (push) {
      history.pushState(null, "", url);
      here = whole(url);
    }
    if (!put(html)) throw new Error(url);
    redraw?.stand?.();
  } catch {
    if (turn !== asked) return;
    if (!redraw) return location.assign(url);
    root().removeAttribute("aria-busy");
    toast(document.getElementById("calendar-client")?.dataset.sayStale ?? "");
  } finally {
    if (turn === asked) going = false;
  }
}

const onCalendar = (address) => root() && address?.origin === location.origin && address.pathname === location.pathname;

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  const link = event.target.closest("a[data-calendar-nav]");
  if (!onCalendar(link) || event.defaultPrevented || !plain(event)) return;
  event.preventDefault();
  show(link.href, true);
});

// Filters and search: the address holds only what was chosen.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-calendar-form]");
  if (!form || event.defaultPrevented) return;
  const url = new URL(form.action);
  for (const [key, value] of new FormData(form)) if (value !== "") url.searchParams.append(key, value);
  if (!onCalendar(url)) return;
  event.preventDefault();
  show(url.href, true);
});

// A finger or a pointer on "next" is nearly always followed by a click.
for (const sign of ["pointerenter", "focusin"]) {
  document.addEventListener(sign, (event) => {
    const link = event.target.closest?.("a[data-calendar-nav][rel]");
    if (onCalendar(link)) read(link.href).catch(() => {});
  }, { capture: true, passive: true });
}

// What a move changed is not what was fetched before it, nor what is on its way.
function forget() {
  changes += 1;
  pages.clear();
}
document.addEventListener("calendar:changed", forget);
/** What a move changed beyond what its own script can show: the same calendar once more, when nothing is dragged. */
function drawAnew(redraw = {}) {
  forget();
  const dragged = document.documentElement.matches(".dragging-item");
  if (dragged) document.addEventListener("calendar:dropped", () => drawAnew(redraw), { once: true });
  else if (!going) show(location.href, false, redraw);
}
document.addEventListener("calendar:stale", ({ detail }) => drawAnew(detail ?? undefined));
// Told too when only the fragment changes: then there is nothing to show.
window.addEventListener("popstate", () => {
  if (!root() || here === whole(location)) return;
  here = whole(location);
  show(here);
});

// A narrow window is served as a phone is: no view was asked for, so the list stands first.
if (root()?.dataset.view === "bulan" && !/[?&]tampilan=/.test(location.search) && narrow()) {
  const list = document.querySelector('.cal-tabs a[href*="tampilan=daftar"]');
  if (list) {
    history.replaceState(null, "", here = list.href);
    show(here);
  }
}
