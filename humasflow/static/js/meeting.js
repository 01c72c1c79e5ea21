// Minutes that several people write at once: a line is sent without leaving the page, the lines of others appear by
// themselves, and what is being typed is never touched. Without this file every form leads back to the page.
import { bindKeep, store } from "./keep.js";
import { toast } from "./toasts.js";

const EVERY = 10_000;

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

function start(panel) {
  const list = panel.querySelector("[data-minutes-list]");
  const status = panel.querySelector("[data-minutes-status]");
  const isWritten = (part) => [...part.querySelectorAll("textarea, input")].some((t) => t.value !== t.defaultValue);

  /**
   * The lines anew; one in which somebody is writing stays as it is, so that its save is checked against what it showed,
   * also when somebody else has removed it: the answer to that save shows the text.
   */
  function take(data, sent = null) {
    const active = list.contains(document.activeElement) ? document.activeElement : null;
    const fresh = document.createElement("template");
    fresh.innerHTML = data.html;
    bindKeep(fresh.content);
    for (const line of fresh.content.querySelectorAll("[data-note]")) {
      const known = list.querySelector(`[data-note="${CSS.escape(line.dataset.note)}"]`);
      if (!known || known.contains(sent)) continue;
      if (isWritten(known)) line.replaceWith(known);
      else if (known.querySelector("details")?.open && line.querySelector("details")) line.querySelector("details").open = true;
    }
    const left = [...list.querySelectorAll("[data-note]")].filter((line) => isWritten(line) && !line.contains(sent));
    if (left.length) {
      let lines = fresh.content.querySelector(".minutes");
      if (!lines) {
        lines = document.createElement("ol");
        lines.className = "minutes";
        fresh.content.append(lines);
      }
      lines.append(...left);
    }
    list.replaceChildren(fresh.content);
    if (active?.isConnected) active.focus({ preventScroll: true }); // a line that is moved loses it
    panel.dataset.stamp = data.stamp;
  }

  /** Somebody closed them. A page on which something is being typed stays, so that it can be taken elsewhere. */
  function closed() {
    if (![...document.querySelectorAll("form[data-keep]")].some(isWritten)) {
      location.reload();
      return;
    }
    delete panel.dataset.minutes;
    toast(panel.dataset.sayClosed);
  }

  async function look() {
    if (document.visibilityState !== "visible" || !panel.dataset.minutes) return;
    try {
      const address = `${panel.dataset.minutes}?${new URLSearchParams({ cap: panel.dataset.stamp })}`;
      const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "error" });
      if (answer.status !== 200) return;
      const data = await answer.json();
      if (!data.open) {
        closed();
        return;
      }
      const focused = document.activeElement?.closest("[data-note]")?.dataset.note;
      const isWriting = document.activeElement?.matches("textarea");
      if (focused && !isWriting) {
        const control = document.activeElement.matches("summary") ? "summary" : "";
        take(data);
        if (control) list.querySelector(`[data-note="${CSS.escape(focused)}"] ${control}`)?.focus({ preventScroll: true });
      } else {
        if (focused && isWriting && !isWritten(document.activeElement.closest("[data-note]"))) return; // about to write
        take(data);
      }
      status.textContent = panel.dataset.sayFresh;
    } catch {
      // No network for a moment: the next look asks again.
    }
  }

  function fail(form, message) {
    let error = form.querySelector("[data-error]");
    if (!error) {
      error = document.createElement("p");
      error.className = "field__error";
      error.dataset.error = "";
      error.setAttribute("role", "alert");
      form.querySelector("textarea").after(error);
    }
    error.textContent = message;
  }

  /** Whatever is not a plain yes is answered by the page itself, which shows both texts and every reason. */
  function sendPlainly(form, submitter) {
    if (submitter?.formAction && submitter.hasAttribute("formaction")) form.action = submitter.formAction;
    form.submit();
  }

  function after(form, data) {
    store.drop(form.dataset.keep);
    const isLine = list.contains(form);
    take(data, form);
    const line = list.querySelector(`#${CSS.escape(data.anchor)}`);
    line?.classList.add("is-new");
    line?.scrollIntoView({ block: "nearest" });
    if (isLine) (line?.querySelector("summary") ?? panel.querySelector("h2")).focus({ preventScroll: true });
    else {
      form.elements.text.value = form.elements.text.defaultValue = "";
      form.elements.form_token.value = data.token;
      form.querySelector("[data-error]")?.remove();
      const details = form.closest("details");
      if (details) details.open = false;
      (details?.querySelector("summary") ?? form.querySelector("textarea")).focus({ preventScroll: true });
    }
    if (isLine || form.closest("details")) toast(data.message);
    status.textContent = data.message;
  }

  async function send(form, submitter) {
    const buttons = [...form.querySelectorAll("button")];
    const address = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
    const body = new FormData(form, submitter ?? undefined);
    for (const button of buttons) button.disabled = true;
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.ok && !answer.redirected) after(form, await answer.json());
      else {
        store.set(form.dataset.keep, { values: { text: [form.elements.text.value] }, at: Date.now() });
        sendPlainly(form, submitter);
      }
    } catch {
      fail(form, panel.dataset.sayFailed);
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches?.("[data-minutes-form]")) return;
    event.preventDefault();
    event.stopPropagation();
    const question = event.submitter?.dataset.confirm;
    if (!question || window.confirm(question)) send(form, event.submitter);
  }, { capture: true });
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("[data-minutes-form]");
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button"));
    }
  });
  document.addEventListener("visibilitychange", look);
  setInterval(look, EVERY);
}

for (const panel of document.querySelectorAll("[data-minutes]")) start(panel);
