// Says once that the person has seen what is asked of them: opening a page is a GET, and a GET changes nothing.
const page = document.querySelector("[data-opened]");

function tell() {
  if (document.visibilityState !== "visible") return;
  document.removeEventListener("visibilitychange", tell);
  const body = new FormData();
  body.set("csrf_token", page.dataset.csrf);
  // A lost message is sent again at the next visit; an answer says the same.
  fetch(page.dataset.opened, { method: "POST", body, credentials: "same-origin", keepalive: true }).catch(() => {});
}

if (page) {
  document.addEventListener("visibilitychange", tell);
  tell();
}
