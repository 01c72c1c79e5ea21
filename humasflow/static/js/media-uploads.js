// Many files at once into the library, in parts that survive a cut connection and a closed page (tus 1.0).
import { fingerprint, forget, remember, unfinished } from "./media-store.js";
import { frameOf } from "./media-poster.js";
import { smaller } from "./photos.js";

const PART = 4 * 1024 * 1024;
const AT_ONCE = 2;
const RETRIES = [0, 1000, 3000, 5000, 10000, 20000, 30000];
const MEGABYTE = 1024 * 1024;
const JSON_PLEASE = { Accept: "application/json" };

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
const kindOf = (file) => (file.type.startsWith("video/") ? "video" : file.type === "application/pdf" ? "pdf" : "image");

function bind(box) {
  const words = JSON.parse(box.querySelector("[data-words]").textContent);
  const { uploader: endpoint, csrf, user } = box.dataset;
  const list = box.querySelector("[data-queue]");
  const announce = box.querySelector("[data-announce]");
  const finished = box.querySelector("[data-finished]");
  const pattern = box.querySelector("[data-row]");
  const items = [];
  let tus;
  let announced = 0;

  // The client itself comes only when somebody sends something.
  const client = () => (tus ??= import(box.dataset.module));
  const headers = () => ({ ...JSON_PLEASE, "X-CSRFToken": csrf });

  function row(item) {
    const element = pattern.content.firstElementChild.cloneNode(true);
    element.querySelector("[data-name]").textContent = item.name;
    element.querySelector("progress").setAttribute("aria-label", item.name);
    list.append(element);
    list.hidden = false;
    item.element = element;
  }

  function tell(item, text, { tone = "", percent = null, buttons = [] } = {}) {
    const { element } = item;
    element.dataset.tone = tone;
    element.querySelector("[data-state]").textContent = text;
    if (percent !== null) element.querySelector("progress").value = percent;
    const bar = element.querySelector("[data-buttons]");
    const had = bar.contains(document.activeElement);
    bar.replaceChildren(...buttons.map(([label, act, main]) => {
      const button = document.createElement(typeof act === "string" ? "a" : "button");
      if (typeof act === "string") button.href = act;
      else { button.type = "button"; button.addEventListener("click", act); }
      button.className = `btn small${main ? " primary" : ""}`;
      button.textContent = label;
      button.setAttribute("aria-label", `${label}: ${item.name}`);
      return button;
    }));
    if (had) bar.querySelector("button, a")?.focus();
  }

  function settle(item, state) {
    item.state = state;
    const over = items.filter((i) => ["done", "refused", "cancelled", "twin", "stopped"].includes(i.state));
    const done = items.filter((i) => i.state === "done").length;
    if (over.length === items.length || over.length >= announced + 5) {
      announced = over.length;
      announce.textContent = fill(words.summary, { done, all: items.length });
    }
    finished.hidden = done === 0;
    next();
  }

  function next() {
    const running = items.filter((i) => i.state === "running").length;
    for (const item of items.filter((i) => i.state === "waiting").slice(0, Math.max(0, AT_ONCE - running))) send(item);
  }

  const cancelButton = (item) => [words.cancel, () => cancel(item)];

  async function cancel(item) {
    const { upload } = item;
    item.state = "cancelled";
    forget(item.id);
    tell(item, words.cancelled, { percent: 0 });
    try {
      if (upload) await upload.abort(true);
      else if (item.url) await fetch(item.url, { method: "DELETE", headers: { ...headers(), "Tus-Resumable": "1.0.0" } });
    } catch { /* what could not be taken back now expires by itself */ }
    settle(item, "cancelled");
  }

  function stop(item, text) {
    tell(item, text, { tone: "fail", buttons: [[words.retry, () => retry(item), true], cancelButton(item)] });
    settle(item, "stopped");
  }

  function refuse(item, text) {
    forget(item.id);
    tell(item, text, { tone: "fail", percent: 0 });
    settle(item, "refused");
  }

  function retry(item) {
    item.state = "waiting";
    tell(item, words.waiting, { buttons: [cancelButton(item)] });
    next();
  }

  function problem(item, error) {
    const answer = error?.originalResponse;
    const status = answer?.getStatus() ?? 0;
    let message = "";
    try { message = JSON.parse(answer?.getBody() || "{}").error ?? ""; } catch { message = ""; }
    const landed = answer?.getUnderlyingObject?.()?.responseURL ?? "";
    if (landed.includes("/masuk") || status === 401) return stop(item, words.signedout);
    if (status === 415 || status === 413 || status === 422) return refuse(item, message || words.failed);
    if (status === 429) return stop(item, message || words.quota);
    return stop(item, message || (navigator.onLine ? words.failed : words.offline));
  }

  async function send(item) {
    item.state = "running";
    try {
      item.body ??= await smaller(item.file);
      if (item.length && item.length !== item.body.size) item.url = ""; // not the very bytes that were begun
      item.length = item.body.size;
      const { Upload } = await client();
      item.upload = new Upload(item.body, {
        endpoint,
        uploadUrl: item.url || null,
        chunkSize: PART,
        retryDelays: RETRIES,
        metadata: { filename: item.name, filetype: item.body.type },
        headers: headers(),
        storeFingerprintForResuming: false,
        onUploadUrlAvailable: () => {
          item.url = item.upload.url;
          remember({ id: item.id, user, name: item.name, size: item.file.size, lastModified: item.file.lastModified, type: item.file.type, url: item.url, length: item.length, file: item.body });
        },
        onShouldRetry: (error) => {
          const status = error.originalResponse?.getStatus() ?? 0;
          if (status === 0) tell(item, words.offline, { buttons: [cancelButton(item)] });
          return status === 0 || status === 409 || status === 423 || status >= 500;
        },
        onProgress: (sent, all) => {
          const percent = all ? Math.floor((sent / all) * 100) : 0;
          tell(item, fill(words.sending, { percent }), { percent, buttons: [cancelButton(item)] });
        },
        onError: (error) => { if (item.state === "running") problem(item, error); },
        onSuccess: () => finish(item),
      });
      if (item.state === "running") item.upload.start();
    } catch {
      stop(item, words.failed); // the client itself did not load
    }
  }

  async function finish(item, twin = "") {
    tell(item, words.checking, { percent: 100 });
    let told;
    try {
      const body = new FormData();
      if (twin) body.set("kembar", twin);
      const answer = await fetch(`${item.url}/selesai`, { method: "POST", headers: headers(), body });
      if (answer.redirected && answer.url.includes("/masuk")) return stop(item, words.signedout);
      told = await answer.json();
      if (!answer.ok) return stop(item, told.error || words.failed);
    } catch {
      return stop(item, navigator.onLine ? words.failed : words.offline);
    }
    if (told.state === "refused") return refuse(item, told.message);
    if (told.state === "twin") return ask(item, told.asset);
    forget(item.id);
    if (told.asset.poster) await sendPoster(item, told.asset.poster);
    tell(item, told.similar ? words.similar : words.done, { percent: 100, buttons: [[words.open, told.asset.url]] });
    return settle(item, "done");
  }

  function ask(item, asset) {
    item.state = "twin";
    tell(item, words.twin, {
      percent: 100,
      buttons: [
        [words.use, async () => { await cancel(item); window.location.assign(asset.url); }, true],
        [words.keep, () => { item.state = "running"; finish(item, "simpan"); }],
      ],
    });
    settle(item, "twin");
  }

  async function sendPoster(item, address) {
    const frame = await frameOf(item.file);
    if (!frame) return;
    const body = new FormData();
    body.set("poster", frame, "sampul.jpg");
    try { await fetch(address, { method: "POST", headers: headers(), body }); } catch { /* a picture can be chosen later */ }
  }

  function add(files) {
    for (const file of files) {
      const id = fingerprint(user, file);
      const known = items.find((i) => i.id === id && !["cancelled", "refused"].includes(i.state));
      if (known) {
        if (known.state === "paused") Object.assign(known, { file, body: undefined });
        if (["paused", "stopped"].includes(known.state)) retry(known);
        continue;
      }
      const item = { id, name: file.name, file, state: "waiting" };
      items.push(item);
      row(item);
      const limit = Number(box.dataset[`max${kindOf(file)[0].toUpperCase()}${kindOf(file).slice(1)}`]);
      if (kindOf(file) !== "image" && file.size > limit * MEGABYTE) refuse(item, fill(words.toolarge, { max: limit }));
      else tell(item, words.waiting, { buttons: [cancelButton(item)] });
    }
    next();
  }

  async function offerUnfinished() {
    const left = await unfinished(user);
    for (const entry of left) {
      const item = { id: entry.id, name: entry.name, url: entry.url, length: entry.length, state: "paused", file: entry.file, body: entry.file ?? undefined };
      items.push(item);
      row(item);
      const resume = [[words.resume, () => retry(item), true], cancelButton(item)];
      tell(item, entry.file ? words.paused : fill(words.again, { name: entry.name }), { buttons: entry.file ? resume : [cancelButton(item)] });
    }
    const note = document.querySelector("[data-left]");
    if (left.length && note) {
      note.querySelector("button").textContent = fill(words.left, { count: left.length });
      note.hidden = false;
    }
  }

  for (const input of box.querySelectorAll("[data-pick]")) {
    input.addEventListener("change", () => { add([...input.files]); input.value = ""; });
  }
  const dialog = box.closest("dialog");
  const drop = box.querySelector("[data-drop]");
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    if (dialog && !dialog.open) dialog.showModal();
    drop.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    drop.classList.remove("over");
    add([...event.dataTransfer.files]);
  });
  window.addEventListener("online", () => items.filter((i) => i.state === "stopped").forEach(retry));
  window.addEventListener("beforeunload", (event) => { if (items.some((i) => i.state === "running")) event.preventDefault(); });
  offerUnfinished();
}

document.querySelectorAll("[data-uploader]").forEach(bind);
