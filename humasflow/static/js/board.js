// The board on a phone shows one column at a time; which one stays in the address, so that "back" comes back to it.
// On a wide screen, and without this file, all columns are there.

const board = document.querySelector("[data-lanes]");
const tabs = document.querySelector("[data-lane-tabs]");

if (board && tabs) {
  const lanes = [...board.querySelectorAll("[data-lane]")];
  const buttons = [...tabs.querySelectorAll("[data-lane]")];
  const show = (key, remember) => {
    for (const lane of lanes) lane.classList.toggle("col--shown", lane.dataset.lane === key);
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.lane === key));
    buttons.find((b) => b.dataset.lane === key)?.scrollIntoView({ block: "nearest", inline: "center" });
    if (remember) history.replaceState(null, "", `#kolom-${key}`);
  };
  tabs.addEventListener("click", (event) => {
    const button = event.target.closest("[data-lane]");
    if (button) show(button.dataset.lane, true);
  });
  const wanted = location.hash.replace("#kolom-", "");
  const filled = lanes.find((lane) => Number(lane.dataset.total) > 0) ?? lanes[0];
  show(lanes.some((lane) => lane.dataset.lane === wanted) ? wanted : filled.dataset.lane, false);
}
