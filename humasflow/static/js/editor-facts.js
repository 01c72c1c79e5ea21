// Facts beside the text: put where the caret is, the dateline composed, the credit line shown, the genre's fields.
import { creditLine, listed } from "./credits.js";

// A date goes out to the public, so it is in Indonesian whatever language the editor works in.
const LONG_DATE = new Intl.DateTimeFormat("id-ID", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const PLAIN_DATE = new Intl.DateTimeFormat("id-ID", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

function dateIn(text, format) {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})$/.exec(text)?.map((v, i, all) => (i === 1 ? all[3] : i === 3 ? all[1] : v));
  if (!iso) return "";
  const date = new Date(Date.UTC(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3])));
  return date.getUTCMonth() === Number(iso[2]) - 1 ? format.format(date) : "";
}

/** "A, Kepala Kantor; B, Ketua" → "A, Kepala Kantor, dan B, Ketua". */
export function people(text) {
  const names = text.split(/[;\n]+/).map((n) => n.trim()).filter(Boolean);
  if (names.length < 2) return names.join("");
  const comma = names.length > 2 || names.some((n) => n.includes(",")) ? "," : "";
  return `${names.slice(0, -1).join(comma ? ", " : " ")}${comma} dan ${names.at(-1)}`;
}

export function bindFacts(form, { insert, credits }) {
  const value = (name) => form.elements.namedItem(name)?.value.trim() ?? "";
  const genres = JSON.parse(form.dataset.genres);
  const patterns = JSON.parse(form.dataset.credits);
  const advice = JSON.parse(form.dataset.advice);
  const line = form.querySelector("[data-credit-line]");
  const kind = form.elements.namedItem("content_type_id");

  const credit = () => creditLine(patterns[kind.value] ?? "", { penulis: value("writer_credit"), foto: listed(credits()), editor: value("editor_credit") });
  const texts = {
    agenda: () => value("agenda"), date: () => dateIn(value("event_date"), LONG_DATE), place: () => value("place"),
    people: () => people(value("people")), contact: () => value("contact"), dateline: () => value("dateline"),
    claim: () => value("claim"), fact_source: () => value("fact_source"), credits: credit,
  };

  function refresh() {
    if (line) line.textContent = credit();
    for (const button of form.querySelectorAll("[data-insert]")) button.disabled = !texts[button.dataset.insert]();
    const compose = form.querySelector("[data-compose-dateline]");
    if (compose) compose.disabled = !(value("place") || value("event_date"));
  }
  function showGenre() {
    const genre = genres[kind.value];
    if (!genre) return;
    for (const part of form.querySelectorAll("[data-for-genre]")) {
      const filled = [...part.querySelectorAll("input, textarea")].some((f) => f.value.trim());
      part.hidden = !part.dataset.forGenre.split(" ").includes(genre) && !filled;
    }
    const tip = form.querySelector("[data-advice-line]");
    tip.hidden = !advice[genre];
    tip.querySelector("span").textContent = advice[genre] ?? "";
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (button) insert(texts[button.dataset.insert]());
    if (event.target.closest("[data-compose-dateline]")) {
      const city = value("place").split(",").at(-1).trim().toLocaleUpperCase("id");
      const field = form.elements.namedItem("dateline");
      field.value = [city, dateIn(value("event_date"), PLAIN_DATE)].filter(Boolean).join(", ");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    }
  });
  form.addEventListener("input", refresh);
  kind.addEventListener("change", () => {
    showGenre();
    refresh();
  });
  refresh();
}
