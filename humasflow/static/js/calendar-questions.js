// What is asked before something is moved: whether it shall go there in spite of what is said against it, and how much
// of what repeats. Fetched when there is something to ask.
import { words } from "./calendar-dom.js";

/** Open one of the page's dialogs; what was chosen, or null. */
function choose(dialog, bind) {
  return new Promise((resolve) => {
    let answer = null;
    const turn = new AbortController();
    bind((value) => { answer = value; dialog.close(); }, turn.signal);
    dialog.addEventListener("close", () => { turn.abort(); resolve(answer); }, { once: true });
    dialog.showModal();
  });
}

export function askWhetherStill(told) {
  const dialog = document.getElementById("moving-warned");
  const list = dialog.querySelector("[data-list]");
  const stays = (told.failed ?? []).map(({ message }) => ({ text: message, icon: "info" })); // whatever is decided
  list.replaceChildren(...[...(told.warnings ?? []), ...stays].map(({ text, icon = "warn" }) => {
    const line = document.createElement("li");
    line.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${words().sprite}#${icon}"></use></svg>`;
    const said = document.createElement("span");
    said.textContent = text;
    line.append(said);
    return line;
  }));
  return choose(dialog, (done, signal) => dialog.querySelector("[data-yes]").addEventListener("click", () => done(true), { signal }));
}

export function askExtent() {
  const dialog = document.getElementById("moving-extent");
  return choose(dialog, (done, signal) => dialog.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-extent]");
    if (button) done(button.dataset.extent);
  }, { signal }));
}
