import { say } from "./say.js";

const box = () => document.querySelector(".toasts");

/** Takes a message away. Who stood in it goes back to where they came from, not to the top of the page. */
function dismiss(toast) {
  const inside = toast.contains(document.activeElement);
  toast.remove();
  if (inside) (toast.cameFrom?.isConnected ? toast.cameFrom : document.getElementById("isi"))?.focus({ preventScroll: true });
}

function dismissable(toast) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn quiet small";
  close.textContent = "×";
  close.setAttribute("aria-label", say("close"));
  close.addEventListener("click", () => dismiss(toast));
  toast.addEventListener("focusin", ({ relatedTarget: from }) => { if (from && !toast.contains(from)) toast.cameFrom = from; });
  toast.addEventListener("keydown", (event) => { if (event.key === "Escape") dismiss(toast); });
  toast.append(close);
  // Ten seconds, but never while somebody reads it with the pointer or the keyboard on it.
  let timer = setTimeout(() => dismiss(toast), 10000);
  for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["mouseleave", "focusout"]) {
    toast.addEventListener(name, () => { timer = setTimeout(() => dismiss(toast), 4000); });
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
    button.dataset.undo = "";
    button.addEventListener("click", () => { dismiss(item); action.run(); });
    item.append(button);
  }
  box()?.append(item);
  dismissable(item);
}

export function bindToasts(root) {
  root.querySelectorAll("[data-toast]").forEach(dismissable);
  // A toast is the last thing of the page, many stops away: Ctrl+Z does what its button does, except where it undoes typing.
  root.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.repeat) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]")) return;
    const undo = [...root.querySelectorAll(".toasts [data-undo]")].at(-1);
    if (!undo || root.querySelector("dialog[open]")) return;
    event.preventDefault();
    undo.click();
  });
}
