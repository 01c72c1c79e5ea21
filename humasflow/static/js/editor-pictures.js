// The rows of pictures beside the text: their order, new ones while writing, and what the text shows of them.

/** Rows of a form as a source of pictures for the rich text (assets/editor/figure.js). */
export function bindPictures(form) {
  const list = form.querySelector("[data-picture-list]");
  const input = form.querySelector("input[type=file][name=photos]");
  const status = form.querySelector("[data-picture-status]");
  const listeners = new Set();
  const known = new Map(); // id → {src}: the size that fits a text
  form.querySelector("[data-upload-button]")?.setAttribute("hidden", "");

  const rows = () => [...list.querySelectorAll("[data-picture]")];
  const idOf = (row) => row.querySelector("[name=picture]").value;
  const rowOf = (id) => rows().find((row) => idOf(row) === String(id)) ?? null;
  const tell = () => { for (const listener of listeners) listener(); };

  function number() {
    rows().forEach((row, index) => {
      row.querySelector("[name^=order-]").value = index + 1;
      row.querySelector("[data-order-label]").hidden = true;
      row.querySelector("[data-cover]").hidden = index !== 0;
      row.querySelector("[data-up]").disabled = index === 0;
      row.querySelector("[data-down]").disabled = index === rows().length - 1;
    });
    const none = form.querySelector("[data-no-pictures]");
    if (none) none.hidden = rows().length > 0;
  }

  function addRows(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const fresh = [...holder.content.querySelectorAll("[data-picture]")].filter((row) => !rowOf(idOf(row)));
    list.append(...fresh);
    number();
    if (fresh.length) form.dispatchEvent(new Event("input", { bubbles: true }));
    tell();
    return fresh;
  }

  async function send(files) {
    const body = new FormData();
    body.set("csrf_token", form.querySelector("[name=csrf_token]").value);
    for (const file of files) body.append("photos", file);
    const answer = await fetch(form.dataset.upload, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) throw new Error(`status ${answer.status}`);
    const received = await answer.json();
    for (const picture of received.pictures) known.set(String(picture.id), picture);
    return { ...received, fresh: addRows(received.rows) };
  }

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
  list.addEventListener("input", tell);

  // Runs before the shared preview: chosen files are sent at once, and their rows come back to be described.
  input?.addEventListener("change", async (event) => {
    if (!input.files.length) return;
    event.stopImmediatePropagation();
    status.textContent = form.dataset.saySending;
    input.disabled = true;
    try {
      const { fresh, refusals } = await send(input.files);
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

  return {
    pictures: {
      get(id) {
        const row = rowOf(id);
        if (!row) return null;
        const words = (name) => row.querySelector(`[name="${name}-${id}"]`).value;
        const src = known.get(String(id))?.src ?? row.querySelector("img").src.replace(/\/thumb(?=$|\?)/, "/medium");
        return { src, alt: words("alt"), caption: words("caption"), credit: words("credit") };
      },
      async load(id) {
        if (rowOf(id)) return;
        const answer = await fetch(`${form.dataset.library}/${id}`, { headers: { Accept: "application/json" } });
        if (!answer.ok || answer.redirected) throw new Error(`status ${answer.status}`);
        const { picture, row } = await answer.json();
        known.set(String(id), picture);
        addRows(row);
      },
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    async upload(file) {
      const { pictures, refusals } = await send([file]);
      if (refusals.length) status.textContent = refusals.join(" ");
      return pictures[0] ?? null;
    },
    /** To the words about a picture of the text. */
    editWords(id) {
      const row = rowOf(id);
      if (!row) return;
      row.scrollIntoView({ block: "center" });
      row.querySelector("[name^=caption-]").focus();
    },
    credits: () => rows().map((row) => row.querySelector("[name^=credit-]").value.trim()).filter(Boolean),
    say(text) {
      status.textContent = text;
    },
  };
}
