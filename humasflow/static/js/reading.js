// A story page: counts a reader once, without a cookie, and copies the address.

const VISIBLE_MS = 5000;

// A reload, or coming back within the same tab, is the same reading.
function isCounted(key) {
  try {
    return sessionStorage.getItem(key) !== null;
  } catch {
    return false; // storage switched off: the server still counts one reader once a day
  }
}

function remember(key) {
  try {
    sessionStorage.setItem(key, "1");
  } catch {
    // see above
  }
}

function countReading(url) {
  const key = `dibaca:${url}`;
  if (isCounted(key)) return;
  let left = VISIBLE_MS;
  let since = 0;
  let timer = 0;
  const send = () => {
    document.removeEventListener("visibilitychange", onChange);
    remember(key);
    // Without credentials: no cookie goes along. A lost count is not worth asking again.
    fetch(url, { method: "POST", keepalive: true, credentials: "omit" }).catch(() => {});
  };
  const onChange = () => {
    if (document.visibilityState === "visible") {
      since = performance.now();
      timer = setTimeout(send, left);
    } else if (since) {
      clearTimeout(timer);
      left = Math.max(0, left - (performance.now() - since));
      since = 0;
    }
  };
  document.addEventListener("visibilitychange", onChange);
  onChange();
}

async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea"); // plain http, as inside many offices
  field.value = text;
  field.className = "sr";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (!copied) throw new Error("copy refused");
}

function bindCopy(button) {
  const label = button.querySelector("span");
  const said = button.parentElement.querySelector("[data-copy-said]");
  const usual = label.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const what = button.dataset.copyLink;
    const source = what.startsWith("#") ? document.querySelector(what) : null;
    try {
      await copy(source ? source.value : what);
    } catch {
      if (source) source.select();
      else window.prompt(usual, what);
      return;
    }
    button.focus();
    label.textContent = button.dataset.copied;
    said.textContent = button.dataset.copied;
    setTimeout(() => {
      label.textContent = usual;
      said.textContent = "";
    }, 3000);
  });
}

const story = document.querySelector("[data-read-url]");
if (story) countReading(story.dataset.readUrl);
document.querySelectorAll("[data-copy-link]").forEach(bindCopy);
