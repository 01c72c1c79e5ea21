"""The tour of the sample office: the way of a story from an idea to a point, past the pages that this person may open.

Nothing is stored: where somebody is stands in the address (``?tur=3``), so it can be left and taken up anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import has_request_context, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from humasflow.accounts.policy import Principal
from humasflow.core.permissions import Permission


@dataclass(frozen=True)
class _Stop:
    label: str
    text: str
    endpoint: str
    needs: Permission | None


@dataclass(frozen=True)
class Stop:
    """A page of the tour, for one person; ``url`` opens it with the tour's words above."""

    label: str
    text: str
    url: str


@dataclass(frozen=True)
class Here:
    """Where somebody is: the ``number`` of ``stop`` among ``all`` (both from 1), and the neighbours' addresses."""

    stop: Stop
    number: int
    all: int
    before: str | None
    after: str | None


_STOPS = (
    _Stop(
        _l("Usulan"),
        _l(
            "Semua berita berawal di sini. Siapa pun di kantor mengirim ide: cukup judul, foto boleh "
            "menyusul."
        ),
        "pitches.new", Permission.PITCH_CREATE,
    ),
    _Stop(
        _l("Kolam usulan"),
        _l(
            "Ide dari semua seksi, yang terlama di atas. Redaktur menerima, menyimpan, atau menolaknya "
            "dengan alasan."
        ),
        "pitches.pool", Permission.PITCH_TRIAGE,
    ),
    _Stop(
        _l("Meja redaksi"),
        _l(
            "Tiap kartu satu naskah, tiap kolom satu keadaan. Terlihat apa yang macet dan siapa yang "
            "memegangnya."
        ),
        "pages.desk", Permission.STORY_READ,
    ),
    _Stop(
        _l("Tugas"),
        _l("Yang diminta dari Anda, menurut tenggatnya. Selesai di sini, hilang dari daftar semua orang."),
        "pages.tasks", None,
    ),
    _Stop(
        _l("Persetujuan"),
        _l(
            "Persis seperti yang akan tayang, dengan yang berubah sejak terakhir dibaca. Dua tombol: "
            "setujui atau kembalikan."
        ),
        "approvals.inbox", Permission.STORY_APPROVE,
    ),
    _Stop(
        _l("Kalender"),
        _l(
            "Kapan dan di kanal mana semuanya tayang. Klik hari yang kosong untuk menambah, seret untuk "
            "memindahkan."
        ),
        "calendar.month", Permission.CALENDAR_READ,
    ),
    _Stop(
        _l("Publikasi"),
        _l(
            "Yang tayang sendiri, dan yang diunggah dengan tangan lalu dicatat dengan tautan dan "
            "tangkapan layar sebagai bukti."
        ),
        "publishing.index", Permission.STORY_READ,
    ),
    _Stop(
        _l("Verifikasi"),
        _l("Bukti dicocokkan dengan tautannya. Sejak diverifikasi, publikasinya dihitung."),
        "scoring.verification", Permission.EVIDENCE_VERIFY,
    ),
    _Stop(
        _l("Capaian"),
        _l(
            "Berapa yang sudah, berapa lagi, dan pada siapa kekurangannya menunggu. Tiap angka dapat "
            "diklik sampai ke buktinya."
        ),
        "scoring.standing", Permission.SCORE_READ,
    ),
    _Stop(
        _l("Laporan"),
        _l("Satu tekan menjadi PDF dengan kop surat, Excel, dan paket bukti untuk penilaian."),
        "reports.index", Permission.REPORT_MAKE,
    ),
)  # fmt: skip


def stops(actor: Principal) -> Sequence[Stop]:
    """The pages of the tour that ``actor`` may open, in order."""
    open_to = [s for s in _STOPS if s.needs is None or actor.can(s.needs)]
    return [
        Stop(s.label, s.text, url_for(s.endpoint, tur=number)) for number, s in enumerate(open_to, start=1)
    ]


def here() -> Here | None:
    """Where the reader of this page is on the tour of the sample office; None when they are not on it."""
    asked = request.args.get("tur", "") if has_request_context() else ""
    if not asked.isdecimal() or not asked.isascii() or len(asked) > 2:
        return None
    way, number = stops(current_user), int(asked)
    if not 1 <= number <= len(way) or not way[number - 1].url.startswith(f"{request.path}?"):
        return None
    return Here(
        way[number - 1], number, len(way),
        before=way[number - 2].url if number > 1 else None, after=way[number].url if number < len(way) else None,
    )  # fmt: skip
