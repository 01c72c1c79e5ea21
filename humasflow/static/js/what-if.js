// Andai: asks the server again at each change, so that the total is always its own. Without this the button does.
const PAUSE = 250;
const part = (root, name) => root.querySelector(`[data-what-if-part="${CSS.escape(name)}"]`);

// What the server answered, in place of what is shown. Fields stay as they are: somebody may be typing in them.
function show(form, fresh) {
  for (const holder of form.querySelectorAll("[data-what-if-part]")) {
    const answered = part(fresh, holder.dataset.whatIfPart);
    // Only what changed, so that nothing is read aloud twice.
    if (!answered || answered.innerHTML === holder.innerHTML) continue;
    holder.replaceChildren(...[...answered.childNodes].map((node) => document.importNode(node, true)));
  }
  for (const field of form.querySelectorAll("[data-what-if-field]")) {
    const input = field.querySelector("input");
    const wrong = fresh.getElementById(input.id)?.getAttribute("aria-invalid") === "true";
    field.classList.toggle("field--error", wrong);
    if (wrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}

for (const form of document.querySelectorAll("[data-what-if]")) {
  const stale = form.querySelector("[data-what-if-stale]");
  let timer = 0;
  let asked = 0;
  const ask = async () => {
    const mine = ++asked;
    const url = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    let fresh = null;
    try {
      const answer = await fetch(url, { headers: { Accept: "text/html" }, redirect: "error" });
      if (answer.ok) fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      // No network for a moment, or signed out meanwhile: the sentence below says so, and the button asks again.
    }
    if (mine !== asked) return;
    const isAnswer = fresh !== null && part(fresh, "total") !== null;
    stale.hidden = isAnswer;
    if (!isAnswer) return;
    show(form, fresh);
    history.replaceState(null, "", url);
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}
