"""axe on every role's main pages, each with a rotating combination of theme, language and width; no sideways scroll."""

import itertools
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Server

pytestmark = pytest.mark.journey
AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAGES: dict[str | None, list[str]] = {
    None: ["/masuk", "/berita/{slug}/", "/berita/{slug}/jenis/berita_terbaru", "/berita/{slug}/sematan", "/tidak-ada", "/tamu/kode", "/bagikan/tidak-ada"],
    "contributor": ["/", "/cari?q=lelang", "/bantuan/", "/bantuan/?q=usulan", "/bantuan/kirim-usulan", "/bantuan/pintasan", "/bantuan/tur", "/usulan/kirim?tur=1", "/hari-ini", "/laporan/", "/tugas", "/tugas?lihat=selesai", "/profil/ketidakhadiran", "/usulan/", "/usulan/kirim", "/kalender/", "/capaian/saya", "/media/", "/pemberitahuan/", "/akun/pemberitahuan", "/profil"],
    "editor": ["/", "/cari", "/cari?q=lelang", "/cari?q=zzz", "/bantuan/", "/bantuan/?q=zzz", "/bantuan/capaian", "/hari-ini", "/tugas", "/tugas/tim", "/pengguna/ketidakhadiran", "/usulan/kolam", "/naskah/", "/naskah/?tampilan=daftar&q=lelang", "/naskah/?pemegang=saya&q=zzz", "/naskah/kolom/draft", "/naskah/tampilan?pemegang=saya", "/naskah/massal?tindakan=tunda&id=1&id=2", "/naskah/baru", "/kalender/?tampilan=bulan", "/kalender/?tampilan=pekan", "/kalender/?tampilan=hari", "/kalender/?tampilan=daftar", "/kalender/?tampilan=kanal", "/kalender/?tampilan=seksi", "/kalender/?tampilan=triwulan", "/kalender/harian", "/kalender/tambah", "/kalender/tampilan?tampilan=pekan", "/publikasi/",
               "/rapat/", "/rapat/2026-11-16", "/kalender/bagikan", "/kalender/teks", "/kampanye/", "/kampanye/?lihat=selesai", "/kampanye/baru", "/kampanye/tawaran", "/naskah/kiriman", "/naskah/kiriman?arah=keluar", "/naskah/terima-rilis",
               "/capaian/", "/capaian/verifikasi", "/capaian/verifikasi?tampilan=daftar", "/capaian/verifikasi?tampilan=dipertanyakan", "/media/", "/media/penurunan",
               "/keterlibatan/", "/keterlibatan/isi", "/keterlibatan/unggah", "/keterlibatan/pembaca"],
    "approver": ["/", "/persetujuan/", "/capaian/"],
    "lead": ["/", "/hari-ini", "/minggu-ini", "/capaian/andai", "/capaian/seksi", "/capaian/pilar", "/capaian/pilar?menurut=jenis", "/capaian/orang", "/capaian/saya", "/capaian/tren", "/capaian/unit", "/capaian/penutupan", "/capaian/penutupan/2026-TW1", "/capaian/penutupan/2026-TW3", "/capaian/penutupan/2026-TW4/terbuka", "/capaian/penyesuaian", "/capaian/resmi", "/capaian/pengukuran", "/capaian/", "/capaian/komponen/berita-terbaru", "/capaian/komponen/berita-terbaru?keadaan=verified", "/publikasi/",
             "/laporan/", "/laporan/?jangka=free", "/laporan/jadwal", "/laporan/jadwal/baru"],
    "admin": ["/", "/bantuan/", "/bantuan/?q=bukti", "/bantuan/arsip-kantor", "/pengaturan/", "/pengaturan/pengguna", "/pengaturan/seksi", "/pengaturan/kantor",
              "/pengaturan/kanal", "/pengaturan/kanal/baru", "/pengaturan/kanal/batas", "/pengaturan/kanal/aplikasi", "/pengaturan/kanal/aplikasi/google", "/pengaturan/jenis-konten", "/pengaturan/peran-produksi", "/pengaturan/pilar", "/pengaturan/hari",
              "/pengaturan/pedoman", "/pengaturan/pedoman/daftar-periksa", "/pengaturan/pedoman/aturan/headline_length",
              "/pengaturan/pedoman/kamus",
              "/pengaturan/persetujuan", "/pengaturan/persetujuan/bawaan", "/pengaturan/persetujuan/grup/baru", "/pengaturan/penyetuju-tamu", "/pengaturan/penyetuju-tamu/baru",
              "/pengaturan/persetujuan/sesudah-disetujui", "/pengaturan/persetujuan/pengingat", "/pengaturan/skema", "/pengaturan/skema/baru", "/pengaturan/skema/1", "/pengaturan/sasaran", "/pengaturan/sasaran?bagian=seksi", "/pengaturan/sasaran?bagian=orang", "/pengaturan/sasaran?bagian=ragam", "/pengaturan/sasaran?bagian=riwayat", "/pengaturan/sasaran/salin", "/pengaturan/pembagian",
              "/pengaturan/surel", "/pengaturan/surel/kotak-masuk", "/pengaturan/surel/masuk", "/pengaturan/kop-surat", "/pengaturan/arsip", "/pengaturan/pemberitahuan", "/pengaturan/pekerjaan", "/impor/", "/impor/baru/publications", "/pengaturan/impor/situs/"],
}  # fmt: skip
# Pages that are found by following a link: the first of a list stands for all.
FOLLOW: dict[str, list[tuple[str, str]]] = {
    "contributor": [("/tugas", "main .todo a[href^='/tugas/']"), ("/tugas", "main a[href$='/tolak']")],
    "lead": [("/tugas/tim", "main a[href^='/tugas/']"), ("/capaian/orang", "main a[href^='/capaian/orang/']"),
             ("/capaian/komponen/berita-terbaru", "main a[href^='/capaian/publikasi/']")],
    "editor": [("/kampanye/", "main .campaigns a"), ("/kampanye/tawaran", "main .list__title"), ("/naskah/kiriman", "main .list__title"),
               ("/naskah/kiriman?arah=keluar", "main .list__title"), ("/tugas/tim", "main a[href$='/ganti']"), ("/naskah/", "main .card h3 a"), ("/naskah/", "main .card [data-move]"),
               ("/publikasi/", "main a[href^='/publikasi/']:not([href*='?'])"), ("/kalender/?tampilan=bulan", "#calendar a[href^='/kalender/pindahkan']"),
               ("/usulan/kolam", "main li a[href^='/usulan/'], main article a[href^='/usulan/']")],
    "approver": [("/persetujuan/", "main a[href^='/persetujuan/']")],
    "admin": [("/pengaturan/kanal", "main .list__title"), ("/pengaturan/kanal", "main a[href$='/sambungkan']"), ("/pengaturan/kanal/3", "main a[href$='/jeda']")],
}  # fmt: skip
COMBINATIONS = list(itertools.product((1280, 360), (False, True), ("id", "en")))


