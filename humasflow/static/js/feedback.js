// Every press shows at once: what was pressed is marked within the same frame, and only when the answer takes its time
// (300 ms, a delay in the style sheet) something moves. All of it ends when the page comes back or the person stops it.
const GIVES_UP = 12_000; // ms: a link that turned out to be a file leaves the page where it is

let timer = 0;
let said = 0;

export function going(pressed) {
  stay();
  // One sign that moves: in the button that was pressed, or along the top of the page.
  document.documentElement.dataset.going = pressed?.matches(".btn") && pressed.tagName === "BUTTON" ? "button" : "page";
  pressed?.setAttribute("data-going", "");
  pressed?.setAttribute("aria-busy", "true");
  const status = document.querySelector("[data-going-said]");
  if (status) said = setTimeout(() => { status.textContent = status.dataset.goingSaid; }, 1000);
  if (pressed?.tagName === "A") timer = setTimeout(stay, GIVES_UP);
}

export function stay() {
  clearTimeout(timer);
  clearTimeout(said);
  delete document.documentElement.dataset.going;
  const status = document.querySelector("[data-going-said]");
  if (status) status.textContent = "";
  for (const one of document.querySelectorAll("[data-going]")) {
    one.removeAttribute("data-going");
    one.removeAttribute("aria-busy");
  }
}

function leadsAway(link, event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return false;
  if (!link?.href || link.target || link.hasAttribute("download")) return false;
  const to = new URL(link.href);
  return to.origin === location.origin && !(to.hash && to.href.split("#")[0] === location.href.split("#")[0]);
}

export function bindFeedback(root) {
  // Last of all: whatever a page does with the press itself has happened by then.
  window.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (leadsAway(link, event)) going(link);
  });
  root.addEventListener("touchstart", () => {}, { passive: true }); // without a listener Safari shows no pressed state
}
