/**
 * What comes from Word, Google Docs, WhatsApp and web pages, brought to the few forms that a text here has. The schema
 * drops the rest. This is tidiness; safety is the schema's and the server's.
 */

const TAG = /<([a-zA-Z][^\s>/]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/g;

/**
 * Attributes that act when markup is parsed get names that do nothing: a style or a handler that is never parsed is
 * never reported by the Content-Security-Policy, and a picture that is never parsed is never fetched.
 */
function inert(html) {
  return html
    .replace(/<!--\[if[^\]]*\]>[\s\S]*?<!\[endif\]-->/g, "") // what Word shows to itself alone
    .replace(/<!\[(?:if[^\]]*|endif)\]>/g, "")
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<(style|script|xml|title|head)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(TAG, (whole, name, attributes) =>
      `<${name}${attributes.replace(/(^|[\s"'/])(style|src|srcset|on[a-z]+|background)\s*=/gi, "$1 data-was-$2=")}>`);
}

const styleOf = (element) => element.dataset?.wasStyle ?? "";

/**
 * @param {string} html  The clipboard's.
 * @returns {{html: string, images: string[], left: number}}  `images`: data URIs, each standing in the text as
 *   <figure data-pasted="0"></figure>; `left`: pictures that only the other program can reach.
 */
export function cleanClipboard(html) {
  const doc = new DOMParser().parseFromString(inert(html), "text/html");
  const { body } = doc;
  const images = [];
  // From this editor itself: already in its own forms.
  const own = Boolean(body.querySelector("[data-pm-slice]"));
  dropHidden(body);
  if (!own) {
    joinWordLists(body);
    readStyles(body);
    renameByClass(body);
  }
  const left = takePictures(body, images);
  unwrapForeign(body);
  splitAtDoubleBreaks(body);
  dropEmpty(body);
  onlyKnownAttributes(body);
  plainSpaces(body);
  return { html: body.innerHTML.trim(), images, left };
}

/** Deleted text of tracked changes, comments, what Word hides, and elements that are no text. */
function dropHidden(body) {
  for (const element of body.querySelectorAll(
    "del, meta, link, base, template, object, embed, iframe, svg, math, noscript, button, input, select, textarea, [class*='MsoComment'], [id^='_com_'], [id^='_anchor_']",
  )) element.remove();
  for (const element of body.querySelectorAll("[data-was-style]")) {
    if (/mso-hide\s*:\s*all|display\s*:\s*none|mso-element\s*:\s*comment/i.test(styleOf(element))) element.remove();
  }
}

const LIST = /mso-list\s*:\s*(?!ignore)l(\d+)\s+level(\d+)/i;
const MARK = /mso-list\s*:\s*ignore/i;

/** Word writes list items as paragraphs with a drawn mark; consecutive ones become real lists, nested by level. */
function joinWordLists(body) {
  let open = []; // [{list, level}]
  let after = null;
  for (const paragraph of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6, div")]) {
    const found = LIST.exec(styleOf(paragraph)) ?? (/MsoListParagraph/.test(paragraph.className) && markOf(paragraph) ? [null, "0", "1"] : null);
    if (!found) continue;
    const level = Number(found[2]);
    const ordered = isOrdered(paragraph);
    const previous = after && nextElement(after) === paragraph;
    if (!previous) open = [];
    while (open.length && open.at(-1).level > level) open.pop();
    const kind = ordered ? "OL" : "UL";
    const last = open.at(-1);
    if (last && last.level === level && last.list.tagName !== kind && open.length === 1) open = [];
    if (!open.length || open.at(-1).level < level) {
      const list = body.ownerDocument.createElement(kind);
      const parent = open.at(-1)?.list.lastElementChild;
      if (parent) parent.append(list);
      else paragraph.before(list);
      open.push({ list, level });
    }
    const item = body.ownerDocument.createElement("li");
    const words = body.ownerDocument.createElement("p");
    words.append(...paragraph.childNodes);
    item.append(words);
    open.at(-1).list.append(item);
    after = open[0].list;
    paragraph.remove();
  }
}

const nextElement = (element) => {
  let next = element.nextSibling;
  while (next && next.nodeType !== 1 && !next.textContent.trim()) next = next.nextSibling;
  return next;
};

