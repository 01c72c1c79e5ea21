"""Weeks, months, semesters and years: the other periods that a scheme may count by."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from flask_babel import format_date
from flask_babel import gettext as _

from humasflow.core.periods.base import Period, PeriodError, PeriodType, check_year, last_of_month, local_day

MONTHS_PER_YEAR = 12
MONTHS_PER_SEMESTER = 6


@dataclass(frozen=True, order=True, slots=True)
class Week(Period):
    """A week from Monday to Sunday, named as ISO 8601 names it: its year is that of its Thursday."""

    year: int
    number: int

    def __post_init__(self) -> None:
        check_year(self.year)
        if not 1 <= self.number <= date(self.year, 12, 28).isocalendar().week:
            raise PeriodError(f"{self.year} has no week {self.number}")

    @classmethod
    def from_local_date(cls, day: date) -> Self:
        """The week of a date on the office's own calendar."""
        year, number, _weekday = local_day(day).isocalendar()
        return cls(year, number)

    @property
    def type(self) -> PeriodType:
        """A week."""
        return PeriodType.WEEK

    @property
    def key(self) -> str:
        """``2026-W07``."""
        return f"{self.year}-W{self.number:02}"

    @property
    def label(self) -> str:
        """``Minggu ke-7 2026`` in the reader's language."""
        return _("Pekan ke-%(number)s %(year)s", number=self.number, year=self.year)

    @property
    def short_label(self) -> str:
        """``M7 2026`` in the reader's language."""
        return _("P%(number)s %(year)s", number=self.number, year=self.year)

    def shift(self, periods: int) -> Self:
        """The week so many later."""
        try:
            return self.from_local_date(self.start + timedelta(weeks=periods))
        except OverflowError as error:
            raise PeriodError("beyond the calendar") from error

    @property
    def start(self) -> date:
        """Its Monday."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def end(self) -> date:
        """Its Sunday."""
        return date.fromisocalendar(self.year, self.number, 7)


@dataclass(frozen=True, order=True, slots=True)
class Month(Period):
    """A calendar month."""

    year: int
    number: int

    def __post_init__(self) -> None:
        check_year(self.year)
        if not 1 <= self.number <= MONTHS_PER_YEAR:
            raise PeriodError(f"month {self.number} is outside 1…{MONTHS_PER_YEAR}")

    @classmethod
    def from_local_date(cls, day: date) -> Self:
        """The month of a date on the office's own calendar."""
        return cls(local_day(day).year, day.month)

    @property
    def type(self) -> PeriodType:
        """A month."""
        return PeriodType.MONTH

    @property
    def key(self) -> str:
        """``2026-M07``."""
        return f"{self.year}-M{self.number:02}"

    @property
    def label(self) -> str:
        """``Juli 2026`` in the reader's language."""
        return str(format_date(self.start, "LLLL y"))

    @property
    def short_label(self) -> str:
        """``Jul 2026`` in the reader's language."""
        return str(format_date(self.start, "LLL y"))

    def shift(self, periods: int) -> Self:
        """The month so many later."""
        year, index = divmod(self.year * MONTHS_PER_YEAR + self.number - 1 + periods, MONTHS_PER_YEAR)
        return type(self)(year, index + 1)

    @property
    def start(self) -> date:
        """The first local date."""
        return date(self.year, self.number, 1)

    @property
    def end(self) -> date:
        """The last local date, included."""
        return last_of_month(self.year, self.number)


@dataclass(frozen=True, order=True, slots=True)
class Semester(Period):
    """Half a calendar year."""

    year: int
    number: int

    def __post_init__(self) -> None:
        check_year(self.year)
        if self.number not in (1, 2):
            raise PeriodError(f"semester {self.number} is neither 1 nor 2")

    @classmethod
    def from_local_date(cls, day: date) -> Self:
        """The semester of a date on the office's own calendar."""
        return cls(local_day(day).year, 1 if day.month <= MONTHS_PER_SEMESTER else 2)

    @property
    def type(self) -> PeriodType:
        """A semester."""
        return PeriodType.SEMESTER

    @property
    def key(self) -> str:
        """``2026-S1``."""
        return f"{self.year}-S{self.number}"

    @property
    def label(self) -> str:
        """``Semester I 2026`` in the reader's language."""
        return _("Semester %(number)s %(year)s", number="I" * self.number, year=self.year)

    @property
    def short_label(self) -> str:
        """``Sem. I 2026`` in the reader's language."""
        return _("Sem. %(number)s %(year)s", number="I" * self.number, year=self.year)

    def shift(self, periods: int) -> Self:
        """The semester so many later."""
        year, index = divmod(self.year * 2 + self.number - 1 + periods, 2)
        return type(self)(year, index + 1)

    @property
    def start(self) -> date:
        """The first local date."""
        return date(self.year, 1 + (self.number - 1) * MONTHS_PER_SEMESTER, 1)

    @property
    def end(self) -> date:
        """The last local date, included."""
        return last_of_month(self.year, self.number * MONTHS_PER_SEMESTER)


@dataclass(frozen=True, order=True, slots=True)
class Year(Period):
    """A calendar year."""

    year: int

    def __post_init__(self) -> None:
        check_year(self.year)

    @classmethod
    def from_local_date(cls, day: date) -> Self:
        """The year of a date on the office's own calendar."""
        return cls(local_day(day).year)

    @property
    def type(self) -> PeriodType:
        """A year."""
        return PeriodType.YEAR

    @property
    def key(self) -> str:
        """``2026``."""
        return str(self.year)

    @property
    def label(self) -> str:
        """``Tahun 2026`` in the reader's language."""
        return _("Tahun %(year)s", year=self.year)

    @property
    def short_label(self) -> str:
        """``2026``."""
        return str(self.year)

    def shift(self, periods: int) -> Self:
        """The year so many later."""
        return type(self)(self.year + periods)

    @property
    def start(self) -> date:
        """1 January."""
        return date(self.year, 1, 1)

    @property
    def end(self) -> date:
        """31 December."""
        return date(self.year, 12, 31)


_SHAPES = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?:W(?P<week>[0-9]{2})|M(?P<month>[0-9]{2})|S(?P<semester>[12])))?"
)


def parse_other(key: str) -> Week | Month | Semester | Year:
    """The inverse of ``key`` for every period but quarters. Raises PeriodError."""
    match = _SHAPES.fullmatch(key) if key.isascii() else None
    if match is None:
        raise PeriodError(f"not the key of a period: {key[:20]!r}")
    year = int(match["year"])
    if match["week"]:
        return Week(year, int(match["week"]))
    if match["month"]:
        return Month(year, int(match["month"]))
    if match["semester"]:
        return Semester(year, int(match["semester"]))
    return Year(year)
