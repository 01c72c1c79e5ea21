import { say } from "./say.js";

const box = () => document.querySelector(".toasts");

function dismissable(toast) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn quiet small";
  close.textContent = "×";
  close.setAttribute("aria-label", say("close"));
  close.addEventListener("click", () => toast.remove());
  toast.append(close);
  // Ten seconds, but never while somebody reads it with the pointer or the keyboard on it.
  let timer = setTimeout(() => toast.remove(), 10000);
  for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["mouseleave", "focusout"]) {
    toast.addEventListener(name, () => { timer = setTimeout(() => toast.remove(), 4000); });
  }
}

/** Show a message; `action` is {label, run} for an undo. */
export function toast(text, action) {
  const item = document.createElement("div");
  item.className = "toast";
  const words = document.createElement("span");
  words.textContent = text;
  item.append(words);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn small";
    button.textContent = action.label;
    button.addEventListener("click", () => { item.remove(); action.run(); });
    item.append(button);
  }
  box()?.append(item);
  dismissable(item);
}

export function bindToasts(root) {
  root.querySelectorAll("[data-toast]").forEach(dismissable);
}
