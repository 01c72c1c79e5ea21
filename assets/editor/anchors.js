/**
 * Passages with comments, marked in the text while it is written. They move along with typing; one whose words were
 * taken out is looked for again when words come back. The page's panel of comments talks to this through the textarea:
 *
 * it sends `humasflow:remarks` {threads: [{id, start, end, quote, prefix, suffix, anchor, suggests}]}, `humasflow:remark-pick` {id},
 * `humasflow:remark-show` {id, found}, `humasflow:remark-put` {id, replacement, done}, `humasflow:remark-ask` {passage};
 * it hears `humasflow:remark-selection` {passage} and `humasflow:remark-open` {id}. Offsets count as in positions.js.
 */
import { Extension } from "@tiptap/core";
import { Fragment } from "@tiptap/pm/model";
import { Plugin, PluginKey, TextSelection } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { describePassage, placeOf } from "../../humasflow/static/js/anchor-text.js";
import { project } from "./positions.js";

const KEY = new PluginKey("anchors");
const SOON = 150;

/** The document as anchor-text.js sees a rendered one. */
function projected(doc) {
  const letters = project(doc);
  return {
    letters,
    length: letters.length,
    text: letters.map((c) => c.text).join(""),
    slice: (a, b) => letters.slice(a, b).map((c) => c.text).join(""),
    isOneBlock: (a, b) => letters.slice(a, b).every((c) => c.to > c.from),
    range(a, b) {
      const passage = letters.slice(a, b).filter((c) => c.to > c.from);
      return passage.length ? { from: passage[0].from, to: passage.at(-1).to } : null;
    },
    offset: (pos) => letters.filter((c) => c.to <= pos && c.to > c.from).length + letters.filter((c) => c.to === c.from && c.from < pos).length,
  };
}

function placed(threads, doc) {
  const text = projected(doc);
  return threads.map((thread) => {
    const place = placeOf(text, thread) ?? (thread.anchor === "changed" ? [thread.start, thread.end] : null);
    return { thread, range: (place && text.range(...place)) || null };
  });
}

function mapped(marks, tr) {
  return marks.map(({ thread, range }) => {
    if (!range) return { thread, range };
    const from = tr.mapping.map(range.from, 1);
    const to = tr.mapping.map(range.to, -1);
    return { thread, range: from < to ? { from, to } : null };
  });
}

function drawn({ marks, picked }, doc) {
  const shown = [];
  for (const { thread, range } of marks) {
    if (!range || range.to > doc.content.size) continue;
    const isChanged = doc.textBetween(range.from, range.to, "\n", "\n").replace(/\s+/g, " ") !== thread.quote.replace(/\s+/g, " ");
    const look = ["remark", thread.suggests && "remark--suggests", isChanged && "remark--changed", String(thread.id) === picked && "remark--picked"];
    shown.push(Decoration.inline(range.from, range.to, { nodeName: "mark", class: look.filter(Boolean).join(" "), "data-threads": String(thread.id) }));
  }
  return DecorationSet.create(doc, shown);
}

/** The words that differ, so that what surrounds them keeps its marks. */
function difference(before, after) {
  const [old, fresh] = [before.split(/(?<=\s)|(?=\s)/), after.split(/(?<=\s)|(?=\s)/)];
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < fresh.length - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1;
  const size = (list) => [...list.join("")].length;
  return { head: size(old.slice(0, head)), tail: size(old.slice(old.length - tail)), words: fresh.slice(head, fresh.length - tail).join("") };
}

/** A transaction that puts other words in the place of a passage; null when the passage is not there. */
function put(state, mark, replacement) {
  if (!mark?.range) return null;
  const text = projected(state.doc);
  const start = text.letters.findIndex((c) => c.from >= mark.range.from && c.to > c.from);
  const length = text.letters.slice(start).findIndex((c) => c.from >= mark.range.to);
  const end = length === -1 ? text.length : start + length;
  const { head, tail, words } = difference(text.slice(start, end), replacement);
  const range = text.range(start + head, end - tail);
  const from = range?.from ?? (text.letters[start + head - 1]?.to ?? mark.range.from);
  const to = range?.to ?? from;
  const { schema } = state;
  const marks = (range ? state.doc.resolve(from).marksAcross(state.doc.resolve(to)) : null) ?? state.doc.resolve(from).marks();
  const lines = words.split("\n");
  const nodes = lines.flatMap((line, index) => [
    ...(index ? [schema.nodes.hardBreak.create()] : []),
    ...(line ? [schema.text(line, marks)] : []),
  ]);
  return state.tr.replaceWith(from, to, Fragment.from(nodes));
}

