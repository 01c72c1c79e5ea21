// Behind an "@" a list of people opens; what is chosen is written out, so that the text reads the same without this file.
let people;

async function known(url) {
  people ??= fetch(url, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : { people: [] }))
    .then((data) => data.people)
    .catch(() => {
      people = undefined; // no network for a moment: the next "@" asks again
      return [];
    });
  return people;
}

const BEGUN = /(^|[\s(])@([^@\n]{0,40})$/u;

export function bindMentions(root, url) {
  let list = null;
  let field = null;
  let at = 0;

  const close = () => {
    list?.remove();
    list = null;
    for (const name of ["aria-activedescendant", "aria-controls", "aria-expanded"]) field?.removeAttribute(name);
  };
  const options = () => [...(list?.children ?? [])];
  const point = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    field.setAttribute("aria-activedescendant", option.id);
  };
  const choose = (option) => {
    const caret = field.selectionStart;
    field.setRangeText(`@${option.dataset.name} `, at, caret, "end");
    const hidden = document.createElement("input");
    Object.assign(hidden, { type: "hidden", name: "mention", value: option.dataset.person });
    field.form.append(hidden);
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  async function look(target) {
    const begun = BEGUN.exec(target.value.slice(0, target.selectionStart));
    if (!begun) {
      close();
      return;
    }
    const wanted = begun[2].toLowerCase();
    const found = (await known(url))
      .filter(({ name }) => name.toLowerCase().startsWith(wanted) || name.toLowerCase().split(" ").some((w) => wanted && w.startsWith(wanted)))
      .slice(0, 6);
    close();
    if (found.length === 0 || found.some(({ name }) => name.toLowerCase() === wanted.trim() && wanted.endsWith(" "))) return;
    field = target;
    at = target.selectionStart - begun[2].length - 1;
    list = document.createElement("ul");
    list.className = "mention-list";
    list.id = `${target.id}-orang`;
    list.setAttribute("role", "listbox");
    for (const person of found) {
      const option = document.createElement("li");
      option.id = `${list.id}-${person.id}`;
      option.setAttribute("role", "option");
      option.textContent = person.name;
      option.dataset.name = person.name;
      option.dataset.person = person.id;
      option.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        choose(option);
      });
      list.append(option);
    }
    target.after(list);
    target.setAttribute("aria-controls", list.id);
    target.setAttribute("aria-autocomplete", "list");
    point(list.firstElementChild);
  }

  root.addEventListener("input", (event) => {
    if (event.target.matches("textarea[data-mentions]")) look(event.target);
  });
  root.addEventListener("focusout", (event) => {
    if (event.target === field) close();
  });
  root.addEventListener("keydown", (event) => {
    if (!list || event.target !== field) return;
    const all = options();
    const now = all.findIndex((o) => o.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      point(all[(now + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length]);
    } else if (event.key === "Enter" || event.key === "Tab") {
      choose(all[now]);
    } else if (event.key === "Escape") {
      close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
}
