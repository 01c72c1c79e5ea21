// Photos before they are sent: previews, removal, and large ones made smaller on the phone so that they travel fast.
import { say } from "./say.js";

const MAX_SIDE = 2560;
const MAX_BYTES = 20 * 1024 * 1024;
const SHRINK_FROM = 2 * 1024 * 1024;

async function smaller(file) {
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type) || file.size < SHRINK_FROM) return file;
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file; // the browser cannot decode it: the server will say what is wrong
  }
}

function bindPicker(box) {
  const input = box.querySelector("input[type=file]");
  const previews = box.querySelector("[data-previews]");
  if (!input || !previews) return;
  let chosen = [];
  const hand = () => {
    const transfer = new DataTransfer();
    for (const file of chosen) transfer.items.add(file);
    input.files = transfer.files;
  };
  const show = () => {
    previews.replaceChildren(...chosen.map((file) => {
      const figure = document.createElement("figure");
      const image = document.createElement("img");
      image.alt = file.name;
      image.src = URL.createObjectURL(file);
      image.addEventListener("load", () => URL.revokeObjectURL(image.src));
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "btn small icon-only";
      remove.textContent = "×";
      remove.setAttribute("aria-label", `${say("remove")}: ${file.name}`);
      remove.addEventListener("click", () => { chosen = chosen.filter((f) => f !== file); hand(); show(); });
      figure.append(image, remove);
      if (file.size > MAX_BYTES) {
        const problem = document.createElement("figcaption");
        problem.className = "field__error";
        problem.textContent = say("toobig");
        figure.append(problem);
      }
      return figure;
    }));
    previews.hidden = chosen.length === 0;
  };
  input.addEventListener("change", async () => {
    const added = await Promise.all([...input.files].map(smaller));
    chosen = input.multiple ? [...chosen, ...added] : added;
    hand();
    show();
  });
}

export function bindPhotos(root) {
  root.querySelectorAll("[data-photos]").forEach(bindPicker);
}
