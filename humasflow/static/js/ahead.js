// Whether this browser may ask for pages ahead of time (static/ahead.speculationrules acts only under html[data-ahead]):
// not where somebody pays for every byte or waits for every one, and only where a browser forgets what it asked for
// ahead when something was sent (Clear-Site-Data: "prefetchCache"), or it would show the page from before.
const FORGETS = 140; // of Chromium

const forgets = () => (navigator.userAgentData?.brands ?? []).some(({ brand, version }) => brand === "Chromium" && Number(version) >= FORGETS);

export function bindAhead() {
  const { connection } = navigator;
  const decide = () => {
    const isSlow = connection?.saveData || /2g|3g/.test(connection?.effectiveType ?? "");
    document.documentElement.toggleAttribute("data-ahead", !isSlow && forgets() && !document.documentElement.dataset.keptAt);
  };
  decide();
  connection?.addEventListener?.("change", decide);
}
