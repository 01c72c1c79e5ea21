// Moving things on the calendar: shown at once, asked of the server, taken back with its words when it says no.
// The server decides; what it warns of is asked about, what somebody else did meanwhile is shown.
import { addDays, apply, daysBetween, findCell, items, keyOf, place, putAllBack, root, standing, takeOff, words } from "./calendar-dom.js";
import { toast } from "./toasts.js";

class Refused extends Error {}

const post = (body) => ({ method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "manual" });

/** Names a form, so that it is done once however often it is sent. */
export const token = () => [...crypto.getRandomValues(new Uint8Array(18))].map((b) => b.toString(16).padStart(2, "0")).join("");

/** The answer and its words. A request whose answer was lost is sent again: its token says that it was done already. */
export async function ask(url, fields, failed = words().sayFailed) {
  const body = new FormData();
  body.set("csrf_token", words().csrf);
  for (const [key, value] of fields) body.append(key, value);
  if (!body.has("form_token")) body.set("form_token", token());
  let answer;
  try {
    answer = await fetch(url, post(body));
  } catch {
    answer = await fetch(url, post(body)).catch(() => { throw new Refused(failed); });
  }
  if (answer.type === "opaqueredirect") return { ok: false, status: 303, told: {} }; // done already, or signed out
  const told = await answer.json().catch(() => ({}));
  return { ok: answer.ok, status: answer.status, told };
}

/** What the server says against it; `failed` when it says nothing. */
export const sentence = (told, failed = words().sayFailed) => {
  const said = told.reasons?.length ? told.reasons : [told.error ?? told.message];
  return said.map((reason) => reason?.message ?? reason?.text ?? reason).filter(Boolean).join(" ") || failed;
};

/** A question in a dialog. Its script is fetched with the first one; without it nothing is decided. */
async function decide(name, told) {
  const asking = await import("./calendar-questions.js").catch(() => { throw new Refused(words().sayFailed); });
  return asking[name](told);
}

// Moving

const repeats = (item) => item.matches('[data-kind="agenda"][data-repeats]');

const isOf = (told) => (item) => item.dataset.kind === told.kind && item.dataset.id === String(told.id);

/** The item that is told of: of what repeats this occurrence, or another when this one has no number of its own. */
function itemOf(told, shown = items()) {
  const found = shown.filter(isOf(told));
  return found.find((item) => (item.dataset.occurrence ?? "") === (told.occurrence ?? "")) ?? found[0];
}