function markOf(paragraph) {
  return [...paragraph.querySelectorAll("[data-was-style]")].find((e) => MARK.test(styleOf(e))) ?? null;
}

/** Takes the drawn mark out; "1.", "a)", "iv." are numbers, everything else is a bullet. */
function isOrdered(paragraph) {
  const mark = markOf(paragraph);
  const text = (mark?.textContent ?? "").replace(/[\s\u00a0]+/g, "");
  mark?.remove();
  return /^\(?(?:\d+|[a-z]|[ivxlc]+)[.)]$/i.test(text);
}

/** Google Docs, Word and Outlook say bold and italic in styles; Google wraps everything in a <b> that is not bold. */
function readStyles(body) {
  for (const element of [...body.querySelectorAll("b, strong, i, em")]) {
    const style = styleOf(element);
    if (/(?<![-\w])font-weight\s*:\s*(normal|[1-5]00)/i.test(style) && /^(B|STRONG)$/.test(element.tagName)) unwrap(element);
    else if (/(?<![-\w])font-style\s*:\s*normal/i.test(style) && /^(I|EM)$/.test(element.tagName)) unwrap(element);
  }
  for (const span of [...body.querySelectorAll("span[data-was-style], font[data-was-style]")]) {
    const style = styleOf(span);
    if (!span.textContent.trim() || span.closest("h1, h2, h3, h4, h5, h6")) continue;
    if (/(?<![-\w])font-weight\s*:\s*(bold|[6-9]00)/i.test(style)) wrapInside(span, "strong");
    if (/(?<![-\w])font-style\s*:\s*italic/i.test(style)) wrapInside(span, "em");
  }
}

const BY_CLASS = { MsoTitle: "h2", MsoSubtitle: "h3", MsoQuote: "blockquote", MsoIntenseQuote: "blockquote" };

function renameByClass(body) {
  for (const [name, tag] of Object.entries(BY_CLASS)) {
    for (const element of [...body.querySelectorAll(`p.${name}`)]) {
      const made = body.ownerDocument.createElement(tag);
      made.append(...element.childNodes);
      element.replaceWith(made);
    }
  }
}

function takePictures(body, images) {
  let left = 0;
  for (const image of [...body.querySelectorAll("img")]) {
    const source = image.dataset.wasSrc ?? "";
    const tiny = Number(image.getAttribute("width")) === 1 || Number(image.getAttribute("height")) === 1;
    if (/^data:image\/(?:png|jpe?g|webp|gif);base64,/i.test(source) && !tiny) {
      const figure = body.ownerDocument.createElement("figure");
      figure.dataset.pasted = String(images.push(source) - 1);
      image.replaceWith(figure);
      outOfParagraph(figure);
    } else {
      if (source && !tiny && !image.closest("[data-asset]")) left += 1;
      image.remove();
    }
  }
  return left;
}

/** A picture stands between paragraphs: what comes after it in its own becomes another one. */
function outOfParagraph(figure) {
  while (figure.parentElement && !/^(BODY|DIV|LI|TD|TH|BLOCKQUOTE|UL|OL)$/.test(figure.parentElement.tagName)) {
    const parent = figure.parentElement;
    const rest = parent.cloneNode(false);
    while (figure.nextSibling) rest.append(figure.nextSibling);
    parent.after(figure, rest);
  }
}

/** Office's own elements and smart tags, insertions of tracked changes, links that lead nowhere. */
function unwrapForeign(body) {
  for (const element of [...body.querySelectorAll("*")]) {
    if (element.tagName.includes(":") || /^(INS|FONT|CENTER|U)$/.test(element.tagName)) unwrap(element);
    else if (element.tagName === "A" && !/^(https?:|mailto:|tel:|\/(?!\/))/i.test(element.getAttribute("href") ?? "")) unwrap(element);
  }
}

/** Two line breaks in a row are a new paragraph, as WhatsApp and Outlook mean them. */
function splitAtDoubleBreaks(body) {
  for (const paragraph of [...body.querySelectorAll("p, div")]) {
    if (paragraph.querySelector("p, div, ul, ol, table, blockquote, h1, h2, h3")) continue;
    const nodes = [...paragraph.childNodes];
    const parts = [[]];
    for (let i = 0; i < nodes.length; i += 1) {
      const isBreak = nodes[i].nodeName === "BR";
      if (isBreak && nodes[i + 1]?.nodeName === "BR") {
        while (nodes[i + 1]?.nodeName === "BR") i += 1;
        parts.push([]);
      } else parts.at(-1).push(nodes[i]);
    }
    if (parts.length === 1) continue;
    paragraph.replaceWith(...parts.filter((p) => p.length).map((part) => {
      const made = body.ownerDocument.createElement("p");
      made.append(...part);
      return made;
    }));
  }
}

