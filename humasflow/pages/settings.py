"""Pengaturan: everything that is data, grouped by what it affects; each person sees what they may change."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from humasflow.accounts.policy import Principal
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.outbox import queries as outbox
from humasflow.pages.blueprint import blueprint
from humasflow.pages.context import MANAGING


@dataclass(frozen=True)
class Entry:
    """A page of settings. ``affects`` says what changes when one changes it."""

    label: str
    affects: str
    url: str
    icon: str
    alert: int = 0  # how many things there need a look


@dataclass(frozen=True)
class Group:
    """Entries that affect the same part of the work."""

    label: str
    entries: list[Entry]


_GROUPS: tuple[tuple[str, tuple[tuple[str, str, str, str, Permission], ...]], ...] = (
    (
        _l("Kantor dan orang"),
        (
            (
                "setup.next_steps",
                _l("Langkah penyiapan"),
                _l("Yang masih perlu diisi sebelum kantor mulai bekerja."),
                "list",
                Permission.ACCOUNT_MANAGE,
            ),
            (
                "orgs.office",
                _l("Kantor"),
                _l("Nama, zona waktu, dan aturan dua orang."),
                "building",
                Permission.OFFICE_MANAGE,
            ),
            (
                "reports.letterhead",
                _l("Kop surat"),
                _l("Kepala dan tanda tangan pada laporan, siaran pers, dan jadwal yang dicetak."),
                "doc",
                Permission.OFFICE_MANAGE,
            ),
            (
                "orgs.sections",
                _l("Seksi"),
                _l("Asal usulan dan penyetuju tiap seksi."),
                "folder",
                Permission.OFFICE_MANAGE,
            ),
            (
                "accounts.people",
                _l("Pengguna dan peran"),
                _l("Siapa boleh apa, sejak kapan sampai kapan, termasuk Plh. dan Plt."),
                "users",
                Permission.ACCOUNT_MANAGE,
            ),
            (
                "accounts.office_absences",
                _l("Ketidakhadiran"),
                _l("Cuti dan dinas, yang terlihat saat tugas dibagi."),
                "clock",
                Permission.ACCOUNT_MANAGE,
            ),
        ),
    ),
    (
        _l("Naskah dan persetujuan"),
        (
            (
                "planning.content_types",
                _l("Jenis konten"),
                _l("Pilihan pada naskah, bagian situs berita, dan penilaian."),
                "newspaper",
                Permission.OFFICE_MANAGE,
            ),
            (
                "planning.pillars",
                _l("Pilar konten"),
                _l("Tema yang dapat dipilih pada naskah."),
                "flag",
                Permission.OFFICE_MANAGE,
            ),
            (
                "days.index",
                _l("Hari penting"),
                _l("Hari libur, hari nasional, hari Pawukon, dan hari kantor di kalender."),
                "calendar",
                Permission.OFFICE_MANAGE,
            ),
            (
                "guidelines.index",
                _l("Pedoman"),
                _l("Daftar periksa, pemeriksaan otomatis, dan kamus kantor."),
                "book",
                Permission.OFFICE_MANAGE,
            ),
            (
                "planning.production_roles",
                _l("Peran produksi"),
                _l("Peliput, fotografer, dan peran lain yang dipilih saat menugaskan."),
                "camera",
                Permission.OFFICE_MANAGE,
            ),
            (
                "approvals.chains",
                _l("Alur persetujuan"),
                _l("Siapa menyetujui apa sebelum tayang."),
                "check",
                Permission.OFFICE_MANAGE,
            ),
            (
                "approvals.guests",
                _l("Penyetuju tamu"),
                _l("Orang tanpa akun yang memutuskan lewat tautan dan kode."),
                "user",
                Permission.OFFICE_MANAGE,
            ),
        ),
    ),
    (
        _l("Kanal dan penyampaian"),
        (
            (
                "channels.accounts",
                _l("Akun kanal"),
                _l("Tempat publikasi tayang dan siapa yang mengunggahnya."),
                "radio",
                Permission.CHANNEL_MANAGE,
            ),
            (
                "channels.kinds",
                _l("Batas kanal"),
                _l("Panjang teks, tagar, dan jumlah gambar tiap jenis kanal."),
                "filter",
                Permission.CHANNEL_MANAGE,
            ),
            (
                "notifications.mail_settings",
                _l("Surel"),
                _l("Pemberitahuan dan undangan lewat surel."),
                "mail",
                Permission.OFFICE_MANAGE,
            ),
            (
                "routing.rules",
                _l("Aturan pemberitahuan"),
                _l("Siapa dikabari tentang apa, lewat mana, dan seberapa cepat."),
                "bell",
                Permission.OFFICE_MANAGE,
            ),
            (
                "telegram.bot",
                _l("Telegram"),
                _l("Bot kantor yang mengabari orang di Telegram."),
                "send",
                Permission.OFFICE_MANAGE,
            ),
        ),
    ),
    (
        _l("Penilaian"),
        (
            (
                "scoring.schemes",
                _l("Skema penilaian"),
                _l("Komponen dan bobot nilai triwulan."),
                "target",
                Permission.SCORE_MANAGE,
            ),
            (
                "scoring.targets",
                _l("Sasaran"),
                _l("Angka yang harus dicapai, dengan suratnya."),
                "star",
                Permission.SCORE_MANAGE,
            ),
            (
                "scoring.attribution",
                _l("Pembagian nilai"),
                _l("Siapa mendapat berapa dari satu publikasi."),
                "share",
                Permission.SCORE_MANAGE,
            ),
            (
                "imports.index",
                _l("Impor dari tabel"),
                _l("Publikasi lampau, agenda, sasaran, pengguna, dan unit dari lembar kerja yang sudah ada."),
                "upload",
                Permission.IMPORT_RUN,
            ),
        ),
    ),
    (
        _l("Di balik layar"),
        (
            (
                "archive.index",
                _l("Arsip kantor"),
                _l("Semua milik kantor dalam satu berkas, untuk disimpan atau dipindahkan."),
                "archive",
                Permission.OFFICE_EXPORT,
            ),
            (
                "outbox.jobs",
                _l("Pekerjaan latar"),
                _l("Pengiriman dan penayangan yang berhenti dan perlu dilihat."),
                "refresh",
                Permission.JOB_READ,
            ),
        ),
    ),
)


def settings_of(person: Principal, *, dead_jobs: int) -> list[Group]:
    """What this person may open, group by group; empty groups are left out."""
    groups = []
    for label, entries in _GROUPS:
        offered = [
            Entry(
                str(name),
                str(affects),
                url_for(endpoint),
                icon,
                dead_jobs if endpoint == "outbox.jobs" else 0,
            )
            for endpoint, name, affects, icon, permission in entries
            if person.can(permission)
        ]
        if offered:
            groups.append(Group(str(label), offered))
    return groups


@blueprint.get("/pengaturan/")
@requires(*MANAGING)
def settings() -> Any:
    """The index of settings."""
    office = current_user.office
    dead = outbox.count_dead(office.id) if current_user.can(Permission.JOB_READ) else 0
    return render_template("pages/settings.html", groups=settings_of(current_user, dead_jobs=dead))
