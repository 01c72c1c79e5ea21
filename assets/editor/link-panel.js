/** Asks for a link's address under the toolbar. Not a <form>: the editor stands inside one already. */
import { toHref } from "./links.js";

export function buildLinkPanel({ editor, words, prefix }) {
  const element = document.createElement("div");
  element.className = "editor__link";
  element.id = `${prefix}-link`;
  element.hidden = true;
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", words.link);

  const label = document.createElement("label");
  label.htmlFor = `${prefix}-link-url`;
  label.textContent = words.linkUrl;
  // type=text and no name: it belongs to no submission, and an unfinished address must not hold the form back.
  const input = document.createElement("input");
  input.type = "text";
  input.inputMode = "url";
  input.autocomplete = "off";
  input.spellcheck = false;
  input.id = label.htmlFor;
  input.setAttribute("aria-describedby", `${prefix}-link-error`);
  const error = document.createElement("p");
  error.className = "editor__link-error";
  error.id = `${prefix}-link-error`;
  error.setAttribute("role", "alert");

  const apply = makeButton(words.linkApply, save);
  const remove = makeButton(words.linkRemove, () => {
    editor.chain().focus().extendMarkRange("link").unsetLink().run();
    close();
  });
  const cancel = makeButton(words.linkCancel, () => {
    close();
    editor.commands.focus();
  });
  const aboutLabel = document.createElement("label");
  aboutLabel.htmlFor = `${prefix}-link-title`;
  aboutLabel.textContent = words.linkTitle;
  const about = document.createElement("input");
  about.type = "text";
  about.autocomplete = "off";
  about.maxLength = 200;
  about.id = aboutLabel.htmlFor;
  element.append(label, input, aboutLabel, about, apply, remove, cancel, error);

  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      cancel.click();
    } else if (event.key === "Enter" && (event.target === input || event.target === about)) {
      event.preventDefault();
      save();
    }
  });
  // Typing an address is no change of the form: drafts and the leave guard listen there.
  for (const field of [input, about]) {
    for (const name of ["input", "change"]) field.addEventListener(name, (event) => event.stopPropagation());
  }
  input.addEventListener("input", () => showError(""));

  const panel = {
    element,
    onToggle: () => {},
    toggle: () => (element.hidden ? panel.open() : close()),
    open() {
      if (!editor.isEditable) return;
      input.value = editor.getAttributes("link").href ?? "";
      about.value = editor.getAttributes("link").title ?? "";
      remove.hidden = !editor.isActive("link");
      showError("");
      element.hidden = false;
      panel.onToggle(true);
      input.focus();
      input.select();
    },
  };

  function save() {
    if (input.value.trim() === "" && editor.isActive("link")) {
      remove.click();
      return;
    }
    const href = toHref(input.value);
    if (href === null) {
      showError(words.linkInvalid);
      input.focus();
      return;
    }
    const title = about.value.trim() || null;
    const chain = editor.chain().focus();
    if (editor.state.selection.empty && !editor.isActive("link")) {
      // Nothing was marked: the address itself becomes the linked text.
      chain.insertContent({ type: "text", text: input.value.trim(), marks: [{ type: "link", attrs: { href, title } }] }).run();
    } else {
      chain.extendMarkRange("link").setLink({ href, title }).run();
    }
    close();
  }
  function close() {
    element.hidden = true;
    panel.onToggle(false);
  }
  function showError(text) {
    error.textContent = text;
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
  return panel;
}

function makeButton(word, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "editor__link-button";
  button.textContent = word;
  button.addEventListener("click", act);
  return button;
}
