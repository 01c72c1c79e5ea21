// A row of tabs that is wider than the phone scrolls inside itself: the open one is brought into view.
export function bindTabRows(root) {
  for (const row of root.querySelectorAll(".tabs__row, .tabs:not(.tabs--more)")) {
    // Chromium leaves a tab where it is when a sliver of it can be seen.
    row.addEventListener("focusin", ({ target }) => target.scrollIntoView({ block: "nearest", inline: "nearest" }));
    const open = row.querySelector("[aria-current]");
    if (!open || row.scrollWidth <= row.clientWidth) continue;
    const past = open.getBoundingClientRect().right - row.getBoundingClientRect().right;
    // A little of the next one stays visible, so that one sees that there are more.
    if (past > -24) row.scrollLeft += past + 48;
  }
}
