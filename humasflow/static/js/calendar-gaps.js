// The line above the month about what it still lacks: asked for after the page, and again when something has moved.
// Without this file the line is a link to the quarter, and so it stays when the network fails.

let asked = 0;

async function fill({ again }) {
  const holder = document.querySelector("[data-gaps]");
  if (!holder || (holder.dataset.filled && !again)) return;
  const turn = ++asked;
  try {
    const answer = await fetch(holder.dataset.gaps, { redirect: "error" });
    if (!answer.ok || turn !== asked) return;
    const line = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("p");
    if (!line || !holder.isConnected) return;
    holder.replaceChildren(document.importNode(line, true));
    holder.dataset.filled = "1";
  } catch {
    // No network for a moment: the link to the quarter says as much.
  }
}

fill({ again: false });
document.addEventListener("calendar:shown", () => fill({ again: false }));
document.addEventListener("calendar:changed", () => fill({ again: true }));
