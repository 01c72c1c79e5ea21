// Who else has this story open: says "I am here" every ten seconds while the page is seen, and shows who answers.
// Not a lock: nobody is kept from anything.
import { tab } from "./tab.js";

const EVERY_MS = 10_000;

const tokenOf = () => document.querySelector("[name=csrf_token]")?.value ?? "";

function labelOf(name) {
  const field = document.querySelector(`form[data-story-editor] [name="${CSS.escape(name)}"]`);
  const label = field?.id ? document.querySelector(`label[for="${CSS.escape(field.id)}"]`) : null;
  return label ? [...label.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.textContent.trim()).join(" ").trim() : "";
}

function headingInView() {
  const middle = window.innerHeight * 0.4;
  let found = "";
  for (const heading of document.querySelectorAll("main .prose :is(h2,h3)")) {
    if (heading.getBoundingClientRect().top > middle) continue;
    found = heading.textContent.trim();
  }
  return found.slice(0, 110);
}

function avatarOf(person) {
  const item = document.createElement("li");
  item.className = `presence__person presence__person--${person.mode}`;
  const avatar = document.createElement("span");
  avatar.className = "avatar";
  avatar.setAttribute("aria-hidden", "true");
  avatar.textContent = person.initials;
  const words = document.createElement("span");
  words.className = "presence__words";
  const name = document.createElement("strong");
  name.textContent = person.name;
  const doing = document.createElement("span");
  doing.textContent = person.place ? `${person.doing}: ${person.place}` : person.doing;
  words.append(name, " ", doing);
  item.append(avatar, words);
  return item;
}

function bind(root) {
  const list = root.querySelector("[data-presence-list]");
  const said = root.querySelector("[data-presence-said]");
  const form = document.querySelector("form[data-story-editor]");
  let caret = "";
  let timer = 0;
  let known = null;

  document.addEventListener("humasflow:caret", ({ detail }) => {
    caret = [detail?.field ? labelOf(detail.field) : "", detail?.heading ?? ""].filter(Boolean).join(" › ").slice(0, 110);
  });

  const show = (others) => {
    list.replaceChildren(...others.map(avatarOf));
    root.hidden = others.length === 0;
    const names = others.map((p) => p.name);
    if (known) {
      const come = others.filter((p) => !known.includes(p.name)).map((p) => `${p.name} ${p.doing}`);
      const gone = known.filter((name) => !names.includes(name)).map((name) => `${name} ${root.dataset.sayGone}`);
      if (come.length || gone.length) said.textContent = [...come, ...gone].join(". ");
    }
    known = names;
  };

  const message = (extra = {}) => {
    const body = new URLSearchParams({
      csrf_token: tokenOf(), tab, mode: root.dataset.mode, tempat: root.dataset.mode === "editing" ? caret : headingInView(),
      stamp: form?.elements.namedItem("stamp")?.value ?? root.dataset.stamp ?? "", ...extra,
    });
    return { method: "POST", body, headers: { Accept: "application/json" } };
  };

  const beat = async () => {
    clearTimeout(timer);
    if (document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(root.dataset.url, message());
      if (answer.ok && !answer.redirected) {
        const { others, saved } = await answer.json();
        show(others);
        if (saved && saved.tab !== tab) document.dispatchEvent(new CustomEvent("humasflow:saved-elsewhere", { detail: saved }));
      } else if (answer.status === 401 || answer.status === 404) {
        show([]);
        document.dispatchEvent(new CustomEvent("humasflow:signed-out", { detail: { status: answer.status } }));
      }
    } catch {
      show([]); // no network: nobody can be seen, which is not to say that nobody is there
    }
    timer = setTimeout(beat, EVERY_MS);
  };

  document.addEventListener("visibilitychange", beat);
  window.addEventListener("pageshow", (event) => { if (event.persisted) beat(); });
  window.addEventListener("pagehide", () => { fetch(root.dataset.url, { ...message({ pergi: "1" }), keepalive: true }).catch(() => {}); });

  const notice = root.parentElement.querySelector("[data-presence-notice]");
  if (notice && !form) {
    document.addEventListener("humasflow:saved-elsewhere", ({ detail }) => {
      notice.hidden = false;
      notice.querySelector("[data-notice-words]").textContent = notice.dataset.say.replace("{who}", detail.who).replace("{n}", detail.number).replace("{at}", detail.time);
    });
  }
  beat();
}

for (const root of document.querySelectorAll("[data-presence]")) bind(root);
