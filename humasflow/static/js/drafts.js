// A story's form as it is kept in the browser: every field, and the pictures in their order.

// Tokens and what belongs to a page, not to a text.
const NEVER = /^(csrf_token|form_token|stamp|tab|langkah|photos|aksi|dibuka|diketik.*|pilihan-lama|pilih-.*|add)$/;

/** The form as pairs of name and value, in its order. */
export function read(form) {
  return [...new FormData(form)].filter(([name, value]) => !NEVER.test(name) && typeof value === "string");
}

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export function countWords(entries) {
  const body = entries.find(([name]) => name === "body")?.[1] ?? "";
  const text = new DOMParser().parseFromString(body.replace(/<\/(p|h2|h3|li|td|th|blockquote)>|<br>/g, " "), "text/html").body.textContent;
  return text.split(/\s+/).filter(Boolean).length;
}

async function bringRows(form, wanted, address) {
  const list = form.querySelector("[data-picture-list]");
  if (!list) return;
  const rowOf = (id) => [...list.querySelectorAll("[data-picture]")].find((row) => row.querySelector("[name=picture]").value === id);
  const missing = wanted.filter((id) => !rowOf(id));
  if (missing.length && address) {
    const answer = await fetch(`${address}?${new URLSearchParams(missing.map((id) => ["id", id]))}`, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const holder = document.createElement("template");
      holder.innerHTML = (await answer.json()).rows; // made and escaped by our own server
      list.append(...holder.content.querySelectorAll("[data-picture]"));
    }
  }
  for (const row of list.querySelectorAll("[data-picture]")) {
    if (!wanted.includes(row.querySelector("[name=picture]").value)) row.remove();
  }
  list.append(...wanted.map(rowOf).filter(Boolean));
}

/** Put kept pairs into the form. */
export async function write(form, entries, address) {
  await bringRows(form, entries.filter(([name]) => name === "picture").map(([, value]) => value), address);
  const left = new Map();
  for (const [name, value] of entries) left.set(name, [...(left.get(name) ?? []), value]);
  const fields = [...form.elements].filter((f) => f.name && !NEVER.test(f.name) && !["hidden", "file", "submit", "button"].includes(f.type));
  for (const field of fields) {
    const kept = left.get(field.name);
    const value = field.type === "checkbox" || field.type === "radio" ? null : kept?.shift();
    const checked = Boolean(kept?.includes(field.value));
    if (value === undefined || (value === null ? field.checked === checked : field.value === value)) continue;
    if (value === null) field.checked = checked;
    else field.value = value;
    field.dispatchEvent(new CustomEvent("kept:restored", { bubbles: true }));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}
