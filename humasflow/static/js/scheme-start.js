// Only the questions of the chosen beginning are shown; without this file all of them stand in the page.
const form = document.querySelector("[data-scheme-start]");

function show() {
  const chosen = form.querySelector("input[name=start]:checked")?.value;
  for (const part of form.querySelectorAll("[data-start-for]")) part.hidden = part.dataset.startFor !== chosen;
}

if (form) {
  form.addEventListener("change", show);
  show();
}
