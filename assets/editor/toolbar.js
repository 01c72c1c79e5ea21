/** The toolbar: one tab stop, arrow keys inside (the ARIA toolbar pattern), states told by aria-pressed. */
import { buildLinkPanel } from "./link-panel.js";

export const DEFAULT_TOOLBAR = [
  "heading2", "heading3", "|",
  "bold", "italic", "link", "|",
  "bulletList", "orderedList", "blockquote", "hardBreak", "|",
  "undo", "redo",
];

const COMMANDS = {
  heading2: {
    run: (chain) => chain.toggleHeading({ level: 2 }),
    pressed: (editor) => editor.isActive("heading", { level: 2 }),
  },
  heading3: {
    run: (chain) => chain.toggleHeading({ level: 3 }),
    pressed: (editor) => editor.isActive("heading", { level: 3 }),
  },
  paragraph: { run: (chain) => chain.setParagraph(), pressed: (editor) => editor.isActive("paragraph") },
  bold: { run: (chain) => chain.toggleBold(), pressed: (editor) => editor.isActive("bold"), keys: "Control+B" },
  italic: { run: (chain) => chain.toggleItalic(), pressed: (editor) => editor.isActive("italic"), keys: "Control+I" },
  bulletList: { run: (chain) => chain.toggleBulletList(), pressed: (editor) => editor.isActive("bulletList") },
  orderedList: { run: (chain) => chain.toggleOrderedList(), pressed: (editor) => editor.isActive("orderedList") },
  blockquote: { run: (chain) => chain.toggleBlockquote(), pressed: (editor) => editor.isActive("blockquote") },
  hardBreak: { run: (chain) => chain.setHardBreak(), keys: "Shift+Enter" },
  undo: { run: (chain) => chain.undo(), able: (editor) => editor.can().undo(), keys: "Control+Z" },
  redo: { run: (chain) => chain.redo(), able: (editor) => editor.can().redo(), keys: "Control+Shift+Z" },
  link: { pressed: (editor) => editor.isActive("link"), keys: "Control+K", panel: true },
};

export function buildToolbar({ editor, toolbar, words, icon, prefix }) {
  const element = document.createElement("div");
  element.className = "editor__bar";
  const bar = document.createElement("div");
  bar.className = "editor__toolbar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", words.toolbar);
  bar.setAttribute("aria-controls", `${prefix}-text`);
  element.append(bar);

  const panel = buildLinkPanel({ editor, words, prefix });
  const buttons = new Map();
  let group = addGroup(bar);
  for (const name of toolbar) {
    if (name === "|") {
      group = addGroup(bar);
      continue;
    }
    const command = COMMANDS[name];
    if (!command) throw new Error(`mountEditor: no toolbar command is named "${name}".`);
    const button = makeButton(name, command, words[name], icon(name));
    if (command.panel) {
      button.setAttribute("aria-expanded", "false");
      button.setAttribute("aria-controls", panel.element.id);
    }
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      if (command.panel) panel.toggle();
      else command.run(editor.chain().focus()).run();
    });
    // Pressing with a mouse must not take the selection out of the text.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    buttons.set(name, button);
    group.append(button);
  }
  const linkButton = buttons.get("link");
  if (linkButton) {
    element.append(panel.element);
    panel.onToggle = (open) => linkButton.setAttribute("aria-expanded", String(open));
  }

  const inOrder = [...buttons.values()];
  inOrder.forEach((button, index) => {
    button.tabIndex = index === 0 ? 0 : -1;
  });
  bar.addEventListener("keydown", (event) => moveFocus(event, inOrder));
  bar.addEventListener("focusin", (event) => {
    const focused = event.target.closest("button");
    for (const button of inOrder) button.tabIndex = button === focused ? 0 : -1;
  });

  function refresh() {
    for (const [name, button] of buttons) {
      const { pressed, able } = COMMANDS[name];
      if (pressed) button.setAttribute("aria-pressed", String(pressed(editor)));
      // aria-disabled, not disabled: the button somebody just pressed must not lose the focus.
      button.setAttribute("aria-disabled", String(!editor.isEditable || (able ? !able(editor) : false)));
    }
  }
  function openLink(event) {
    if (!linkButton || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    if (event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    panel.open();
  }
  editor.on("transaction", refresh);
  editor.view.dom.addEventListener("keydown", openLink);
  refresh();

  return {
    element,
    destroy() {
      editor.off("transaction", refresh);
      element.remove();
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
