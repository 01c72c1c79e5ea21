/** The name of this window, as long as it shows this page. Works without a secure context, as inside many offices. */
export const tab = [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");
