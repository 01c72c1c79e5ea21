// Menus are <details>: a click outside, a step outside or Escape closes them; the arrow keys walk in them.
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** Down opens a menu that has the focus; the arrows, Home and End go round among its links and buttons. */
function walk(event) {
  const menu = event.target.closest?.("details.menu");
  if (!menu?.querySelector(".menu__list") || !(event.key in STEPS || event.key === "Home" || event.key === "End")) return;
  if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const onSummary = event.target.matches("summary");
  if (onSummary && !(event.key in STEPS)) return;
  event.preventDefault();
  menu.open = true;
  const items = [...menu.querySelectorAll(".menu__list :is(a[href], button:not(:disabled))")].filter((one) => one.getClientRects().length > 0);
  const at = items.indexOf(event.target);
  let next = at + STEPS[event.key];
  if (event.key === "Home" || (at < 0 && event.key === "ArrowDown")) next = 0;
  if (event.key === "End" || (at < 0 && event.key === "ArrowUp")) next = -1;
  items.at(next % items.length)?.focus();
}

export function bindMenus(root) {
  root.addEventListener("click", (event) => {
    for (const menu of root.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    if (event.target.closest("[data-back]") && history.length > 1) {
      event.preventDefault();
      history.back();
    }
  });
  // An open menu would lie over what the focus goes on to.
  root.addEventListener("focusout", ({ target, relatedTarget }) => {
    const menu = target.closest?.("details.menu[open]");
    // (Not when a click on words of the menu gives the focus to the page around it.)
    if (menu && relatedTarget && !menu.contains(relatedTarget) && !relatedTarget.contains(menu)) menu.open = false;
  });
  root.addEventListener("keydown", (event) => {
    walk(event);
    if (event.key !== "Escape") return;
    for (const menu of root.querySelectorAll("details.menu[open]")) {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary")?.focus();
    }
  });
}