def violations(page: Page) -> list[str]:
    """What axe finds: rule, and the first element it is about."""
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}}).then(r => r.violations)", TAGS
    )
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:160]} {v['nodes'][0].get('failureSummary', '')[:200]}"
        for v in found
    ]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def look(page: Page, where: str) -> list[str]:
    """Everything wrong with the page as it stands."""
    wrong = [f"{where}: {v}" for v in violations(page)]
    if overflow(page) > 0:
        wrong.append(f"{where}: {overflow(page)} px sideways")
    return wrong


@pytest.mark.parametrize("role", PAGES, ids=str)
def test_pages_of(role: str | None, open_as: Callable[..., Page], server: Server) -> None:
    offset = list(PAGES).index(role)
    open_pages: dict[tuple[int, bool, str], Page] = {}
    wrong: list[str] = []
    for number, path in enumerate(PAGES[role]):
        width, dark, language = COMBINATIONS[(number + offset) % len(COMBINATIONS)]
        key = (width, dark, language)
        if key not in open_pages:
            open_pages[key] = open_as(role, width=width, dark=dark, language=language)
        page = open_pages[key]
        problems: list[str] = []
        page.on("console", lambda m, p=problems: p.append(m.text) if m.type == "error" else None)
        page.goto(path.format(slug=server.slug))
        where = f"{role} {path} {width} {'dark' if dark else 'light'} {language}"
        wrong += look(page, where)
        wrong += [f"{where}: console: {text}" for text in problems if "404" not in text]
    for start, selector in FOLLOW.get(role or "", []):
        page = next(iter(open_pages.values()))
        page.goto(start)
        link = page.locator(selector).first
        target = link.get_attribute("href")
        assert target, f"{role}: nothing to follow on {start}"
        page.goto(target)
        wrong += look(page, f"{role} {start} → {target}")
    assert wrong == [], "\n".join(wrong)
