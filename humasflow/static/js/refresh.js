// Asks again for a part of the page while it waits: <div id="x" data-refresh="/address"> holding [data-pending].
const EVERY = 2000;
const TRIES = 90;

for (const holder of document.querySelectorAll("[data-refresh]")) {
  let left = TRIES;
  const ask = async () => {
    if (!holder.querySelector("[data-pending]") || left-- <= 0) return;
    try {
      const answer = await fetch(holder.dataset.refresh, { headers: { Accept: "text/html" }, redirect: "error" });
      if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
        if (fresh && !fresh.hasAttribute("data-pending")) holder.replaceChildren(document.importNode(fresh, true));
      }
    } catch {
      // No network for a moment: the next round asks again.
    }
    setTimeout(ask, EVERY);
  };
  setTimeout(ask, EVERY);
}
