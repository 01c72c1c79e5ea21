// The bell's number stays true while a page is open: asked for every half minute while somebody looks, at once when they
// come back, and less often while there is no answer.
const EVERY_MS = 30_000;
const LONGEST_MS = 300_000;
const SOON_MS = 3_000; // several signs of coming back are one

const PREFIX = /^\(\d+\+?\) /;

const short = (n) => (n < 100 ? String(n) : "99+");

function show(bell, n) {
  let badge = bell.querySelector("b");
  if (n && !badge) {
    badge = document.createElement("b");
    badge.setAttribute("aria-hidden", "true");
    bell.append(badge);
  }
  if (badge) {
    badge.textContent = short(n);
    badge.hidden = !n;
  }
  bell.setAttribute("aria-label", n ? `${bell.dataset.label}, ${n} ${bell.dataset.unread}` : bell.dataset.label);
  const title = document.title.replace(PREFIX, "");
  document.title = n ? `(${short(n)}) ${title}` : title;
}

export function bindBell(root) {
  const bell = root.querySelector("[data-bell]");
  if (!bell) return;
  const said = root.querySelector("[data-bell-said]");
  let known = Number.parseInt(bell.getAttribute("aria-label").replace(/\D+/g, ""), 10) || 0;
  let wait = EVERY_MS;
  let timer = 0;
  let asked = 0;
  let over = false;

  const ask = async () => {
    clearTimeout(timer);
    if (over || document.visibilityState !== "visible") return;
    asked = Date.now();
    try {
      // "no-cache": the browser asks with the ETag it has, and an unchanged number costs no body.
      const answer = await fetch(bell.dataset.bell, { headers: { Accept: "application/json" }, cache: "no-cache", redirect: "error" });
      if (answer.status === 401) {
        over = true; // signed out: whatever is sent next says so itself
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const { count } = await answer.json();
      if (count > known && said) said.textContent = bell.dataset.fresh.replace("{n}", String(count));
      known = count;
      show(bell, count);
      wait = EVERY_MS;
    } catch {
      wait = Math.min(wait * 2, LONGEST_MS); // no network, or the server is busy
    }
    timer = setTimeout(ask, wait);
  };
  const back = () => {
    if (Date.now() - asked > SOON_MS) ask();
  };

  show(bell, known);
  document.addEventListener("visibilitychange", back);
  window.addEventListener("focus", back);
  window.addEventListener("pageshow", (event) => { if (event.persisted) back(); });
  asked = Date.now();
  timer = setTimeout(ask, EVERY_MS);
}
