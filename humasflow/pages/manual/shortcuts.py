"""Every key that does something, by where it does. The sheet that "?" opens shows those of the open page."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Shortcut:
    """``keys`` as templates say it (``data-key``): one key, or several after one another with a space between."""

    keys: str
    does: str


@dataclass(frozen=True)
class Place:
    """``templates`` are folders or files whose ``data-key`` belong here."""

    label: str
    templates: tuple[str, ...]
    shortcuts: tuple[Shortcut, ...]


_GO = (
    Shortcut("g b", _l("Beranda")),
    Shortcut("g a", _l("Tugas")),
    Shortcut("g u", _l("Usulan")),
    Shortcut("g n", _l("Meja redaksi")),
    Shortcut("g t", _l("Persetujuan")),
    Shortcut("g k", _l("Kalender")),
    Shortcut("g p", _l("Publikasi")),
    Shortcut("g c", _l("Capaian")),
    Shortcut("g m", _l("Media")),
    Shortcut("g s", _l("Pengaturan")),
)

PLACES: tuple[Place, ...] = (
    Place(
        _l("Di semua halaman"),
        ("layouts/app.html",),
        (
            Shortcut("?", _l("Pintasan di halaman yang terbuka")),
            Shortcut("/", _l("Ke kotak pencarian")),
            Shortcut("ctrl+k", _l("Cari di mana saja")),
            Shortcut("ctrl+z", _l("Urungkan yang baru saja dilakukan")),
            *_GO,
        ),
    ),
    Place(
        _l("Meja redaksi"),
        ("pages/desk",),
        (
            Shortcut("n", _l("Naskah baru")),
            Shortcut("q", _l("Naskah saya")),
            Shortcut("f", _l("Saringan")),
            Shortcut("j", _l("Naskah berikutnya")),
            Shortcut("k", _l("Naskah sebelumnya")),
            Shortcut("x", _l("Pilih naskah")),
            Shortcut("m", _l("Pindahkan kartu")),
            Shortcut("↑ ↓ ← →", _l("Berjalan di antara kartu")),
        ),
    ),
    Place(
        _l("Kalender"),
        ("calendar",),
        (
            Shortcut("m", _l("Bulan")),
            Shortcut("w", _l("Pekan")),
            Shortcut("d", _l("Hari")),
            Shortcut("t", _l("Hari ini")),
            Shortcut("k", _l("Sebelumnya")),
            Shortcut("j", _l("Berikutnya")),
            Shortcut("c", _l("Tambah")),
            Shortcut("f", _l("Saringan")),
            Shortcut("x", _l("Pilih")),
            Shortcut("p", _l("Pindahkan ke…")),
            Shortcut("↑ ↓ ← →", _l("Berjalan di antara butir kalender")),
        ),
    ),
    Place(
        _l("Agenda dan kampanye"),
        ("planning/agenda", "pages/campaigns"),
        (Shortcut("n", _l("Agenda atau kampanye baru")), Shortcut("l", _l("Liput agenda ini"))),
    ),
    Place(
        _l("Verifikasi"),
        ("scoring",),
        (
            Shortcut("o", _l("Buka tautan")),
            Shortcut("v", _l("Verifikasi")),
            Shortcut("d", _l("Pertanyakan")),
            Shortcut("l", _l("Lewati")),
            Shortcut("u", _l("Urungkan keputusan terakhir")),
            Shortcut("← →", _l("Publikasi sebelumnya dan berikutnya")),
        ),
    ),
    Place(
        _l("Saat menulis naskah"),
        (),  # these belong to the text editor, not to a page
        (
            Shortcut("ctrl+s", _l("Simpan")),
            Shortcut("ctrl+b", _l("Tebal")),
            Shortcut("ctrl+i", _l("Miring")),
            Shortcut("ctrl+k", _l("Tautan")),
            Shortcut("ctrl+z", _l("Urungkan")),
            Shortcut("ctrl+shift+z", _l("Ulangi")),
            Shortcut("ctrl+shift+7", _l("Daftar bernomor")),
            Shortcut("ctrl+shift+8", _l("Daftar berbutir")),
            Shortcut("ctrl+shift+b", _l("Kutipan")),
            Shortcut("alt+f10", _l("Ke bilah alat")),
        ),
    ),
)
