// What the editor of one post and the composer share: length as it goes out, the order and shape of pictures, and
// following the base text. The server counts and judges again with the same rules.
import { COUNTERS } from "./counter.js";

const number = (n) => n.toLocaleString(document.documentElement.lang);
const named = (root, prefix, name) => root.querySelector(`[name="${CSS.escape(prefix + name)}"]`);

/** The text with the link and the hashtags where they will stand. */
export function composed({ text, link, hashtags }) {
  const blocks = [text.trim()];
  if (link.trim() && !text.includes(link.trim())) blocks.push(link.trim());
  const there = text.toLowerCase();
  const tags = hashtags.split(/[\s,;#＃]+/u).filter(Boolean).map((tag) => `#${tag}`).filter((tag) => !there.includes(tag.toLowerCase()));
  if (tags.length) blocks.push([...new Set(tags)].join(" "));
  return blocks.filter(Boolean).join("\n\n");
}

/** The words of a post as they stand in its fields. */
export function wordsOf(root, prefix) {
  const value = (name) => named(root, prefix, name)?.value ?? "";
  return { text: value("text"), link: value("link"), hashtags: value("hashtags") };
}

/** Shows a length beside a limit: at once by our own counting, soon after by the server's. */
export function showSize(output, used, limit) {
  if (!output) return;
  output.textContent = limit ? `${number(used)} / ${number(limit)}` : number(used);
  output.classList.toggle("over", limit > 0 && used > limit);
}

/** Counts what goes out, not only what stands in the text field. */
export function countNow(root, prefix, outputs) {
  const text = named(root, prefix, "text");
  if (!text?.dataset.counter || !named(root, prefix, "hashtags")) return;
  const used = COUNTERS[text.dataset.counter](composed(wordsOf(root, prefix)));
  for (const output of outputs) showSize(output, used, Number(text.dataset.limit) || 0);
}

/** Its own words are shown only where it has some. */
export function bindMode(root, prefix) {
  const choices = [...root.querySelectorAll(`[name="${CSS.escape(`${prefix}mode`)}"]`)];
  const own = root.querySelector("[data-when-own]");
  const base = root.querySelector("[data-when-base]");
  if (!choices.length || !own) return;
  const show = () => {
    const follows = follows_(choices);
    own.hidden = follows;
    if (base) base.hidden = !follows;
  };
  root.addEventListener("change", show);
  root.addEventListener("kept:restored", show);
  show();
}

const follows_ = (choices) => choices.some((choice) => choice.checked && choice.value === "base");

/** Whether a post follows the base text. */
export const follows = (root, prefix) => follows_([...root.querySelectorAll(`[name="${CSS.escape(`${prefix}mode`)}"]`)]);

/** Pictures change places by buttons or by dragging; the number beside each is what is sent. */
export function bindPictures(root) {
  for (const list of root.querySelectorAll("[data-picture-order]")) {
    const rows = () => [...list.querySelectorAll("[data-picture]")];
    const order = (row) => row.querySelector("[name*='order-']");
    const renumber = () => {
      rows().forEach((row, i, all) => {
        order(row).value = i + 1;
        row.querySelector("[data-up]").disabled = i === 0;
        row.querySelector("[data-down]").disabled = i === all.length - 1;
      });
    };
    const moved = (button) => {
      renumber();
      list.dispatchEvent(new Event("input", { bubbles: true }));
      if (button.disabled) button.parentElement.querySelector("button:not(:disabled)")?.focus();
      else button.focus();
    };
    list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-up],[data-down]");
      const row = button?.closest("[data-picture]");
      if (!row) return;
      if (button.hasAttribute("data-up")) row.previousElementSibling?.before(row);
      else row.nextElementSibling?.after(row);
      moved(button);
    });
    let held = null;
    for (const row of rows()) {
      const look = row.querySelector("[data-shaped]");
      look.draggable = true;
      look.addEventListener("dragstart", (event) => {
        held = row;
        row.classList.add("dragging");
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", "");
      });
      look.addEventListener("dragend", () => { row.classList.remove("dragging"); held = null; });
    }
    list.addEventListener("dragover", (event) => { if (held) event.preventDefault(); });
    list.addEventListener("drop", (event) => {
      const target = event.target.closest("[data-picture]");
      if (!held || !target || target === held) return;
      event.preventDefault();
      const all = rows();
      if (all.indexOf(held) < all.indexOf(target)) target.after(held);
      else target.before(held);
      renumber();
      list.dispatchEvent(new Event("input", { bubbles: true }));
    });
    list.addEventListener("kept:restored", () => {
      list.append(...rows().sort((a, b) => Number(order(a).value) - Number(order(b).value)));
      renumber();
    });
    list.addEventListener("change", (event) => {
      if (!event.target.matches("[data-shape]")) return;
      const look = event.target.closest("[data-picture]").querySelector("[data-shaped]");
      const image = look.querySelector("img");
      image.removeAttribute("width");
      image.removeAttribute("height");
      image.src = event.target.value ? look.dataset.crop.replace("1x1", event.target.value) : look.dataset.whole;
    });
    renumber();
  }
}

/** Asks the server, one question at a time; an older answer never takes the place of a newer one. */
export function asking(form, address, fill, show, pause = 600) {
  let timer;
  let running;
  const ask = async () => {
    running?.abort();
    running = new AbortController();
    const body = fill(new FormData(form));
    body.delete("form_token"); // asking is not sending: the form's own token stays unused
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" }, signal: running.signal });
      // An expired sign-in is told when the person saves.
      if (answer.ok && !answer.redirected) show(await answer.json());
    } catch (error) {
      // No network, or a later question came: everything stays as it was, and saving tells about the network.
      if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error;
    }
  };
  return () => {
    clearTimeout(timer);
    timer = setTimeout(ask, pause);
  };
}

/** Puts an answer of the server in the place of what stood there. What somebody opened stays open. */
export function put(place, html) {
  if (!place) return;
  const open = place.querySelector("details")?.open;
  place.innerHTML = html; // made and escaped by our own server
  if (open) place.querySelectorAll("details").forEach((details) => { details.open = true; });
}
