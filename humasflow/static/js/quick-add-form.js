// The form of quick add: a title and Enter, more in the side panel, or an idea from the pool. Fetched when it is asked
// for the first time, see quick-add.js.
import { words } from "./calendar-dom.js";
import { ask, renew, sentence, token } from "./calendar-moving.js";
import { narrow, plain } from "./pointing.js";
import { toast } from "./toasts.js";

const KEPT = "humasflow:kanal"; // the channel that was chosen last, on this device
const quick = () => document.getElementById("quick");
const side = () => document.getElementById("side");
let opened = ""; // the address behind the "+" that opened it
let first = {}; // what was sent first with a token: that is what was done, whatever is typed by now

function remembered(value) {
  try {
    if (value === undefined) return localStorage.getItem(KEPT);
    localStorage.setItem(KEPT, value);
  } catch { /* a browser that keeps nothing: chosen again each time */ }
  return null;
}

function spoken(day, time) {
  const said = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }).format(new Date(`${day}T00:00Z`));
  return time ? `${said}, ${document.documentElement.lang === "en" ? time : time.replace(":", ".")}` : said;
}

/** Beside the day it is for, inside the window. A phone shows it as a sheet instead. */
function put(dialog, cell) {
  dialog.style.removeProperty("left");
  dialog.style.removeProperty("top");
  if (narrow()) return;
  const beside = cell ?? document.querySelector("[data-quick-add]") ?? document.body;
  const at = beside.getBoundingClientRect();
  const own = dialog.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left), window.innerWidth - own.width - 8);
  const below = beside.matches("[data-day]") ? at.top + 36 : at.bottom + 8;
  const top = below + own.height > window.innerHeight - 8 ? Math.max(8, window.innerHeight - own.height - 8) : Math.max(8, below);
  dialog.style.left = `${left}px`;
  dialog.style.top = `${top}px`;
}

function tell(element, message) {
  element.textContent = message;
  element.hidden = !message;
}

/** Ask for a title, beside the day it is for. */
export function open({ day, time = "", cell, address }) {
  const dialog = quick();
  const form = dialog.querySelector("form");
  const { elements } = form;
  form.reset();
  opened = address;
  const asked = new URL(opened);
  elements.form_token.value = token();
  elements.query.value = asked.search.slice(1); // what the filters and the lane say is filled in by the server
  elements.day.value = day;
  elements.time.value = time;
  const filtered = asked.searchParams.getAll("kanal");
  const wanted = filtered.length === 1 ? filtered[0] : remembered();
  if (wanted !== null && [...elements.account_id.options].some((o) => o.value === wanted)) elements.account_id.value = wanted;
  dialog.querySelector("h2").textContent = spoken(day, time);
  tell(dialog.querySelector("#quick-problem"), "");
  dialog.showModal();
  put(dialog, cell);
  elements.title.focus();
}

function busy(form, on) {
  if (on) form.setAttribute("aria-busy", "true");
  else form.removeAttribute("aria-busy");
  for (const button of document.querySelectorAll(`button[form="${form.id || "-"}"], #${form.closest("dialog").id} form button:not([type=button])`)) button.disabled = on;
}

/** A form that was done already was sent again: its first answer was lost. What was added is what it said then. */
function known(form, problem, same) {
  renew();
  if (same) {
    form.closest("dialog").close();
    toast(words().sayKnown.replace("#", first.title));
    return;
  }
  form.elements.form_token.value = token();
  tell(problem, words().sayOther.replace("#", first.title));
}

/** Send what was typed. Sent again after a lost answer it is the same form, so it is done once. */
async function send(form, submitter, problem) {
  if (form.hasAttribute("aria-busy")) return undefined;
  busy(form, true);
  tell(problem, "");
  const data = new FormData(form);
  data.delete("csrf_token");
  data.set(submitter?.name || "add", submitter?.value || "1");
  const pitch = data.get("pitch_id");
  const title = pitch ? submitter.closest("li").querySelector(".list__title").textContent : data.get("title").trim();
  const what = `${pitch ?? ""}:${title}`;
  if (first.token !== data.get("form_token")) first = { token: data.get("form_token"), what, title };
  try {
    const { ok, status, told } = await ask(words().add, data.entries(), words().sayNotAdded);
    if (status === 303) return known(form, problem, first.what === what);
    first = {}; // answered: what is sent with this token next is the first again
    if (!ok) return tell(problem, sentence(told, words().sayNotAdded));
    remembered(data.get("account_id") ?? "");
    form.closest("dialog").close();
    toast(told.message, { label: words().sayOpen, run: () => location.assign(told.url) });
    document.dispatchEvent(new CustomEvent("calendar:changed"));
    renew(told.items[0], true);
  } catch (error) {
    tell(problem, error.message);
  } finally {
    busy(form, false);
    if (!problem.hidden) form.elements.title.focus();
  }
  return undefined;
}

// The side panel: the page's own content, taken from it.

async function read(address, asked = {}) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin", ...asked });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const panel = answer.ok && page.querySelector("[data-add-panel]");
  if (!panel) throw new Error("no panel");
  return document.adoptNode(panel);
}

async function openSide(address, typed = {}) {
  try {
    const panel = await read(address);
    const { elements } = panel.querySelector("[data-add-form]");
    for (const [name, value] of Object.entries(typed)) if (elements[name]) elements[name].value = value;
    side().querySelector("[data-side]").replaceChildren(panel);
    if (!side().open) side().showModal();
    elements.title.focus();
  } catch {
    location.assign(address);
  }
}

/** Search the pool: the server answers with the same form, as it is filled in, and what fits. */
async function find(form) {
  if (form.hasAttribute("aria-busy")) return;
  busy(form, true);
  const body = new FormData(form);
  body.set("find", "1");
  try {
    const panel = await read(form.action, { method: "POST", body });
    side().querySelector("[data-side]").replaceChildren(panel);
    side().querySelector("[data-side-said]").textContent = panel.querySelector("[data-found]")?.textContent ?? "";
    const box = panel.querySelector("[name=q]");
    box?.focus();
    box?.select();
  } catch {
    busy(form, false);
    tell(form.querySelector("[data-add-problem]"), words().sayNotAdded);
  }
}

function more() {
  const { elements } = quick().querySelector("form");
  const address = new URL(opened, location.href);
  address.searchParams.set("hari", elements.day.value);
  if (elements.time.value) address.searchParams.set("jam", elements.time.value);
  const typed = { title: elements.title.value, account_id: elements.account_id.value };
  quick().close();
  openSide(address.href, typed);
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || !plain(event) || !event.target.closest("[data-quick-more]")) return;
  event.preventDefault();
  more();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("#quick form, #side [data-add-form]")) return;
  event.preventDefault();
  const searches = event.submitter?.name === "find" || (!event.submitter?.name && document.activeElement?.name === "q");
  if (searches) find(form);
  else send(form, event.submitter, form.querySelector("#quick-problem, [data-add-problem]"));
});

// The day may be changed in the panel; the agenda's form opens on the same.
document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-add-form]");
  const link = form?.querySelector("[data-add-agenda]");
  if (!link || event.target.name !== "day" || !event.target.value) return;
  const address = new URL(link.href);
  address.searchParams.set("hari", event.target.value);
  link.href = address.href;
});

