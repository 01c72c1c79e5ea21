/**
 * The plain text of a document and the way back: the projection that the server counts in (characters are code points;
 * within a block white space is folded to single blanks and trimmed, a line break is "\n"; blocks without text are left
 * out, the others are joined by "\n"; pictures are nothing; a mentioned person is the text that is shown).
 */

/** The words of a document, quickly: for counting. */
export function plainText(doc) {
  return doc.textBetween(0, doc.content.size, "\n", (leaf) => (leaf.type.name === "hardBreak" ? "\n" : (leaf.attrs.label ?? "")));
}

/** Every character with the positions before and after it. */
export function project(doc) {
  const out = [];
  let block = [];
  const add = (text, from, to) => {
    const before = block.at(-1)?.text ?? "\n";
    if (text === " " && (before === " " || before === "\n")) return;
    if (text === "\n") {
      if (before === " ") block.pop();
      if (!block.length) return;
    }
    block.push({ text, from, to });
  };
  const flush = () => {
    while (block.length && " \n".includes(block.at(-1).text)) block.pop();
    if (block.length && out.length) out.push({ text: "\n", from: block[0].from, to: block[0].from });
    for (const character of block) out.push(character);
    block = [];
  };
  doc.descendants((node, pos) => {
    if (!node.isTextblock) return true;
    node.forEach((child, inside) => {
      const at = pos + 1 + inside;
      if (child.type.name === "hardBreak") add("\n", at, at + 1);
      else if (child.isText) {
        let offset = at;
        for (const letter of child.text) {
          add(/[ \t\r\n\f]/.test(letter) ? " " : letter, offset, offset + letter.length);
          offset += letter.length;
        }
      } else for (const letter of child.attrs.label ?? "") add(letter, at, at + 1);
    });
    flush();
    return false;
  });
  return out;
}

/** Where a passage of the plain text stands in the document: {from, to}; null when it is none. */
export function rangeAt(start, end, known) {
  const passage = known.slice(Math.max(start, 0), end).filter((c) => c.to > c.from);
  return passage.length ? { from: passage[0].from, to: passage.at(-1).to } : null;
}

/** Where an offset of the plain text stands in the document. */
export function posAt(doc, offset, known = project(doc)) {
  if (!known.length) return 1;
  return offset < known.length ? known[Math.max(offset, 0)].from : known.at(-1).to;
}

/** The offset in the plain text of a position in the document. */
export function offsetAt(doc, pos, known = project(doc)) {
  const found = known.findIndex((c) => c.to > pos || (c.from >= pos && c.to > c.from));
  return found === -1 ? known.length : found;
}
