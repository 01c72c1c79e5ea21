/**
 * The words on the toolbar. They belong to the page, which knows the person's language:
 * `<textarea data-editor data-label-bold="Tebal" data-label-bullet-list="…">`. These are what stands without them.
 */
const INDONESIAN = {
  toolbar: "Format teks",
  bold: "Tebal",
  italic: "Miring",
  heading2: "Judul bagian",
  heading3: "Subjudul",
  paragraph: "Paragraf biasa",
  bulletList: "Daftar butir",
  orderedList: "Daftar bernomor",
  blockquote: "Kutipan",
  hardBreak: "Baris baru",
  link: "Tautan",
  undo: "Urungkan",
  redo: "Ulangi",
  linkUrl: "Alamat tautan",
  linkApply: "Pasang",
  linkRemove: "Lepas tautan",
  linkCancel: "Batal",
  linkInvalid: "Tulis alamat lengkap, misalnya https://contoh.go.id/berita",
};

export function resolveLabels(textarea, given) {
  const words = {};
  for (const [name, standing] of Object.entries(INDONESIAN)) {
    words[name] = given[name] || textarea.dataset[`label${name[0].toUpperCase()}${name.slice(1)}`] || standing;
  }
  return words;
}
