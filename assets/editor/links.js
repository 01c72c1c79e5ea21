/** Links a public text may carry. A path is a page of this site. */
export const ALLOWED_PROTOCOLS = ["https", "http", "mailto", "tel"];

export function isSafeHref(href) {
  if (/^[/#](?!\/)/.test(href)) return true;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(href.trim());
  return scheme ? ALLOWED_PROTOCOLS.includes(scheme[1].toLowerCase()) : /^[^\s/]+\.[^\s]+$/.test(href.trim());
}

/**
 * What a person typed, as an address: "djkn.kemenkeu.go.id" gets https, an e-mail address gets mailto.
 * @returns {string | null} null when it cannot be one.
 */
export function toHref(typed) {
  const text = typed.trim();
  if (text === "") return null;
  if (/^[/#](?!\/)/.test(text)) return text;
  if (/^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(text)) return `mailto:${text}`;
  const hasScheme = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text);
  const candidate = hasScheme ? text : `https://${text}`;
  let url;
  try {
    url = new URL(candidate);
  } catch {
    return null;
  }
  if (!ALLOWED_PROTOCOLS.includes(url.protocol.slice(0, -1))) return null;
  const onTheWeb = url.protocol === "http:" || url.protocol === "https:";
  if (onTheWeb && !url.hostname.includes(".") && url.hostname !== "localhost") return null;
  return candidate;
}
