// Comments beside a text: marked passages, a thread a click away, forms without leaving the page, news of others.
// Without this file the panel works with plain forms, and passages are quoted by hand.
import { bindEditor } from "./comment-editor.js";
import { drawMarks, marksOf, partsOfPage } from "./comment-marks.js";
import { bindMentions } from "./comment-mentions.js";
import { buildToolbar, selectedPassage } from "./comment-selection.js";
import { bindKeep, store } from "./keep.js";
import { toast } from "./toasts.js";

const EVERY = 30_000;
const DESCRIPTION = "komentar-tanda";

function start(panel) {
  const words = Object.fromEntries(
    Object.entries(panel.dataset).filter(([n]) => n.startsWith("say")).map(([n, v]) => [n[3].toLowerCase() + n.slice(4), v]),
  );
  const list = panel.querySelector("[data-comments-list]");
  const status = panel.querySelector("[data-comments-status]");
  const threads = () => [...list.querySelectorAll("[data-thread]")];
  const threadOf = (id) => list.querySelector(`[data-thread="${CSS.escape(String(id))}"]`);
  const editor = bindEditor(panel, words, { onOpen: pointAt, onSelect: offer });
  const parts = editor ? new Map() : partsOfPage();
  const writes = panel.querySelector("[data-compose]") !== null;
  const toolbar = buildToolbar(words, (kind, passage) => (kind === "buka" ? openThread(passage.thread) : compose(kind, passage)));
  let opener = null;

  const description = document.createElement("span");
  description.id = DESCRIPTION;
  description.hidden = true;
  description.textContent = words.mark;
  panel.append(description);

  // The text

  function draw() {
    if (editor) editor.show(threads());
    else drawMarks(threads().filter((t) => t.dataset.state === "open" || panel.dataset.show !== "terbuka"), parts, DESCRIPTION);
  }

  function offer(passage) {
    if (writes && passage) toolbar.show(passage.rect, passage);
    // The click that offered a thread also moved the caret, which is told a moment later.
    else if (!toolbar.passage?.thread || performance.now() - toolbar.since > 500) toolbar.hide();
  }

  if (!editor) {
    let timer;
    document.addEventListener("selectionchange", () => {
      clearTimeout(timer);
      timer = setTimeout(() => offer(selectedPassage(parts)), 150);
    });
    document.addEventListener("click", (event) => {
      const mark = event.target.closest?.("mark.remark");
      if (mark && document.getSelection()?.isCollapsed !== false && !event.target.closest("a")) openMark(mark);
    });
    document.addEventListener("keydown", (event) => {
      const mark = event.target.closest?.("mark.remark");
      if (mark && (event.key === "Enter" || event.key === " ")) {
        event.preventDefault();
        openMark(mark);
      }
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.altKey && event.code === "KeyM" && writes) {
      event.preventDefault();
      const passage = editor ? editor.selected() : selectedPassage(parts);
      toolbar.hide();
      compose("komentar", passage);
    } else if (event.key === "Escape" && closeFloating()) {
      event.preventDefault();
    }
  });

  function openMark(mark) {
    const ids = mark.dataset.threads.split(" ");
    const shown = ids.indexOf(panel.querySelector(".thread--float")?.dataset.thread ?? "");
    openThread(ids[(shown + 1) % ids.length], mark);
  }

  /** In the editor a click is for writing: the thread is shown beside it, or offered when the panel is shut. */
  function pointAt(id, rect) {
    pick(id);
    if (editor.isOpen()) threadOf(id)?.scrollIntoView({ block: "nearest" });
    else if (threadOf(id)) toolbar.show(rect, { thread: id });
  }

  // A thread

  function openThread(id, from = null) {
    const thread = threadOf(id);
    if (!thread) return;
    closeFloating(false);
    opener = from;
    editor?.drawer(true);
    const { top, bottom } = thread.getBoundingClientRect();
    const isSeen = top >= 0 && bottom <= window.innerHeight && thread.checkVisibility?.() !== false;
    if (!isSeen && !editor) {
      thread.classList.add("thread--float");
      thread.prepend(closer());
    } else if (!isSeen) {
      thread.scrollIntoView({ block: "center" });
    }
    pick(id);
    thread.focus({ preventScroll: true });
  }

  function pick(id) {
    for (const other of threads()) other.classList.toggle("thread--picked", other.dataset.thread === String(id));
    for (const mark of document.querySelectorAll("mark.remark")) {
      mark.classList.toggle("remark--picked", mark.dataset.threads.split(" ").includes(String(id)));
    }
    editor?.pick(id);
  }

  function closer() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn quiet icon-only thread__close";
    button.setAttribute("aria-label", words.close);
    button.textContent = "×";
    button.addEventListener("click", () => closeFloating());
    return button;
  }

  function closeFloating(back = true) {
    const floating = panel.querySelector(".thread--float, .comments__begin--float");
    if (!floating) return false;
    floating.classList.remove("thread--float", "comments__begin--float");
    floating.querySelector(":scope > .thread__close")?.remove();
    if (floating.matches(".comments__begin")) for (const d of floating.querySelectorAll("details[open]")) d.open = false;
    if (back) opener?.focus?.({ preventScroll: true });
    return true;
  }

  function goTo(thread) {
    pick(thread.dataset.thread);
    if (editor) {
      if (!editor.goTo(thread)) status.textContent = words.gone;
      return;
    }
    closeFloating(false);
    const mark = marksOf(thread.dataset.thread)[0];
    status.textContent = mark ? "" : words.gone;
    mark?.scrollIntoView({ block: "center" });
    mark?.focus({ preventScroll: true });
  }

  // Beginning one

  function compose(kind, passage) {
    closeFloating(false);
    editor?.drawer(true);
    const details = panel.querySelector(`[data-compose="${kind}"]`);
    for (const other of panel.querySelectorAll("[data-compose]")) other.open = other === details;
    const form = details.querySelector("form");
    place(form, passage);
    if (passage && kind === "usul" && !form.elements.replacement.value) form.elements.replacement.value = passage.quote;
    const begin = panel.querySelector(".comments__begin");
    const { top, bottom } = begin.getBoundingClientRect();
    if (passage && !editor && (top < 0 || bottom > window.innerHeight)) begin.classList.add("comments__begin--float");
    opener = document.activeElement;
    form.querySelector(kind === "usul" ? "[name=replacement]" : "[name=text]").focus({ preventScroll: !!passage && !editor });
  }

  function place(form, passage) {
    const quoted = form.querySelector("[data-passage]");
    quoted.hidden = !passage;
    quoted.textContent = passage?.quote ?? "";
    form.querySelector("[data-by-hand]").hidden = Boolean(passage);
    for (const name of ["start", "prefix", "suffix", "quote"]) form.elements[name].value = passage?.[name] ?? "";
    if (passage) form.elements.part.value = passage.part;
    else form.elements.part.selectedIndex = 0;
  }

  function reset(form) {
    form.reset();
    place(form, null);
    for (const hidden of form.querySelectorAll("input[name=mention]")) hidden.remove();
    form.closest("details").open = false;
    form.closest(".comments__begin").classList.remove("comments__begin--float");
  }

  const forget = (form) => form.dataset.keep && store.drop(form.dataset.keep);

  // Sending, and what came back

  async function send(form, submitter) {
    const body = new FormData(form, submitter ?? undefined);
    body.set("komentar", panel.dataset.show);
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (!isJson) {
      // Sent twice leads to the page of the first time; everything else that is a page asks to sign in.
      if (answer.redirected && !new URL(answer.url).pathname.startsWith("/masuk")) return { again: true };
      return { error: answer.redirected ? words.signedOut : words.failed };
    }
    const data = await answer.json();
    return answer.ok ? data : { error: data.error || words.failed, status: answer.status };
  }

  async function submit(form, submitter) {
    const buttons = [...form.querySelectorAll("button")];
    const rest = (resting) => buttons.forEach((b) => (b.disabled = resting));
    rest(true);
    status.textContent = "";
    showError(form, "");
    try {
      const accepts = form.dataset.decides === "accept";
      if (editor && (accepts || form.elements.quote?.value)) {
        status.textContent = words.unsaved;
        await editor.save();
        status.textContent = "";
      }
      const data = await send(form, submitter);
      if (data.error) {
        showError(form, data.error);
        return;
      }
      if (data.again) {
        await refresh(true);
        return;
      }
      forget(form);
      if (form.closest("[data-compose]")) reset(form);
      if (accepts && editor) editor.accepted(threadOf(data.thread), data);
      else if (accepts) {
        location.assign(`${panel.dataset.page}?komentar=selesai&utas=${data.thread}#utas-${data.thread}`);
        return;
      }
      closeFloating(false);
      take(data, form);
      toast(data.message);
      const made = threadOf(data.thread);
      if (made) {
        pick(data.thread);
        made.focus({ preventScroll: true });
      } else panel.querySelector("h2").focus({ preventScroll: true });
    } catch {
      showError(form, words.failed);
    } finally {
      rest(false);
    }
  }

  function showError(form, message) {
    let error = form.querySelector("[data-error]");
    if (!error && !message) return;
    if (!error) {
      error = document.createElement("p");
      error.className = "field__error";
      error.dataset.error = "";
      error.setAttribute("role", "alert");
      form.prepend(error);
    }
    error.textContent = message;
  }

  const isWritten = (thread) => [...thread.querySelectorAll("textarea")].some((t) => t.value !== t.defaultValue);

  /** The list anew; a thread in which somebody is writing stays as it is. */
  function take(data, sent = null) {
    const fresh = document.createElement("template");
    const written = new Map();
    fresh.innerHTML = data.html;
    for (const thread of fresh.content.querySelectorAll("[data-thread]")) {
      const known = threadOf(thread.dataset.thread);
      if (known && isWritten(known) && !known.contains(sent)) written.set(thread, known);
    }
    const floating = panel.querySelector(".thread--float")?.dataset.thread;
    bindKeep(fresh.content);
    for (const [thread, known] of written) thread.replaceWith(known); // bound already
    list.replaceChildren(fresh.content);
    panel.dataset.stamp = data.stamp;
    for (const badge of document.querySelectorAll("[data-comments-open], [data-comments-badge]")) {
      badge.textContent = data.open;
      badge.hidden = data.open === 0;
    }
    if (floating && threadOf(floating)) openThread(floating, opener);
    draw();
    loadRest();
  }

  async function refresh(force = false, more = "") {
    const query = new URLSearchParams({ komentar: panel.dataset.show, kembali: panel.dataset.page });
    if (!force) query.set("cap", panel.dataset.stamp);
    if (more) query.set("sesudah", more);
    try {
      const answer = await fetch(`${panel.dataset.url}?${query}`, { headers: { Accept: "application/json" }, redirect: "error" });
      if (answer.status === 204 || !answer.ok) return null;
      return await answer.json().then((data) => (more ? data : (take(data), data)));
    } catch {
      return null; // no network for a moment: the next look asks again
    }
  }

  async function loadMore(link) {
    const data = await refresh(true, link.dataset.commentsNext);
    if (!data) return false;
    const fresh = document.createElement("template");
    fresh.innerHTML = data.html;
    bindKeep(fresh.content);
    list.querySelector("[data-threads]").append(...[...fresh.content.querySelectorAll("[data-thread]")].filter((t) => !threadOf(t.dataset.thread)));
    const next = fresh.content.querySelector("[data-comments-next]");
    if (next) link.replaceWith(next);
    else link.closest(".pager").remove();
    draw();
    return true;
  }

  /** The rest of a long list comes in the background, so that every passage is marked. */
  async function loadRest() {
    const next = () => list.querySelector("[data-comments-next]");
    for (let link = next(); link && (await loadMore(link)); ) link = next();
  }

  panel.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-comment-form]")) return;
    event.preventDefault();
    event.stopPropagation();
    if (!form.dataset.confirm || window.confirm(form.dataset.confirm)) submit(form, event.submitter);
  });
  panel.addEventListener("click", (event) => {
    const goto = event.target.closest("[data-goto]");
    const next = event.target.closest("[data-comments-next]");
    const cancel = event.target.closest("[data-compose-cancel]");
    const tab = event.target.closest(".tabs a");
    if (goto) goTo(goto.closest("[data-thread]"));
    else if (cancel) {
      forget(cancel.form);
      reset(cancel.form);
      opener?.focus?.({ preventScroll: true });
    } else if (next) {
      event.preventDefault();
      loadMore(next);
    } else if (tab) {
      event.preventDefault();
      panel.dataset.show = new URL(tab.href).searchParams.get("komentar");
      refresh(true).then((data) => data || location.assign(tab.href));
    }
  });
  panel.addEventListener("toggle", (event) => {
    if (event.target.matches("[data-compose]") && event.target.open) {
      for (const other of panel.querySelectorAll("[data-compose]")) if (other !== event.target) other.open = false;
      editor?.drawer(true);
    } else if (event.target.matches("[data-thread-form]") && event.target.open) {
      event.target.querySelector("textarea")?.focus();
    }
  }, { capture: true });

  bindMentions(panel, panel.dataset.people);
  draw();
  const wanted = /^#(utas|komentar)-\d+$/.test(location.hash) && document.querySelector(location.hash)?.closest("[data-thread]");
  if (wanted) {
    editor?.drawer(true);
    pick(wanted.dataset.thread);
  }
  loadRest();

  const look = async () => {
    if (document.visibilityState !== "visible" || panel.contains(document.activeElement?.closest("textarea") ?? null)) return;
    if (await refresh()) status.textContent = words.fresh;
  };
  document.addEventListener("visibilitychange", look);
  setInterval(look, EVERY);
}

for (const panel of document.querySelectorAll("[data-comments]")) start(panel);