const HOLDS = "img, figure, table, hr, li, [data-mention-user]";

function dropEmpty(body) {
  for (const element of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6, div, span, strong, em, b, i, li, ul, ol, blockquote")].reverse()) {
    if (!element.textContent.replace(/[\s\u00a0\u200b\ufeff]+/g, "") && !element.querySelector(HOLDS) && !element.matches("[data-pm-slice]") && !element.closest("td, th, figure")) {
      if (/^(SPAN|STRONG|EM|B|I)$/.test(element.tagName)) element.replaceWith(...element.childNodes);
      else element.remove();
    }
  }
}

const KEPT = {
  A: ["href", "title"], TD: ["colspan", "rowspan"], TH: ["colspan", "rowspan"], FIGURE: ["data-asset", "data-pasted"],
  SPAN: ["data-mention-user"],
};

function onlyKnownAttributes(body) {
  for (const element of body.querySelectorAll("*")) {
    const kept = KEPT[element.tagName] ?? [];
    for (const { name } of [...element.attributes]) {
      if (!kept.includes(name) && name !== "data-pm-slice") element.removeAttribute(name);
    }
  }
  for (const span of [...body.querySelectorAll("span:not([data-mention-user])")]) {
    if (!span.hasAttribute("data-pm-slice")) unwrap(span);
  }
}

/** Hard spaces keep lines from wrapping, zero-width ones hide in words. */
function plainSpaces(body) {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data } = walker.currentNode;
    const plain = data.replace(/\u00a0/g, " ").replace(/[\u200b\ufeff\u00ad]/g, "");
    if (plain !== data) walker.currentNode.data = plain;
  }
  body.normalize();
}

const unwrap = (element) => element.replaceWith(...element.childNodes);

function wrapInside(element, tag) {
  const made = element.ownerDocument.createElement(tag);
  made.append(...element.childNodes);
  element.append(made);
}

const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/**
 * Plain text as people write it in WhatsApp: *bold*, _italic_, lines with "- " or "1. " as lists, an empty line between
 * paragraphs.
 */
export function htmlFromChat(text) {
  const inline = (line) =>
    escape(line)
      .replace(/(^|[\s(“"'])\*(\S(?:[^*\n]*\S)?)\*(?=$|[\s).,;:!?”"'])/gu, "$1<strong>$2</strong>")
      .replace(/(^|[\s(“"'])_(\S(?:[^_\n]*\S)?)_(?=$|[\s).,;:!?”"'])/gu, "$1<em>$2</em>");
  // The line that WhatsApp puts before each copied message.
  const plain = text.replace(/\r\n?/g, "\n").replace(/^\[\d{1,2}[.:]\d{2}(?:[.:]\d{2})?, ?\d{1,2}\/\d{1,2}(?:\/\d{2,4})?\] [^:\n]{1,60}: /gmu, "");
  const out = [];
  for (const block of plain.split(/\n[ \t]*\n+/)) {
    let lines = [];
    let list = null;
    const flush = () => {
      if (lines.length) out.push(`<p>${lines.map(inline).join("<br>")}</p>`);
      lines = [];
      if (list) out.push(`<${list.tag}>${list.items.map((i) => `<li><p>${inline(i)}</p></li>`).join("")}</${list.tag}>`);
      list = null;
    };
    for (const line of block.split("\n")) {
      const item = /^\s*(?:([-•–·*])|(\d{1,2})[.)])\s+(.+)$/u.exec(line);
      const tag = item && (item[1] ? "ul" : "ol");
      if (!item) {
        if (list) flush();
        if (line.trim()) lines.push(line.trim());
      } else {
        if (!list || list.tag !== tag) {
          flush();
          list = { tag, items: [] };
        }
        list.items.push(item[3].trim());
      }
    }
    flush();
  }
  return out.join("");
}
