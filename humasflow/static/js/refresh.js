// Asks again for a part of the page while it waits: <div id="x" data-refresh="/address"> holding [data-pending].
// With data-refresh-live the part is shown anew each time, for as long as it waits; then the page is loaded again.
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
        const live = "refreshLive" in holder.dataset;
        const waits = fresh?.hasAttribute("data-pending");
        if (live && fresh && !waits) return location.reload();
        if (live) left = TRIES;
        if (fresh && (live || !waits)) holder.replaceChildren(document.importNode(fresh, true));
      }
    } catch {
      // No network for a moment: the next round asks again.
    }
    setTimeout(ask, EVERY);
  };
  setTimeout(ask, EVERY);
}
