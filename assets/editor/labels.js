/**
 * The words on and around the text. They belong to the page, which knows the person's language:
 * `<textarea data-editor data-words='{"bold": "Tebal", …}'>`. These are what stands without them.
 */
const INDONESIAN = {
  toolbar: "Format teks",
  bold: "Tebal",
  italic: "Miring",
  heading2: "Judul bagian",
  heading3: "Subjudul",
  bulletList: "Daftar butir",
  orderedList: "Daftar bernomor",
  blockquote: "Kutipan",
  hardBreak: "Baris baru",
  link: "Tautan",
  table: "Tabel",
  image: "Gambar",
  mention: "Sebut orang",
  undo: "Urungkan",
  redo: "Ulangi",
  linkUrl: "Alamat tautan",
  linkTitle: "Penjelasan saat ditunjuk (boleh kosong)",
  linkApply: "Pasang",
  linkRemove: "Lepas tautan",
  linkCancel: "Batal",
  linkInvalid: "Tulis alamat lengkap, misalnya https://contoh.go.id/berita",
  tableTools: "Alat tabel",
  rowAbove: "Baris di atas",
  rowBelow: "Baris di bawah",
  rowRemove: "Hapus baris",
  columnBefore: "Kolom di kiri",
  columnAfter: "Kolom di kanan",
  columnRemove: "Hapus kolom",
  headerRow: "Baris judul",
  tableRemove: "Hapus tabel",
  imageTitle: "Pilih gambar dari pustaka",
  imageSearch: "Cari nama, keterangan, kredit",
  imageMore: "Muat berikutnya",
  imageNone: "Tidak ada gambar yang cocok.",
  imageUpload: "Unggah dari perangkat",
  imageFailed: "Pustaka belum dapat dibuka. Periksa sambungan, lalu coba lagi.",
  imagePick: "Sisipkan {}",
  imageClose: "Tutup",
  figureTools: "Alat gambar",
  figureWords: "Ubah keterangan, kredit, teks alternatif",
  figureRemove: "Keluarkan dari teks",
  figureNoAlt: "Belum ada teks alternatif",
  figureNoCredit: "Tanpa kredit",
  figureLoading: "Memuat gambar…",
  photoBy: "Foto: {}",
  mentionSearch: "Nama orang",
  mentionHint: "Orang yang disebut hanya tampak bagi redaksi; pembaca melihat namanya saja.",
  mentionNone: "Tidak ada nama yang cocok",
  mentionFound: "{} nama ditemukan",
  mentionList: "Orang di kantor",
  uploading: "Mengunggah gambar…",
  uploaded: "{} gambar masuk ke naskah dan pustaka.",
  imagesLeft: "{} gambar dari luar tidak ikut tertempel. Unggah lewat tombol Gambar.",
  words: "{} kata",
  characters: "{} karakter",
  minutes: "{} menit baca",
  selected: "Terpilih: {} kata, {} karakter",
  finding: "Temuan: {}",
};

export function resolveLabels(textarea, given) {
  let onPage = {};
  try {
    onPage = JSON.parse(textarea.dataset.words || "{}");
  } catch {
    // A page that wrote its words wrongly still gets an editor.
  }
  return { ...INDONESIAN, ...onPage, ...given };
}

/** `fill("{} dari {}", 1, 2)`. */
export const fill = (text, ...values) => values.reduce((left, value) => left.replace("{}", () => String(value)), text);
