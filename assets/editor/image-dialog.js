/** Pictures of the library to choose from: a native dialog with search and pages, and a way to upload a new one. */
import { fill } from "./labels.js";

/**
 * `library(query, cursor)` → Promise<{items: [{id, thumb, alt, name, credit}], next}>;
 * `upload(file)` → Promise<{id} | null>; `pick(id)` puts it into the text.
 */
export function buildImageDialog({ words, prefix, library, upload, pick }) {
  const dialog = document.createElement("dialog");
  dialog.className = "image-dialog";
  dialog.setAttribute("aria-labelledby", `${prefix}-images-title`);
  const head = add(dialog, "div", "dialog__head");
  const title = add(head, "h2", "");
  title.id = `${prefix}-images-title`;
  title.textContent = words.imageTitle;
  const close = add(head, "button", "btn quiet");
  close.type = "button";
  close.textContent = words.imageClose;
  close.addEventListener("click", () => dialog.close());
  const tools = add(dialog, "div", "image-dialog__tools");
  const field = add(tools, "div", "field");
  const label = add(field, "label", "");
  const input = add(field, "input", "");
  input.type = "search";
  input.autocomplete = "off";
  input.id = `${prefix}-images-search`;
  label.htmlFor = input.id;
  label.textContent = words.imageSearch;
  if (upload) {
    const place = add(tools, "div", "field");
    const name = add(place, "label", "");
    const file = add(place, "input", "");
    file.type = "file";
    file.accept = "image/jpeg,image/png,image/webp,image/gif";
    file.id = `${prefix}-images-file`;
    name.htmlFor = file.id;
    name.textContent = words.imageUpload;
    stay(file);
    file.addEventListener("change", async () => {
      if (!file.files.length) return;
      status.textContent = words.uploading;
      file.disabled = true;
      const made = await upload(file.files[0]).catch(() => null);
      file.disabled = false;
      file.value = "";
      status.textContent = "";
      if (made) choose(made.id);
    });
  }
  const status = add(dialog, "p", "small muted");
  status.setAttribute("role", "status");
  const grid = add(dialog, "ul", "image-dialog__grid");
  const more = add(dialog, "button", "btn block");
  more.type = "button";
  more.textContent = words.imageMore;
  more.hidden = true;
  document.body.append(dialog);

  let cursor = null;
  let turn = 0;
  let timer;

  async function load({ again = false } = {}) {
    const mine = ++turn;
    let page;
    try {
      page = await library(input.value.trim(), again ? null : cursor);
    } catch {
      if (mine === turn) status.textContent = words.imageFailed;
      return;
    }
    if (mine !== turn) return;
    if (again) grid.replaceChildren();
    const first = grid.children.length;
    for (const picture of page.items) grid.append(card(picture));
    cursor = page.next;
    more.hidden = !cursor;
    status.textContent = grid.children.length ? "" : words.imageNone;
    if (!again) grid.children[first]?.querySelector("button")?.focus();
  }
  function card(picture) {
    const item = document.createElement("li");
    const button = add(item, "button", "image-dialog__card");
    button.type = "button";
    const image = add(button, "img", "");
    image.src = picture.thumb;
    image.alt = "";
    image.loading = "lazy";
    const words_ = add(button, "span", "");
    words_.textContent = picture.caption || picture.alt || picture.name;
    if (picture.credit) add(button, "small", "").textContent = fill(words.photoBy, picture.credit);
    button.setAttribute("aria-label", fill(words.imagePick, picture.alt || picture.caption || picture.name));
    button.addEventListener("click", () => choose(picture.id));
    return item;
  }
  function choose(id) {
    dialog.close();
    pick(id);
  }
  stay(input);
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => load({ again: true }), 250);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  more.addEventListener("click", () => load());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });

  return {
    open() {
      input.value = "";
      cursor = null;
      grid.replaceChildren();
      status.textContent = "";
      dialog.showModal();
      load({ again: true });
    },
    destroy: () => dialog.remove(),
  };
}

/** Searching is no change of the form: drafts and the leave guard listen there. */
function stay(field) {
  for (const name of ["input", "change"]) field.addEventListener(name, (event) => event.stopPropagation());
}

function add(parent, tag, className) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  parent.append(element);
  return element;
}
