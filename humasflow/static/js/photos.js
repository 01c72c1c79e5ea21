// Photos before they are sent: previews, removal, and large ones made smaller on the phone so that they travel fast.
import { say } from "./say.js";

const MAX_SIDE = 2560;
const SHRINK_FROM = 2 * 1024 * 1024;
const ORIENTATION = 0x0112;

// The camera's own notes (time, place) sit in one segment of a JPEG. A canvas drops them; the server keeps them as
// private facts, so they are carried over. The pixels are upright by then, so the note about turning says "upright".
export function cameraNotes(bytes) {
  const view = new DataView(bytes);
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 4 < view.byteLength && view.getUint8(at) === 0xff && view.getUint8(at + 1) !== 0xda;) {
    const size = view.getUint16(at + 2);
    if (view.getUint8(at + 1) === 0xe1 && size > 14 && at + 2 + size <= view.byteLength && view.getUint32(at + 4) === 0x45786966) {
      const segment = bytes.slice(at, at + 2 + size);
      return upright(segment) ? segment : null;
    }
    at += 2 + size;
  }
  return null;
}

function upright(segment) {
  const view = new DataView(segment);
  const start = 10; // marker, length, "Exif\0\0"
  const little = view.getUint16(start) === 0x4949;
  const first = start + view.getUint32(start + 4, little);
  if (first + 2 > view.byteLength) return false;
  const count = view.getUint16(first, little);
  for (let entry = first + 2, i = 0; i < count; i += 1, entry += 12) {
    if (entry + 12 > view.byteLength) return false;
    if (view.getUint16(entry, little) === ORIENTATION) view.setUint16(entry + 8, 1, little);
  }
  return true;
}

export async function smaller(file) {
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
    const notes = file.type === "image/jpeg" ? cameraNotes(await file.slice(0, 256 * 1024).arrayBuffer()) : null;
    const parts = notes ? [blob.slice(0, 2), notes, blob.slice(2)] : [blob];
    return new File(parts, file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
  } catch {
    return file; // the browser cannot decode it: the server will say what is wrong
  }
}

function bindPicker(box) {
  const input = box.querySelector("input[type=file]");
  const previews = box.querySelector("[data-previews]");
  if (!input || !previews) return;
  const limit = Number(box.dataset.maxBytes);
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
      remove.addEventListener("click", () => {
        const at = chosen.indexOf(file);
        chosen = chosen.filter((f) => f !== file);
        hand();
        show();
        const left = previews.querySelectorAll("button");
        (left[Math.min(at, left.length - 1)] ?? input).focus();
      });
      figure.append(image, remove);
      if (file.size > limit) {
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
