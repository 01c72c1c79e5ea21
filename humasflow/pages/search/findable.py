"""What is found without reading anything: things to do, places of the menu, pages of the settings."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from humasflow.accounts.finding import Asked, Found, Source
from humasflow.accounts.policy import Principal
from humasflow.core.fulltext.words import has_all
from humasflow.core.guards import guard_of
from humasflow.core.permissions import Permission
from humasflow.pages.context import places_of
from humasflow.pages.settings import settings_of

FIRST = 4  # things to do that an empty box offers


@dataclass(frozen=True)
class Action:
    """Something to begin. ``words``: what else people call it, in both languages. Open to whoever its page lets in;
    ``needs`` where the page lets in more people than can do it.
    """

    label: Any  # lazy
    endpoint: str
    icon: str
    words: str = ""
    needs: Permission | None = None

    def is_open_to(self, person: Principal) -> bool:
        """The question that the page's own guard asks."""
        if self.needs is not None and not person.can(self.needs):
            return False
        guard = guard_of(current_app, self.endpoint)
        if guard is None:
            return False
        return guard.kind != "requires" or any(person.can(p) for p in guard.permissions)


# In the order of how often they are wanted.
ACTIONS = (
    Action(_l("Buat naskah"), "stories.new", "pen", "tulis berita artikel naskah baru write new story"),
    Action(_l("Kirim usulan"), "pitches.new", "idea", "ide usul kirim bahan send pitch idea"),
    Action(
        _l("Unggah foto atau berkas"), "media.library", "upload", "gambar video media upload photo file picture",
        Permission.MEDIA_UPLOAD,
    ),
    Action(_l("Capaian triwulan ini"), "scoring.standing", "target", "nilai skor iku kpi score standing quarter"),
    Action(_l("Tambah ke kalender"), "calendar.add", "plus", "jadwal posting baru add to calendar schedule"),
    Action(_l("Agenda baru"), "agenda.new", "calendar", "acara kegiatan rapat new event"),
    Action(_l("Impor tabel"), "imports.index", "upload", "excel xlsx csv spreadsheet lampau import table"),
    Action(_l("Impor agenda"), "agenda.import_file", "upload", "ics kalender google import events"),
    Action(_l("Kampanye baru"), "pages.new_campaign", "flag", "new campaign"),
    Action(_l("Terima rilis"), "stories.receive_release", "download", "siaran pers kantor lain receive release"),
    Action(_l("Verifikasi publikasi"), "scoring.verification", "check", "bukti tayang verify publications evidence"),
    Action(_l("Buat laporan"), "reports.index", "doc", "pdf xlsx unduh cetak make report download"),
    Action(_l("Buat jadwal laporan"), "report_schedules.create", "clock", "laporan rutin surel schedule report"),
    Action(_l("Isi angka keterlibatan"), "metrics.enter", "pen", "suka komentar jangkauan engagement likes reach"),
    Action(_l("Unggah angka keterlibatan"), "metrics.upload", "upload", "insight statistik upload engagement"),
    Action(_l("Hitung andai"), "scoring.what_if", "target", "simulasi target kurang what if"),
    Action(_l("Jadwal harian"), "calendar.daily_sheet", "doc", "cetak agenda hari ini daily schedule print"),
    Action(_l("Bagikan kalender"), "sharing.index", "share", "tautan atasan share calendar link"),
    Action(_l("Langganan kalender"), "feeds.subscriptions", "link", "ics google outlook ponsel subscribe calendar"),
    Action(_l("Tambah pengguna"), "accounts.new_person", "users", "undang orang akun peran invite add user person"),
    Action(_l("Tambah akun kanal"), "channels.new_account", "share", "instagram facebook situs add channel account"),
    Action(_l("Kabar hari ini"), "briefs.today", "newspaper", "ringkasan pagi today brief"),
    Action(_l("Kabar pekan ini"), "briefs.week", "newspaper", "ringkasan pekan week brief"),
    Action(_l("Kontribusi saya"), "scoring.my_contribution", "star", "poin nilai my contribution"),
    Action(_l("Ketidakhadiran saya"), "accounts.own_absences", "calendar", "cuti dinas sakit absence leave"),
    Action(_l("Cara saya dikabari"), "routing.preferences", "bell", "pemberitahuan surel notification preferences"),
    Action(_l("Profil dan bahasa"), "accounts.profile", "user", "kata sandi tema password language theme profile"),
)  # fmt: skip


def _actions(asked: Asked, limit: int) -> list[Found]:
    open_to = (a for a in ACTIONS if a.is_open_to(asked.actor))
    return _best(
        asked, ((Found(str(a.label), url_for(a.endpoint), "", a.icon), a.words) for a in open_to), limit
    )


def _first_actions(asked: Asked, _limit: int) -> list[Found]:
    open_to = [a for a in ACTIONS if a.is_open_to(asked.actor)]
    return [Found(str(a.label), url_for(a.endpoint), "", a.icon) for a in open_to[:FIRST]]


def _pages(asked: Asked, limit: int) -> list[Found]:
    # Whatever is offered as something to do is not offered twice.
    done = {found.url for found in _actions(asked, len(ACTIONS))}
    return _best(asked, ((f, w) for f, w in _every_page(asked.actor) if f.url not in done), limit)


def _every_page(person: Principal) -> Iterable[tuple[Found, str]]:
    for label, within, endpoint, icon in places_of(person):
        yield Found(label, url_for(endpoint), within, icon), ""
    for group in settings_of(person, dead_jobs=0):
        for entry in group.entries:
            yield Found(entry.label, entry.url, group.label, entry.icon), entry.affects


def _best(asked: Asked, offered: Iterable[tuple[Found, str]], limit: int) -> list[Found]:
    """By its name first, then by what else is said about it; otherwise in its own order."""
    every = list(offered)
    named = [found for found, _words in every if has_all(found.title, asked.begun)]
    called = [found for found, words in every if has_all(f"{found.title} {words}", asked.begun)]
    return list(dict.fromkeys([*named, *called]))[:limit]


SOURCES = (
    Source("actions", _l("Tindakan"), "plus", 10, _actions, recent=_first_actions, at_once=True),
    Source("pages", _l("Halaman dan pengaturan"), "gear", 20, _pages, at_once=True),
)
