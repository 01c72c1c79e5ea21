// The trial of a draft: targets that were typed go along to another period, also before they were sent. What is merely
// set in this period stays here, because another one has its own.
const OURS = /^(sasaran-|semua$)/;

function typedIn(form) {
  const typed = new URLSearchParams();
  for (const goals of form.querySelectorAll("[data-goals]")) {
    const fields = [...goals.querySelectorAll("input")];
    if (fields.every((field) => field.value.trim() === field.dataset.set)) continue;
    for (const field of fields) typed.set(field.name, field.value);
  }
  const all = form.elements.namedItem("semua");
  if (all?.checked) typed.set(all.name, all.value);
  return typed;
}

for (const form of document.querySelectorAll("[data-trial]")) {
  const links = document.querySelectorAll(`[data-carries="${CSS.escape(form.id)}"]`);
  const carry = () => {
    for (const link of links) {
      const url = new URL(link.href);
      for (const name of [...url.searchParams.keys()]) if (OURS.test(name)) url.searchParams.delete(name);
      for (const [name, value] of typedIn(form)) url.searchParams.set(name, value);
      link.href = url;
    }
  };
  form.addEventListener("input", carry);
  addEventListener("pageshow", carry); // the browser may have put back what was typed before
}
