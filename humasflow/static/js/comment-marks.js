// Passages with comments, marked in a rendered text. A mark is a button: Enter or a click opens its thread.
import { placeOf, projectElement } from "./anchor-text.js";

/** The parts of the page that comments speak of: title, kicker, lead, body, pictures. */
export function partsOfPage() {
  const parts = new Map();
  for (const element of document.querySelectorAll("[data-anchor-part]")) {
    if (!parts.has(element.dataset.anchorPart)) parts.set(element.dataset.anchorPart, element);
  }
  // On the story's own page its title is the heading.
  const heading = document.querySelector("main h1");
  if (!parts.has("title") && heading) parts.set("title", heading);
  return parts;
}

function clear(root) {
  for (const mark of root.querySelectorAll("mark.remark")) {
    const parent = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    parent.normalize();
  }
}

function textNodesIn(range) {
  const root = range.commonAncestorContainer;
  if (root.nodeType === Node.TEXT_NODE) return [root];
  const nodes = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (range.intersectsNode(walker.currentNode)) nodes.push(walker.currentNode);
  return nodes;
}

/** Cuts one text node at the borders of its passages and wraps what lies within any. */
function wrap(node, passages, begun, describedBy) {
  const borders = [...new Set([0, node.length, ...passages.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b);
  const pieces = document.createDocumentFragment();
  borders.slice(0, -1).forEach((from, index) => {
    const text = node.data.slice(from, borders[index + 1]);
    const here = passages.filter((p) => p.from <= from && p.to > from);
    if (!text) return;
    if (here.length === 0 || !text.trim()) {
      pieces.append(text);
      return;
    }
    const mark = document.createElement("mark");
    mark.className = "remark";
    mark.dataset.threads = here.map((p) => p.id).join(" ");
    if (here.some((p) => p.changed)) mark.classList.add("remark--changed");
    if (here.some((p) => p.suggests)) mark.classList.add("remark--suggests");
    if (here.some((p) => !begun.has(p.id))) {
      // One stop for the keyboard for each passage, however many pieces emphasis and links cut it into.
      mark.tabIndex = 0;
      mark.setAttribute("role", "button");
      mark.setAttribute("aria-describedby", describedBy);
      for (const p of here) begun.add(p.id);
    }
    mark.append(text);
    pieces.append(mark);
  });
  node.replaceWith(pieces);
}

/**
 * Marks the passages of these threads (elements with data-thread, data-part, data-start, …) in the parts of the page.
 * @returns {Set<string>} ids of the threads whose passage is on the page.
 */
export function drawMarks(threads, parts, describedBy) {
  const found = new Set();
  for (const [name, element] of parts) {
    clear(element);
    const mine = threads.filter((t) => t.dataset.part === name && t.dataset.anchor && t.dataset.anchor !== "lost");
    if (mine.length === 0) continue;
    const projected = projectElement(element);
    const byNode = new Map();
    for (const { dataset } of mine) {
      const stands = { ...dataset, start: Number(dataset.start), end: Number(dataset.end) };
      const place = placeOf(projected, stands) ?? (dataset.anchor === "changed" ? [stands.start, stands.end] : null);
      const range = place && projected.range(...place);
      if (!range) continue;
      found.add(dataset.thread);
      for (const node of textNodesIn(range)) {
        const from = node === range.startContainer ? range.startOffset : 0;
        const to = node === range.endContainer ? range.endOffset : node.length;
        if (from >= to) continue;
        const passage = { id: dataset.thread, from, to, changed: dataset.anchor === "changed", suggests: "replacement" in dataset };
        byNode.set(node, [...(byNode.get(node) ?? []), passage]);
      }
    }
    const begun = new Set();
    for (const [node, passages] of byNode) wrap(node, passages, begun, describedBy);
  }
  return found;
}

export const marksOf = (id) => [...document.querySelectorAll("mark.remark")].filter((m) => m.dataset.threads.split(" ").includes(String(id)));
