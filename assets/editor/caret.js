/** Says where somebody is writing: `humasflow:caret` with the heading above the caret, for those who see each other. */
import { Extension } from "@tiptap/core";

export function headingAbove({ doc, selection }) {
  let heading = "";
  doc.nodesBetween(0, Math.max(selection.from, 1), (node, pos) => {
    if (node.type.name === "heading" && pos < selection.from) heading = node.textContent.trim();
    return node.type.name !== "heading";
  });
  return heading;
}

export const Caret = Extension.create({
  name: "caret",
  addOptions: () => ({ field: "body", target: null }),
  addStorage: () => ({ timer: undefined, said: null }),
  onSelectionUpdate() {
    this.storage.tell?.();
  },
  onFocus() {
    this.storage.tell?.();
  },
  onCreate() {
    this.storage.tell = () => {
      clearTimeout(this.storage.timer);
      this.storage.timer = setTimeout(() => {
        const heading = headingAbove(this.editor.state);
        const { field, target } = this.options;
        target?.dispatchEvent(new CustomEvent("humasflow:caret", { bubbles: true, detail: { heading, field } }));
      }, 300);
    };
  },
  onDestroy() {
    clearTimeout(this.storage.timer);
  },
});
