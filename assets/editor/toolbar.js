/** The toolbars: one tab stop each, arrow keys inside (the ARIA toolbar pattern), states told by aria-pressed. */
import { buildLinkPanel } from "./link-panel.js";
import { buildMentionPanel } from "./people.js";
import { inTable } from "./tables.js";

export const DEFAULT_TOOLBAR = [
  "heading2", "heading3", "|",
  "bold", "italic", "link", "|",
  "bulletList", "orderedList", "blockquote", "|",
  "image", "table", "mention", "|",
  "undo", "redo",
];
const TABLE_TOOLS = [
  "rowAbove", "rowBelow", "rowRemove", "|", "columnBefore", "columnAfter", "columnRemove", "|", "headerRow", "tableRemove",
];
const FIGURE_TOOLS = ["figureWords", "figureRemove"];

const COMMANDS = {
  heading2: {
    run: (chain) => chain.toggleHeading({ level: 2 }),
    pressed: (editor) => editor.isActive("heading", { level: 2 }),
  },
  heading3: {
    run: (chain) => chain.toggleHeading({ level: 3 }),
    pressed: (editor) => editor.isActive("heading", { level: 3 }),
  },
  bold: { run: (chain) => chain.toggleBold(), pressed: (editor) => editor.isActive("bold"), keys: "Control+B" },
  italic: { run: (chain) => chain.toggleItalic(), pressed: (editor) => editor.isActive("italic"), keys: "Control+I" },
  bulletList: { run: (chain) => chain.toggleBulletList(), pressed: (editor) => editor.isActive("bulletList"), keys: "Control+Shift+8" },
  orderedList: { run: (chain) => chain.toggleOrderedList(), pressed: (editor) => editor.isActive("orderedList"), keys: "Control+Shift+7" },
  blockquote: { run: (chain) => chain.toggleBlockquote(), pressed: (editor) => editor.isActive("blockquote"), keys: "Control+Shift+B" },
  hardBreak: { run: (chain) => chain.setHardBreak(), keys: "Shift+Enter" },
  undo: { run: (chain) => chain.undo(), able: (editor) => editor.can().undo(), keys: "Control+Z" },
  redo: { run: (chain) => chain.redo(), able: (editor) => editor.can().redo(), keys: "Control+Shift+Z" },
  link: { pressed: (editor) => editor.isActive("link"), keys: "Control+K", panel: true },
  mention: { panel: true },
  image: {},
  table: { run: (chain) => chain.insertTable(3, 3), able: (editor) => !inTable(editor) },
  rowAbove: { run: (chain) => chain.addRowAbove() },
  rowBelow: { run: (chain) => chain.addRowBelow() },
  rowRemove: { run: (chain) => chain.removeRow() },
  columnBefore: { run: (chain) => chain.addColumnLeft() },
  columnAfter: { run: (chain) => chain.addColumnRight() },
  columnRemove: { run: (chain) => chain.removeColumn() },
  headerRow: { run: (chain) => chain.toggleHeadings(), pressed: hasHeadings },
  tableRemove: { run: (chain) => chain.removeTable() },
  figureWords: {},
  figureRemove: { run: (chain) => chain.deleteSelection() },
};

function hasHeadings(editor) {
  const { $from } = editor.state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (node.type.name === "table") return node.firstChild.firstChild.type.name === "tableHeader";
  }
  return false;
}

