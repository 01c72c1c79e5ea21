// Automatic checks: jumping from a finding to its passage, and, in the editor, asking the server while somebody writes.
//
// The editor's form gets a CustomEvent "humasflow:findings" (detail: [{code, severity, start, end, message}] of the body,
// places in characters of its plain text) and draws the marks; "humasflow:jump" (cancelable; detail: {field, start, end})
// asks it to go to a place in the body. Without this file the findings stand on the story's page.

import { projectElement } from "./anchor-text.js";

const PAUSE = 1000;

function calmly(element) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
}

function showRange(root, start, end) {
  root.tabIndex = -1;
  root.focus({ preventScroll: true });
  const range = end > start ? projectElement(root).range(start, end) : null;
  if (!range) return calmly(root);
  if (window.CSS?.highlights && window.Highlight) CSS.highlights.set("finding", new Highlight(range));
  else {
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }
  const box = range.getBoundingClientRect();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scrollTo({ top: scrollY + box.top - innerHeight / 3, behavior: still ? "auto" : "smooth" });
}

// Places count characters (code points); a field counts UTF-16 units.
const units = (text, characters) => [...text].slice(0, characters).join("").length;

function jumpInForm(form, { field, start, end }) {
  const [kind, rest] = field.split(":");
  if (kind === "body") {
    const asked = new CustomEvent("humasflow:jump", { detail: { field, start, end }, cancelable: true, bubbles: true });
    if (!form.dispatchEvent(asked)) return true;
    const rich = form.querySelector(".ProseMirror");
    if (rich) {
      rich.focus();
      calmly(rich);
      return true;
    }
  }
  let target = form.elements[field];
  if (kind === "caption" || kind === "alt" || kind === "credit") {
    const row = form.querySelectorAll("[data-picture]")[Number(rest)];
    target = row?.querySelector(`[name^=${kind}-]`);
  }
  if (!target?.focus) return false;
  target.closest("details")?.setAttribute("open", "");
  target.focus();
  if (end > start && target.setSelectionRange) {
    target.setSelectionRange(units(target.value, start), units(target.value, end));
  }
  calmly(target);
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-finding-field]");
  if (!link) return;
  const place = { field: link.dataset.findingField, start: Number(link.dataset.findingStart), end: Number(link.dataset.findingEnd) };
  const form = document.querySelector("form[data-story-editor]");
  if (form) {
    if (jumpInForm(form, place)) event.preventDefault();
    return;
  }
  const root = document.querySelector(`[data-passages="${CSS.escape(place.field)}"]`);
  if (!root) return; // the link's own target is near enough
  event.preventDefault();
  showRange(root, place.start, place.end);
});

function watch(panel) {
  const form = panel.closest("form") ?? document.querySelector("form[data-story-editor]");
  const list = panel.querySelector("[data-findings-list]");
  const summary = panel.querySelector("[data-findings-summary]");
  if (!form) return;
  let timer;
  let running;
  let marks = [];

  const tell = () => form.dispatchEvent(new CustomEvent("humasflow:findings", { detail: marks }));
  // The editor may take its place after the first answer: it is told again then.
  form.addEventListener("humasflow:editor-ready", () => setTimeout(tell));

  const show = ({ html, findings, summary: words }) => {
    const opened = new Map([...list.querySelectorAll("details")].map((d) => [d.querySelector("summary b")?.textContent, d.open]));
    const held = list.contains(document.activeElement) ? document.activeElement.dataset : null;
    list.innerHTML = html; // written by our own server, every word of it escaped
    list.querySelectorAll("details").forEach((d) => {
      const was = opened.get(d.querySelector("summary b")?.textContent);
      if (was !== undefined) d.open = was;
    });
    if (held?.findingField) {
      list.querySelector(`[data-finding-field="${CSS.escape(held.findingField)}"][data-finding-start="${held.findingStart}"]`)?.focus();
    }
    if (summary.textContent !== words) summary.textContent = words;
    const inBody = findings.filter((f) => f.field === "body" && f.end > f.start && !f.set_aside);
    marks = inBody.map(({ code, severity, start, end, message }) => ({ code, severity, start, end, message }));
    tell();
  };

  const ask = async () => {
    running?.abort();
    running = new AbortController();
    const body = new FormData(form);
    body.delete("form_token"); // asking is not sending: the form's own token stays unused
    body.delete("photos");
    try {
      const answer = await fetch(panel.dataset.liveFindings, {
        method: "POST", body, headers: { Accept: "application/json" }, signal: running.signal,
      });
      if (answer.ok && !answer.redirected) show(await answer.json());
    } catch (error) {
      // No network, or a later question came: the list stays as it was, and saving tells about the network.
      if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error;
    }
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("kept:restored", soon, true);
  setTimeout(ask, 300); // after the editor has taken its place
}

document.querySelectorAll("[data-live-findings]").forEach(watch);

// Ticks are not saved yet: the button says so.
document.querySelectorAll("form[data-checklist]").forEach((form) => {
  form.addEventListener("change", () => form.querySelector("button")?.classList.add("primary"));
});
