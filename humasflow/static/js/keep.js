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

function write(form, values) {
  const left = structuredClone(values);
  for (const field of fieldsOf(form)) {
    const kept = left[field.name];
    if (field.type === "checkbox" || field.type === "radio") field.checked = Boolean(kept?.includes(field.value));
    else if (kept?.length) field.value = kept.shift();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new CustomEvent("kept:restored", { bubbles: true }));
  }
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

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
  for (const [label, act] of [[say("restore"), () => write(form, kept.values)], [say("discard"), () => store.drop(key)]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn small";
    button.textContent = label;
    button.addEventListener("click", () => { act(); box.remove(); });
    box.append(button);
  }
  form.prepend(box);
}

function bindForm(root, form) {
  const key = form.dataset.keep;
  const initial = read(form);
  const kept = store.get(key);
  // Sent, and the server said yes on a page that shows the same form again.
  if (kept?.sent && root.querySelector("[data-toast=success]")) store.drop(key);
  else if (kept?.values && !same(kept.values, initial)) offer(form, key, kept);
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => store.set(key, { values: read(form), at: Date.now() }), 400);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    // Marked as sent, not dropped: only a page without this form (the server's yes) lets it go.
    store.set(key, { values: read(form), at: Date.now(), sent: location.pathname });
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
