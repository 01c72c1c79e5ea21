// What is selected in a rendered text, and the two buttons that appear beside it.
import { describePassage, projectElement } from "./anchor-text.js";

/** The passage that is selected within one part of the page, as it is sent to the server; null without one. */
export function selectedPassage(parts) {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  for (const [part, element] of parts) {
    if (!element.contains(range.startContainer) || !element.contains(range.endContainer)) continue;
    const projected = projectElement(element);
    const start = projected.offsetOf(range.startContainer, range.startOffset);
    const end = projected.offsetOf(range.endContainer, range.endOffset, true);
    if (end <= start) return null;
    const passage = describePassage(projected, start, end);
    return passage.quote ? { part, ...passage, rect: range.getBoundingClientRect() } : null;
  }
  return null;
}

/** @returns {{show(rect: DOMRect, passage: object): void, hide(): void, passage: object|null}} */
export function buildToolbar(words, onChoose) {
  const bar = document.createElement("div");
  bar.className = "remark-bar";
  bar.hidden = true;
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", words.toolbar);
  const toolbar = { passage: null, element: bar };
  for (const [kind, label] of [["komentar", words.comment], ["usul", words.suggest], ["buka", words.open]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.dataset.kind = kind;
    // The selection stays while the button is pressed.
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      const { passage } = toolbar;
      toolbar.hide();
      if (passage) onChoose(kind, passage);
    });
    bar.append(button);
  }
  document.body.append(bar);
  toolbar.show = (rect, passage) => {
    toolbar.passage = passage;
    toolbar.since = performance.now();
    // A change is proposed within one paragraph, where the markup around it can stay.
    const offered = passage.thread ? ["buka"] : passage.oneBlock ? ["komentar", "usul"] : ["komentar"];
    for (const button of bar.children) button.hidden = !offered.includes(button.dataset.kind);
    bar.hidden = false;
    const above = rect.top - bar.offsetHeight - 8;
    const top = above > 8 ? above : rect.bottom + 8;
    const left = Math.min(Math.max(rect.left + rect.width / 2 - bar.offsetWidth / 2, 8), window.innerWidth - bar.offsetWidth - 8);
    bar.style.setProperty("--top", `${top + window.scrollY}px`);
    bar.style.setProperty("--left", `${left + window.scrollX}px`);
  };
  toolbar.hide = () => {
    bar.hidden = true;
    toolbar.passage = null;
  };
  return toolbar;
}
