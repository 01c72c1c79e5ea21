// Nothing typed is lost: a form with data-keep="key" keeps its texts in this browser until the server has taken them.
import { say } from "./say.js";

const PREFIX = "humasflow:keep:";
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
const store = {
  get(key) { try { return JSON.parse(localStorage.getItem(PREFIX + key)); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(PREFIX + key, JSON.stringify(value)); } catch { /* full or forbidden: the form still works */ } },
  drop(key) { try { localStorage.removeItem(PREFIX + key); } catch { /* forbidden */ } },
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

export function bindKeep(root) {
  for (const form of root.querySelectorAll("form[data-keep]")) {
    const key = form.dataset.keep;
    const initial = read(form);
    const kept = store.get(key);
    // Sent, and the server said yes on a page that shows the same form again.
    if (kept?.sent && root.querySelector("[data-toast=success]")) store.drop(key);
    else if (kept && !same(kept.values, initial)) offer(form, key, kept);
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
  try {
    for (const name of Object.keys(localStorage).filter((n) => n.startsWith(PREFIX))) {
      const kept = JSON.parse(localStorage.getItem(name));
      const key = name.slice(PREFIX.length);
      const expired = Date.now() - (kept?.at ?? 0) > 30 * 86400e3;
      const taken = kept?.sent && !root.querySelector(`form[data-keep="${CSS.escape(key)}"]`) && root.querySelector(".app") && root.querySelector("[data-toast=success]");
      if (expired || taken) store.drop(key);
    }
  } catch { /* storage forbidden: nothing was kept either */ }
}
