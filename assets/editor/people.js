/**
 * Mentions of people of the office. Typing "@" and two letters offers names under the caret; the toolbar's button offers
 * the same in a field of its own (a combobox, for who does not see the caret). `people(query)` → Promise<[{id, name, position}]>.
 */
import { Node } from "@tiptap/core";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { fill } from "./labels.js";

export const Mention = Node.create({
  name: "mention",
  group: "inline",
  inline: true,
  atom: true,
  addOptions: () => ({ people: null, words: {}, prefix: "editor" }),
  addAttributes: () => ({ id: { default: null, rendered: false }, label: { default: "", rendered: false } }),
  parseHTML: () => [
    {
      tag: "span[data-mention-user]",
      getAttrs: (element) =>
        /^[1-9]\d{0,17}$/.test(element.dataset.mentionUser) && { id: element.dataset.mentionUser, label: element.textContent.trim() },
    },
  ],
  renderHTML: ({ node }) => ["span", { "data-mention-user": node.attrs.id, class: "mention" }, node.attrs.label],
  renderText: ({ node }) => node.attrs.label,
  extendNodeSchema: (extension) => (extension.name === "mention" ? { leafText: (node) => node.attrs.label } : {}),
  addCommands() {
    return {
      insertMention: ({ id, name }, range) => ({ chain }) => {
        const content = [{ type: this.name, attrs: { id: String(id), label: `@${name}` } }, { type: "text", text: " " }];
        return (range ? chain().insertContentAt(range, content) : chain().insertContent(content)).run();
      },
    };
  },
  addProseMirrorPlugins() {
    return this.options.people ? [suggesting(this.editor, this.options)] : [];
  },
});

