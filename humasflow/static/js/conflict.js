// Choosing on the page of a conflict changes the merged text at once. Without this file a button does the same.

const form = document.querySelector("form[data-story-editor]");
const status = document.querySelector("[data-choices-status]");
const apply = document.querySelector("[data-apply-choices]");

function put({ fields, chosen }) {
  for (const [name, value] of Object.entries(fields)) {
    const field = form.elements.namedItem(name);
    if (!field || field.value === (value ?? "")) continue;
    field.value = value ?? "";
    field.dispatchEvent(new CustomEvent("kept:restored", { bubbles: true }));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  form.elements.namedItem("pilihan-lama").value = chosen;
}

async function choose() {
  const body = new FormData();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "form_token") body.append(name, value);
  const answer = await fetch(apply.formAction, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected || !answer.headers.get("Content-Type")?.includes("json")) throw new Error(`status ${answer.status}`);
  put(await answer.json());
}

if (form && apply) {
  let last = Promise.resolve();
  const chosen = (name) => {
    // Pictures are rows of the page: the button brings them.
    if (name.startsWith("pilih-foto-") || name === "pilih-urutan") { form.requestSubmit(apply); return; }
    last = last.then(choose).then(
      () => { status.textContent = status.dataset.sayApplied; },
      () => { status.textContent = status.dataset.sayFailed; },
    );
  };
  document.addEventListener("change", ({ target }) => { if (target.name?.startsWith("pilih-")) chosen(target.name); });
  // Somebody was faster than this file.
  const early = [...form.elements].find((f) => f.name?.startsWith("pilih-") && f.checked && !f.defaultChecked);
  if (early) chosen(early.name);
}
