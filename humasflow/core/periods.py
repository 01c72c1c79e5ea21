"""Quarters (triwulan) and the three Indonesian zones.

A publication belongs to the quarter of its *local* date: 22.30 WIB on 31 March is Triwulan I in Jakarta, while the
same instant is already Triwulan II in Jayapura. Everything here is pure; "today" is always handed in.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Self
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

MIN_YEAR = 1970
MAX_YEAR = 2999
MONTHS_PER_QUARTER = 3
QUARTERS_PER_YEAR = 4

_ROMAN = ("I", "II", "III", "IV")
_KEY = re.compile(r"(?P<year>[0-9]{4})-TW(?P<number>[1-4])")


class PeriodError(ValueError):
    """A quarter that cannot be: an unreadable key, a number outside 1…4, a year outside MIN_YEAR…MAX_YEAR."""


class OfficeZone(StrEnum):
    """The zone of an office. The value is the IANA name that is stored; no Indonesian zone has daylight saving."""

    WIB = "Asia/Jakarta"
    WITA = "Asia/Makassar"
    WIT = "Asia/Jayapura"

    @property
    def tz(self) -> ZoneInfo:
        """The zone's rules."""
        return ZoneInfo(self.value)

    @property
    def abbreviation(self) -> str:
        """WIB, WITA or WIT: the same in every language."""
        return self.name

    @property
    def label(self) -> str:
        """The full name in the reader's language, for a choice in a form."""
        return str(_ZONE_LABELS[self])


_ZONE_LABELS = {
    OfficeZone.WIB: _l("Waktu Indonesia Barat (WIB)"),
    OfficeZone.WITA: _l("Waktu Indonesia Tengah (WITA)"),
    OfficeZone.WIT: _l("Waktu Indonesia Timur (WIT)"),
}


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """One triwulan of a calendar year; quarters sort by time. Raises PeriodError for an impossible one."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not MIN_YEAR <= self.year <= MAX_YEAR:
            raise PeriodError(f"year {self.year} is outside {MIN_YEAR}…{MAX_YEAR}")
        if not 1 <= self.number <= QUARTERS_PER_YEAR:
            raise PeriodError(f"quarter number {self.number} is outside 1…{QUARTERS_PER_YEAR}")

    # Making one

    @classmethod
    def from_local_date(cls, day: date) -> Self:
        """The quarter of a date on the office's own calendar. An instant is refused: it has no date without a zone."""
        if isinstance(day, datetime):
            raise TypeError("from_local_date takes a date; use from_utc for an instant")
        return cls(day.year, (day.month - 1) // MONTHS_PER_QUARTER + 1)

    @classmethod
    def from_utc(cls, instant: datetime, tz: ZoneInfo) -> Self:
        """The quarter an aware instant falls in on the clock of ``tz``."""
        if instant.tzinfo is None:
            raise ValueError("an instant must be aware")
        return cls.from_local_date(instant.astimezone(tz).date())

    @classmethod
    def parse(cls, key: str) -> Self:
        """The inverse of :attr:`key`, strict: ``2026-TW1``. Raises PeriodError."""
        match = _KEY.fullmatch(key)
        if match is None:
            raise PeriodError(f"not a quarter key: {key[:20]!r}")
        return cls(int(match["year"]), int(match["number"]))

    @classmethod
    def span(cls, first: Self, last: Self) -> Iterator[Self]:
        """Every quarter from ``first`` to ``last``, both included; nothing when ``last`` is the earlier one."""
        current = first
        while current <= last:
            yield current
            if current == last:
                return
            current = current.next()

    # Names

    @property
    def key(self) -> str:
        """``2026-TW1``: for addresses, files and the database; sorts as text in the order of time."""
        return f"{self.year}-TW{self.number}"

    @property
    def roman(self) -> str:
        """I, II, III or IV."""
        return _ROMAN[self.number - 1]

    @property
    def label(self) -> str:
        """``Triwulan I 2026`` in the reader's language."""
        return _("Triwulan %(number)s %(year)s", number=self.roman, year=self.year)

    @property
    def short_label(self) -> str:
        """``TW I 2026`` in the reader's language."""
        return _("TW %(number)s %(year)s", number=self.roman, year=self.year)

    def __str__(self) -> str:
        return self.key

    # Neighbours

    def shift(self, quarters: int) -> Self:
        """The quarter so many later; a negative count goes back."""
        year, index = divmod(self.year * QUARTERS_PER_YEAR + self.number - 1 + quarters, QUARTERS_PER_YEAR)
        return type(self)(year, index + 1)

    def next(self) -> Self:
        """The following quarter."""
        return self.shift(1)

    def previous(self) -> Self:
        """The preceding quarter."""
        return self.shift(-1)

    # Days

    @property
    def start(self) -> date:
        """The first local date."""
        return date(self.year, (self.number - 1) * MONTHS_PER_QUARTER + 1, 1)

    @property
    def end(self) -> date:
        """The last local date, included."""
        return self._start_of_next - timedelta(days=1)

    @property
    def _start_of_next(self) -> date:
        # Not self.next().start: the very last quarter has an end although it has no successor.
        if self.number == QUARTERS_PER_YEAR:
            return date(self.year + 1, 1, 1)
        return date(self.year, self.number * MONTHS_PER_QUARTER + 1, 1)

    @property
    def length_days(self) -> int:
        """90, 91 or 92 days."""
        return (self._start_of_next - self.start).days

    def __contains__(self, day: object) -> bool:
        """Whether a local date lies in this quarter; an instant never does, for want of a zone."""
        if not isinstance(day, date) or isinstance(day, datetime):
            return False
        return self.start <= day < self._start_of_next

    def days(self) -> Iterator[date]:
        """Every local date of the quarter, in order."""
        for offset in range(self.length_days):
            yield self.start + timedelta(days=offset)

    def utc_bounds(self, tz: ZoneInfo) -> tuple[datetime, datetime]:
        """The half-open interval of UTC instants ``[from, until)`` that fall in this quarter on the clock of ``tz``."""
        return _midnight_utc(self.start, tz), _midnight_utc(self._start_of_next, tz)

    def days_left(self, local_today: date) -> int:
        """Days still open, today included: the whole quarter before it begins, 0 after it ended."""
        first_open = max(self.start, local_today)
        return max((self._start_of_next - first_open).days, 0)

    def weeks_left(self, local_today: date) -> Fraction:
        """:meth:`days_left` as an exact number of weeks."""
        return Fraction(self.days_left(local_today), 7)

    def days_elapsed(self, local_today: date) -> int:
        """Days that are over, today not counted: 0 before the quarter, its whole length after it."""
        return self.length_days - self.days_left(local_today)


def _midnight_utc(day: date, tz: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=tz).astimezone(UTC)
