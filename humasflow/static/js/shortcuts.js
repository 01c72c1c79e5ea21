// Keyboard: "/" goes to the search box. Never while typing, and switched off in the profile.
export function bindShortcuts(root) {
  if (root.body.dataset.shortcuts === "off") return;
  root.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable=true]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      const box = root.querySelector("[data-search]");
      if (box) { event.preventDefault(); box.focus(); }
    }
    const linked = root.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (linked) { event.preventDefault(); linked.click(); }
  });
}
