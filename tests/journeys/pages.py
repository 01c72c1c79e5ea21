"""The pages that the accessibility tests look at: addresses of the sample office by role, pages found by following a link,
and the addresses that show no page of their own.

Every other page of the product is opened with the things of the guards (``tests/guards/things.py``): a new page is looked at
without being written down here. It belongs here when it has to be seen filled.
"""

PAGES: dict[str | None, list[str]] = {
    None: ["/masuk", "/berita/{slug}/", "/berita/{slug}/jenis/berita_terbaru", "/berita/{slug}/sematan", "/tidak-ada", "/tamu/kode", "/bagikan/tidak-ada"],
    "contributor": ["/", "/cari?q=lelang", "/bantuan/", "/bantuan/?q=usulan", "/bantuan/kirim-usulan", "/bantuan/pintasan", "/bantuan/tur", "/usulan/kirim?tur=1", "/hari-ini", "/laporan/", "/tugas", "/tugas?lihat=selesai", "/profil/ketidakhadiran", "/usulan/", "/usulan/kirim", "/kalender/", "/capaian/saya", "/media/", "/pemberitahuan/", "/akun/pemberitahuan", "/profil"],
    "editor": ["/", "/cari", "/cari?q=lelang", "/cari?q=zzz", "/bantuan/", "/bantuan/?q=zzz", "/bantuan/capaian", "/hari-ini", "/tugas", "/tugas/tim", "/pengguna/ketidakhadiran", "/usulan/kolam", "/naskah/", "/naskah/?tampilan=daftar&q=lelang", "/naskah/?pemegang=saya&q=zzz", "/naskah/kolom/draft", "/naskah/tampilan?pemegang=saya", "/naskah/massal?tindakan=tunda&id=1&id=2", "/naskah/baru", "/kalender/?tampilan=bulan", "/kalender/?tampilan=pekan", "/kalender/?tampilan=hari", "/kalender/?tampilan=daftar", "/kalender/?tampilan=kanal", "/kalender/?tampilan=seksi", "/kalender/?tampilan=triwulan", "/kalender/harian", "/kalender/tambah", "/kalender/tampilan?tampilan=pekan", "/publikasi/",
               "/rapat/", "/rapat/2026-11-16", "/kalender/bagikan", "/kalender/teks", "/kampanye/", "/kampanye/?lihat=selesai", "/kampanye/baru", "/kampanye/tawaran", "/naskah/kiriman", "/naskah/kiriman?arah=keluar", "/naskah/terima-rilis",
               "/capaian/", "/capaian/verifikasi", "/capaian/verifikasi?tampilan=daftar", "/capaian/verifikasi?tampilan=dipertanyakan", "/media/", "/media/penurunan", "/media/keterangan-massal?file=1&file=2",
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
              "/pengaturan/surel", "/pengaturan/surel/kotak-masuk", "/pengaturan/surel/masuk", "/pengaturan/kop-surat", "/pengaturan/arsip", "/pengaturan/pemberitahuan", "/pengaturan/pekerjaan", "/impor/", "/impor/baru/publications", "/pengaturan/impor/situs/", "/siapkan/hapus-contoh", "/siapkan/langkah-berikut"],
}  # fmt: skip
# Pages that are found by following a link: the first of a list stands for all.
FOLLOW: dict[str | None, list[tuple[str, str]]] = {
    None: [("/berita/{slug}/", "main a[href*='/berita/']:not([href*='/jenis/']):not([aria-current])")],
    "contributor": [("/tugas", "main .todo a[href^='/tugas/']"), ("/tugas", "main a[href$='/tolak']")],
    "lead": [("/tugas/tim", "main a[href^='/tugas/']"), ("/capaian/orang", "main a[href^='/capaian/orang/']"),
             ("/capaian/komponen/berita-terbaru", "main a[href^='/capaian/publikasi/']"),
             ("/capaian/pengukuran?skema=2", "main a[href^='/capaian/pengukuran/']")],
    "editor": [("/kampanye/", "main .campaigns a"), ("/kampanye/tawaran", "main .list__title"), ("/naskah/kiriman", "main .list__title"),
               ("/naskah/kiriman?arah=keluar", "main .list__title"), ("/tugas/tim", "main a[href$='/ganti']"), ("/naskah/", "main .card h3 a"), ("/naskah/", "main .card [data-move]"),
               ("/publikasi/", "main a[href^='/publikasi/']:not([href*='?'])"), ("/kalender/?tampilan=bulan", "#calendar a[href^='/kalender/pindahkan']"),
               ("/usulan/kolam", "main li a[href^='/usulan/'], main article a[href^='/usulan/']")],
    "approver": [("/persetujuan/", "main a[href^='/persetujuan/']")],
    "admin": [("/pengaturan/kanal", "main .list__title"), ("/pengaturan/kanal", "main a[href$='/sambungkan']"), ("/pengaturan/kanal/3", "main a[href$='/jeda']")],
}  # fmt: skip
# Values for arguments of addresses that the things of the guards do not name.
MORE_THINGS = {
    "key": "berita-utama",
    "code": "headline_length",
    "lane": "draft",
    "import_kind": "publications",
}

_FILE = "a file or a picture"
_PART = "a part of a page that a script puts in"
_ANSWER = "an answer for a program"
_ON = "leads on to another page"
_FOLLOWED = "found by a link (FOLLOW)"
_SECRET = "opens with a secret from a mail; the tests of its room read the page"
_STATE = "opens in a state that neither office is in; the tests of its room read the page"
# Addresses a browser may ask for that none of these tests opens by its address, and why. Everything else is looked at.
NO_PAGE: dict[str, str] = {
    **dict.fromkeys((
        "static", "archive.download", "approvals.guest_picture", "feeds.file", "imports.template", "media.crop",
        "media.rendition", "metrics.upload_template", "newsroom.atom", "newsroom.card", "newsroom.json_feed", "newsroom.picture",
        "newsroom.robots", "newsroom.sitemap", "newsroom.sitemap_page", "pages.worker", "publishing.opened_media",
        "reports.day_schedule", "reports.download", "reports.logo", "reports.release_file", "stories.handover_picture",
    ), _FILE),
    **dict.fromkeys((
        "calendar.shortage", "stories.comments", "stories.picture_lines", "stories.thread",
    ), _PART),
    **dict.fromkeys((
        "agenda.repetition", "mailbox.test_status", "meetings.minutes", "notifications.count", "notifications.test_status", "pages.healthz", "pages.readyz",
        "stories.comment_people", "stories.library", "stories.library_picture", "stories.people", "stories.pulse",
        "telegram.bot_state", "telegram.chat_state",
    ), _ANSWER),
    **dict.fromkeys(("connections.come_back", "newsroom.article_short", "stories.comment"), _ON),
    **dict.fromkeys(("calendar.relocate", "newsroom.article", "scoring.measure"), _FOLLOWED),
    **dict.fromkeys((
        "accounts.accept_invitation", "approvals.guest_link", "mailbox.confirm", "mailbox.unsubscribe",
    ), _SECRET),
    **dict.fromkeys((
        "approvals.ask_code", "approvals.type_code", "connections.ending", "metrics.record", "setup.archive",
        "setup.wizard",
    ), _STATE),
}  # fmt: skip
