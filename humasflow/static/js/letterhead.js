// The letterhead's picture follows what is typed: [data-mirror] shows the field of that id, [data-rule] its line below.
for (const line of document.querySelectorAll("[data-mirror]")) {
  const field = document.getElementById(line.dataset.mirror);
  field?.addEventListener("input", () => { line.textContent = field.value.trim() || line.dataset.otherwise || ""; });
}
for (const paper of document.querySelectorAll("[data-rule]")) {
  const field = document.getElementById(paper.dataset.rule);
  field?.addEventListener("change", () => { paper.className = `paper paper--${field.value}`; });
}
