// Comments beside the editor: its rich text through the textarea (assets/editor/anchors.js), the short fields by their
// own selection. A page without the editor gets null.
import { describePassage, placeOf } from "./anchor-text.js";

const FIELDS = ["kicker", "title", "lead"];

/** A short field as plain text: white space folded and trimmed, each character with where it stands. */
function projectValue(value) {
  const letters = [];
  let at = 0;
  for (const letter of value) {
    const seen = /[ \t\r\n\f]/.test(letter) ? " " : letter;
    if (seen !== " " || (letters.length && letters.at(-1)[0] !== " ")) letters.push([seen, at]);
    at += letter.length;
  }
  while (letters.at(-1)?.[0] === " ") letters.pop();
  return {
    letters,
    length: letters.length,
    text: letters.map(([l]) => l).join(""),
    slice: (a, b) => letters.slice(a, b).map(([l]) => l).join(""),
    isOneBlock: () => true,
    offset: (position) => letters.filter(([, from]) => from < position).length,
  };
}

export function bindEditor(panel, words, { onOpen, onSelect }) {
  const form = document.querySelector("form[data-story-editor]");
  const body = form?.querySelector("textarea[data-editor]");
  if (!body) return null;
  let known = [];
  const isWide = () => window.matchMedia("(min-width: 112rem)").matches;
  const send = (name, detail) => {
    body.dispatchEvent(new CustomEvent(`humasflow:${name}`, { detail }));
    return detail;
  };
  const fieldOf = (part) => (FIELDS.includes(part) ? form.elements[part] : null);
  const placeIn = ({ dataset }) => ({ ...dataset, start: Number(dataset.start), end: Number(dataset.end) });

  function fieldPassage() {
    const field = document.activeElement;
    const part = FIELDS.find((name) => form.elements[name] === field);
    if (!part || field.selectionStart === field.selectionEnd) return null;
    const text = projectValue(field.value);
    const passage = describePassage(text, text.offset(field.selectionStart), text.offset(field.selectionEnd));
    return passage.quote ? { part, ...passage, rect: field.getBoundingClientRect() } : null;
  }

  const show = () =>
    send("remarks", {
      threads: known
        .filter((t) => t.dataset.part === "body" && t.dataset.anchor && t.dataset.anchor !== "lost" && t.dataset.state === "open")
        .map((t) => ({ ...placeIn(t), id: t.dataset.thread, suggests: "replacement" in t.dataset })),
    });

  body.addEventListener("humasflow:remark-ready", show);
  body.addEventListener("humasflow:remark-open", ({ detail }) => onOpen(detail.id, detail.rect));
  body.addEventListener("humasflow:remark-selection", ({ detail }) => onSelect(detail.passage && { part: "body", ...detail.passage }));
  for (const name of FIELDS) form.elements[name]?.addEventListener("select", () => onSelect(fieldPassage()));
  for (const name of FIELDS) form.elements[name]?.addEventListener("blur", () => onSelect(null));

  const editor = {
    show(threads) {
      known = threads;
      show();
    },
    pick: (id) => send("remark-pick", { id }),
    selected() {
      const passage = send("remark-ask", { passage: null }).passage;
      return fieldPassage() ?? (passage && { part: "body", ...passage });
    },
    goTo(thread) {
      if (thread.dataset.part === "body") return send("remark-show", { id: thread.dataset.thread, found: false }).found;
      const field = fieldOf(thread.dataset.part);
      const text = field && projectValue(field.value);
      const place = text && placeOf(text, placeIn(thread));
      if (!place) return false;
      field.focus();
      const [from, last] = [text.letters[place[0]], text.letters[place[1] - 1]];
      field.setSelectionRange(from[1], last[1] + last[0].length);
      return true;
    },
    /** What is written is stored first, so that a passage means the same here and there. */
    async save() {
      const detail = { done: null };
      form.dispatchEvent(new CustomEvent("humasflow:save-now", { detail }));
      await detail.done;
    },
    /** The change is in the stored text: put it into the open one, and go on from the new version. */
    accepted(thread, data) {
      if (thread?.dataset.part === "body") {
        const { done } = send("remark-put", { id: thread.dataset.thread, replacement: thread.dataset.replacement, done: false });
        if (!done) {
          location.reload();
          return;
        }
      } else if (thread && fieldOf(thread.dataset.part)) {
        const field = fieldOf(thread.dataset.part);
        field.value = data[thread.dataset.part];
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
      if (form.elements.stamp) form.elements.stamp.value = data.edit_stamp;
      form.dispatchEvent(new CustomEvent("humasflow:stamp", { detail: { stamp: data.edit_stamp, version: data.version } }));
    },
    isOpen: () => isWide() || panel.classList.contains("comments--open"),
    drawer(open) {
      panel.classList.toggle("comments--open", open && !isWide());
    },
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-comments-open-drawer]")) {
      event.preventDefault();
      editor.drawer(true);
      panel.querySelector("h2").focus();
    } else if (event.target.closest("[data-comments-close]")) {
      editor.drawer(false);
      document.querySelector("[data-comments-open-drawer]")?.focus();
    }
  });
  return editor;
}
