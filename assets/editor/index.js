/**
 * The story editor: a <textarea data-editor> holding HTML becomes a rich-text field. Without this file the textarea
 * stays what it was, and the server cleans whatever either of them sends.
 *
 *   import { mountEditor } from ".../editor.js";
 *   const editor = mountEditor(textarea, { toolbar, labels, icon, onChange, pictures, library, upload, people, say });
 *
 * Works under `script-src 'self'; style-src 'self'`: no inline style, no injected style sheet, no eval.
 *
 * For other scripts on the page: `humasflow:editor-ready` on the textarea (detail: what mountEditor returns) when it
 * stands; `input` on the textarea after every change; `humasflow:caret` {heading, field}; it listens for
 * `humasflow:findings` and `humasflow:jump` (findings.js).
 */
import { Editor } from "@tiptap/core";
import { Anchors } from "./anchors.js";
import { Caret } from "./caret.js";
import { describe as describeLength } from "./counts.js";
import { Findings } from "./findings.js";
import { buildImageDialog } from "./image-dialog.js";
import { resolveLabels } from "./labels.js";
import { offsetAt, plainText, posAt, rangeAt, project } from "./positions.js";
import { extensions } from "./schema.js";
import { DEFAULT_TOOLBAR, buildToolbar } from "./toolbar.js";

export { cleanClipboard, htmlFromChat } from "./paste.js";

let mounted = 0;

/**
 * @param {HTMLTextAreaElement} textarea  Holds the HTML; kept up to date and submitted as before.
 * @param {object} [options]
 * @param {string[]} [options.toolbar]  Names of commands, "|" between groups; see toolbar.js.
 * @param {Record<string, string>} [options.labels]  Words by name; `data-words` on the textarea otherwise.
 * @param {(name: string) => Node | null} [options.icon]  A picture for a command; its word is shown otherwise.
 * @param {(html: string) => void} [options.onChange]  After every change by the person, not by `setHTML`.
 * @param {object} [options.pictures]  What is known about pictures in the text; see figure.js.
 * @param {Function} [options.library]  Pages of the library; see image-dialog.js. Without it no picture is offered.
 * @param {Function} [options.upload]  One file to the library; see pasting.js.
 * @param {Function} [options.people]  People by a part of their name; see people.js.
 * @param {(id: string) => void} [options.editFigureWords]  Takes the person to the words about a picture.
 * @param {(text: string) => void} [options.say]  Tells the person what became of a paste.
 * @param {HTMLElement} [options.counts]  Shows how long the text is; `data-words-per-minute`.
 * @param {Array} [options.extend]  More Tiptap extensions, or functions of the editor's words that give one.
 */
export function mountEditor(textarea, options = {}) {
  const { toolbar = DEFAULT_TOOLBAR, labels = {}, icon = () => null, onChange, pictures, library, upload, people, say = () => {} } = options;
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
    extensions: [
      ...extensions({ placeholder: textarea.placeholder, words, prefix, pictures, people, upload, say }),
      Caret.configure({ field: textarea.name || "body", target: textarea }),
      Findings.configure({ words, field: textarea.name || "body" }),
      Anchors.configure({ target: textarea }),
      ...(options.extend ?? []).map((one) => (typeof one === "function" ? one(words) : one)),
    ],
    injectCSS: false,
    enableInputRules: true,
    // In a chat *so* is bold and not italic; pasting.js reads it. Addresses still become links.
    enablePasteRules: ["link"],
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

  const images = library
    ? buildImageDialog({ words, prefix, library, upload, pick: async (id) => {
        await pictures?.load(String(id));
        editor.chain().focus().insertFigure(id).run();
      } })
    : null;
  const bar = toolbar.length > 0
    ? buildToolbar({ editor, toolbar, words, icon, prefix, actions: {
        image: images ? () => images.open() : null, people, figureWords: options.editFigureWords,
      } })
    : null;
  if (bar) root.prepend(bar.element);

  const { counts } = options;
  let counting = 0;
  function count() {
    cancelAnimationFrame(counting);
    counting = requestAnimationFrame(() => {
      const { doc, selection } = editor.state;
      const selected = selection.empty ? "" : doc.textBetween(selection.from, selection.to, "\n", (leaf) => leaf.attrs.label ?? "\n");
      counts.textContent = describeLength(plainText(doc), selected, words, Number(counts.dataset.wordsPerMinute) || 200);
    });
  }
  if (counts) {
    editor.on("transaction", count);
    count();
  }

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

  const api = {
    element: root,
    tiptap: editor,
    focus: () => editor.commands.focus(),
    getHTML: () => (editor.isEmpty ? "" : editor.getHTML()),
    setHTML(html) {
      editor.commands.setContent(html, { emitUpdate: false });
      write(editor);
    },
    /** Puts words where the caret is (at the end if it never was in the text); lines become paragraphs. */
    insertText(text) {
      const lines = text.split(/\n+/).map((line) => line.trim()).filter(Boolean);
      if (!lines.length) return;
      const chain = editor.isFocused || touched ? editor.chain().focus() : editor.chain().focus("end");
      if (lines.length > 1) {
        chain.insertContent(lines.map((line) => ({ type: "paragraph", content: [{ type: "text", text: line }] }))).run();
        return;
      }
      const { $from } = touched ? editor.state.selection : { $from: null };
      const before = $from?.parent.textBetween(Math.max($from.parentOffset - 1, 0), $from.parentOffset) ?? "";
      chain.insertContent([{ type: "text", text: `${/[\p{L}\p{N},.;:)]$/u.test(before) ? " " : ""}${lines[0]}` }]).run();
    },
    insertFigure: (asset) => editor.chain().focus().insertFigure(asset).run(),
    /** The numbers of the pictures that stand in the text. */
    figures() {
      const found = [];
      editor.state.doc.descendants((node) => {
        if (node.type.name === "figure") found.push(String(node.attrs.asset));
      });
      return found;
    },
    text: () => project(editor.state.doc).map((c) => c.text).join(""),
    posAt: (offset) => posAt(editor.state.doc, offset),
    rangeAt: (start, end) => rangeAt(start, end, project(editor.state.doc)),
    offsetAt: (pos) => offsetAt(editor.state.doc, pos),
    /** Puts the plain textarea back, with the present text in it. */
    destroy() {
      write(editor);
      listeners.abort();
      images?.destroy();
      bar?.destroy();
      editor.destroy();
      root.remove();
      textarea.hidden = wasHidden;
      textarea.required = wasRequired;
    },
  };
  let touched = false;
  editor.on("focus", () => {
    touched = true;
  });
  textarea.dispatchEvent(new CustomEvent("humasflow:editor-ready", { bubbles: true, detail: api }));
  return api;
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
