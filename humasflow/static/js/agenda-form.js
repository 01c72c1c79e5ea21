// The form of an event: only the questions that matter for the repetition and the times that were picked, an end that
// follows the start, and the repetition said in a sentence while it is being typed.
const form = document.getElementById("agenda-form");
const at = (id) => document.getElementById(id);
const [repeat, allDay, starts, ends, startsOn, endsOn] = [
  "repeat", "all_day", "starts_time", "ends_time", "starts_on", "ends_on",
].map(at);
const parts = form?.querySelector("[data-repeat-parts]");
const said = form?.querySelector("[data-repeat-said]");
const DAY = 24 * 60;

const minutes = (text) => {
  const found = /^(\d{1,2})[:.](\d{2})/.exec(text);
  return found ? Number(found[1]) * 60 + Number(found[2]) : null;
};
const clock = (total) =>
  `${String(Math.floor(total / 60)).padStart(2, "0")}:${String(total % 60).padStart(2, "0")}`;

function show() {
  parts.hidden = repeat.value === "" || repeat.value === "kept";
  at("weekdays").hidden = repeat.value !== "weekly";
  for (const one of [starts, ends]) one.closest(".field").hidden = allDay.checked;
}

// How long it takes stays, whatever it begins; over midnight nothing is guessed.
let before = starts ? minutes(starts.defaultValue) : null;
function followStart() {
  const now = minutes(starts.value);
  const end = minutes(ends.value);
  if (now !== null && before !== null && end !== null && end > before && !endsOn.value) {
    const moved = end + now - before;
    if (moved < DAY) ends.value = clock(moved);
  }
  if (now !== null) before = now;
}

let firstDay = startsOn?.defaultValue;
function followDay() {
  if (firstDay && startsOn.value && endsOn.value) {
    const by = Date.parse(startsOn.value) - Date.parse(firstDay);
    const moved = new Date(Date.parse(endsOn.value) + by);
    if (!Number.isNaN(moved.getTime())) endsOn.value = moved.toISOString().slice(0, 10);
  }
  if (startsOn.value) firstDay = startsOn.value;
}

let waiting;
let asked = 0;
function ask() {
  clearTimeout(waiting);
  waiting = setTimeout(say, 250);
}

async function say() {
  if (parts.hidden) {
    said.hidden = true;
    return;
  }
  const mine = ++asked;
  const fields = new URLSearchParams();
  const names = ["starts_on", "starts_time", "ends_on", "ends_time", "repeat", "interval", "weekdays", "until_on", "count"];
  for (const [name, value] of new FormData(form)) if (names.includes(name)) fields.append(name, value);
  if (allDay.checked) fields.append("all_day", "y");
  try {
    const answer = await fetch(`${form.dataset.repetition}?${fields}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || mine !== asked) return;
    const told = await answer.json();
    said.textContent = told.wrong || told.text;
    said.classList.toggle("wrong", Boolean(told.wrong));
    said.hidden = !said.textContent;
  } catch {
    said.hidden = true; // without a network the form works all the same
  }
}

if (repeat && parts) {
  repeat.addEventListener("change", show);
  allDay.addEventListener("change", show);
  starts.addEventListener("change", followStart);
  startsOn.addEventListener("change", followDay);
  form.addEventListener("input", ask);
  form.addEventListener("change", ask);
  // What was typed before this script came counts as well.
  if (ends.value === ends.defaultValue) followStart();
  if (endsOn.value === endsOn.defaultValue) followDay();
  show();
  say();
}
