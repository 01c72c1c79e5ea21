// The focal point: click or drag on the picture, arrow keys on the point; the two numbers are its twin and what is sent.
function bind(form, stage) {
  const [x, y] = ["focal_x", "focal_y"].map((name) => form.elements.namedItem(name));
  const image = stage.querySelector("img");
  if (!x || !y || !image) return;
  const point = document.createElement("button");
  point.type = "button";
  point.className = "focal-point";
  const keep = (value) => Math.min(100, Math.max(0, Math.round(value)));
  const words = [x, y].map((input) => document.querySelector(`label[for="${input.id}"]`)?.firstChild?.textContent.trim() ?? "");
  const show = () => {
    const [left, top] = [keep(Number(x.value)), keep(Number(y.value))];
    point.style.left = `${left}%`;
    point.style.top = `${top}%`;
    point.setAttribute("aria-label", `${words[0]}: ${left}. ${words[1]}: ${top}.`);
  };
  const set = (left, top) => {
    x.value = String(keep(left));
    y.value = String(keep(top));
    show();
  };
  const at = (event) => {
    const box = image.getBoundingClientRect();
    set(((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100);
  };
  // A finger on the picture scrolls the page; on the point it drags. A mouse may begin anywhere.
  let dragging = false;
  stage.addEventListener("pointerdown", (event) => {
    if (event.target !== point && event.pointerType !== "mouse") return;
    dragging = true;
    stage.setPointerCapture(event.pointerId);
    if (event.target !== point) at(event);
    event.preventDefault();
    point.focus({ preventScroll: true });
  });
  stage.addEventListener("pointermove", (event) => { if (dragging) at(event); });
  for (const kind of ["pointerup", "pointercancel"]) stage.addEventListener(kind, () => { dragging = false; });
  stage.addEventListener("click", (event) => { if (event.target !== point && event.detail) at(event); });
  point.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 10 : 1;
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (!move) return;
    event.preventDefault();
    set(Number(x.value) + move[0], Number(y.value) + move[1]);
  });
  for (const input of [x, y]) input.addEventListener("input", show);
  stage.append(point);
  stage.dataset.ready = "";
  show();
}

const form = document.querySelector("form[data-focal]");
const stage = document.querySelector("[data-focal-stage]");
if (form && stage) bind(form, stage);
