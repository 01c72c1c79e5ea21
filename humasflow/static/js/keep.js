// Nothing typed is lost: a form with data-keep="key" keeps its texts in this browser until the server has taken them.
// What one person typed is never shown to another who signs in on the same device. The story's editor keeps by itself
// (autosave.js), with the same store.
import { say } from "./say.js";

const PREFIX = "humasflow:keep:";
const DAYS = 30;
const owner = () => document.body.dataset.user || "anyone";
const fieldsOf = (form) => [...form.elements].filter((f) => f.name && !["hidden", "file", "password", "submit", "button"].includes(f.type));

function read(form) {
  const values = {};
  for (const field of fieldsOf(form)) {
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) (values[field.name] ??= []).push(field.value);
    } else {
      (values[field.name] ??= []).push(field.value);
    }
  }
  return values;
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** Only what was typed is kept: to give it back touches nothing that others wrote in the same form meanwhile. */
function changed(form, initial, also) {
  const values = read(form);
  const names = new Set([...Object.keys(values), ...Object.keys(initial)]);
  return Object.fromEntries([...names].filter((name) => also.has(name) || !same(values[name], initial[name])).map((name) => [name, values[name] ?? []]));
}

// What says on which version a form, or a part of it, was opened. It comes back with what was typed on it, so that the
// server tells when somebody saved the same thing meanwhile.
const STAMP = /(^|-)(row_version|base|opened|opened_type)$/;
const part = (name) => /^(?:[ap]\d+|dasar)-/.exec(name)?.[0] ?? "";
const stampsOf = (form) => [...form.elements].filter((f) => f.type === "hidden" && STAMP.test(f.name));

function stamps(form, values) {
  const parts = new Set(Object.keys(values).map(part));
  return Object.fromEntries(stampsOf(form).filter((f) => parts.has(part(f.name))).map((f) => [f.name, f.value]));
}

function write(form, { values, opened = {} }) {
  const left = structuredClone(values);
  for (const field of stampsOf(form)) if (field.name in opened) field.value = opened[field.name];
  for (const field of fieldsOf(form).filter((f) => f.name in left)) {
    const kept = left[field.name];
    if (field.type === "checkbox" || field.type === "radio") field.checked = Boolean(kept?.includes(field.value));
    else if (kept?.length) field.value = kept.shift();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new CustomEvent("kept:restored", { bubbles: true }));
  }
}

/** Words whose field is not on the page any more: its part was taken over, or is gone. */
const orphans = (form, values) => {
  const here = new Set(fieldsOf(form).map((f) => f.name));
  return Object.entries(values).filter(([name]) => !here.has(name) && /(^|-)(text|title|first_comment)$/.test(name)).flatMap(([, kept]) => kept).filter(Boolean);
};

/** What this browser keeps for the person who is signed in. `set` says whether it could. */
export const store = {
  name: (key) => `${PREFIX}${owner()}:${key}`,
  get(key) { try { return JSON.parse(localStorage.getItem(store.name(key))); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(store.name(key), JSON.stringify(value)); return true; } catch { return false; /* full or forbidden */ } },
  keys(start) { try { return Object.keys(localStorage).filter((n) => n.startsWith(store.name(start))).map((n) => n.slice(store.name("").length)); } catch { return []; } },
  drop(key) { try { localStorage.removeItem(store.name(key)); } catch { /* forbidden: nothing was kept either */ } },
};

function offer(form, key, kept) {
  const box = document.createElement("div");
  box.className = "callout info keep";
  box.setAttribute("role", "status");
  const words = document.createElement("span");
  words.textContent = say("kept");
  box.append(words);
  const drop = () => store.drop(key);
  const lost = orphans(form, kept.values);
  if (lost.length) {
    const shown = document.createElement("textarea");
    shown.readOnly = true;
    shown.rows = 4;
    shown.value = lost.join("\n\n");
    shown.setAttribute("aria-label", say("keptGone"));
    const why = document.createElement("p");
    why.textContent = say("keptGone");
    box.append(why, shown);
  }
  for (const [label, act] of [[say("restore"), () => write(form, kept)], [say("discard"), drop]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn small";
    button.textContent = label;
    button.addEventListener("click", () => { act(); if (act === drop || !lost.length) box.remove(); else button.remove(); });
    box.append(button);
  }
  form.prepend(box);
}

function bindForm(root, form) {
  const key = form.dataset.keep;
  const initial = read(form);
  const kept = store.get(key);
  let also = new Set();
  // Sent, and the server said yes on a page that shows the same form again.
  if (kept?.sent && root.querySelector("[data-toast=success]")) store.drop(key);
  else if (kept?.values) {
    if (Object.entries(kept.values).some(([name, value]) => !same(value, initial[name] ?? []))) offer(form, key, kept);
    else also = new Set(Object.keys(kept.values)); // the same page, given back to be mended
  }
  const keep = (more) => {
    const values = changed(form, initial, also);
    store.set(key, { values, opened: stamps(form, values), at: Date.now(), ...more });
  };
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 400);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    // Marked as sent, not dropped: only a page without this form (the server's yes) lets it go.
    keep({ sent: location.pathname });
  });
}

function sweep(root) {
  const mine = `${PREFIX}${owner()}:`;
  for (const name of Object.keys(localStorage).filter((n) => n.startsWith(PREFIX))) {
    const kept = JSON.parse(localStorage.getItem(name));
    const key = name.startsWith(mine) ? name.slice(mine.length) : null;
    const expired = Date.now() - (kept?.at ?? 0) > DAYS * 86400e3;
    const shown = key !== null && root.querySelector(`form[data-keep="${CSS.escape(key)}"]`);
    // The editor knows where a yes leads; elsewhere a success is that of something else.
    const landed = !kept?.landing || kept.landing === location.pathname;
    const taken = key !== null && kept?.sent && landed && !shown && root.querySelector(".app") && root.querySelector("[data-toast=success]");
    if (expired || taken) localStorage.removeItem(name);
  }
}

export function bindKeep(root) {
  for (const form of root.querySelectorAll("form[data-keep]:not([data-story-editor])")) bindForm(root, form);
  try { sweep(root); } catch { /* storage forbidden: nothing was kept either */ }
}
