// Searching everywhere: the button in the header, Ctrl K, and "/" where the page has no search of its own (shortcuts.js
// clicks the button). The dialog comes when it is first wanted; without it the button leads to the page.
import { plain } from "./pointing.js";

export function bindFind(root) {
  const opener = root.querySelector("[data-find]");
  if (!opener) return;
  const open = async () => {
    try {
      const { openFind } = await import("./find-dialog.js");
      openFind(opener);
    } catch {
      location.assign(opener.href);
    }
  };
  opener.addEventListener("click", (event) => {
    if (!plain(event) && event.detail) return;
    event.preventDefault();
    open();
  });
  if (root.body.dataset.shortcuts === "off") return;
  root.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    // An open dialog has its own business; so has an editor that took the key for a link.
    if (event.defaultPrevented || event.repeat || root.querySelector("dialog[open]")) return;
    event.preventDefault();
    open();
  });
}
