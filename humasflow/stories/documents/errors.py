"""Why a Word file was not taken, in words that say what to do next."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from humasflow.core.errors import UserError


class DocumentRejection(StrEnum):
    """Why."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_LARGE_UNPACKED = "too_large_unpacked"
    OLD_WORD = "old_word"
    PDF = "pdf"
    NOT_WORD = "not_word"
    LOCKED = "locked"
    DOCTYPE = "doctype"
    DAMAGED = "damaged"
    TOO_COMPLEX = "too_complex"
    NO_TEXT = "no_text"
    TOO_LONG = "too_long"

    @property
    def label(self) -> str:
        """The sentence for the sender."""
        return str(_MESSAGES[self])


class DocumentRejected(UserError):
    """The file cannot become a text here. Nothing of it was kept. ``detail`` is for the log, never for the page."""

    status = 422

    def __init__(self, code: DocumentRejection, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(code.label)


_MESSAGES: dict[DocumentRejection, str] = {
    DocumentRejection.EMPTY: _l("Berkas ini kosong. Buka di Word, simpan lagi, lalu pilih berkas hasilnya."),
    DocumentRejection.TOO_LARGE: _l(
        "Berkas ini lebih dari 20 MB. Di Word, pilih Format Gambar › Kompres Gambar, simpan, lalu kirim ulang."
    ),
    DocumentRejection.TOO_LARGE_UNPACKED: _l(
        "Isi berkas ini terlalu besar setelah dibuka. Pecah menjadi beberapa berkas, lalu kirim satu per satu."
    ),
    DocumentRejection.OLD_WORD: _l(
        "Berkas ini berformat Word lama (.doc) atau dikunci kata sandi. Buka di Word, hapus kata sandinya bila ada, "
        "pilih Simpan Sebagai › Dokumen Word (.docx), lalu kirim hasilnya."
    ),
    DocumentRejection.PDF: _l(
        "Berkas ini PDF. Buka dengan Word, simpan sebagai .docx, lalu kirim hasilnya; atau salin teksnya ke editor."
    ),
    DocumentRejection.NOT_WORD: _l(
        "Berkas ini bukan dokumen Word (.docx). Buka di Word atau LibreOffice, "
        "simpan sebagai .docx, lalu kirim hasilnya."
    ),
    DocumentRejection.LOCKED: _l(
        "Berkas ini dikunci kata sandi. Hapus kata sandinya di Word, lalu kirim ulang."
    ),
    DocumentRejection.DOCTYPE: _l(
        "Berkas ini memuat deklarasi yang tidak pernah dibuat Word, jadi tidak dibuka. Salin isinya ke dokumen baru, "
        "simpan sebagai .docx, lalu kirim hasilnya."
    ),
    DocumentRejection.DAMAGED: _l(
        "Berkas ini rusak atau tidak terkirim utuh. Buka di Word: bila tampil lengkap, simpan lagi lalu kirim ulang."
    ),
    DocumentRejection.TOO_COMPLEX: _l(
        "Berkas ini terlalu berat untuk diolah. Pecah menjadi beberapa berkas, atau salin teksnya ke editor."
    ),
    DocumentRejection.NO_TEXT: _l(
        "Tidak ada teks di berkas ini. Bila isinya hasil pindai, unggah gambarnya lewat pustaka media."
    ),
    DocumentRejection.TOO_LONG: _l(
        "Teks di berkas ini lebih dari 600.000 karakter. Pecah menjadi beberapa naskah, lalu kirim satu per satu."
    ),
}
