"""Why a file was not taken, in words that say what to do next."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from humasflow.core.errors import UserError


class RejectionCode(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    HEIC = "heic"
    SVG = "svg"
    PDF = "pdf"
    VIDEO = "video"
    WEB_PAGE = "web_page"
    DOCUMENT = "document"
    ARCHIVE = "archive"
    OTHER_IMAGE = "other_image"
    NOT_AN_IMAGE = "not_an_image"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    TOO_COMPLEX = "too_complex"
    FAILED = "failed"
    LOCKED = "locked"
    DAMAGED_PDF = "damaged_pdf"
    DAMAGED_VIDEO = "damaged_video"
    OTHER_VIDEO = "other_video"
    NOT_MEDIA = "not_media"
    FILE_TOO_LARGE = "file_too_large"

    @property
    def label(self) -> str:
        """A short name, for a heading or a log; the sentence for the sender is ``MediaRejected.message``."""
        return _LABELS[self]


class MediaRejected(UserError):
    """The file cannot become a picture here. Nothing of it was kept.

    ``facts`` fill the sentence (``max`` in MB or megapixels, ``width``, ``height``, ``min`` in pixels). ``detail`` is
    the decoder's own wording: for the log, never for the page.
    """

    def __init__(
        self,
        code: RejectionCode,
        *,
        filename: str = "",
        facts: Mapping[str, int] | None = None,
        detail: str = "",
    ) -> None:
        self.code = code
        self.filename = filename
        self.facts = dict(facts or {})
        self.detail = detail
        super().__init__(_MESSAGES[code] % self.facts if self.facts else str(_MESSAGES[code]))


_LABELS: dict[RejectionCode, str] = {
    RejectionCode.EMPTY: _l("Berkas kosong"),
    RejectionCode.TOO_LARGE: _l("Berkas terlalu besar"),
    RejectionCode.HEIC: _l("Foto HEIC"),
    RejectionCode.SVG: _l("Gambar SVG"),
    RejectionCode.PDF: _l("Dokumen PDF"),
    RejectionCode.VIDEO: _l("Video atau rekaman suara"),
    RejectionCode.WEB_PAGE: _l("Halaman web"),
    RejectionCode.DOCUMENT: _l("Dokumen"),
    RejectionCode.ARCHIVE: _l("Berkas arsip"),
    RejectionCode.OTHER_IMAGE: _l("Format gambar lain"),
    RejectionCode.NOT_AN_IMAGE: _l("Bukan gambar"),
    RejectionCode.DAMAGED: _l("Gambar rusak"),
    RejectionCode.TOO_MANY_PIXELS: _l("Terlalu banyak piksel"),
    RejectionCode.TOO_SMALL: _l("Gambar terlalu kecil"),
    RejectionCode.TOO_COMPLEX: _l("Gambar terlalu berat"),
    RejectionCode.FAILED: _l("Gambar belum dapat diolah"),
    RejectionCode.LOCKED: _l("PDF berkata sandi"),
    RejectionCode.DAMAGED_PDF: _l("PDF rusak"),
    RejectionCode.DAMAGED_VIDEO: _l("Video rusak"),
    RejectionCode.OTHER_VIDEO: _l("Format video lain"),
    RejectionCode.NOT_MEDIA: _l("Bukan foto, video, atau PDF"),
    RejectionCode.FILE_TOO_LARGE: _l("Lebih besar dari batas jenisnya"),
}

_MESSAGES: dict[RejectionCode, str] = {
    RejectionCode.EMPTY: _l("Berkas ini kosong. Pilih lagi fotonya dari galeri, lalu kirim ulang."),
    RejectionCode.TOO_LARGE: _l(
        "Ukuran berkas ini lebih dari %(max)s MB. Perkecil fotonya, misalnya dengan mengirimnya lewat WhatsApp ke diri "
        "sendiri, lalu kirim hasilnya."
    ),
    RejectionCode.HEIC: _l(
        "Foto ini berformat HEIC (bawaan iPhone). Kirim ulang sebagai JPEG: kirim foto ini ke diri sendiri lewat "
        "WhatsApp lalu simpan hasilnya, atau sebelum memotret pilih Pengaturan › Kamera › Format › Paling Kompatibel."
    ),
    RejectionCode.SVG: _l(
        "Gambar ini berformat SVG, yang dapat memuat program. Simpan sebagai PNG dari aplikasi desainnya, lalu kirim "
        "ulang."
    ),
    RejectionCode.PDF: _l(
        "Berkas ini dokumen PDF. Simpan halaman yang diperlukan sebagai gambar JPEG atau PNG, lalu kirim gambarnya."
    ),
    RejectionCode.VIDEO: _l(
        "Berkas ini video atau rekaman suara. Bagian ini menerima foto; kirim foto atau tangkapan layarnya."
    ),
    RejectionCode.WEB_PAGE: _l(
        "Isi berkas ini halaman web, bukan gambar. Biasanya terjadi saat menyimpan gambar dari peramban; buka "
        "gambarnya, pilih Simpan gambar, lalu kirim hasilnya."
    ),
    RejectionCode.DOCUMENT: _l(
        "Berkas ini dokumen, bukan gambar. Simpan gambar di dalamnya sebagai JPEG atau PNG, lalu kirim gambarnya."
    ),
    RejectionCode.ARCHIVE: _l(
        "Berkas ini arsip seperti ZIP. Buka arsipnya, lalu kirim foto di dalamnya satu per satu."
    ),
    RejectionCode.OTHER_IMAGE: _l(
        "Format gambar ini belum didukung. Simpan sebagai JPEG atau PNG, lalu kirim ulang."
    ),
    RejectionCode.NOT_AN_IMAGE: _l(
        "Berkas ini tidak dikenali sebagai gambar. Kirim foto berformat JPEG, PNG, WebP, atau GIF."
    ),
    RejectionCode.DAMAGED: _l(
        "Gambar ini rusak atau tidak terkirim utuh. Buka dahulu di galeri: bila tampil lengkap, kirim ulang; bila "
        "tidak, pilih foto lain."
    ),
    RejectionCode.TOO_MANY_PIXELS: _l(
        "Gambar ini terlalu besar untuk diolah: paling banyak %(max)s megapiksel untuk jenis ini. Perkecil ukurannya, "
        "lalu kirim ulang."
    ),
    RejectionCode.TOO_SMALL: _l(
        "Gambar ini hanya %(width)s × %(height)s piksel, terlalu kecil untuk ditayangkan. Kirim foto aslinya; sisi "
        "terpendek paling sedikit %(min)s piksel."
    ),
    RejectionCode.TOO_COMPLEX: _l(
        "Gambar ini terlalu berat untuk diolah. Perkecil ukurannya atau simpan ulang sebagai JPEG, lalu kirim lagi."
    ),
    RejectionCode.FAILED: _l(
        "Gambar ini belum dapat diolah. Simpan ulang sebagai JPEG, lalu kirim lagi; bila tetap gagal, beri tahu admin."
    ),
    RejectionCode.LOCKED: _l(
        "PDF ini berkata sandi, jadi isinya tidak dapat diperiksa. Simpan ulang tanpa kata sandi, lalu kirim lagi."
    ),
    RejectionCode.DAMAGED_PDF: _l(
        "PDF ini tidak dapat dibuka. Periksa apakah tampil lengkap di perangkat Anda, simpan ulang, lalu kirim lagi."
    ),
    RejectionCode.DAMAGED_VIDEO: _l(
        "Video ini rusak atau tidak terkirim utuh. Putar dahulu di perangkat Anda: bila lancar, kirim ulang; bila "
        "tidak, pilih video lain."
    ),
    RejectionCode.OTHER_VIDEO: _l(
        "Format video atau rekaman ini belum didukung. Simpan sebagai MP4, MOV, atau WebM, lalu kirim ulang."
    ),
    RejectionCode.NOT_MEDIA: _l(
        "Berkas ini tidak dikenali sebagai foto, video, atau PDF. Kirim foto JPEG, PNG, WebP, atau GIF, video MP4, "
        "MOV, atau WebM, atau dokumen PDF."
    ),
    RejectionCode.FILE_TOO_LARGE: _l(
        "Ukuran berkas ini lebih dari %(max)s MB, batas untuk jenisnya. Perkecil dahulu, lalu kirim lagi."
    ),
}
