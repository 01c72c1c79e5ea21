"""Numbers of engagement from an office's own table: each row is a reading of a publication, as it would be typed or
uploaded in the room of metrics. A publication is named by its address; by its title only where it has none there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from humasflow.channels.adapters.base import METRICS
from humasflow.channels.queries import list_kinds
from humasflow.core import clock
from humasflow.core.localtime import from_local, show_date, to_local
from humasflow.core.permissions import Permission
from humasflow.core.rendering import number
from humasflow.core.urls import NotHttpUrl, canonical_url, is_http_url
from humasflow.imports.kinds.base import Applied, Checked, Column, Context, Finding, Outcome, Severity
from humasflow.imports.kinds.words import kinds_by_words
from humasflow.imports.values import read_moment
from humasflow.metrics.numbers import NotANumber, read_number
from humasflow.metrics.queries.told import (
    Meant,
    Told,
    find_by_address,
    find_by_title,
    known_at,
    plain_title,
    told_of,
)
from humasflow.metrics.services.many import Kept, Seen, record_readings, take_back_readings
from humasflow.metrics.services.recording import TOLERANCE
from humasflow.metrics.spreadsheets.rows import HEADINGS
from humasflow.metrics.wording import NAMES, name_of
from humasflow.orgs.models import Unit

SOURCE: Final = "file"  # as of what is uploaded in the room of metrics
END_OF_DAY: Final = time(23, 59)  # "per 30 Juni" is what was there when that day ended
LOOK_BACK: Final = timedelta(days=366)  # for titles
_MAY_FALL: Final = frozenset({"followers"})
_EXAMPLES: Final = {
    "likes": "120", "comments": "8", "shares": "15", "saves": "4", "clicks": "32", "views": "1.234",
    "reach": "1,2 rb", "impressions": "2.100", "followers": "3,4 jt",
}  # fmt: skip
_WEBSITES: Final = frozenset({"website_own", "website_portal"})


@dataclass(frozen=True)
class Row:
    """One row, understood. ``address``: in its canonical form, empty where only the title is there; ``channels``: codes
    of kinds of channels, none where any will do; ``numbers``: by the names of METRICS.
    """

    address: str
    title: str
    channels: frozenset[str]
    seen_at: datetime
    day: date
    numbers: Mapping[str, int | None]

    @property
    def is_empty(self) -> bool:
        """Whether it has no number at all."""
        return all(value is None for value in self.numbers.values())


@dataclass(frozen=True)
class Prepared:
    """Codes of channels by words, and the time."""

    channels: Mapping[str, str]
    now: datetime


class Metrics:
    """The kind."""

    code = "metrics"
    label = _l("Angka keterlibatan")
    lead = _l("Jangkauan, tayangan, suka, dan angka lain tiap publikasi dari tabel kantor sendiri.")
    permission = Permission.METRIC_RECORD
    chunk = 500
    undone_at_once = 500
    elsewhere = (
        "metrics.upload",
        _l(
            "Ekspor Meta Business Suite, TikTok Studio, atau YouTube Studio diunggah di halaman Keterlibatan."
        ),
    )
    columns = (
        Column(
            "tautan", _l("Tautan"),
            ("tautan", "url", "link", "alamat", "permalink", "link publikasi", "link konten", "post url"),
            example="https://www.instagram.com/p/contoh/", hint=_l("Alamat publikasinya, dalam bentuk apa pun."),
        ),
        Column(
            "judul", _l("Judul"), ("judul", "judul berita", "judul konten", "judul publikasi", "caption", "title"),
            example="Lelang berjalan tertib",
            hint=_l("Hanya dipakai bila tautannya kosong, dan hanya bila satu publikasi yang berjudul begitu."),
        ),
        Column(
            "kanal", _l("Kanal"), ("kanal", "media", "channel", "platform", "saluran", "media sosial", "medsos"),
            example="Instagram", hint=_l("Boleh kosong; memilih di antara publikasi yang judul atau tautannya sama."),
        ),
        Column(
            "per_tanggal", _l("Per tanggal"),
            ("per tanggal", "tanggal pengambilan", "tanggal data", "tanggal angka", "tanggal dilihat", "tanggal rekap",
             "tanggal pencatatan", "data per"),
            example="30-06-2026",
            hint=_l("Hari angkanya dilihat di kanal; kosong berarti hari ini. Tanpa jam: akhir hari itu."),
        ),
        *(
            Column(
                name, NAMES[name], tuple(h.lower() for h in HEADINGS[name]), example=_EXAMPLES[name], is_named=True
            )
            for name in METRICS
        ),
    )  # fmt: skip

    def guess_defaults(self, office: Unit) -> Mapping[str, str]:
        """A table without dates was made today, and stays of that day until somebody writes it."""
        return {"per_tanggal": to_local(clock.now(), office.zone_name).strftime("%d-%m-%Y")}

    def choices(self, office: Unit) -> Mapping[str, Sequence[str]]:
        """Channels by their labels."""
        return {"kanal": ["Website", *(k.label for k in list_kinds(office.id))]}

    def prepare(self, context: Context) -> Prepared:
        """One statement."""
        kinds = list_kinds(context.office.id)
        return Prepared({word: k.code for word, k in kinds_by_words(kinds).items()}, clock.now())

    def check(
        self, line: int, cells: Mapping[str, str], context: Context, prepared: Prepared
    ) -> Checked[Row]:
        """Understand a row."""
        found: list[Finding] = []

        def say(column: str, message: str, severity: Severity = Severity.ERROR) -> None:
            found.append(Finding(column, severity, message))

        numbers = _numbers(cells, say)
        if not found and all(
            value is None for value in numbers.values()
        ):  # whatever else it says: a heading, a sum
            say("", _("tidak ada angka di baris ini; dilewati"), Severity.NOTE)
            day = to_local(prepared.now, context.office.zone_name).date()
            empty = Row("", "", frozenset(), prepared.now, day, numbers)
            return Checked(line, empty, tuple(found))
        address = _address(cells["tautan"])
        if cells["tautan"] and not address:
            say("tautan", _("tautan ini bukan alamat web"))
        elif not address and not cells["judul"]:
            say("tautan", _("isi tautannya, atau judulnya"))
        channels: frozenset[str] = frozenset()
        if cells["kanal"]:
            code = prepared.channels.get(cells["kanal"].lower(), "")
            channels = _WEBSITES if code in _WEBSITES else frozenset({code})
            if not code:
                say("kanal", _("kanal “%(name)s” tidak dikenal", name=cells["kanal"][:40]))
        seen_at = _seen_at(cells["per_tanggal"], context.office, prepared.now)
        if seen_at is None:
            say(
                "per_tanggal",
                _("tanggal “%(text)s” tidak ada di kalender", text=cells["per_tanggal"][:30]),
            )
        elif seen_at > prepared.now + TOLERANCE:
            say("per_tanggal", _("tanggalnya ada di masa depan"))
        if seen_at is None or any(f.severity is Severity.ERROR for f in found):
            return Checked(line, None, tuple(found))
        day = to_local(seen_at, context.office.zone_name).date()
        row = Row(address, cells["judul"], channels, seen_at, day, numbers)
        same_as = "\n".join((address or plain_title(row.title), *sorted(channels), _moment_of(row, prepared)))
        return Checked(line, row, tuple(found), same_as=same_as)

    def compare(
        self, rows: Sequence[Checked[Row]], context: Context, prepared: Prepared
    ) -> Mapping[int, Sequence[Finding]]:
        """Which publication it is, and what was known of it. Three statements."""
        filled = [(r.line, r.value) for r in rows if r.value is not None and not r.value.is_empty]
        meant = _meant([row for _line, row in filled], context)
        told = told_of({m.delivery_id: m.post_id for m in meant if isinstance(m, Meant)})
        return {
            line: [Finding("tautan" if row.address else "judul", Severity.ERROR, which)]
            if isinstance(which, str)
            else _compared(row, told[which.delivery_id], context.office)
            for (line, row), which in zip(filled, meant, strict=True)
        }

    def apply(self, rows: Sequence[Checked[Row]], context: Context, prepared: Prepared) -> Sequence[Applied]:
        """Record what is new, at the time it was read."""
        applied = [
            Applied(r.line, Outcome.SKIPPED, reason=_("tidak ada angka di baris ini"))
            for r in rows
            if r.value is not None and r.value.is_empty
        ]
        filled = [(r.line, r.value) for r in rows if r.value is not None and not r.value.is_empty]
        meant = _meant([row for _line, row in filled], context)
        wanted: list[tuple[int, Row, Meant]] = []
        for (line, row), which in zip(filled, meant, strict=True):
            if isinstance(which, str):
                applied.append(Applied(line, Outcome.REFUSED, reason=which))
            else:
                wanted.append((line, row, which))
        if not wanted:
            return applied
        told = told_of({which.delivery_id: which.post_id for _line, _row, which in wanted})
        kept = record_readings(
            context.office.id, [Seen(which.delivery_id, row.numbers, row.seen_at) for _line, row, which in wanted],
            actor=context.actor, source=SOURCE,
        )  # fmt: skip
        for (line, row, which), entry in zip(wanted, kept, strict=True):
            there = told[which.delivery_id]
            applied.append(_outcome(line, row, which, entry, bool(_same_day(row, there, context.office))))
            if entry.reading_id is not None:
                there.append(Told(entry.reading_id, row.seen_at, row.numbers))
        return applied

    def take_back(self, applied: Sequence[Applied], context: Context) -> Mapping[int, str]:
        """Readings go, and what was known before counts again, unless a newer one came since."""
        lines = {a.subject[1]: a.line for a in applied if a.subject}
        wanted = [
            (a.subject[1], datetime.fromisoformat(str(a.undo["captured_at"]))) for a in applied if a.subject
        ]
        stays = take_back_readings(
            context.office.id, wanted, actor=context.actor, reason=_("Impornya dibatalkan.")
        )
        return {lines[reading_id]: why for reading_id, why in stays.items()}


def _numbers(cells: Mapping[str, str], say: Any) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for name in METRICS:
        text = cells[name]
        try:
            found[name] = read_number(text)
        except NotANumber as error:
            say(name, f"{name_of(name)}: {error}")
            continue
        value = found[name]
        head, comma, tail = text.strip().partition(",")
        if value is not None and comma and len(tail) == 3 and head.isdigit() and tail.isdigit():
            # As a workbook's own number it would be a fraction; people who write it so mean a thousand and more.
            say(
                name,
                _("%(name)s: “%(text)s” dibaca %(number)s", name=name_of(name), text=text, number=number(value)),
                Severity.WARNING,
            )  # fmt: skip
    return found


def _address(text: str) -> str:
    try:
        return canonical_url(text) if is_http_url(text) else ""
    except NotHttpUrl:
        return ""


def _seen_at(text: str, office: Unit, now: datetime) -> datetime | None:
    """When it was read; a day of which no time is told is read at its end, today at this moment. None: no day."""
    if not text:
        return now
    moment = read_moment(text, without_time=END_OF_DAY)
    if moment is None:
        return None
    at = from_local(moment.date(), moment.time(), office.zone_name)
    return min(at, now) if moment.date() == to_local(now, office.zone_name).date() else at


def _moment_of(row: Row, prepared: Prepared) -> str:
    """The same for two rows that were read at once: this moment is today, whenever they are looked at."""
    return row.day.isoformat() if row.seen_at == prepared.now else row.seen_at.isoformat()


def _meant(rows: Sequence[Row], context: Context) -> list[Meant | str]:
    """The publication of each row, or why there is none. At most two statements."""
    by_address = find_by_address(context.office.id, {r.address for r in rows if r.address})
    by_title: Mapping[str, Sequence[Meant]] = {}
    titled = [r for r in rows if not r.address]
    if titled:
        times = [r.seen_at for r in titled]
        by_title = find_by_title(
            context.office.id, {r.title for r in titled}, min(times) - LOOK_BACK, max(times) + TOLERANCE,
            reader_id=context.actor.id,
        )  # fmt: skip
    return [
        _by_address(r, by_address.get(r.address, ()))
        if r.address
        else _by_title(r, by_title.get(plain_title(r.title), ()))
        for r in rows
    ]


def _by_address(row: Row, found: Sequence[Meant]) -> Meant | str:
    there = _on_channels(row, found)
    if not there:
        return (
            _("publikasi bertautan ini tidak ada di kanal yang disebut")
            if found
            else _("publikasi bertautan ini tidak ditemukan di antara yang tayang")
        )
    if there[0].published_at > row.seen_at + TOLERANCE:
        return _("tanggalnya sebelum publikasi ini tayang")
    return there[0]  # a repost under one address: the first of it, as in the room of metrics


def _by_title(row: Row, found: Sequence[Meant]) -> Meant | str:
    there = [
        m
        for m in _on_channels(row, found)
        if row.seen_at - LOOK_BACK <= m.published_at <= row.seen_at + TOLERANCE
    ]
    if not there:
        return _(
            "publikasi berjudul ini tidak ditemukan dalam 12 bulan sebelum angkanya dilihat; isi tautannya"
        )
    if len(there) > 1:
        return _(
            "ada %(n)s publikasi berjudul ini dalam 12 bulan sebelum angkanya dilihat; isi tautannya",
            n=len(there),
        )
    return there[0]


def _on_channels(row: Row, found: Sequence[Meant]) -> list[Meant]:
    return [m for m in found if not row.channels or m.channel in row.channels]


def _compared(row: Row, told: Sequence[Told], office: Unit) -> list[Finding]:
    """What was known, and what is less now than it was."""
    known = known_at(told, row.seen_at)
    new = {name: value for name, value in row.numbers.items() if value is not None}
    if all(known.get(name) == value for name, value in new.items()):
        return [Finding("", Severity.NOTE, _("angka ini sudah tercatat"))]
    findings = [
        Finding(
            name, Severity.WARNING,
            _(
                "%(name)s turun dari %(before)s menjadi %(after)s; periksa kembali",
                name=name_of(name), before=number(known[name]), after=number(value),
            ),
        )
        for name, value in new.items()
        if name in known and value < known[name] and name not in _MAY_FALL
    ]  # fmt: skip
    if _same_day(row, told, office):
        day = show_date(row.day)
        findings.append(
            Finding("", Severity.NOTE, _("untuk %(day)s sudah tercatat angka lain; yang ini menggantikannya", day=day))
        )  # fmt: skip
    return findings


def _same_day(row: Row, told: Iterable[Told], office: Unit) -> list[Told]:
    """Readings of the row's day, not after it, that say something else."""
    return [
        t
        for t in told
        if t.captured_at <= row.seen_at
        and to_local(t.captured_at, office.zone_name).date() == row.day
        and any(value is not None and t.numbers.get(name) not in (None, value) for name, value in row.numbers.items())
    ]  # fmt: skip


def _outcome(line: int, row: Row, which: Meant, entry: Kept, is_change: bool) -> Applied:
    if entry.is_left_out:
        return Applied(line, Outcome.REFUSED, reason=_("publikasinya sudah tidak tayang"))
    if entry.reading_id is None:
        return Applied(line, Outcome.KNOWN, ("delivery", which.delivery_id), _("angka ini sudah tercatat"))
    return Applied(
        line, Outcome.CHANGED if is_change else Outcome.MADE, ("metric_snapshot", entry.reading_id),
        _("menggantikan angka lain untuk hari itu") if is_change else "",
        {"captured_at": row.seen_at.isoformat()},
    )  # fmt: skip


KIND = Metrics()
