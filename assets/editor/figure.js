/**
 * A picture of the library inside the text. The text knows its number alone; what it shows and the words about it come
 * from `pictures`, which the page keeps beside the text (one place for caption, credit and alternative text).
 *
 * `pictures`: { get(id) → {src, alt, caption, credit} | null, load(id) → Promise, subscribe(fn) → unsubscribe }
 */
import { Node } from "@tiptap/core";
import { fill } from "./labels.js";

export const Figure = Node.create({
  name: "figure",
  group: "block",
  atom: true,
  draggable: true,
  addOptions: () => ({ pictures: null, words: {} }),
  addAttributes: () => ({
    asset: { default: null, renderHTML: ({ asset }) => ({ "data-asset": asset }) },
  }),
  parseHTML: () => [
    {
      tag: "figure[data-asset]",
      getAttrs: (element) => (/^[1-9]\d{0,17}$/.test(element.dataset.asset) ? { asset: element.dataset.asset } : false),
    },
  ],
  renderHTML: ({ HTMLAttributes }) => ["figure", HTMLAttributes],
  renderText: () => "",

  addNodeView() {
    const { pictures, words } = this.options;
    return ({ node }) => {
      const dom = document.createElement("figure");
      dom.className = "editor-figure";
      dom.contentEditable = "false";
      const id = String(node.attrs.asset);
      const show = () => drawFigure(dom, pictures?.get(id) ?? null, words);
      show();
      if (pictures && !pictures.get(id)) pictures.load(id).then(show, () => {});
      const leave = pictures?.subscribe(show);
      return {
        dom,
        ignoreMutation: () => true,
        update: (next) => next.type === node.type && String(next.attrs.asset) === id,
        destroy: () => leave?.(),
      };
    };
  },

  addCommands() {
    return {
      insertFigure: (asset) => ({ commands, state }) => {
        const { $to } = state.selection;
        const figure = { type: this.name, attrs: { asset: String(asset) } };
        // A cell holds words: the picture goes below the table.
        const depth = [...Array($to.depth + 1).keys()].find((d) => $to.node(d).type.name === "table");
        const after = depth === undefined ? null : $to.after(depth);
        const atEnd = (after ?? state.selection.to) >= state.doc.content.size - 1;
        // Somewhere to go on writing.
        const content = atEnd ? [figure, { type: "paragraph" }] : [figure];
        return after === null ? commands.insertContent(content) : commands.insertContentAt(after, content);
      },
    };
  },
});

function drawFigure(dom, picture, words) {
  dom.replaceChildren();
  if (!picture) {
    dom.textContent = words.figureLoading;
    return;
  }
  const image = document.createElement("img");
  image.src = picture.src;
  image.alt = picture.alt;
  const caption = document.createElement("figcaption");
  const credit = picture.credit ? fill(words.photoBy, picture.credit) : words.figureNoCredit;
  caption.append([picture.caption, credit].filter(Boolean).join(" "));
  dom.append(image, caption);
  if (!picture.alt) {
    const missing = document.createElement("small");
    missing.className = "editor-figure__missing";
    missing.textContent = words.figureNoAlt;
    dom.append(missing);
  }
}
