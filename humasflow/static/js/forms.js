// A form is sent once: the button rests until the answer comes, and wakes up when the person comes back to the page.
import { going, stay } from "./feedback.js";
import { say } from "./say.js";

function rest(form, submitter) {
  form.dataset.underWay = "";
  going(submitter ?? form.querySelector("button:not([type=button])"));
  // After the browser has read the form: a disabled button would not be sent along.
  setTimeout(() => {
    for (const button of form.querySelectorAll("button:not([type=button], [disabled])")) {
      button.disabled = true;
      button.dataset.rests = "";
    }
  });
}

function wake(root) {
  stay();
  for (const form of root.querySelectorAll("form[data-under-way]")) delete form.dataset.underWay;
  for (const button of root.querySelectorAll("button[data-rests]")) {
    button.disabled = false;
    delete button.dataset.rests;
  }
}

// A list in another order comes as a new page: the focus goes back to the button that was pressed, or to its twin at an end.
const MOVED = "moved-by";

function backToMover(root) {
  const name = sessionStorage.getItem(MOVED);
  sessionStorage.removeItem(MOVED);
  const button = name && [...root.querySelectorAll("[data-mover]")].find((one) => one.getAttribute("aria-label") === name);
  if (button) (button.disabled ? button.closest("form").parentElement.querySelector("[data-mover]:not(:disabled)") : button)?.focus();
}

export function bindForms(root) {
  backToMover(root);
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if ("underWay" in form.dataset && !event.defaultPrevented) {
      event.preventDefault();
      return;
    }
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      return;
    }
    if (event.submitter?.matches("[data-mover]")) sessionStorage.setItem(MOVED, event.submitter.getAttribute("aria-label"));
  });
  // Last of all: a form that a script sends itself shows so itself.
  window.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || form.target || submitter?.formTarget) return;
    const method = submitter?.getAttribute("formmethod") ?? form.method;
    if (method === "post") rest(form, submitter);
    else if (method === "get") going(submitter);
  });
  window.addEventListener("pageshow", () => wake(root));
  // Escape is how a person stops a page that is on its way; the browser tells nobody.
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && "going" in document.documentElement.dataset) wake(root);
  });
  root.addEventListener("change", (event) => {
    if (event.target.matches("[data-autosubmit]")) event.target.form?.requestSubmit();
  });
  root.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-toggle-password]");
    if (!toggle) return;
    const field = document.querySelector(toggle.dataset.togglePassword);
    const hidden = field.type === "password";
    field.type = hidden ? "text" : "password";
    toggle.setAttribute("aria-pressed", String(hidden));
    toggle.textContent = hidden ? say("hide") : say("show");
  });
  root.addEventListener("input", (event) => {
    const list = event.target.dataset?.filterList && root.querySelector(event.target.dataset.filterList);
    if (!list) return;
    const wanted = event.target.value.trim().toLowerCase();
    for (const item of list.children) item.hidden = !item.textContent.toLowerCase().includes(wanted);
  });
}
