// What a hand does and what it holds.

/** A plain press of the main button: not the one that opens a window of its own. */
export const plain = (event) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/** Whether the window is as narrow as a phone's. */
export const narrow = () => window.matchMedia("(max-width: 52rem)").matches;
