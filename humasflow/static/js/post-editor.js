// The editor of one post: while somebody writes, the server is asked what the channel would say, in its own sentences,
// and how it would look. Without this file both are as fresh as the last save.
import { asking, bindMode, bindPictures, countNow, put, showSize } from "./post-drafting.js";

function bind(form) {
  const text = form.querySelector("[name=text]");
  const counter = document.getElementById(`${text.id}-counter`);
  const show = ({ list, preview, limit, size }) => {
    put(form.querySelector("[data-problems]"), list);
    put(form.querySelector("[data-preview]"), preview);
    // The limit may depend on whether there are pictures (a caption is shorter than a message).
    text.dataset.limit = limit === null ? "" : String(limit);
    showSize(counter, size, limit ?? 0);
  };
  const soon = asking(form, form.dataset.postEditor, (body) => body, show);
  const changed = () => {
    countNow(form, "", [counter]);
    soon();
  };
  bindMode(form, "");
  bindPictures(form);
  form.addEventListener("input", changed);
  form.addEventListener("change", soon);
  countNow(form, "", [counter]);
}

document.querySelectorAll("form[data-post-editor]").forEach(bind);
