// How long a text is, counted the way its channel counts. The server counts again with the same rules.
const URL_PATTERN = /https?:\/\/[^\s]+/giu;

function graphemes(text) {
  if (Intl.Segmenter) return [...new Intl.Segmenter("id", { granularity: "grapheme" }).segment(text)];
  return [...text].map((segment) => ({ segment }));
}

/** twitter-text v3: links count 23, most Latin 1, everything else and each emoji 2. */
function weighted(text) {
  let total = 0;
  const rest = text.normalize("NFC").replace(URL_PATTERN, () => { total += 23; return ""; });
  for (const { segment } of graphemes(rest)) {
    if (/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(segment)) { total += 2; continue; }
    for (const char of segment) {
      const code = char.codePointAt(0);
      const light = code <= 4351 || (code >= 8192 && code <= 8205) || (code >= 8208 && code <= 8223) || (code >= 8242 && code <= 8247);
      total += light ? 1 : 2;
    }
  }
  return total;
}

const bytes = (text) => new TextEncoder().encode(text).length;
export const COUNTERS = {
  chars: (text) => [...text].length,
  utf16: (text) => text.length,
  graphemes: (text) => graphemes(text).length,
  bytes,
  weighted,
  chars_emoji_bytes: (text) => graphemes(text).reduce((sum, { segment }) => sum + (/\p{Extended_Pictographic}/u.test(segment) ? bytes(segment) : [...segment].length), 0),
};

export function bindCounters(root) {
  for (const field of root.querySelectorAll("[data-counter]")) {
    const output = document.getElementById(`${field.id}-counter`);
    if (!output) continue;
    const count = COUNTERS[field.dataset.counter] ?? COUNTERS.chars;
    const limit = Number(field.dataset.limit) || 0;
    const show = () => {
      const used = count(field.value.replace(/\r\n/g, "\n"));
      const number = (n) => n.toLocaleString(document.documentElement.lang);
      output.textContent = limit ? `${number(used)} / ${number(limit)}` : number(used);
      output.classList.toggle("over", limit > 0 && used > limit);
    };
    field.addEventListener("input", show);
    show();
  }
}
