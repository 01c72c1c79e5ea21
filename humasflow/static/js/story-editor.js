// The story editor: rich text over the plain field, with pictures, people and facts. Without this file the form does
// the same with one more click.
import { bindFacts } from "./editor-facts.js";
import { bindPictures } from "./editor-pictures.js";
import { iconsFrom } from "./editor-icons.js";

const json = async (url) => {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) throw new Error(`status ${answer.status}`);
  return answer.json();
};

async function bind(form) {
  const rows = bindPictures(form);
  const textarea = form.querySelector("textarea[data-editor]");
  let editor = null;
  bindFacts(form, {
    credits: rows.credits,
    insert(text) {
      if (editor) editor.insertText(text);
      else textarea.setRangeText(text, textarea.selectionStart, textarea.selectionEnd, "end");
    },
  });
  form.addEventListener("focusin", ({ target }) => {
    if (target.name && target !== textarea) target.dispatchEvent(new CustomEvent("humasflow:caret", { bubbles: true, detail: { heading: "", field: target.name } }));
  });
  const { mountEditor } = await import(textarea.dataset.editor);
  editor = mountEditor(textarea, {
    icon: iconsFrom(textarea.dataset.sprite),
    pictures: rows.pictures,
    upload: rows.upload,
    say: rows.say,
    editFigureWords: rows.editWords,
    counts: form.querySelector("[data-counts]"),
    library: (q, cursor) => json(`${form.dataset.library}?${new URLSearchParams({ q, ...(cursor ? { setelah: cursor } : {}) })}`),
    people: async (q) => (await json(`${form.dataset.people}?${new URLSearchParams({ q })}`)).items,
  });
  // What this browser had kept is put into the plain field; the editor has to show it.
  textarea.addEventListener("kept:restored", () => {
    if (textarea.value !== editor.getHTML()) editor.setHTML(textarea.value);
  });
}

// As in every program that writes; also while typing, which is when it is wanted.
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  if (document.body.dataset.shortcuts === "off" || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  if (!event.repeat) document.querySelector("form[data-story-editor] [data-save]")?.click();
});

for (const form of document.querySelectorAll("form[data-story-editor]")) bind(form);
