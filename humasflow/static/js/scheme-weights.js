// The sum of the weights while they are typed. The server adds them up again, exactly.
const form = document.querySelector("[data-weights]");
const sum = document.querySelector("[data-weight-sum]");
const PLACES = 6;

function scaled(text) {
  const plain = text.trim().replace(/[.\s](?=\d{3}(\D|$))/g, "").replace(",", ".");
  if (!/^\d{0,3}(\.\d{0,6})?$/.test(plain)) return null;
  const [whole, rest = ""] = plain.split(".");
  return Number((whole || "0") + rest.padEnd(PLACES, "0"));
}

function show() {
  const fields = [...document.querySelectorAll("[data-weight]")];
  const values = fields.map((field) => scaled(field.value));
  const known = !values.includes(null); // a sum without the field that cannot be read would be another sum
  const total = values.reduce((a, b) => a + (b ?? 0), 0);
  const words = document.documentElement.lang || "id";
  const number = (total / 10 ** PLACES).toLocaleString(words, { maximumFractionDigits: PLACES });
  sum.textContent = known ? number : "—";
  sum.classList.toggle("sum--off", !known || total !== 100 * 10 ** PLACES);
}

if (form && sum) {
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-weight]")) show();
  });
  show();
}
