// Adds the parts of a publication up while they are typed; the server checks the sum when they are saved.

const PLACES = 4;

/** A number as people write it, in steps of 10^-PLACES, so that 0,1 + 0,2 is 0,3; null for what is none. */
function steps(text) {
  const plain = text.trim().replace(",", ".");
  if (plain === "") return 0;
  if (!/^\d{1,6}(\.\d{0,4})?$/.test(plain)) return null;
  const [whole, rest = ""] = plain.split(".");
  return Number(whole) * 10 ** PLACES + Number(rest.padEnd(PLACES, "0"));
}

for (const set of document.querySelectorAll("[data-shares]")) {
  const output = set.querySelector("[data-shares-sum]");
  const fields = [...set.querySelectorAll("input")];
  const show = () => {
    const parts = fields.map((field) => steps(field.value));
    const known = !parts.includes(null);
    const sum = parts.reduce((total, part) => total + (part ?? 0), 0);
    const number = (sum / 10 ** PLACES).toLocaleString(document.documentElement.lang || "id");
    output.textContent = known ? `${number}%` : "—";
    output.classList.toggle("off", sum !== 100 * 10 ** PLACES || !known);
  };
  set.addEventListener("input", show);
  show();
}
