"""What a request asks to move, and where to: read from its words, with a sentence about what is wrong with them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from flask_babel import gettext as _

from humasflow.calendar.enums import ItemKind
from humasflow.calendar.spans import FIRST_DAY, LAST_DAY
from humasflow.core.converters import row_number
from humasflow.core.errors import UserError
from humasflow.planning.agenda.enums import Extent

MOST: Final = 100  # items in one move
FARTHEST: Final = 3660  # days of one shift
_MOVABLE: Final = {
    kind.value: kind for kind in (ItemKind.POST, ItemKind.DEADLINE, ItemKind.EVENT, ItemKind.CAMPAIGN)
}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?:[:.][0-5][0-9])?")
_SHIFT = re.compile(r"[+-]?[0-9]{1,5}")


class BadAsk(UserError):
    """Words that name no item, day or time. ``part``: ``item``, ``day``, ``time``, ``shift`` or ``extent``."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part


@dataclass(frozen=True)
class Ref:
    """One thing on the calendar as the page named it. ``row_version``: what the person saw; None asks for no check."""

    kind: ItemKind
    id: int
    row_version: int | None = None
    occurrence: datetime | None = None

    def __str__(self) -> str:
        version = "" if self.row_version is None else str(self.row_version)
        text = f"{self.kind.value}:{self.id}:{version}"
        return f"{text}:{self.occurrence.isoformat()}" if self.occurrence else text

    @property
    def key(self) -> tuple[ItemKind, int, datetime | None]:
        """What it is, whatever its version."""
        return self.kind, self.id, self.occurrence


@dataclass(frozen=True)
class Where:
    """Where to: a day (None: the tray), at a time (None: each keeps its own), or ``shift`` days on from where each is.

    ``extent``: how much of a repeating event.
    """

    day: date | None = None
    clock: time | None = None
    shift: int | None = None
    extent: Extent = Extent.ONE


def read_refs(texts: Iterable[str]) -> list[Ref]:
    """Items from ``kind:id:row_version[:occurrence]``, each once, in the order given. Raises :class:`BadAsk`."""
    found: dict[tuple[ItemKind, int, datetime | None], Ref] = {}
    for text in texts:
        ref = _ref(text)
        found.setdefault(ref.key, ref)
        if len(found) > MOST:
            raise BadAsk("item", _("Paling banyak %(most)s sekaligus. Pilih lebih sedikit.", most=MOST))
    if not found:
        raise BadAsk("item", _("Pilih dahulu apa yang dipindahkan."))
    return list(found.values())


def _ref(text: str) -> Ref:
    kind, number, version, occurrence = [*text.split(":", 3), "", "", ""][:4]
    try:
        wanted = _MOVABLE[kind]
        return Ref(
            wanted, row_number(number), row_number(version) if version else None,
            _occurrence(occurrence) if occurrence and wanted is ItemKind.EVENT else None,
        )  # fmt: skip
    except (KeyError, ValueError, OverflowError) as error:
        raise BadAsk("item", _("Yang dipindahkan tidak dikenal. Muat ulang kalendernya.")) from error


def _occurrence(text: str) -> datetime:
    # In an address that nobody escaped, a plus has become a blank.
    found = datetime.fromisoformat(text.replace(" ", "+"))
    if found.tzinfo is None:
        raise ValueError("an occurrence without its zone")
    return found.astimezone(UTC)


def read_where(words: Mapping[str, str]) -> Where:
    """From ``day`` and ``time``, or ``shift``, and ``extent``. Raises :class:`BadAsk`."""
    extent = words.get("extent", "").strip() or Extent.ONE.value
    if extent not in set(Extent):
        raise BadAsk("extent", _("Pilih berapa banyak dari agenda yang berulang ini yang dipindahkan."))
    shift = words.get("shift", "").strip()
    clock = read_clock(words.get("time", ""))
    if shift:
        return Where(None, clock, _shift(shift), Extent(extent))
    return Where(read_day(words.get("day", "")), clock, None, Extent(extent))


def read_day(text: str) -> date | None:
    """``2026-11-21``; empty is no day. Raises :class:`BadAsk`."""
    text = text.strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise BadAsk(
            "day", _("Tanggal “%(text)s” tidak ada di kalender. Contoh: 21-11-2026.", text=text[:40])
        )
    return check_day(day)


def check_day(day: date) -> date:
    """The day, if the calendar has it. Raises :class:`BadAsk`."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BadAsk(
            "day",
            _("Kalender ini memuat tahun %(first)s sampai %(last)s. Periksa tahunnya.",
              first=str(FIRST_DAY.year), last=str(LAST_DAY.year)),
        )  # fmt: skip
    return day


def read_clock(text: str) -> time | None:
    """``09:30`` or ``09.30``; empty is no time. Raises :class:`BadAsk`."""
    text = text.strip()
    if not text:
        return None
    match = _CLOCK.fullmatch(text)
    if match is None or not text.isascii():
        raise BadAsk("time", _("Jam “%(text)s” tidak dikenal. Contoh: 09.30.", text=text[:20]))
    return time(int(match[1]), int(match[2]))


def _shift(text: str) -> int:
    if not _SHIFT.fullmatch(text) or not -FARTHEST <= int(text) <= FARTHEST:
        raise BadAsk(
            "shift", _("Isi pergeseran dengan bilangan hari, paling jauh %(most)s hari.", most=FARTHEST)
        )
    return int(text)
