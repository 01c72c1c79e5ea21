// The dialog of the search: a combobox over a listbox (ARIA APG). The server sends the options, as the page shows them.
const PAUSE_MS = 160; // between the last letter and the question
const SLOW_MS = 300; // nothing is said of waiting that is shorter

let find;

function build() {
  document.body.append(document.getElementById("find-template").content.cloneNode(true));
  const dialog = document.getElementById("find");
  const input = dialog.querySelector("[role=combobox]");
  const body = dialog.querySelector("[data-find-body]");
  const said = dialog.querySelector("[data-find-said]");
  let asking;
  let timer = 0;
  let shown = null; // what the options answer to

  const options = () => [...body.querySelectorAll("[role=option]")];
  const active = () => document.getElementById(input.getAttribute("aria-activedescendant") || "");

  function mark(option) {
    active()?.setAttribute("aria-selected", "false");
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function show(fresh) {
    const chosen = active()?.href; // an answer that comes late does not take the choice away
    body.replaceChildren(...fresh.childNodes);
    const any = options().length > 0;
    input.setAttribute("aria-expanded", String(any));
    if (any) input.setAttribute("aria-controls", "find-list");
    else input.removeAttribute("aria-controls");
    input.removeAttribute("aria-activedescendant");
    body.scrollTop = 0;
    if (chosen) mark(options().find((option) => option.href === chosen));
    said.textContent = fresh.dataset.said || "";
  }

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    const typed = input.value.trim();
    const slow = setTimeout(() => { dialog.dataset.waits = ""; }, SLOW_MS);
    try {
      const address = `${dialog.dataset.address}?${new URLSearchParams({ q: typed, hanya: "hasil" })}`;
      const answer = await fetch(address, { signal, redirect: "error", headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (signal.aborted) return;
      show(document.importNode(page.body.firstElementChild, true));
      shown = typed;
    } catch (error) {
      if (signal.aborted) return;
      shown = null;
      const sorry = document.createElement("div");
      const words = document.createElement("p");
      words.className = "find__none";
      words.textContent = dialog.dataset.failed;
      sorry.dataset.said = dialog.dataset.failed;
      sorry.append(words);
      show(sorry);
    } finally {
      clearTimeout(slow);
      if (!signal.aborted) delete dialog.dataset.waits;
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    mark(null);
    if (input.value.trim() !== shown) timer = setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const all = options();
      if (!all.length) return;
      const at = all.indexOf(active());
      mark(all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length]);
    } else if (event.key === "Enter" && active()) {
      event.preventDefault();
      active().click();
    }
  });
  // Not the pointer alone: what it rests on is what Enter would open.
  body.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== active()) mark(option);
  });
  dialog.addEventListener("close", () => {
    clearTimeout(timer);
    asking?.abort();
    delete dialog.dataset.waits;
  });
  // An option within the page that is open already only closes the dialog.
  body.addEventListener("click", (event) => { if (event.target.closest("a")) dialog.close(); });
  return { dialog, input, ask };
}

/** Open the dialog; the browser gives the focus back to where it was when it closes. */
export function openFind() {
  find ??= build();
  if (find.dialog.open) return;
  find.dialog.showModal();
  find.input.focus();
  find.input.select();
  find.ask();
}
