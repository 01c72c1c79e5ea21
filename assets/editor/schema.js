/**
 * What a story's text may contain. Pasting goes through the same schema, so fonts, colours and classes from a word
 * processor fall away and their text stays. The server's allow-list is the same set.
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
import { Figure } from "./figure.js";
import { ALLOWED_PROTOCOLS, isSafeHref } from "./links.js";
import { Pasting } from "./pasting.js";
import { Mention } from "./people.js";
import { Table, TableCell, TableHeader, TableRow } from "./tables.js";

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

/** The stored link carries its address and an explanation; rel is added where a page is shown. */
const StoryLink = Link.extend({
  addAttributes() {
    return { href: { default: null, parseHTML: (element) => element.getAttribute("href") }, title: { default: null } };
  },
});

export function extensions({ placeholder, words, prefix, pictures, people, upload, say }) {
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
    StoryLink.configure({
      openOnClick: false,
      autolink: true,
      linkOnPaste: true,
      defaultProtocol: "https",
      protocols: ALLOWED_PROTOCOLS,
      HTMLAttributes: { rel: null, target: null, class: null },
      isAllowedUri: (url) => isSafeHref(url),
    }),
    Table,
    TableRow,
    TableHeader,
    TableCell,
    Figure.configure({ pictures, words }),
    Mention.configure({ people, words, prefix }),
    Pasting.configure({ upload, say, words }),
    UndoRedo,
    Gapcursor,
    Dropcursor.configure({ color: false, class: "editor__drop" }),
  ];
  if (placeholder) list.push(Placeholder.configure({ placeholder }));
  return list;
}
