// One publication after the other: the arrow keys go back and on. Single letters are the page's ordinary shortcuts.
const ARROWS = { ArrowLeft: "left", ArrowRight: "right" };

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.shortcuts === "off" || !(event.key in ARROWS)) return;
  const typing = event.target.closest("input, textarea, select, [contenteditable=true]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || document.querySelector("dialog[open]")) return;
  const link = document.querySelector(`[data-arrow="${ARROWS[event.key]}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});
