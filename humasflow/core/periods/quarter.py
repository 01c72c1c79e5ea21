"""Quarters (triwulan).

A publication belongs to the quarter of its *local* date: 22.30 WIB on 31 March is Triwulan I in Jakarta, while the
same instant is already Triwulan II in Jayapura.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from humasflow.core.periods.base import Period, PeriodError, PeriodType, check_year, last_of_month, local_day

MONTHS_PER_QUARTER = 3
QUARTERS_PER_YEAR = 4

_ROMAN = ("I", "II", "III", "IV")
_KEY = re.compile(r"(?P<year>[0-9]{4})-TW(?P<number>[1-4])")


@dataclass(frozen=True, order=True, slots=True)
class Quarter(Period):
    """One triwulan of a calendar year; quarters sort by time. Raises PeriodError for an impossible one."""

    year: int
    number: int

    def __post_init__(self) -> None:
        check_year(self.year)
        if not 1 <= self.number <= QUARTERS_PER_YEAR:
            raise PeriodError(f"quarter number {self.number} is outside 1…{QUARTERS_PER_YEAR}")

    # Making one

    @classmethod
    def from_local_date(cls, day: date) -> Self:
        """The quarter of a date on the office's own calendar. An instant is refused: it has no date without a zone."""
        return cls(local_day(day).year, (day.month - 1) // MONTHS_PER_QUARTER + 1)

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
    def type(self) -> PeriodType:
        """A quarter."""
        return PeriodType.QUARTER

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

    # Neighbours

    def shift(self, quarters: int) -> Self:
        """The quarter so many later; a negative count goes back."""
        year, index = divmod(self.year * QUARTERS_PER_YEAR + self.number - 1 + quarters, QUARTERS_PER_YEAR)
        return type(self)(year, index + 1)

    # Days

    @property
    def start(self) -> date:
        """The first local date."""
        return date(self.year, (self.number - 1) * MONTHS_PER_QUARTER + 1, 1)

    @property
    def end(self) -> date:
        """The last local date, included."""
        return last_of_month(self.year, self.number * MONTHS_PER_QUARTER)
