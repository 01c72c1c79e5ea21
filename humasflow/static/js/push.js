// Switching notices on and off for this browser. The server is told of an address; what arrives there is shown by
// worker.js, also when no page is open.
const KEPT = "humasflow-push";

const isPossible = () => window.isSecureContext && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

// What the server says about a refusal is for the person; what a browser says about itself is not.
class Refused extends Error {}

async function post(url, values = {}) {
  const body = new FormData();
  body.set("csrf_token", document.querySelector("[name=csrf_token]")?.value ?? "");
  for (const [name, value] of Object.entries(values)) body.set(name, value);
  const answer = await fetch(url, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(said.message ?? "");
  return said;
}

function values(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  return { address: endpoint, p256dh: keys.p256dh, auth: keys.auth };
}

async function subscribed() {
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ?? null;
}

async function switchOn(root) {
  if ((await Notification.requestPermission()) !== "granted") return "denied";
  const { key } = await post(root.dataset.serverKey);
  await navigator.serviceWorker.register(document.body.dataset.worker, { updateViaCache: "none" });
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscription =
    (await pushManager.getSubscription()) ?? (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) }));
  await post(root.dataset.subscribe, values(subscription));
  localStorage.setItem(KEPT, "on");
  return "on";
}

async function switchOff() {
  localStorage.removeItem(KEPT);
  await (await subscribed())?.unsubscribe();
}

function bind(root) {
  const show = (state) => {
    for (const part of root.querySelectorAll("[data-push-state]")) part.hidden = part.dataset.pushState !== state;
  };
  const fail = (error) => {
    const place = root.querySelector("[data-push-problem]");
    place.textContent = (error instanceof Refused && error.message) || root.dataset.failed;
    show("failed");
  };
  if (!isPossible()) return show(window.isSecureContext ? "impossible" : "insecure");
  for (const button of root.querySelectorAll("[data-push-on]")) {
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const state = await switchOn(root);
        if (state === "on") location.reload();
        else show(state);
      } catch (error) {
        fail(error);
      } finally {
        button.disabled = false;
      }
    });
  }
  subscribed().then(
    (found) => show(Notification.permission === "denied" ? "denied" : found && root.dataset.here ? "on" : "off"),
    fail,
  );
  root.querySelector("form[data-push-off]")?.addEventListener("submit", () => void switchOff());
}

// Whoever signed in anew on a device where it was on is reached again without being asked.
async function renew(url) {
  if (sessionStorage.getItem(KEPT) || !isPossible() || Notification.permission !== "granted") return;
  const found = await subscribed();
  if (found && !(await post(url, { ...values(found), renew: "1" })).ok) await switchOff();
  sessionStorage.setItem(KEPT, "told");
}

export function bindPush(root) {
  const page = root.querySelector("[data-push-page]");
  if (page) bind(page);
  const url = document.body.dataset.push;
  // A device that could not be told is told with the next page.
  if (url && localStorage.getItem(KEPT) === "on") renew(url).catch(() => {});
}
