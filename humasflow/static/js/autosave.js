// The story's editor saves by itself, and what could not be sent stays in this browser until it can.
import * as drafts from "./drafts.js";
import { store } from "./keep.js";
import { tab } from "./tab.js";
import { toast } from "./toasts.js";

const AFTER_MS = 2000; // after the last keystroke
const AT_MOST_MS = 15_000; // while somebody keeps typing
const KEEP_MS = 400;
const RETRY_MS = [2000, 4000, 8000, 15_000, 30_000, 60_000];
const ASK_MS = 5000; // whether somebody has signed in again
const KEEPALIVE_BYTES = 60_000; // browsers take 64 KiB for a page that goes away

function bind(box) {
  const form = document.querySelector("form[data-story-editor]");
  const { dataset } = box;
  const say = (key, words = {}) => Object.entries(words).reduce((text, [k, v]) => text.replace(`{${k}}`, v), dataset[`say${key}`] ?? "");
  const status = box.querySelector("[data-save-status]");
  const alarm = box.querySelector("[data-save-alarm]");
  const key = `story-${dataset.story}`;
  const stamp = form.elements.namedItem("stamp");

  const hidden = document.createElement("input");
  hidden.type = "hidden";
  hidden.name = "tab";
  hidden.value = tab;
  form.append(hidden);

  let saved = drafts.read(form); // what the server has, as this page knows it
  let touched = false; // somebody changed something, which a rich-text editor that tidies up at the start is not
  let step = 0;
  let flight = null;
  let again = false;
  let tries = 0;
  let since = 0;
  let saveTimer = 0;
  let keepTimer = 0;
  let leaving = false;
  let paused = dataset.autosave ? "" : "byHand"; // signedOut | other | conflict | refused | byHand
  let canKeep = true;

  const isDirty = () => touched && !drafts.same(drafts.read(form), saved);

  // What is said

  const tell = (text, tone = "quiet") => {
    status.textContent = text;
    box.dataset.tone = tone;
  };
  const warn = (text, actions = []) => {
    alarm.replaceChildren();
    alarm.hidden = !text;
    if (!text) return;
    const words = document.createElement("p");
    words.textContent = text;
    const row = document.createElement("div");
    row.className = "row";
    for (const { label, url, run, primary } of actions) {
      const control = document.createElement(url ? "a" : "button");
      control.className = `btn small${primary ? " primary" : ""}`;
      control.textContent = label;
      if (url) Object.assign(control, { href: url, target: "_blank", rel: "opener" });
      else { control.type = "button"; control.addEventListener("click", run); }
      row.append(control);
    }
    alarm.append(words, ...(actions.length ? [row] : []));
  };
  const kept = () => (canKeep ? say("Kept") : say("NotKept"));

  // The browser's own copy

  const keep = () => {
    clearTimeout(keepTimer);
    const entries = drafts.read(form);
    if (!touched || drafts.same(entries, saved)) return;
    canKeep = store.set(key, { entries, at: Date.now(), stamp: stamp.value, words: drafts.countWords(entries) });
  };
  const forget = () => { if (!isDirty()) store.drop(key); };

  // Sending

  const pack = () => {
    const body = new FormData();
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "form_token") body.append(name, value);
    step += 1;
    body.set("langkah", String(step));
    return body;
  };

  const plan = () => {
    if (paused || leaving) return;
    since ||= Date.now();
    clearTimeout(saveTimer);
    saveTimer = setTimeout(save, Math.max(0, Math.min(AFTER_MS, since + AT_MOST_MS - Date.now())));
  };

  const retry = () => {
    clearTimeout(saveTimer);
    saveTimer = setTimeout(save, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
    tries += 1;
  };

  async function save() {
    clearTimeout(saveTimer);
    if (paused || leaving) return;
    if (flight) { again = true; return; }
    since = 0;
    if (!isDirty()) { forget(); return; }
    const sending = drafts.read(form);
    keep();
    tell(say("Saving"));
    flight = new AbortController();
    try {
      const answer = await fetch(dataset.autosave, { method: "POST", body: pack(), headers: { Accept: "application/json" }, signal: flight.signal });
      await take(answer, sending);
    } catch (error) {
      if (error.name !== "AbortError") {
        tell(`${say("Offline")} ${kept()}`, "warn");
        retry();
      }
    } finally {
      flight = null;
    }
    if (again) { again = false; plan(); }
  }

  async function take(answer, sent) {
    if (answer.status === 401 || answer.redirected) { signedOut(); return; }
    if (answer.status >= 500 || answer.status === 429) { tell(`${say("Trouble")} ${kept()}`, "warn"); retry(); return; }
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) {
      tries = 0;
      stamp.value = told.stamp;
      saved = sent;
      tell(say("Saved", { at: told.at, n: told.number }));
      forget();
      if (isDirty()) plan();
    } else if (answer.status === 400) {
      await renew();
    } else if (answer.status === 422) {
      tell(`${told.error} ${kept()}`, "warn");
    } else if (told.code === "stale") {
      clash(told);
    } else {
      paused = "refused";
      tell(kept(), "warn");
      warn(told.error || say("Refused"));
    }
  }

  function clash(theirs) {
    paused = "conflict";
    keep();
    tell(kept(), "warn");
    warn(say(theirs.own ? "StaleOwn" : "Stale", { who: theirs.who, n: theirs.number, at: theirs.time }), [
      { label: say("Merge"), primary: true, run: () => form.requestSubmit() },
      { label: say("Theirs"), url: theirs.url },
    ]);
  }

  // Sign-in and network

  let asking = 0;
  function signedOut() {
    if (paused === "signedOut") return;
    paused = "signedOut";
    keep();
    tell(kept(), "warn");
    warn(say("SignedOut"), [{ label: say("SignIn"), url: dataset.signIn, primary: true }]);
    clearInterval(asking);
    asking = setInterval(renew, ASK_MS);
  }

  /** Ask who is signed in and take their token; go on where it stopped. */
  async function renew() {
    if (document.visibilityState !== "visible") return;
    let told;
    try {
      const answer = await fetch(dataset.pulse, { headers: { Accept: "application/json" } });
      if (answer.status === 401 || answer.redirected) { signedOut(); return; }
      if (!answer.ok) return;
      told = await answer.json();
    } catch {
      return; // no network: asked again
    }
    if (String(told.user) !== dataset.user) {
      paused = "other";
      warn(say("Other", { name: told.name }));
      return;
    }
    clearInterval(asking);
    for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = told.csrf;
    if (paused === "signedOut" || paused === "other") {
      paused = dataset.autosave ? "" : "byHand";
      warn("");
      tell(say("Back"));
    }
    if (isDirty()) plan();
  }

  window.addEventListener("online", () => { tries = 0; if (isDirty()) save(); });
  window.addEventListener("offline", () => { if (isDirty()) { keep(); tell(`${say("Offline")} ${kept()}`, "warn"); } });
  window.addEventListener("focus", () => { if (paused === "signedOut" || paused === "other") renew(); });
  document.addEventListener("humasflow:signed-out", ({ detail }) => { if (detail.status === 401) signedOut(); });
  document.addEventListener("humasflow:saved-elsewhere", ({ detail }) => {
    if (paused || flight) return;
    if (isDirty()) { clash(detail); return; }
    paused = "conflict";
    warn(say(detail.own ? "StaleOwn" : "Stale", { who: detail.who, n: detail.number, at: detail.time }), [
      { label: say("Load"), primary: true, run: () => { leaving = true; location.reload(); } },
      { label: say("Theirs"), url: detail.url },
    ]);
  });

  // Comments store the text first, so that a passage means the same here and there.
  form.addEventListener("humasflow:save-now", ({ detail }) => {
    detail.done = (async () => {
      for (let wait = 0; flight && wait < 50; wait += 1) await new Promise((done) => setTimeout(done, 100));
      await save();
    })();
  });

  // Typing, leaving

  form.addEventListener("input", (event) => {
    if (event.target.name && /^(pilih-|note$)/.test(event.target.name)) return;
    touched = true;
    clearTimeout(keepTimer);
    keepTimer = setTimeout(keep, KEEP_MS);
    if (paused === "byHand") tell(say("ByHand"));
    else if (!paused) tell(say("Unsaved"));
    plan();
  });
  form.addEventListener("change", () => plan());
  form.addEventListener("focusout", () => { if (isDirty()) plan(); });

  form.addEventListener("submit", (event) => {
    if (paused === "signedOut" || paused === "other" || !navigator.onLine) {
      event.preventDefault();
      keep();
      if (!navigator.onLine) warn(`${say("Offline")} ${kept()}`);
      alarm.scrollIntoView({ block: "nearest" });
      return;
    }
    if (event.submitter?.hasAttribute("data-apply-choices")) return;
    leaving = true;
    clearTimeout(saveTimer);
    flight?.abort();
    // Marked as sent, not dropped: only a page that says yes lets it go.
    const entries = drafts.read(form);
    store.set(key, { entries, at: Date.now(), stamp: stamp.value, words: drafts.countWords(entries), sent: location.pathname, landing: dataset.landing });
  });

  const goingAway = () => {
    if (leaving || !isDirty()) return;
    keep();
    if (paused) return;
    const body = pack();
    const size = [...body].reduce((sum, [name, value]) => sum + name.length + 3 * value.length, 0);
    if (size > KEEPALIVE_BYTES) { save(); return; }
    const sending = drafts.read(form);
    fetch(dataset.autosave, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true })
      .then((answer) => take(answer, sending))
      .catch(() => {}); // kept above
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") goingAway();
    else if (isDirty()) plan(); // what was refused while nobody looked: renewing waits for the page to be seen
  });
  window.addEventListener("pagehide", goingAway);
  window.addEventListener("pageshow", (event) => { if (event.persisted) { leaving = false; renew(); } });
  window.addEventListener("beforeunload", (event) => { if (!leaving && !canKeep && isDirty()) event.preventDefault(); });

  // What an earlier visit left behind

  const put = async (entries, at) => {
    touched = true;
    await drafts.write(form, entries, dataset.rows);
    if (at) stamp.value = at;
    keep();
    plan();
  };

  async function compare(draft) {
    const body = new FormData();
    for (const [name, value] of draft.entries) body.append(name, value);
    body.set("csrf_token", form.elements.namedItem("csrf_token").value);
    const dialog = document.querySelector("#simpanan");
    const room = dialog.querySelector("[data-kept-changes]");
    room.textContent = say("Comparing");
    dialog.showModal();
    try {
      const answer = await fetch(dataset.compare, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error(`status ${answer.status}`);
      room.innerHTML = (await answer.json()).html; // made and escaped by our own server
    } catch {
      room.textContent = say("NotCompared");
    }
  }

  function offer(place, draft) {
    const item = document.createElement("div");
    item.className = "callout info kept";
    item.setAttribute("role", "status");
    const words = document.createElement("p");
    const time = new Date(draft.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    words.textContent = say("Offer", { at: time, words: draft.words ?? drafts.countWords(draft.entries), then: dataset.versionAt, there: dataset.versionWords });
    const row = document.createElement("div");
    row.className = "row";
    const button = (label, run, primary = false) => {
      const control = document.createElement("button");
      control.type = "button";
      control.className = `btn small${primary ? " primary" : ""}`;
      control.textContent = label;
      control.addEventListener("click", run);
      row.append(control);
    };
    button(say("Use"), async () => {
      const before = drafts.read(form);
      const at = stamp.value;
      item.remove();
      await put(draft.entries, draft.stamp);
      store.drop(place);
      toast(say("Used"), { label: say("Undo"), run: () => { store.set(place, draft); put(before, at); } });
    }, true);
    button(say("Compare"), () => compare(draft));
    button(say("Discard"), () => {
      item.remove();
      store.drop(place);
      toast(say("Discarded"), { label: say("Undo"), run: () => { store.set(place, draft); offer(place, draft); } });
    });
    item.append(words, row);
    box.after(item);
  }

  function offerWhatWasLeft() {
    const found = store.get(key);
    if (found?.entries) {
      // Out of the way of what is typed now, so that neither replaces the other.
      if (!drafts.same(found.entries, saved)) store.set(`${key}:${found.at}`, { ...found, sent: undefined });
      store.drop(key);
    }
    for (const place of store.keys(`${key}:`).sort()) {
      const draft = store.get(place);
      if (draft?.entries && !drafts.same(draft.entries, saved)) offer(place, draft);
      else store.drop(place);
    }
  }
  if (dataset.conflict || dataset.unsaved) {
    // What the merge made, or what the server would not take as it is, is nowhere but here. A merge is saved by hand.
    if (dataset.conflict) paused = "byHand";
    touched = true;
    saved = [];
    keep();
    tell(say("Unsaved"));
    plan();
  } else {
    offerWhatWasLeft();
    tell(paused === "byHand" ? say("ByHand") : say("AsSaved", { at: dataset.versionAt }));
  }
}

for (const box of document.querySelectorAll("[data-saving]")) bind(box);
