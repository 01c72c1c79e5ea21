/** Paste and drop: text is tidied (paste.js), pictures go to the library first and then stand in the text. */
import { Extension } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";
import { fill } from "./labels.js";
import { cleanClipboard, htmlFromChat } from "./paste.js";

const isPicture = (file) => /^image\/(?:png|jpeg|webp|gif)$/.test(file.type);

function fileOf(dataUri, number) {
  const [head, body] = dataUri.split(",", 2);
  const type = /^data:([^;]+)/.exec(head)[1].toLowerCase();
  const bytes = Uint8Array.from(atob(body.replace(/\s+/g, "")), (letter) => letter.charCodeAt(0));
  return new File([bytes], `tempelan-${number}.${type.split("/")[1].replace("jpeg", "jpg")}`, { type });
}

/** `upload(file)` → Promise<{id} | null>; `say(text)` tells the person. */
export const Pasting = Extension.create({
  name: "pasting",
  addOptions: () => ({ upload: null, say: () => {}, words: {} }),
  addProseMirrorPlugins() {
    const { editor } = this;
    const { upload, say, words } = this.options;

    async function place(html, files, view) {
      say(words.uploading);
      let kept = 0;
      const ids = [];
      for (const file of files) {
        const made = await upload(file).catch(() => null);
        ids.push(made?.id ?? null);
        if (made) kept += 1;
      }
      if (view.isDestroyed) return;
      const doc = new DOMParser().parseFromString(html, "text/html");
      for (const figure of doc.querySelectorAll("figure[data-pasted]")) {
        const id = ids[Number(figure.dataset.pasted)];
        if (!id) figure.remove();
        else {
          delete figure.dataset.pasted;
          figure.dataset.asset = String(id);
        }
      }
      editor.chain().focus().insertContent(doc.body.innerHTML).run();
      say(kept ? fill(words.uploaded, kept) : "");
    }

    return [
      new Plugin({
        props: {
          transformPastedHTML(html) {
            const { html: tidy, left } = cleanClipboard(html);
            if (left) say(fill(words.imagesLeft, left));
            return tidy;
          },
          handlePaste(view, event) {
            const { clipboardData } = event;
            if (!clipboardData || !view.editable) return false;
            const html = clipboardData.getData("text/html");
            const files = [...clipboardData.files].filter(isPicture);
            const found = html ? cleanClipboard(html) : null;
            const hasText = found ? found.html.replace(/<[^>]+>/g, "").trim() !== "" : clipboardData.getData("text/plain").trim() !== "";
            if (upload && files.length && !hasText) {
              place(files.map((_f, i) => `<figure data-pasted="${i}"></figure>`).join(""), files, view);
              return true;
            }
            if (upload && found?.images.length) {
              if (found.left) say(fill(words.imagesLeft, found.left));
              place(found.html, found.images.map(fileOf), view);
              return true;
            }
            const text = clipboardData.getData("text/plain");
            if (!html && /\n|(?:^|\s)[*_]\S/.test(text) && !editor.isActive("code")) {
              editor.chain().focus().insertContent(htmlFromChat(text)).run();
              return true;
            }
            return false;
          },
          handleDrop(view, event, _slice, moved) {
            const files = [...(event.dataTransfer?.files ?? [])].filter(isPicture);
            if (moved || !upload || !files.length || !view.editable) return false;
            event.preventDefault();
            const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
            if (at) editor.commands.setTextSelection(at.pos);
            place(files.map((_f, i) => `<figure data-pasted="${i}"></figure>`).join(""), files, view);
            return true;
          },
        },
      }),
    ];
  },
});