/** Draw the calendar anew: what changed reaches further than what the page can show by itself. Then stand on the item. */
export function renew(told, mark = false) {
  const stand = () => {
    const item = told && itemOf(told);
    if (!item || document.querySelector("dialog[open]")) return;
    item.focus?.({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
    if (mark) item.classList.add("ev--fresh");
  };
  document.dispatchEvent(new CustomEvent("calendar:stale", { detail: { stand } }));
}

/** Pair each told item with the element that was moved. It tells what the page called it. */
function pairs(moved, keys, told) {
  const left = [...told];
  const found = [];
  moved.forEach((item, n) => {
    const one = left.find((t) => t.item === keys[n]) ?? left.find((t) => t.kind === item.dataset.kind && String(t.id) === item.dataset.id);
    if (!one) return;
    left.splice(left.indexOf(one), 1);
    found.push([item, one]);
  });
  return { found, left };
}

/** Show where everything stands now. Whether the page could; else it is drawn anew. */
function show(moved, keys, told, before) {
  const { found, left } = pairs(moved, keys, told);
  let whole = left.length === 0;
  for (const [item, one] of found) {
    const near = before.find((stand) => stand.item === item)?.parent;
    if (item.matches(".camp") || item.dataset.from || items().filter(isOf(item.dataset)).length > 1) whole = false;
    else whole = apply(item, one, near) && whole;
  }
  putAllBack(before.filter((stand) => !found.some(([item]) => item === stand.item)));
  return whole;
}

const fieldsOf = (moved, where) => [
  ...moved.map((item) => ["item", keyOf(item)]),
  ...Object.entries(where).filter(([, value]) => value !== undefined && value !== null),
];

/**
 * Move items. `where`: {day, time?} or {shift}; `before`: how they stood, when a drag moved one of them already.
 * Resolves to whether it was done; what keeps it from being done is told by `say`.
 */
export async function move(moved, where, { before = moved.map(standing), say = toast } = {}) {
  const focused = document.activeElement;
  const calendar = root();
  const back = () => {
    putAllBack(before);
    if (moved.includes(focused)) focused.focus({ preventScroll: true });
  };
  const keys = moved.map(keyOf);
  moved.forEach((item) => item.setAttribute("aria-busy", "true"));
  try {
    if (moved.some(repeats) && !where.extent) {
      const extent = await decide("askExtent");
      if (!extent) return back(), false;
      where = { ...where, extent };
    }
    before.forEach((stand) => preview(stand, where));
    let answer = await ask(words().move, fieldsOf(moved, where));
    while (answer.status === 409 && answer.told.warnings) { // again, when meanwhile there is something else to think about
      const { told } = answer;
      if (!(await decide("askWhetherStill", told))) {
        back();
        if (told.items && !show(moved, keys, told.items, before)) renew();
        return false;
      }
      answer = await ask(words().move, fieldsOf(moved, { ...where, tetap: told.answer }));
    }
    return finish(answer, moved, before, { back, say, where, keys, calendar });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    back();
    say(error.message);
    return false;
  } finally {
    moved.forEach((item) => item.removeAttribute("aria-busy"));
    if (moved.length === 1 && moved[0].isConnected && !document.querySelector("dialog[open]")) moved[0].focus?.({ preventScroll: true });
  }
}

function finish({ ok, status, told }, moved, before, { back, say, where = {}, keys = moved.map(keyOf), calendar = root() }) {
  if (status === 303) {
    location.reload(); // signed out meanwhile: the page asks who it is
    return false;
  }
  if (!ok && !told.items) {
    back();
    say(sentence(told));
    return false;
  }
  // Done, or somebody else was faster: either way this is where everything stands now.
  const wide = where.extent === "future" || where.extent === "all";
  // A calendar that was drawn anew meanwhile holds other elements, and maybe not yet this move.
  const whole = root() === calendar && show(moved, keys, told.items ?? [], before) && !wide;
  document.dispatchEvent(new CustomEvent("calendar:changed"));
  if (!whole) renew(told.items?.[0]);
  const failed = (told.failed ?? []).map((f) => f.message).filter(Boolean);
  const said = [ok ? told.message : sentence(told), ...new Set(failed)].filter(Boolean).join(" ");
  (ok ? toast : say)(said, ok && told.undo ? { label: words().sayUndo, run: () => undo(told.undo) } : undefined);
  return ok;
}

/** Take a move back. The undo says itself where everything stood. */
async function undo(token) {
  try {
    const answer = await ask(words().undo, [["undo", token]]);
    const told = answer.told.items ?? [];
    const shown = items();
    const moved = told.map((t) => shown.find((i) => keyOf(i) === t.item) ?? itemOf(t, shown)).filter(Boolean);
    finish(answer, moved, moved.map(standing), { back: () => {}, say: toast });
    moved[0]?.focus?.({ preventScroll: true }); // the button that was pressed is gone
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast(error.message, { label: words().sayUndo, run: () => undo(token) });
  }
}

/** Show it there already; what the page does not show leaves it until the answer comes. */
function preview({ item, parent, day: from }, where) {
  const day = where.shift !== undefined ? shifted(from, Number(where.shift)) : where.day;
  if (day === undefined || item.matches(".camp")) return;
  const clock = where.time || item.dataset.t || (day && item.dataset.kind === "publikasi" ? "09:00" : "");
  const cell = findCell(day, clock, parent);
  if (cell) place(cell, item);
  else takeOff(item);
}

const shifted = (day, by) => (day ? addDays(day, by) : undefined);

/** What a drop on a cell means for one item, or for everything that is picked along with it. */
export function dropped(item, from, to, picked) {
  const [left, right] = [from.dataset.day, to.dataset.day];
  const many = picked.length > 1;
  if (left && right && (many || ["agenda", "kampanye"].includes(item.dataset.kind))) {
    const where = { shift: daysBetween(left, right) };
    return many ? where : { ...where, ...clockOf(item, to) };
  }
  return { day: right, ...(many ? {} : clockOf(item, to)) };
}

/** The hour it was dropped on; within its own hour it keeps its minutes. */
function clockOf(item, to) {
  const hour = to.dataset.time;
  return hour && (item.dataset.t ?? "").slice(0, 2) !== hour.slice(0, 2) ? { time: hour } : {};
}
