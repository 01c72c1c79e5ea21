"""The cells of a row, one after the other: each function says what is wrong and gives what can be used. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from humasflow.core.localtime import ZONE_LABELS, show_date, to_local
from humasflow.core.urls import is_http_url
from humasflow.imports.kinds.calendar.rows import Prepared, Say, When
from humasflow.imports.kinds.calendar.words import Progress, fold, nearest, split_channels, split_people
from humasflow.imports.values import read_clock, read_moment, read_zone
from humasflow.orgs.models import Unit
from humasflow.planning.models import ContentType
from humasflow.posts.services.scheduling import FURTHEST

_ZONES: Final = {label: name for name, label in ZONE_LABELS.items()}
_NO_CLOCK: Final = time(0, 0, 0, 1)  # a date without a time of day; nobody writes microseconds
_WITH_CLOCK: Final = re.compile(r"(?P<day>.+?)[\s,.-]+(?P<clock>(?:pukul|pkl|jam)\b.*)", re.IGNORECASE)
_NOT_SAID: Final = frozenset({
    "-", "--", "–", "—", "?", "tbd", "tba", "n/a", "na", "menyusul", "belum", "belum ada", "belum ditentukan",
    "belum pasti", "tentatif", "menunggu", "tidak ada",
})  # fmt: skip


def said(text: str) -> str:
    """What a cell says; nothing for a dash or "menyusul"."""
    return "" if fold(text) in _NOT_SAID else text


def read_when(cells: Mapping[str, str], office: Unit, now: datetime, bad: Say, warn: Say) -> When:
    """The day and the time at the office, from the column of the date and that of the time."""
    day_text, clock_text = said(cells["tanggal"]), said(cells["jam"])
    moment = read_moment(day_text, without_time=_NO_CLOCK)
    if moment is None and day_text:
        parts = _WITH_CLOCK.fullmatch(day_text)
        if parts is not None:
            moment, clock_text = (
                read_moment(parts["day"], without_time=_NO_CLOCK),
                clock_text or parts["clock"],
            )
    if moment is None and day_text:
        bad("tanggal", _("tanggal “%(text)s” tidak ada di kalender", text=day_text[:30]))
    clock = read_clock(clock_text) if clock_text else None
    if clock_text and clock is None:
        bad("jam", _("jam “%(text)s” tidak dikenal; contohnya 09.30", text=clock_text[:30]))
    if moment is None:
        if clock is not None and not day_text:
            warn("tanggal", _("tanggal kosong, jadi jamnya tidak dipakai"))
        return When()
    if clock is None and moment.time() != _NO_CLOCK:
        clock = moment.time()
    zone = _ZONES.get(read_zone(clock_text) or read_zone(day_text), office.zone_name)
    day = moment.date()
    if clock is not None and zone != office.zone_name:
        there = datetime.combine(day, clock, tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo(office.zone_name))
        day, clock = there.date(), there.time()
    here = to_local(now, office.zone_name)
    if day > (here + FURTHEST).date() - timedelta(days=1):
        bad("tanggal", _("tanggal ini lebih dari tiga tahun lagi; periksa tahunnya"))
        return When()
    if day < here.date() or (day == here.date() and clock is not None and clock < here.time()):
        told = show_date(day, style="d MMMM yyyy")
        warn("tanggal", _("%(day)s sudah lewat; naskahnya dibuat tanpa tanggal", day=told))
        return When(was=told)
    return When(day, clock)


def read_channels(text: str, prepared: Prepared, bad: Say) -> dict[int, str]:
    """The accounts that a cell names, by id."""
    found: dict[int, str] = {}
    known = prepared.channels
    for word in split_channels(said(text), [*known.accounts, *known.bare]):
        wanted = fold(word)
        meant = known.accounts.get(wanted, ())
        if len(meant) == 1:
            found[meant[0].id] = meant[0].name
        elif meant:
            names = ", ".join(a.name for a in meant[:5])
            bad("kanal", _("“%(name)s” bisa berarti beberapa akun: %(names)s", name=word[:40], names=names))
        elif wanted in known.bare:
            bad("kanal", _("kantor ini belum punya akun %(kind)s yang dipakai", kind=known.bare[wanted]))
        else:
            bad(
                "kanal",
                unknown(_("kanal “%(name)s” tidak dikenal", name=word[:40]), nearest(word, known.labels)),
            )
    return found


def read_people(text: str, prepared: Prepared, bad: Say, note: Say) -> dict[int, str]:
    """The people that a cell names, by id."""
    found: dict[int, str] = {}
    people = prepared.people
    for word in split_people(said(text), people):
        meant = people.find(word)
        if len(meant) == 1:
            person = meant[0]
            found[person.id] = person.name
            if fold(word) not in (fold(person.name), fold(person.email)):
                note("pic", _("“%(word)s” dibaca sebagai %(name)s", word=word[:40], name=person.name))
        elif meant:
            names = ", ".join(f"{p.name} <{p.email}>" for p in meant[:4])
            bad("pic", _("“%(name)s” bisa berarti beberapa orang: %(names)s", name=word[:40], names=names))
        else:
            close = nearest(word, [p.name for p in people.everybody])
            bad("pic", unknown(_("“%(name)s” tidak bertugas di kantor ini", name=word[:40]), close))
    if found and not prepared.has_role:
        bad("pic", _("kantor ini belum punya peran produksi, jadi tugasnya tidak dapat dibuat"))
    return found


def read_type(text: str, prepared: Prepared, bad: Say, warn: Say) -> ContentType | None:
    """The content type; where none is said the first that the office offers."""
    wanted = fold(said(text))
    if not wanted:
        first = prepared.first_type
        if first is None:
            bad("jenis", _("Kantor ini belum punya jenis konten. Admin menambahkannya di Pengaturan."))
        else:
            warn("jenis", _("jenis kosong; dicatat sebagai %(type)s", type=first.label))
        return first
    found = prepared.types.get(wanted)
    if found is None:
        close = nearest(text, prepared.type_labels)
        bad("jenis", unknown(_("jenis “%(name)s” tidak dikenal", name=text[:40]), close))
    return found


def read_named(column: str, text: str, known: Mapping[str, tuple[int, str]], bad: Say) -> int | None:
    """The number of a pillar or a section by its name."""
    wanted = said(text)
    if not wanted:
        return None
    found = known.get(fold(wanted))
    if found is None:
        close = nearest(wanted, [name for _id, name in known.values()])
        sentence = (
            _("pilar “%(name)s” tidak dikenal", name=wanted[:40])
            if column == "pilar"
            else _("seksi “%(name)s” tidak dikenal", name=wanted[:40])
        )
        bad(column, unknown(sentence, close))
        return None
    return found[0]


def judge_progress(text: str, progress: Progress, *, is_over: bool, bad: Say, note: Say) -> None:
    """What is out already, or will never be, is not planned."""
    if progress is Progress.LIVE or (progress is Progress.MAYBE_LIVE and is_over):
        bad(
            "status",
            _(
                "status “%(text)s”: sudah tayang. Impor baris ini dengan jenis “Publikasi yang sudah tayang”, yang "
                "memerlukan alamatnya.",
                text=text[:40],
            ),
        )  # fmt: skip
    elif progress is Progress.CALLED_OFF:
        bad("status", _("status “%(text)s”: dibatalkan, jadi tidak direncanakan", text=text[:40]))
    elif progress is Progress.IDEA:
        note("status", _("ide: dicatat sebagai naskah draf"))
    elif progress in (Progress.MAYBE_LIVE, Progress.UNKNOWN):
        note("status", _("status “%(text)s” tidak dipakai; naskahnya dimulai sebagai draf", text=text[:40]))


def read_brief(cells: Mapping[str, str], when: When, warn: Say) -> str:
    """What whoever is in charge has to know: the note, the link, and the day that is over."""
    parts = [said(cells["catatan"])]
    link = said(cells["tautan"])
    if link:
        if not is_http_url(link):
            warn("tautan", _("bukan alamat web; dicatat sebagai teks"))
        parts.append(_("Tautan: %(link)s", link=link))
    if when.was:
        parts.append(_("Tanggal semula: %(day)s", day=when.was))
    return "\n".join(filter(None, parts))


def unknown(sentence: str, close: str) -> str:
    """The sentence, with what was perhaps meant."""
    return _("%(what)s; maksudnya “%(near)s”?", what=sentence, near=close) if close else sentence