/** `actions`: what commands do that need the page: {image(), figureWords(assetId), people(query)}; a missing one hides its button. */
export function buildToolbar({ editor, toolbar, words, icon, prefix, actions }) {
  const element = document.createElement("div");
  element.className = "editor__bar";
  const needed = { image: actions.image, mention: actions.people };
  const wanted = toolbar.filter((name) => !(name in needed) || needed[name]);
  const panels = {
    link: wanted.includes("link") ? buildLinkPanel({ editor, words, prefix }) : null,
    mention: wanted.includes("mention") ? buildMentionPanel({ editor, words, prefix, people: actions.people }) : null,
  };

  function press(name) {
    if (panels[name]) {
      for (const [other, panel] of Object.entries(panels)) if (panel && other !== name && !panel.element.hidden) panel.toggle();
      panels[name].toggle();
    } else if (name === "image") actions.image();
    else if (name === "figureWords") actions.figureWords?.(String(editor.state.selection.node?.attrs.asset ?? ""));
    else COMMANDS[name].run(editor.chain().focus()).run();
  }
  const bar = (names, label, className) => makeBar({ names, label, className, words, icon, prefix, editor, press, panels });
  const main = bar(wanted, words.toolbar, "editor__toolbar");
  const table = bar(TABLE_TOOLS, words.tableTools, "editor__toolbar editor__toolbar--context");
  const figure = bar(actions.figureWords ? FIGURE_TOOLS : FIGURE_TOOLS.slice(1), words.figureTools, "editor__toolbar editor__toolbar--context");
  element.append(main.element, table.element, figure.element);
  for (const [name, panel] of Object.entries(panels)) {
    if (!panel) continue;
    element.append(panel.element);
    panel.onToggle = (open) => main.buttons.get(name).setAttribute("aria-expanded", String(open));
  }

  function refresh() {
    main.refresh();
    table.element.hidden = !inTable(editor);
    if (!table.element.hidden) table.refresh();
    figure.element.hidden = editor.state.selection.node?.type.name !== "figure";
    if (!figure.element.hidden) figure.refresh();
  }
  function openLink(event) {
    if (!panels.link || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    if (event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    panels.link.open();
  }
  /** Alt+F10, as in other editors, goes from the text to the tools of what the caret is in. */
  function toTools(event) {
    if (!event.altKey || event.key !== "F10") return;
    event.preventDefault();
    const open = [table, figure].find((tools) => !tools.element.hidden) ?? main;
    open.element.querySelector("button[tabindex='0']").focus();
  }
  editor.on("transaction", refresh);
  editor.view.dom.addEventListener("keydown", openLink);
  editor.view.dom.addEventListener("keydown", toTools);
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest("[role=toolbar]")) editor.commands.focus();
  });
  refresh();

  return {
    element,
    destroy() {
      editor.off("transaction", refresh);
      element.remove();
    },
  };
}

function makeBar({ names, label, className, words, icon, prefix, editor, press, panels }) {
  const element = document.createElement("div");
  element.className = className;
  element.setAttribute("role", "toolbar");
  element.setAttribute("aria-label", label);
  element.setAttribute("aria-controls", `${prefix}-text`);
  const buttons = new Map();
  let group = addGroup(element);
  for (const name of names) {
    if (name === "|") {
      group = addGroup(element);
      continue;
    }
    const command = COMMANDS[name];
    if (!command) throw new Error(`mountEditor: no toolbar command is named "${name}".`);
    const button = makeButton(name, command, words[name], icon(name));
    if (command.panel) {
      button.setAttribute("aria-expanded", "false");
      button.setAttribute("aria-controls", panels[name].element.id);
    }
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") !== "true") press(name);
    });
    // Pressing with a mouse must not take the selection out of the text.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    buttons.set(name, button);
    group.append(button);
  }
  const inOrder = [...buttons.values()];
  inOrder.forEach((button, index) => {
    button.tabIndex = index === 0 ? 0 : -1;
  });
  element.addEventListener("keydown", (event) => moveFocus(event, inOrder));
  element.addEventListener("focusin", (event) => {
    const focused = event.target.closest("button");
    for (const button of inOrder) button.tabIndex = button === focused ? 0 : -1;
  });
  return {
    element,
    buttons,
    refresh() {
      for (const [name, button] of buttons) {
        const { pressed, able } = COMMANDS[name];
        if (pressed) button.setAttribute("aria-pressed", String(pressed(editor)));
        // aria-disabled, not disabled: the button somebody just pressed must not lose the focus.
        button.setAttribute("aria-disabled", String(!editor.isEditable || (able ? !able(editor) : false)));
      }
    },
  };
}

function addGroup(bar) {
  const group = document.createElement("div");
  group.className = "editor__group";
  bar.append(group);
  return group;
}

function makeButton(name, { keys }, word, picture) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "editor__button";
  button.dataset.command = name;
  button.title = word;
  if (keys) button.setAttribute("aria-keyshortcuts", keys);
  if (picture) {
    button.setAttribute("aria-label", word);
    button.append(picture);
  } else {
    button.classList.add("editor__button--word");
    button.textContent = word;
  }
  return button;
}

function moveFocus(event, buttons) {
  const here = buttons.indexOf(document.activeElement);
  if (here === -1) return;
  const last = buttons.length - 1;
  const next = {
    ArrowRight: here === last ? 0 : here + 1,
    ArrowLeft: here === 0 ? last : here - 1,
    Home: 0,
    End: last,
  }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  buttons[next].focus();
}
