// The settings of a content type: the skeleton in the same rich text as a story, the credit line while it is typed.
import { creditLine } from "./credits.js";
import { iconsFrom } from "./editor-icons.js";

const TOOLBAR = ["heading2", "heading3", "|", "bold", "italic", "|", "bulletList", "orderedList", "blockquote", "table", "|", "undo", "redo"];

for (const pattern of document.querySelectorAll("[data-credit-pattern]")) {
  const output = document.querySelector(pattern.dataset.creditPattern);
  const people = JSON.parse(output.dataset.people);
  const show = () => { output.textContent = creditLine(pattern.value, people) || "—"; };
  pattern.addEventListener("input", show);
  show();
}
for (const textarea of document.querySelectorAll("textarea[data-editor]")) {
  const { mountEditor } = await import(textarea.dataset.editor);
  mountEditor(textarea, { toolbar: TOOLBAR, icon: iconsFrom(textarea.dataset.sprite) });
}
