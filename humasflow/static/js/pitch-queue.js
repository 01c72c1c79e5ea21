// Handing in a pitch where the network may be gone: it is kept on the phone first, then sent, now or when the network is
// back. Its token makes it one pitch however often it is sent.
import { store } from "./keep.js";
import { send } from "./pitch-sending.js";
import { drop, put, waiting } from "./pitch-store.js";
import { toast } from "./toasts.js";

const NEVER = new Set(["csrf_token", "form_token", "photos", "camera"]);
const TOO_OLD = 13 * 86400e3; // the server knows tokens for a fortnight
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
const alone = (work) => (navigator.locks ? navigator.locks.request("humasflow-pitches", { ifAvailable: true }, (lock) => lock && work()) : work());

function ways(note) {
  const { address, endpoint, module } = note.dataset;
  return { address, endpoint, module };
}

function read(form) {
  const data = [...new FormData(form)];
  const files = data.filter(([, value]) => value instanceof File && value.size > 0).map(([, file]) => ({ file, url: "", asset: null }));
  const fields = data.filter(([name, value]) => !NEVER.has(name) && typeof value === "string");
  return { fields, photos: files };
}

async function show(note) {
  const all = await waiting();
  const stopped = all.find((one) => one.problem);
  note.hidden = all.length === 0;
  if (!all.length) return;
  const words = stopped ? note.dataset[stopped.problem] : note.dataset.text;
  note.querySelector("[data-waiting-text]").textContent = fill(words, { n: all.length, title: (stopped ?? all[0]).title, why: stopped?.words ?? "" });
  note.querySelector("[data-waiting-send]").hidden = stopped?.problem === "refused";
  note.querySelector("[data-waiting-open]").hidden = stopped?.problem !== "refused";
}

/** Send what waits, one after the other; the first that cannot get through ends it. Returns the address of the last. */
async function sendAll(note, { progress = () => {}, only = null } = {}) {
  let last = "";
  for (const pitch of await waiting()) {
    if (only ? pitch.id !== only : pitch.problem === "refused") continue;
    if (Date.now() - pitch.at > TOO_OLD) {
      await put({ ...pitch, problem: "refused", words: "" });
      continue;
    }
    try {
      last = await send(pitch, { ...ways(note), kept: () => put(pitch), progress: (index, part) => progress(pitch, index, part) });
      await drop(pitch.id);
      if (!only) {
        const address = last;
        toast(fill(note.dataset.sent, { title: pitch.title }), { label: note.dataset.see, run: () => location.assign(address) });
      }
    } catch (error) {
      if (!error.why) throw error;
      await put({ ...pitch, problem: error.why === "away" ? "" : error.why, words: error.words });
      if (error.why !== "refused") break;
    }
  }
  await show(note);
  return last;
}

function bindForm(form, note) {
  const status = form.querySelector("[data-queue-status]");
  const buttons = form.querySelectorAll("button:not([type=button])");
  const busy = (is) => {
    for (const button of buttons) { button.disabled = is; button.toggleAttribute("aria-busy", is); }
  };
  form.addEventListener("submit", async (event) => {
    const pitch = { ...read(form), id: form.elements.form_token.value, user: document.body.dataset.user, at: Date.now() };
    pitch.title = String(pitch.fields.find(([name]) => name === "title")?.[1] ?? "").trim();
    if (!pitch.title || form.dataset.plain) return; // the server says best what is missing
    event.preventDefault();
    busy(true);
    try {
      await put(pitch);
    } catch {
      form.dataset.plain = "yes"; // nothing can be kept here: as without scripts
      form.requestSubmit();
      return;
    }
    const progress = (_pitch, index, part) => {
      status.textContent = fill(form.dataset.sending, { n: index + 1, all: pitch.photos.length, percent: Math.floor(part * 100) });
    };
    const address = await alone(() => sendAll(note, { progress, only: pitch.id }));
    if (address) {
      store.set(form.dataset.keep, { ...store.get(form.dataset.keep), sent: location.pathname });
      location.assign(address);
      return;
    }
    const kept = (await waiting()).find((one) => one.id === pitch.id);
    if (kept?.problem === "refused") return bringBack(form, kept, status);
    store.drop(form.dataset.keep);
    const done = form.querySelector("template[data-queued]").content.cloneNode(true);
    form.replaceChildren(done);
    form.querySelector("h2").focus();
  });

  // Refused: the form has it again, with the photos that are there, and the server says what is wrong with it.
  async function bringBack(target, pitch, place) {
    await drop(pitch.id);
    await show(note);
    give(target, pitch);
    if (pitch.words) {
      place.textContent = pitch.words;
      busy(false);
      return;
    }
    target.dataset.plain = "yes";
    busy(false);
    target.requestSubmit();
  }
}

function give(form, pitch) {
  for (const input of form.querySelectorAll("input[type=file]")) input.value = "";
  for (const [name, value] of pitch.fields) {
    const field = form.elements[name];
    if (field && "value" in field) field.value = value;
  }
  for (const photo of pitch.photos.filter((one) => one.asset)) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "kept_photos", value: photo.asset });
    form.append(field);
  }
  form.elements.form_token.value = [...crypto.getRandomValues(new Uint8Array(18))].map((b) => b.toString(16).padStart(2, "0")).join("");
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

export function bindQueue(root) {
  const note = root.querySelector("[data-waiting-note]");
  const form = root.querySelector("form[data-queue]");
  if (!note || !window.indexedDB) return;
  const all = () => alone(() => sendAll(note)).catch(() => {});
  if (form) bindForm(form, note);
  note.querySelector("[data-waiting-send]").addEventListener("click", all);
  note.querySelector("[data-waiting-open]").addEventListener("click", async (event) => {
    if (!form) return; // a link: the form is on another page
    event.preventDefault();
    const pitch = (await waiting()).find((one) => one.problem === "refused");
    if (!pitch) return;
    await drop(pitch.id);
    give(form, pitch);
    await show(note);
    form.elements.title.focus();
  });
  window.addEventListener("online", all);
  show(note).then(() => { if (navigator.onLine && !document.documentElement.dataset.keptAt) all(); }, () => {});
}
