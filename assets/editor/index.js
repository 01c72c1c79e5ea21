/**
 * The story editor: a <textarea data-editor> holding HTML becomes a rich-text field. Without this file the textarea
 * stays what it was, and the server cleans whatever either of them sends.
 *
 *   import { mountEditor } from ".../editor.js";
 *   const editor = mountEditor(textarea, { toolbar, labels, icon, onChange });
 *
 * Works under `script-src 'self'; style-src 'self'`: no inline style, no injected style sheet, no eval.
 */
import { Editor } from "@tiptap/core";
import { extensions } from "./schema.js";
import { resolveLabels } from "./labels.js";
import { DEFAULT_TOOLBAR, buildToolbar } from "./toolbar.js";

let mounted = 0;

/**
 * @param {HTMLTextAreaElement} textarea  Holds the HTML; kept up to date and submitted as before.
 * @param {object} [options]
 * @param {string[]} [options.toolbar]  Names of commands, "|" between groups; see toolbar.js.
 * @param {Record<string, string>} [options.labels]  Words by name; `data-label-*` on the textarea otherwise.
 * @param {(name: string) => Node | null} [options.icon]  A picture for a command; its word is shown otherwise.
 * @param {(html: string) => void} [options.onChange]  After every change by the person, not by `setHTML`.
 * @returns {{element: HTMLElement, focus(): void, getHTML(): string, setHTML(html: string): void, destroy(): void}}
 */
export function mountEditor(textarea, { toolbar = DEFAULT_TOOLBAR, labels = {}, icon = () => null, onChange } = {}) {
  const words = resolveLabels(textarea, labels);
  mounted += 1;
  const prefix = textarea.id || `editor-${mounted}`;

  const root = document.createElement("div");
  root.className = "editor";
  const surface = document.createElement("div");
  surface.className = "editor__surface";
  root.append(surface);
  textarea.after(root);

  const fieldLabels = [...(textarea.labels ?? [])];
  const wasRequired = textarea.required;
  const wasHidden = textarea.hidden;
  // A browser cannot point at a required field that is hidden; the form would just not send. The server checks.
  textarea.required = false;
  textarea.hidden = true;

  const editor = new Editor({
    element: surface,
    content: textarea.value,
    extensions: extensions({ placeholder: textarea.placeholder }),
    injectCSS: false,
    enableInputRules: true,
    enablePasteRules: true,
    editable: !(textarea.readOnly || textarea.disabled),
    editorProps: { attributes: describe(textarea, fieldLabels, prefix, wasRequired) },
    onUpdate({ editor: current }) {
      write(current);
      // Drafts are kept and leaving is guarded by listening to the form, as for every other field.
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
      onChange?.(textarea.value);
    },
    onBlur: () => textarea.dispatchEvent(new Event("change", { bubbles: true })),
  });

  function write(current) {
    textarea.value = current.isEmpty ? "" : current.getHTML();
  }

  const bar = toolbar.length > 0 ? buildToolbar({ editor, toolbar, words, icon, prefix }) : null;
  if (bar) root.prepend(bar.element);

  const listeners = new AbortController();
  const { signal } = listeners;
  for (const label of fieldLabels) label.addEventListener("click", () => editor.commands.focus(), { signal });
  textarea.form?.addEventListener("submit", () => write(editor), { capture: true, signal });
  textarea.form?.addEventListener(
    "reset",
    // The form puts the first value back after this event.
    () => setTimeout(() => editor.commands.setContent(textarea.value, { emitUpdate: false })),
    { signal },
  );

  return {
    element: root,
    focus: () => editor.commands.focus(),
    getHTML: () => (editor.isEmpty ? "" : editor.getHTML()),
    setHTML(html) {
      editor.commands.setContent(html, { emitUpdate: false });
      write(editor);
    },
    /** Puts the plain textarea back, with the present text in it. */
    destroy() {
      write(editor);
      listeners.abort();
      bar?.destroy();
      editor.destroy();
      root.remove();
      textarea.hidden = wasHidden;
      textarea.required = wasRequired;
    },
  };
}

/** The words and states that a screen reader knew about the textarea, given to what replaces it. */
function describe(textarea, fieldLabels, prefix, required) {
  const attributes = { id: `${prefix}-text`, class: "editor__text prose", role: "textbox", "aria-multiline": "true" };
  fieldLabels.forEach((label, index) => {
    if (!label.id) label.id = `${prefix}-label-${index + 1}`;
  });
  const labelledBy = fieldLabels.map((label) => label.id).join(" ") || textarea.getAttribute("aria-labelledby");
  if (labelledBy) attributes["aria-labelledby"] = labelledBy;
  else if (textarea.ariaLabel) attributes["aria-label"] = textarea.ariaLabel;
  for (const name of ["aria-describedby", "aria-invalid", "aria-errormessage", "lang", "dir", "spellcheck"]) {
    const value = textarea.getAttribute(name);
    if (value !== null) attributes[name] = value;
  }
  if (required) attributes["aria-required"] = "true";
  if (textarea.readOnly || textarea.disabled) attributes["aria-readonly"] = "true";
  return attributes;
}
