// Keyboard: "/" goes to the page's own search box, or opens the one over everything; data-key="n" or a sequence such as data-key="g h" follows its element,
// "?" lists them all. Never while typing, and switched off in the profile.
import { say } from "./say.js";

const WAIT = 1200;

/** Whether the element can be used now: not hidden, not in a closed menu or dialog. */
const shown = (element) => element.getClientRects().length > 0;

function labelOf(element) {
  return element.dataset.keyLabel || element.getAttribute("aria-label") || element.textContent.trim().replace(/\s+/g, " ");
}

function help(root) {
  document.getElementById("shortcut-help")?.remove();
  const dialog = document.createElement("dialog");
  dialog.id = "shortcut-help";
  dialog.setAttribute("aria-labelledby", "shortcut-help-title");
  const head = document.createElement("div");
  head.className = "dialog__head";
  const title = document.createElement("h2");
  title.id = "shortcut-help-title";
  title.textContent = say("shortcuts");
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn quiet small icon-only";
  close.dataset.closeDialog = "";
  close.textContent = "×";
  close.setAttribute("aria-label", say("close"));
  head.append(title, close);
  const list = document.createElement("dl");
  list.className = "kv";
  const known = new Map();
  const everywhere = root.querySelector("[data-find]");
  const search = root.querySelector("[data-search]") ?? everywhere;
  if (search) known.set("/", labelOf(search));
  if (everywhere) known.set("Ctrl K", labelOf(everywhere));
  for (const element of root.querySelectorAll("[data-key]")) {
    if (shown(element) && !known.has(element.dataset.key)) known.set(element.dataset.key, labelOf(element));
  }
  const undo = [...root.querySelectorAll(".toasts [data-undo]")].at(-1);
  if (undo) known.set("Ctrl Z", undo.textContent);
  known.set("?", say("shortcuts"));
  for (const [keys, label] of known) {
    const term = document.createElement("dt");
    for (const key of keys.split(" ")) {
      const cap = document.createElement("kbd");
      cap.textContent = key.toUpperCase();
      term.append(cap, " ");
    }
    const what = document.createElement("dd");
    what.textContent = label;
    list.append(term, what);
  }
  dialog.append(head, list);
  const { keys: all } = root.body.dataset;
  if (all) {
    const link = document.createElement("a");
    link.className = "btn small mt";
    link.href = all;
    link.textContent = say("keys");
    dialog.append(link);
  }
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

export function bindShortcuts(root) {
  if (root.body.dataset.shortcuts === "off") return;
  let first = "";
  let timer;
  root.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable=true]");
    // A key held down is one wish: the page that it led to must not take the next decision unseen.
    if (typing || event.repeat || event.ctrlKey || event.metaKey || event.altKey || root.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    if (key.length !== 1) return;
    if (key === "/") {
      const box = root.querySelector("[data-search]");
      const everywhere = root.querySelector("[data-find]");
      if (box ?? everywhere) event.preventDefault();
      if (box) box.focus();
      else everywhere?.click();
      return;
    }
    if (key === "?") {
      event.preventDefault();
      help(root);
      return;
    }
    const elements = [...root.querySelectorAll("[data-key]")].filter(shown);
    const wanted = first ? `${first} ${key}` : key;
    const linked = elements.find((element) => element.dataset.key === wanted);
    clearTimeout(timer);
    first = "";
    if (linked) {
      event.preventDefault();
      linked.click();
    } else if (elements.some((element) => element.dataset.key.startsWith(`${key} `))) {
      first = key;
      timer = setTimeout(() => { first = ""; }, WAIT);
    }
  });
}
