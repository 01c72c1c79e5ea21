// Writing for all channels: cards of the accounts that are chosen, the base text carried into those that follow it,
// and previews as fresh as the words. Without this file every card is there, and saving shows the rest.
import { asking, bindMode, bindPictures, countNow, follows, put, showSize, wordsOf } from "./post-drafting.js";

const WORDS = ["text", "link", "hashtags"];

function bind(form) {
  const cards = [...form.querySelectorAll("[data-variant]")].filter((card) => card.querySelector("[data-preview]"));
  const base = form.querySelector("[data-base]");
  const status = form.querySelector("[data-composer-status]");
  const stale = new Set();
  const own = new Map(); // by card: what it said before it followed the base text
  const field = (card, name) => card.querySelector(`[name="${CSS.escape(card.dataset.prefix + name)}"]`);
  const outputs = (card) => [card.querySelector("[data-size]"), document.getElementById(`${field(card, "text").id}-counter`)];

  const fill = (whole) => {
    // Only what is asked about travels: twelve cards are a long way for a phone.
    const asked = [...stale];
    const wanted = ["naskah", "csrf_token"];
    const body = new FormData();
    for (const [name, value] of whole) {
      const mine = asked.some((card) => name.startsWith(card.dataset.prefix));
      if (mine || wanted.includes(name) || name.startsWith("dasar-")) body.append(name, value);
    }
    for (const card of asked) body.append("kartu", card.dataset.variant);
    return body;
  };

  const show = ({ cards: answers }) => {
    const wrong = [];
    for (const card of cards) {
      const answer = answers[card.dataset.variant];
      if (!answer) continue;
      stale.delete(card);
      put(card.querySelector("[data-preview]"), answer.preview);
      put(card.querySelector("[data-problems]"), answer.list);
      const text = field(card, "text");
      text.dataset.limit = answer.limit === null ? "" : String(answer.limit);
      for (const output of outputs(card)) showSize(output, answer.size, answer.limit ?? 0);
      if (answer.blocking && !card.hidden) wrong.push(card.querySelector("h2").textContent);
    }
    const words = wrong.length ? `${status.dataset.sayErrors} ${wrong.join(", ")}` : status.dataset.sayFine;
    if (status.textContent !== words) status.textContent = words;
  };
  const soon = asking(form, form.dataset.composer, fill, show, 700);

  const touch = (card) => {
    if (card.hidden) return;
    stale.add(card);
    countNow(card, card.dataset.prefix, outputs(card));
  };

  // What follows the base text holds the same words, so that taking one's own begins with them.
  const carry = () => {
    const words = wordsOf(base, "dasar-");
    for (const card of cards) {
      if (!follows(card, card.dataset.prefix)) continue;
      for (const name of WORDS) {
        const mine = field(card, name);
        if (mine) mine.value = words[name];
      }
      touch(card);
    }
  };

  const giveBack = (card) => {
    const kept = own.get(card);
    if (!kept) return;
    own.delete(card);
    for (const name of WORDS) {
      const mine = field(card, name);
      if (mine) mine.value = kept[name];
    }
    touch(card);
  };

  const wear = (box) => {
    const card = document.getElementById(box.dataset.adds);
    card.hidden = !box.checked;
    if (box.checked) touch(card);
  };
  for (const box of form.querySelectorAll("[data-adds]")) {
    wear(box);
    box.addEventListener("change", () => { wear(box); carry(); soon(); });
    box.addEventListener("kept:restored", () => wear(box));
  }

  for (const card of cards) {
    bindMode(card, card.dataset.prefix);
    const details = card.querySelector(".variant__fields");
    const widen = () => card.classList.toggle("is-open", details.open);
    details.addEventListener("toggle", widen);
    widen();
    const changed = () => { touch(card); soon(); };
    card.addEventListener("input", changed);
    card.addEventListener("change", (event) => {
      if (event.target.name === `${card.dataset.prefix}mode`) {
        if (event.target.value === "base") {
          // One arrow key is enough to come here: the words of its own wait for the way back.
          own.set(card, wordsOf(card, card.dataset.prefix));
          carry();
        } else {
          giveBack(card);
        }
      }
      changed();
    });
  }
  bindPictures(form);
  base.addEventListener("input", () => { carry(); soon(); });
  // What was typed before this file arrived, or is given back by the browser after a reload.
  const words = wordsOf(base, "dasar-");
  const differs = (card) => WORDS.some((name) => field(card, name) && field(card, name).value !== words[name]);
  if (cards.some((card) => follows(card, card.dataset.prefix) && differs(card))) { carry(); soon(); }
}

document.querySelectorAll("form[data-composer]").forEach(bind);