const KEY = new PluginKey("mention");
const ASKED = /(?:^|[\s(])@([\p{L}][\p{L}\p{N} .'-]{1,40})$/u;

/** What stands between "@" and the caret: {query, from, to}, or null. */
function asked(state) {
  const { $from, empty } = state.selection;
  if (!empty || !$from.parent.isTextblock) return null;
  const before = $from.parent.textBetween(0, $from.parentOffset, undefined, "\ufffc");
  const match = ASKED.exec(before);
  if (!match || match[1].split(" ").length > 3) return null;
  return { query: match[1], from: $from.pos - match[1].length - 1, to: $from.pos };
}

function suggesting(editor, { people, words, prefix }) {
  let list = null;
  let timer;
  let turn = 0;
  let dismissed = null;

  function close() {
    clearTimeout(timer);
    turn += 1;
    list?.destroy();
    list = null;
  }

  return new Plugin({
    key: KEY,
    view: (view) => ({
      update() {
        const wanted = view.editable && view.hasFocus() ? asked(view.state) : null;
        if (!wanted || dismissed === wanted.from) {
          if (!wanted) dismissed = null;
          close();
          return;
        }
        if (list?.query === wanted.query) return;
        clearTimeout(timer);
        const mine = ++turn;
        timer = setTimeout(async () => {
          const found = await people(wanted.query).catch(() => []);
          if (mine !== turn || view.isDestroyed) return;
          list?.destroy();
          list = null;
          // A name that is only typed is left alone: nothing covers the text when nobody is called so.
          if (!found.length) return;
          list = floatingList({ view, found, words, prefix, at: wanted, pick: (person) => {
            const range = asked(view.state) ?? wanted;
            close();
            editor.chain().focus().insertMention(person, { from: range.from, to: range.to }).run();
          } });
          list.query = wanted.query;
        }, 150);
      },
      destroy: close,
    }),
    props: {
      handleKeyDown(_view, event) {
        if (!list) return false;
        if (event.key === "Escape") {
          dismissed = list.from;
          close();
          return true;
        }
        return list.key(event);
      },
      handleDOMEvents: {
        blur: () => {
          setTimeout(close, 150);
          return false;
        },
      },
    },
  });
}

function floatingList({ view, found, words, prefix, at, pick }) {
  const text = view.dom;
  const box = document.createElement("div");
  box.className = "mention-list mention-list--floating";
  const options = buildOptions(box, found, words, `${prefix}-mentions`, pick);
  const said = document.createElement("span");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  const place = text.closest(".editor") ?? text.parentElement;
  place.append(box, said);
  said.textContent = fill(words.mentionFound, found.length);
  const caret = view.coordsAtPos(at.from);
  const around = place.getBoundingClientRect();
  // Set through the object model, which the content security policy leaves to scripts.
  box.style.top = `${caret.bottom - around.top + 4}px`;
  box.style.left = `${Math.max(0, Math.min(caret.left - around.left, around.width - box.offsetWidth - 4))}px`;
  text.setAttribute("aria-autocomplete", "list");
  text.setAttribute("aria-controls", options.element.id);
  options.mark(0, text);
  return {
    from: at.from,
    key: (event) => options.key(event, text),
    destroy() {
      box.remove();
      said.remove();
      for (const name of ["aria-autocomplete", "aria-controls", "aria-activedescendant"]) text.removeAttribute(name);
    },
  };
}

/** A listbox whose active option is told by aria-activedescendant of whatever has the focus. */
export function buildOptions(box, found, words, id, pick) {
  const element = document.createElement("ul");
  element.id = id;
  element.setAttribute("role", "listbox");
  element.setAttribute("aria-label", words.mentionList);
  let active = -1;
  const items = found.map((person, index) => {
    const item = document.createElement("li");
    item.id = `${id}-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const name = document.createElement("b");
    name.textContent = person.name;
    item.append(name);
    if (person.position) {
      const position = document.createElement("small");
      position.textContent = person.position;
      item.append(" ", position);
    }
    // Before the field loses the focus.
    item.addEventListener("mousedown", (event) => {
      event.preventDefault();
      pick(person);
    });
    element.append(item);
    return item;
  });
  box.replaceChildren(element);

  function mark(index, owner) {
    items[active]?.setAttribute("aria-selected", "false");
    active = index;
    items[active]?.setAttribute("aria-selected", "true");
    items[active]?.scrollIntoView({ block: "nearest" });
    if (items[active]) owner.setAttribute("aria-activedescendant", items[active].id);
    else owner.removeAttribute("aria-activedescendant");
  }
  return {
    element,
    mark,
    key(event, owner) {
      const last = items.length - 1;
      if (event.key === "ArrowDown") mark(active >= last ? 0 : active + 1, owner);
      else if (event.key === "ArrowUp") mark(active <= 0 ? last : active - 1, owner);
      else if ((event.key === "Enter" || event.key === "Tab") && active >= 0) pick(found[active]);
      else return false;
      event.preventDefault();
      return true;
    },
  };
}

/** The toolbar's way: a field with a list, under the toolbar. */
export function buildMentionPanel({ editor, words, prefix, people }) {
  const element = document.createElement("div");
  element.className = "editor__panel";
  element.id = `${prefix}-mention`;
  element.hidden = true;
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", words.mention);
  const label = document.createElement("label");
  const input = document.createElement("input");
  const hint = document.createElement("p");
  const box = document.createElement("div");
  const status = document.createElement("p");
  input.type = "text";
  input.autocomplete = "off";
  input.id = `${prefix}-mention-name`;
  label.htmlFor = input.id;
  label.textContent = words.mentionSearch;
  hint.className = "small muted editor__panel-hint";
  hint.id = `${prefix}-mention-hint`;
  hint.textContent = words.mentionHint;
  box.className = "mention-list";
  status.className = "small muted";
  status.setAttribute("role", "status");
  const listId = `${prefix}-mention-list`;
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listId, "aria-describedby": hint.id,
  })) input.setAttribute(name, value);
  element.append(label, input, status, box, hint);

  let options = emptyList();
  let timer;
  let turn = 0;

  function emptyList() {
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    return buildOptions(box, [], words, listId, () => {});
  }
  function pick(person) {
    panel.close();
    editor.chain().focus().insertMention(person).run();
  }
  async function search() {
    const mine = ++turn;
    const found = await people(input.value.trim()).catch(() => []);
    if (mine !== turn) return;
    options = found.length ? buildOptions(box, found, words, listId, pick) : emptyList();
    input.setAttribute("aria-expanded", String(found.length > 0));
    status.textContent = found.length ? fill(words.mentionFound, found.length) : words.mentionNone;
    if (found.length) options.mark(0, input);
  }
  for (const name of ["input", "change"]) input.addEventListener(name, (event) => event.stopPropagation());
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 150);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      panel.close();
      editor.commands.focus();
    } else if (event.key === "Enter") {
      event.preventDefault(); // never sends the form
      options.key(event, input);
    } else if (event.key !== "Tab") {
      options.key(event, input);
    }
  });

  const panel = {
    element,
    onToggle: () => {},
    toggle: () => (element.hidden ? panel.open() : panel.close()),
    open() {
      if (!editor.isEditable) return;
      input.value = "";
      status.textContent = "";
      options = emptyList();
      element.hidden = false;
      panel.onToggle(true);
      input.focus();
      search();
    },
    close() {
      turn += 1;
      element.hidden = true;
      panel.onToggle(false);
    },
  };
  return panel;
}
