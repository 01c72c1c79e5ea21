/** How long the text is, counted as the server counts: what stands between white space is a word. */
import { fill } from "./labels.js";

export const countWords = (text) => text.split(/\s+/u).filter(Boolean).length;

/** Characters as people count them: without the breaks between paragraphs. */
export const countCharacters = (text) => [...text.replace(/\n/g, "")].length;

export function readingMinutes(words, perMinute) {
  return Math.max(1, Math.round(words / perMinute));
}

export function describe(text, selected, words, perMinute) {
  const number = (n) => n.toLocaleString(document.documentElement.lang || "id");
  const total = countWords(text);
  const parts = [
    fill(words.words, number(total)),
    fill(words.characters, number(countCharacters(text))),
    fill(words.minutes, number(readingMinutes(total, perMinute))),
  ];
  if (selected.trim()) parts.push(fill(words.selected, number(countWords(selected)), number(countCharacters(selected))));
  return parts.join(" · ");
}
