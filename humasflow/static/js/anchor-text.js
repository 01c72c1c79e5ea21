// A rendered text as plain text, with the way back to its nodes. The same rule as humasflow/guidelines/texts.py
// and assets/editor/positions.js; tests/stories/projections.json holds all three to it.
const BLOCKS = new Set(
  ("ADDRESS ARTICLE ASIDE BLOCKQUOTE CAPTION COLGROUP DD DETAILS DIV DL DT FIGCAPTION FIGURE FOOTER H1 H2 H3 H4 H5 H6 HEADER HR LI " +
    "MAIN OL P PRE SECTION SUMMARY TABLE TBODY TD TFOOT TH THEAD TR UL").split(" "),
);
const isBlank = (letter) => letter === " " || letter === "\t" || letter === "\r" || letter === "\n" || letter === "\f";

/** Gathers characters block by block; `at(node, offset)` is kept for each so that a range can be made. */
class Gatherer {
  constructor() {
    this.letters = [];
    this.places = [];
    this.block = [];
  }

  add(letter, node, offset) {
    const before = this.block.at(-1)?.[0] ?? "\n";
    if (letter === " " && (before === " " || before === "\n")) return;
    if (letter === "\n" && before === " ") this.block.pop();
    this.block.push([letter, node, offset]);
  }

  text(node, from = 0) {
    let offset = from;
    for (const letter of node.data.slice(from)) {
      this.add(isBlank(letter) ? " " : letter, node, offset);
      offset += letter.length;
    }
  }

  end() {
    let first = 0;
    let last = this.block.length;
    while (first < last && " \n".includes(this.block[first][0])) first += 1;
    while (last > first && " \n".includes(this.block[last - 1][0])) last -= 1;
    if (first < last && this.letters.length) {
      this.letters.push("\n");
      this.places.push(null);
    }
    for (const [letter, node, offset] of this.block.slice(first, last)) {
      this.letters.push(letter);
      this.places.push([node, offset]);
    }
    this.block = [];
  }
}

function walk(parent, gatherer, state) {
  for (const node of parent.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      gatherer.text(node, state.dateline ? (/^\s*–\s*/.exec(node.data)?.[0].length ?? 0) : 0);
      state.dateline = false;
    } else if (node.nodeType !== Node.ELEMENT_NODE || node.matches("[data-anchor-skip]")) {
      continue;
    } else if (node.tagName === "FIGURE") {
      gatherer.end(); // a picture, its caption and credit belong to no passage
    } else if (node.tagName === "BR") {
      gatherer.add("\n", node, 0);
    } else if (node.matches(".dateline")) {
      state.dateline = true; // put in where a page shows it, with the dash that follows
    } else {
      const isBlock = BLOCKS.has(node.tagName);
      if (isBlock) gatherer.end();
      walk(node, gatherer, state);
      if (isBlock) gatherer.end();
    }
  }
}

/**
 * @returns {{text: string, length: number, slice(a: number, b: number): string, range(a: number, b: number): Range|null,
 *   offsetOf(node: Node, offset: number, end?: boolean): number|null}} offsets count characters (code points).
 */
export function projectElement(root) {
  const gatherer = new Gatherer();
  walk(root, gatherer, { dateline: false });
  gatherer.end();
  const { letters, places } = gatherer;
  return {
    text: letters.join(""),
    length: letters.length,
    slice: (a, b) => letters.slice(a, b).join(""),
    /** Whether a passage lies within one paragraph. */
    isOneBlock: (a, b) => !places.slice(a, b).includes(null),
    range(a, b) {
      const first = places.slice(a, b).find(Boolean);
      const last = places.slice(a, b).findLast(Boolean);
      if (!first || !last) return null;
      const range = document.createRange();
      if (first[0].nodeType === Node.TEXT_NODE) range.setStart(...first);
      else range.setStartBefore(first[0]);
      if (last[0].nodeType === Node.TEXT_NODE) range.setEnd(last[0], last[1] + (last[0].data.codePointAt(last[1]) > 0xffff ? 2 : 1));
      else range.setEndAfter(last[0]);
      return range;
    },
    /** The first character at or after a place of the page; with `end` the one after the last before it. */
    offsetOf(node, offset, end = false) {
      const place = document.createRange();
      place.setStart(node, offset);
      let low = 0;
      let high = places.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        let at = middle;
        while (at < places.length && !places[at]) at += 1;
        const isBefore = at < places.length && place.comparePoint(...where(places[at])) < 0;
        if (isBefore) low = at + 1;
        else high = middle;
      }
      if (end) while (low > 0 && !places[low - 1]) low -= 1;
      else while (low < places.length && !places[low]) low += 1;
      return low;
    },
  };
}

const where = ([node, offset]) =>
  node.nodeType === Node.TEXT_NODE ? [node, offset] : [node.parentNode, [...node.parentNode.childNodes].indexOf(node)];

const CONTEXT = 48;
const NEARBY = 24;
const ENOUGH = 12;
const UNMISTAKABLE = 24;

/** What is sent to the server about a passage, and what it keeps: the words, where, and what is around them. */
export function describePassage(projected, start, end) {
  let [a, b] = [start, end];
  while (a < b && " \n".includes(projected.slice(a, a + 1))) a += 1;
  while (b > a && " \n".includes(projected.slice(b - 1, b))) b -= 1;
  const before = `\n${projected.slice(Math.max(a - CONTEXT + 1, 0), a)}`;
  return {
    start: a,
    end: b,
    quote: projected.slice(a, b),
    prefix: a < CONTEXT ? before : projected.slice(a - CONTEXT, a),
    suffix: `${projected.slice(b, b + CONTEXT)}${b + CONTEXT < projected.length ? "" : "\n"}`,
    oneBlock: projected.isOneBlock(a, b),
  };
}

/** Where a passage is in this text: there, or where its words and what is around them are. Null when that is not sure. */
export function placeOf(projected, { start, end, quote, prefix, suffix }) {
  if (projected.slice(start, end) === quote) return [start, end];
  const padded = `\n${projected.text}\n`;
  const before = [...prefix].slice(-NEARBY).join("");
  const after = [...suffix].slice(0, NEARBY).join("");
  for (const [head, tail] of [[before, after], [before, ""], ["", after]]) {
    if (!head && !tail) continue;
    if ((head === "" || tail === "") && (head + tail).length < ENOUGH) continue;
    const at = padded.indexOf(head + quote + tail);
    if (at < 0) continue;
    const from = [...padded.slice(0, at + head.length)].length - 1;
    return [from, from + [...quote].length];
  }
  const at = projected.text.indexOf(quote);
  if ([...quote].length < UNMISTAKABLE || at < 0 || projected.text.indexOf(quote, at + 1) >= 0) return null;
  const from = [...projected.text.slice(0, at)].length;
  return [from, from + [...quote].length];
}
