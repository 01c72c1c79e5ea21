// The post editor: while somebody writes, the server is asked what the channel would say, in its own sentences.
// The list is the one the page came with; without this file it is as fresh as the last save.

const PAUSE = 600;

function item(problem, form) {
  const row = document.createElement("li");
  row.className = problem.blocks ? "blocks" : "advises";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", problem.blocks ? form.dataset.sayBlocks : form.dataset.sayAdvises);
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${form.dataset.sprite}#${problem.blocks ? "warn" : "info"}`);
  svg.append(use);
  const words = document.createElement("span");
  words.textContent = problem.message;
  row.append(svg, words);
  return row;
}

function bind(form) {
  const text = form.querySelector("[name=text]");
  const list = form.querySelector("[data-problem-list]");
  const verdict = form.querySelector("[data-verdict]");
  const preview = form.querySelector("[data-preview]");
  const previewLink = form.querySelector("[data-preview-link]");
  let timer;
  let asked = 0;

  const show = ({ problems, limit }) => {
    list.replaceChildren(...problems.map((problem) => item(problem, form)));
    verdict.textContent = problems.some((p) => p.blocks) ? verdict.dataset.sayErrors : verdict.dataset.sayFine;
    // The limit may depend on whether there are pictures (a caption is shorter than a message).
    const wanted = limit === null ? "" : String(limit);
    if (text.hasAttribute("data-limit") && text.dataset.limit !== wanted) text.dataset.limit = wanted;
  };

  const ask = async () => {
    const mine = ++asked;
    const body = new FormData(form);
    body.delete("form_token"); // asking is not sending: the form's own token stays unused
    try {
      const answer = await fetch(form.dataset.postEditor, { method: "POST", body, headers: { Accept: "application/json" } });
      // A later question has its own answer; an expired sign-in is told when the person saves.
      if (answer.ok && !answer.redirected && mine === asked) show(await answer.json());
    } catch { /* no network: the list stays as it was, and saving tells */ }
  };

  form.addEventListener("input", () => {
    if (preview) preview.textContent = text.value || preview.dataset.preview;
    if (previewLink) previewLink.textContent = form.querySelector("[name=link]").value;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}

document.querySelectorAll("form[data-post-editor]").forEach(bind);
