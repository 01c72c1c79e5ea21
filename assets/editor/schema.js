/**
 * What a story's text may contain. Pasting goes through the same schema, so fonts, colours, classes and tables from
 * a word processor fall away and their text stays. The server's allow-list is the same set.
 */
import { Blockquote } from "@tiptap/extension-blockquote";
import { Bold } from "@tiptap/extension-bold";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Heading } from "@tiptap/extension-heading";
import { Italic } from "@tiptap/extension-italic";
import { Link } from "@tiptap/extension-link";
import { BulletList, ListItem, ListKeymap, OrderedList } from "@tiptap/extension-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Text } from "@tiptap/extension-text";
import { Dropcursor, Gapcursor, Placeholder, UndoRedo } from "@tiptap/extensions";
import { cleanPasted } from "./paste.js";
import { ALLOWED_PROTOCOLS, isSafeHref } from "./links.js";

/** Tab must leave the field (a keyboard is never trapped); Ctrl+] and Ctrl+[ nest a list instead. */
const Item = ListItem.extend({
  addKeyboardShortcuts() {
    return {
      Enter: () => this.editor.commands.splitListItem(this.name),
      "Mod-]": () => this.editor.commands.sinkListItem(this.name),
      "Mod-[": () => this.editor.commands.liftListItem(this.name),
    };
  },
});

/** The page has its own h1, so a pasted h1 is the text's h2 and anything deeper than h3 is an h3. */
const PageHeading = Heading.extend({
  parseHTML() {
    return [
      { tag: "h1", attrs: { level: 2 } },
      { tag: "h2", attrs: { level: 2 } },
      { tag: "h3", attrs: { level: 3 } },
      { tag: "h4", attrs: { level: 3 } },
      { tag: "h5", attrs: { level: 3 } },
      { tag: "h6", attrs: { level: 3 } },
    ];
  },
});

export function extensions({ placeholder }) {
  const list = [
    Document,
    Paragraph,
    Text,
    PageHeading.configure({ levels: [2, 3] }),
    Bold,
    Italic,
    BulletList,
    OrderedList,
    Item,
    ListKeymap,
    Blockquote,
    HardBreak,
    Link.configure({
      openOnClick: false,
      autolink: true,
      linkOnPaste: true,
      defaultProtocol: "https",
      protocols: ALLOWED_PROTOCOLS,
      // The server adds rel and target where a page is shown; the stored text carries the address alone.
      HTMLAttributes: { rel: null, target: null, class: null },
      isAllowedUri: (url) => isSafeHref(url),
    }),
    UndoRedo,
    Gapcursor,
    Dropcursor.configure({ color: false, class: "editor__drop" }),
    cleanPasted,
  ];
  if (placeholder) list.push(Placeholder.configure({ placeholder }));
  return list;
}
