// Choosing a person: marks at once who is away on the chosen day. The server asks the same question again.
const due = document.querySelector("[data-due]");
const people = [...document.querySelectorAll("[data-away]")];

function isAway(spans, day) {
  return spans.split(" ").filter(Boolean).some((span) => {
    const [first, last] = span.split("/");
    return first <= day && day <= last;
  });
}

function mark() {
  const day = due.value;
  if (!day) return;
  for (const person of people) person.classList.toggle("picker__person--away", isAway(person.dataset.away, day));
}

if (due && people.length) {
  due.addEventListener("change", mark);
  mark();
}