export const Anchors = Extension.create({
  name: "anchors",
  addOptions: () => ({ target: null }),
  addStorage: () => ({ listeners: null }),
  onCreate() {
    const { target } = this.options;
    if (!target) return;
    this.storage.listeners = new AbortController();
    const { signal } = this.storage.listeners;
    const { editor } = this;
    const hear = (name, act) => target.addEventListener(`humasflow:${name}`, ({ detail }) => act(detail, editor.state), { signal });
    const tell = (state, meta) => editor.view.dispatch(state.tr.setMeta(KEY, meta).setMeta("addToHistory", false));
    const markOf = (state, id) => KEY.getState(state).marks.find(({ thread }) => String(thread.id) === String(id));
    hear("remarks", ({ threads }, state) => tell(state, { threads }));
    hear("remark-pick", ({ id }, state) => tell(state, { picked: String(id) }));
    hear("remark-show", (detail, state) => {
      const range = markOf(state, detail.id)?.range;
      detail.found = Boolean(range);
      if (!range) return;
      editor.view.focus();
      editor.view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, range.from, range.to)).scrollIntoView());
    });
    hear("remark-put", (detail, state) => {
      const tr = put(state, markOf(state, detail.id), detail.replacement);
      detail.done = Boolean(tr);
      if (tr) editor.view.dispatch(tr);
    });
    hear("remark-ask", (detail, state) => {
      detail.passage = passageOf(state);
    });
    target.dispatchEvent(new CustomEvent("humasflow:remark-ready"));
  },
  onDestroy() {
    this.storage.listeners?.abort();
  },
  addProseMirrorPlugins() {
    const { target } = this.options;
    return target ? [marking(target)] : [];
  },
});

function passageOf(state) {
  const { from, to, empty } = state.selection;
  if (empty) return null;
  const text = projected(state.doc);
  const passage = describePassage(text, text.offset(from), text.offset(to));
  return passage.quote ? passage : null;
}

function marking(target) {
  const send = (name, detail) => target.dispatchEvent(new CustomEvent(`humasflow:${name}`, { detail }));
  return new Plugin({
    key: KEY,
    state: {
      init: () => ({ marks: [], picked: "", set: DecorationSet.empty }),
      apply(tr, known) {
        const meta = tr.getMeta(KEY);
        if (!meta && !tr.docChanged) return known;
        const next = { ...known, ...(meta?.picked === undefined ? {} : { picked: meta.picked }) };
        if (meta?.threads) next.marks = placed(meta.threads, tr.doc);
        else if (tr.docChanged) next.marks = mapped(known.marks, tr);
        if (meta?.again) {
          const found = new Map(placed(next.marks.filter((m) => !m.range).map((m) => m.thread), tr.doc).map((m) => [m.thread, m]));
          next.marks = next.marks.map((m) => found.get(m.thread) ?? m);
        }
        next.set = drawn(next, tr.doc);
        return next;
      },
    },
    props: {
      decorations: (state) => KEY.getState(state).set,
      handleClick(view, pos) {
        if (!view.state.selection.empty) return false;
        const here = KEY.getState(view.state).marks.find(({ range }) => range && range.from <= pos && pos <= range.to);
        if (here) {
          const { top, bottom, left } = view.coordsAtPos(pos);
          send("remark-open", { id: here.thread.id, rect: { top, bottom, left, width: 0 } });
        }
        return false;
      },
    },
    view(view) {
      let selecting;
      let searching;
      return {
        update(current, before) {
          if (!before.selection.eq(current.state.selection)) {
            clearTimeout(selecting);
            selecting = setTimeout(() => {
              if (view.isDestroyed) return;
              const passage = view.hasFocus() ? passageOf(view.state) : null;
              const { from, to } = view.state.selection;
              const [a, b] = [view.coordsAtPos(from), view.coordsAtPos(to)];
              const rect = { top: Math.min(a.top, b.top), bottom: Math.max(a.bottom, b.bottom), left: Math.min(a.left, b.left), width: Math.abs(b.left - a.left) };
              send("remark-selection", { passage: passage && { ...passage, rect } });
            }, SOON);
          }
          const isMissing = KEY.getState(current.state).marks.some(({ thread, range }) => !range && thread.anchor !== "lost");
          if (isMissing && !before.doc.eq(current.state.doc)) {
            clearTimeout(searching);
            searching = setTimeout(() => {
              if (!view.isDestroyed) view.dispatch(view.state.tr.setMeta(KEY, { again: true }).setMeta("addToHistory", false));
            }, 4 * SOON);
          }
        },
        destroy() {
          clearTimeout(selecting);
          clearTimeout(searching);
        },
      };
    },
  });
}
