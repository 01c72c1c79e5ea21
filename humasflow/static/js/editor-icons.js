// Pictures on the toolbar: letters where a letter says it best, otherwise the product's own icons.
const GLYPHS = {
  heading2: "H2", heading3: "H3", bold: "B", italic: "I", hardBreak: "↵", mention: "@",
};
const ICONS = {
  link: "link", image: "image", bulletList: "list", orderedList: "list-numbers", blockquote: "quote", table: "table",
  undo: "undo", redo: "redo",
};

export function iconsFrom(sprite) {
  return (name) => {
    if (ICONS[name] && sprite) {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("class", "icon");
      svg.setAttribute("aria-hidden", "true");
      const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
      use.setAttribute("href", `${sprite}#${ICONS[name]}`);
      svg.append(use);
      return svg;
    }
    if (!GLYPHS[name]) return null;
    const glyph = document.createElement("span");
    glyph.className = `editor__glyph${name === "italic" ? " editor__glyph--italic" : ""}`;
    glyph.setAttribute("aria-hidden", "true");
    glyph.textContent = GLYPHS[name];
    return glyph;
  };
}
