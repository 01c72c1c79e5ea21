// Spreads a table that is pasted into one cell of a grid over the cells right of it and below. Without scripts the
// same table goes into the field for pasting.

/** The rows and cells of what a spreadsheet puts on the clipboard. */
function tableOf(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  return lines.map((line) => line.split("\t"));
}

for (const grid of document.querySelectorAll("[data-paste-grid]")) {
  const status = document.querySelector(grid.dataset.pasteGrid);
  const rows = () => [...grid.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td input")]);
  grid.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const table = tableOf(text);
    if (table.length === 1 && table[0].length === 1) return;
    const fields = rows();
    const top = fields.findIndex((row) => row.includes(event.target));
    if (top < 0) return;
    event.preventDefault();
    const left = fields[top].indexOf(event.target);
    let filled = 0;
    let beyond = 0;
    table.forEach((line, down) =>
      line.forEach((cell, right) => {
        const field = fields[top + down]?.[left + right];
        if (!field) {
          if (cell.trim()) beyond += 1;
          return;
        }
        field.value = cell.trim();
        field.dispatchEvent(new Event("input", { bubbles: true }));
        filled += 1;
      }),
    );
    if (status) {
      const words = beyond ? status.dataset.beyond : status.dataset.filled;
      status.textContent = words.replace("%n", filled).replace("%b", beyond);
    }
  });
  // Up, down and Enter move as in a spreadsheet.
  grid.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
    if (!step || !event.target.matches("td input") || event.ctrlKey || event.metaKey || event.altKey) return;
    const fields = rows();
    const row = fields.findIndex((one) => one.includes(event.target));
    const next = fields[row + step]?.[fields[row].indexOf(event.target)];
    event.preventDefault();
    next?.focus();
    next?.select();
  });
}
