// Runs in the background of the browser. Pages that the server allows (X-Keep-Offline) are kept as they were last seen
// and shown when the network is gone or slow; what a page is made of is kept with them; notices are shown as they come.
const PAGES = "humasflow-pages";
const PARTS = "humasflow-parts";
const MADE_FOR = "X-Keep-Offline"; // the person, the office and the looks of a kept page
const PATIENCE = 2000; // ms that the network has before the kept page is shown
const KEPT_FOR = 7 * 86400e3; // ms
const MOST_PAGES = 60;
const base = self.registration.scope;
const at = (path) => new URL(path, base).href;
const OFFLINE = at("luring");

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// ── What a page is made of ─────────────────────────────────────────────────────────────────────────────────────────
const isPart = (url) => url.href.startsWith(at("static/"));
// Another version has another address: a folder named after the release, or ?v=. What has neither may change.
const isFixed = (url) => /\/static\/[0-9a-f]{10}\//.test(url.pathname) || url.searchParams.has("v");
const nameOf = (url) => url.pathname.replace(/\/static\/[0-9a-f]{10}\//, "/static/");

async function keepPart(request, answer) {
  const parts = await caches.open(PARTS);
  const url = new URL(request.url);
  for (const old of await parts.keys()) {
    const other = new URL(old.url);
    if (other.href !== url.href && nameOf(other) === nameOf(url)) await parts.delete(old);
  }
  await parts.put(request, answer);
}

async function part(event) {
  const { request } = event;
  const kept = await caches.match(request, { cacheName: PARTS });
  if (kept && isFixed(new URL(request.url))) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.type === "basic") event.waitUntil(keepPart(request, answer.clone()));
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

// ── Pages ──────────────────────────────────────────────────────────────────────────────────────────────────────────
async function forget() {
  await caches.delete(PAGES);
}

async function keepPage(url, answer) {
  const owner = answer.headers.get(MADE_FOR);
  if (!owner) {
    // Once it could be kept, now it must not: what was kept of it goes.
    await (await caches.open(PAGES)).delete(url);
    return;
  }
  let pages = await caches.open(PAGES);
  const known = (await pages.keys())[0];
  if (known && (await pages.match(known)).headers.get(MADE_FOR) !== owner) {
    await forget();
    pages = await caches.open(PAGES);
  }
  const headers = new Headers(answer.headers);
  headers.set("X-Kept-At", new Date().toISOString());
  await pages.delete(url); // put at the end: the oldest are the first to go
  await pages.put(url, new Response(await answer.blob(), { status: 200, headers }));
  const all = await pages.keys();
  for (const old of all.slice(0, Math.max(0, all.length - MOST_PAGES))) await pages.delete(old);
}

async function keptPage(url) {
  const kept = await caches.match(url, { cacheName: PAGES });
  if (!kept) return null;
  const when = kept.headers.get("X-Kept-At") ?? "";
  if (Date.now() - Date.parse(when) > KEPT_FOR) {
    await (await caches.open(PAGES)).delete(url);
    return null;
  }
  // The page says so itself: a script reads it and tells the person from when it is.
  const text = (await kept.text()).replace("<html ", `<html data-kept-at="${when}" `);
  return new Response(text, { status: 200, headers: kept.headers });
}

async function nothing() {
  const kept = await caches.match(OFFLINE, { cacheName: PARTS });
  return kept ? new Response(await kept.blob(), { status: 503, headers: kept.headers }) : Response.error();
}

// Whoever has just sent something waits for what became of it: an older page would say that nothing happened.
let sentAt = 0;
const JUST_NOW = 60e3; // ms

const later = (ms) => new Promise((done) => setTimeout(done, ms, "later"));

async function page(event) {
  const { request } = event;
  const url = request.url.split("#")[0];
  if (request.method !== "GET") return fetch(request).catch(nothing);
  const asked = fetch(request).then(async (answer) => {
    if (answer.ok && answer.type === "basic") event.waitUntil(keepPage(url, answer.clone()));
    return answer;
  });
  event.waitUntil(asked.catch(() => {}));
  const kept = await caches.match(url, { cacheName: PAGES });
  if (!kept) return asked.catch(nothing);
  const waits = Date.now() - sentAt < JUST_NOW ? [] : [later(PATIENCE)];
  const first = await Promise.race([asked.catch(() => "gone"), ...waits]);
  if (first !== "gone" && first !== "later") return first;
  if (first === "later") event.waitUntil(asked.then(() => tell(event.resultingClientId, { type: "newer" }), () => {}));
  return (await keptPage(url)) ?? asked.catch(nothing);
}

async function tell(id, message) {
  (await self.clients.get(id))?.postMessage(message);
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin) return;
  if (event.request.method !== "GET") sentAt = Date.now();
  // Asked for before the person went there: only what the server says now may wait for them, never a kept page.
  if ((event.request.headers.get("Sec-Purpose") ?? "").startsWith("prefetch")) {
    event.respondWith(fetch(event.request));
    return;
  }
  if (event.request.mode === "navigate") event.respondWith(page(event));
  else if (event.request.method === "GET" && isPart(url)) event.respondWith(part(event));
});

// ── What pages ask for ─────────────────────────────────────────────────────────────────────────────────────────────
async function fetched(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  return answer.ok && !answer.redirected ? answer : null;
}

/** What a page names that never changes: without it the page would stand there naked. */
async function prepareParts(html) {
  const parts = await caches.open(PARTS);
  const named = [...html.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map(([, path]) => new URL(path.split("#")[0], base));
  for (const url of named.filter((one) => isPart(one) && isFixed(one))) {
    if (await parts.match(url.href)) continue;
    const answer = await fetched(url.href);
    if (answer) await parts.put(url.href, answer);
  }
}

async function prepare(paths) {
  for (const path of paths) {
    const address = at(path);
    if (await caches.match(address, { cacheName: PAGES })) continue;
    const answer = await fetched(address);
    if (!answer) continue;
    await prepareParts(await answer.clone().text());
    await keepPage(address, answer);
  }
  const answer = await fetched(OFFLINE);
  if (!answer) return;
  await prepareParts(await answer.clone().text());
  await (await caches.open(PARTS)).put(OFFLINE, answer);
}

self.addEventListener("message", (event) => {
  const { type, paths } = event.data ?? {};
  if (type === "forget") event.waitUntil(forget());
  if (type === "prepare") event.waitUntil(prepare(paths).catch(() => {})); // no network: the next page asks again
});

// ── Notices ────────────────────────────────────────────────────────────────────────────────────────────────────────
function read(event) {
  try {
    return event.data.json();
  } catch {
    return { title: "humasflow", body: "", url: "/pemberitahuan/", tag: "humasflow" };
  }
}

self.addEventListener("push", (event) => {
  const { title, body, url, tag, lang } = read(event);
  const icon = at("static/icons/app-192.png");
  event.waitUntil(self.registration.showNotification(title, { body, tag, lang, icon, badge: icon, data: { url } }));
});

async function open(path) {
  const url = new URL(path, self.location.origin);
  if (url.origin !== self.location.origin) return;
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((w) => w.url === url.href);
  await (there ? there.focus() : self.clients.openWindow(url.href));
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url ?? "/pemberitahuan/"));
});
