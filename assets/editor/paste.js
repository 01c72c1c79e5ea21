/** Takes out what word processors put into the clipboard besides the text. The schema drops the rest. */
import { Extension } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";

/**
 * Works on the string: the clipboard's HTML is parsed after this, and a style attribute or handler that is never
 * parsed is never reported by the Content-Security-Policy. This is tidiness; safety is the schema's and the server's.
 */
export function cleanClipboard(html) {
  return html
    .replace(/<!--[\s\S]*?-->/g, "") // Word's conditional comments and the fragment markers
    .replace(/<(style|script|xml|title|head)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/<\/?(?:o|w|m|v|st1):[^>]*>/gi, "") // Office's own elements
    .replace(/<(?:meta|link|base)\b[^>]*>/gi, "")
    .replace(/<b\s[^>]*font-weight:\s*normal[^>]*>/gi, "<span>") // Google Docs wraps everything in a <b> that is not bold
    .replace(/(<[a-z][^>]*?)\sstyle\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi, "$1")
    .replace(/(<[a-z][^>]*?)\son[a-z]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi, "$1")
    .replace(/&nbsp;(?=\S)(?<=\S&nbsp;)/g, " "); // a lone hard space between two words keeps lines from wrapping
}

export const cleanPasted = Extension.create({
  name: "cleanPasted",
  addProseMirrorPlugins() {
    return [new Plugin({ props: { transformPastedHTML: cleanClipboard } })];
  },
});
