/**
 * Passages that a check found, marked in the text. The page sends `humasflow:findings` with a list of
 * {code, severity, start, end, message}; start and end are offsets of the plain text (see positions.js).
 * `humasflow:jump` with {field: "body", start, end} selects a passage and brings it into view; it is taken as done
 * (preventDefault).
 */
import { Extension } from "@tiptap/core";
import { Plugin, PluginKey, TextSelection } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { fill } from "./labels.js";
import { project, rangeAt } from "./positions.js";

const KEY = new PluginKey("findings");
const SEVERITIES = new Set(["info", "warn", "block"]);

export const Findings = Extension.create({
  name: "findings",
  addOptions: () => ({ words: {}, field: "body" }),
  addStorage: () => ({ listeners: null }),
  onCreate() {
    const listeners = new AbortController();
    this.storage.listeners = listeners;
    document.addEventListener("humasflow:findings", ({ detail }) => {
      const list = Array.isArray(detail) ? detail : (detail?.findings ?? []);
      this.editor.view.dispatch(this.editor.state.tr.setMeta(KEY, list).setMeta("addToHistory", false));
    }, { signal: listeners.signal, capture: true });
    document.addEventListener("humasflow:jump", (event) => {
      const { field, start, end } = event.detail ?? {};
      if (field !== this.options.field) return;
      const { state, view } = this.editor;
      const range = rangeAt(start, Math.max(end, start + 1), project(state.doc));
      event.preventDefault();
      view.focus();
      if (range) view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, range.from, range.to)).scrollIntoView());
    }, { signal: listeners.signal, capture: true });
  },
  onDestroy() {
    this.storage.listeners?.abort();
  },
  addProseMirrorPlugins() {
    const { words } = this.options;
    return [
      new Plugin({
        key: KEY,
        state: {
          init: () => DecorationSet.empty,
          apply: (tr, set) => {
            const list = tr.getMeta(KEY);
            return list ? drawn(tr.doc, list, words) : set.map(tr.mapping, tr.doc);
          },
        },
        props: { decorations: (state) => KEY.getState(state) },
      }),
    ];
  },
});

function drawn(doc, list, words) {
  const known = project(doc);
  const marks = [];
  for (const { code, severity, start, end, message } of list) {
    if (!Number.isInteger(start) || !Number.isInteger(end) || end <= start) continue;
    const range = rangeAt(start, end, known);
    if (!range) continue;
    const look = SEVERITIES.has(severity) ? severity : "info";
    marks.push(Decoration.inline(range.from, range.to, { class: `found found--${look}`, title: fill(words.finding, message), "data-finding": code }));
  }
  return DecorationSet.create(doc, marks);
}
