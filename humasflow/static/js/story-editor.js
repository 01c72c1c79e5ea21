// The story editor: rich text over the plain field, pictures received while writing, their order by buttons.
// Without this file the form does the same with one more click.

const GLYPHS = {
  heading2: ["H2", ""], heading3: ["H3", ""], bold: ["B", ""], italic: ["I", "editor__glyph--italic"], bulletList: ["•≡", ""],
  orderedList: ["1.", ""], blockquote: ["“”", ""], hardBreak: ["↵", ""], undo: ["↶", ""], redo: ["↷", ""],
};

function pictureFor(sprite) {
  return (name) => {
    if (name === "link") {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("class", "icon");
      svg.setAttribute("aria-hidden", "true");
      const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
      use.setAttribute("href", `${sprite}#link`);
      svg.append(use);
      return svg;
    }
    const [text, look] = GLYPHS[name] ?? [];
    if (!text) return null;
    const glyph = document.createElement("span");
    glyph.className = `editor__glyph ${look}`;
    glyph.setAttribute("aria-hidden", "true");
    glyph.textContent = text;
    return glyph;
  };
}

async function bindBody(form) {
  const textarea = form.querySelector("textarea[data-editor]");
  if (!textarea) return;
  const { mountEditor } = await import(textarea.dataset.editor);
  const editor = mountEditor(textarea, { icon: pictureFor(textarea.dataset.sprite) });
  // What this browser had kept is put into the plain field; the editor has to show it.
  textarea.addEventListener("kept:restored", () => {
    if (textarea.value !== editor.getHTML()) editor.setHTML(textarea.value);
  });
}

function bindPictures(form) {
  const list = form.querySelector("[data-picture-list]");
  const input = form.querySelector("input[type=file][name=photos]");
  const status = form.querySelector("[data-picture-status]");
  if (!list || !input) return;
  form.querySelector("[data-upload-button]")?.setAttribute("hidden", "");

  const rows = () => [...list.querySelectorAll("[data-picture]")];
  const number = () => {
    rows().forEach((row, index) => {
      row.querySelector("[name^=order-]").value = index + 1;
      row.querySelector("[data-order-label]").hidden = true;
      row.querySelector("[data-cover]").hidden = index !== 0;
      row.querySelector("[data-up]").disabled = index === 0;
      row.querySelector("[data-down]").disabled = index === rows().length - 1;
    });
    const none = form.querySelector("[data-no-pictures]");
    if (none) none.hidden = rows().length > 0;
  };

  list.addEventListener("click", (event) => {
    const up = event.target.closest("[data-up]");
    const down = event.target.closest("[data-down]");
    const row = (up ?? down)?.closest("[data-picture]");
    if (!row) return;
    if (up) row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    number();
    const pressed = up ?? down;
    (pressed.disabled ? row.querySelector(up ? "[data-down]" : "[data-up]") : pressed).focus();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // Runs before the shared preview: chosen files are sent at once, and their rows come back to be described.
  input.addEventListener("change", async (event) => {
    if (!input.files.length) return;
    event.stopImmediatePropagation();
    const body = new FormData();
    body.set("csrf_token", form.querySelector("[name=csrf_token]").value);
    for (const file of input.files) body.append("photos", file);
    status.textContent = form.dataset.saySending;
    input.disabled = true;
    try {
      const answer = await fetch(form.dataset.upload, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error(`status ${answer.status}`);
      const { rows: html, refusals } = await answer.json();
      const holder = document.createElement("template");
      holder.innerHTML = html;
      const known = new Set(rows().map((row) => row.querySelector("[name=picture]").value));
      const fresh = [...holder.content.querySelectorAll("[data-picture]")].filter((row) => !known.has(row.querySelector("[name=picture]").value));
      list.append(...fresh);
      number();
      status.textContent = [fresh.length ? form.dataset.sayAdded : "", ...refusals].filter(Boolean).join(" ");
      input.value = "";
      fresh[0]?.querySelector("[name^=credit-]").focus();
    } catch {
      status.textContent = form.dataset.sayFailed;
    } finally {
      input.disabled = false;
    }
  }, { capture: true });

  for (const box of form.querySelectorAll(".pick input[name=add]")) {
    const show = () => box.closest(".pick").classList.toggle("chosen", box.checked);
    box.addEventListener("input", show);
    show();
  }
  number();
}

for (const form of document.querySelectorAll("form[data-story-editor]")) {
  bindPictures(form);
  bindBody(form);
}
