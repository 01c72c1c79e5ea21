// Without a network, or with a slow one: pages are kept by worker.js, and what was sent meanwhile waits in pitch-queue.js.
const PREPARED = "humasflow:prepared";
const WAITING = "humasflow:waiting"; // set by pitch-queue.js while something waits
const HOUR = 3600e3;

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");

function tellKept(root) {
  const note = root.querySelector("[data-kept-note]");
  const since = document.documentElement.dataset.keptAt;
  if (!note || !since) return;
  const locale = document.documentElement.lang;
  const when = new Date(since).toLocaleString(locale, { weekday: "long", hour: "2-digit", minute: "2-digit" });
  note.querySelector("[data-kept-text]").textContent = fill(note.dataset.text, { when });
  note.hidden = false;
  note.querySelector("button").addEventListener("click", () => location.reload());
  // A form on a kept page was made for another time: sent twice from there, it is two forms.
  for (const field of root.querySelectorAll("input[name=form_token]")) {
    field.value = [...crypto.getRandomValues(new Uint8Array(18))].map((b) => b.toString(16).padStart(2, "0")).join("");
  }
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data?.type === "newer") note.querySelector("[data-kept-text]").textContent = note.dataset.newer;
  });
}

async function register(root) {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  const { user, worker, offlinePages } = document.body.dataset;
  if (!user) {
    // Signed out, or the session is over: nothing that was seen before stays on the device.
    if (location.pathname !== document.body.dataset.signIn) return;
    (await navigator.serviceWorker.getRegistration())?.active?.postMessage({ type: "forget" });
    localStorage.removeItem(PREPARED);
    return;
  }
  await navigator.serviceWorker.register(worker, { updateViaCache: "none" });
  const { active } = await navigator.serviceWorker.ready;
  const [who, at] = (localStorage.getItem(PREPARED) ?? "").split("@");
  if (navigator.connection?.saveData || (who === user && Date.now() - Number(at) < HOUR)) return;
  active.postMessage({ type: "prepare", paths: offlinePages.split(" ").filter(Boolean) });
  localStorage.setItem(PREPARED, `${user}@${Date.now()}`);
}

export function bindOffline(root) {
  const waits = () => { try { return localStorage.getItem(WAITING) === document.body.dataset.user; } catch { return false; } };
  if (document.body.dataset.user && (root.querySelector("form[data-queue]") || waits())) {
    import("./pitch-queue.js").then(({ bindQueue }) => bindQueue(root));
  }
  // After the page is there for the person: a phone has better to do first.
  const start = () => setTimeout(() => register(root).catch(() => {}), 500);
  if (document.readyState === "complete") start();
  else window.addEventListener("load", start, { once: true });
  if (document.documentElement.dataset.keptAt) tellKept(root);
}
