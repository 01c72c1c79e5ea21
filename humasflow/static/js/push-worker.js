// Runs in the background of the browser: shows what arrives, and opens the page it is about.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

function read(event) {
  try {
    return event.data.json();
  } catch {
    return { title: "humasflow", body: "", url: "/pemberitahuan/", tag: "humasflow" };
  }
}

self.addEventListener("push", (event) => {
  const { title, body, url, tag, lang } = read(event);
  event.waitUntil(
    self.registration.showNotification(title, {
      body, tag, lang, icon: "/static/icons/app-192.png", badge: "/static/icons/app-192.png", data: { url },
    }),
  );
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
