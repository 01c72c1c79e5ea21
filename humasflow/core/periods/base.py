"""What every period of a calendar can do. Everything here is pure; "today" is always handed in."""

from abc import ABC, abstractmethod
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Self
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

MIN_YEAR = 1970
MAX_YEAR = 2999


class PeriodError(ValueError):
    """A period that cannot be: an unreadable key, a number outside its year, a year outside MIN_YEAR…MAX_YEAR."""


class PeriodType(StrEnum):
    """How long a scheme counts before it begins anew."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEMESTER = "semester"
    YEAR = "year"

    @property
    def label(self) -> str:
        """For people: ``Triwulan``."""
        return str(_TYPES[self])

    @property
    def adverb(self) -> str:
        """For people, as after a number: ``60 berita per triwulan``."""
        return str(_ADVERBS[self])


_TYPES = {
    PeriodType.WEEK: _l("Pekan"),  # "Minggu" is a day as well
    PeriodType.MONTH: _l("Bulan"),
    PeriodType.QUARTER: _l("Triwulan"),
    PeriodType.SEMESTER: _l("Semester"),
    PeriodType.YEAR: _l("Tahun"),
}
_ADVERBS = {
    PeriodType.WEEK: _l("per pekan"),
    PeriodType.MONTH: _l("per bulan"),
    PeriodType.QUARTER: _l("per triwulan"),
    PeriodType.SEMESTER: _l("per semester"),
    PeriodType.YEAR: _l("per tahun"),
}


class Period(ABC):
    """A stretch of whole local dates with a name. Periods of one type sort by time, and so do their keys as text."""

    __slots__ = ()

    # Names

    @property
    @abstractmethod
    def type(self) -> PeriodType:
        """Which kind of period it is."""

    @property
    @abstractmethod
    def key(self) -> str:
        """For addresses, files and the database, such as ``2026-TW1``; sorts as text in the order of time."""

    @property
    @abstractmethod
    def label(self) -> str:
        """The full name in the reader's language, such as ``Triwulan I 2026``."""

    @property
    @abstractmethod
    def short_label(self) -> str:
        """The name where there is little room, such as ``TW I 2026``."""

    # Neighbours

    @abstractmethod
    def shift(self, periods: int) -> Self:
        """The one so many later; a negative count goes back. Raises PeriodError beyond the calendar."""

    def next(self) -> Self:
        """The following one."""
        return self.shift(1)

    def previous(self) -> Self:
        """The preceding one."""
        return self.shift(-1)

    # Days

    @property
    @abstractmethod
    def start(self) -> date:
        """The first local date."""

    @property
    @abstractmethod
    def end(self) -> date:
        """The last local date, included."""

    @property
    def length_days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    def __contains__(self, day: object) -> bool:
        """Whether a local date lies in it; an instant never does, for want of a zone."""
        if not isinstance(day, date) or isinstance(day, datetime):
            return False
        return self.start <= day <= self.end

    def days(self) -> Iterator[date]:
        """Every local date, in order."""
        for offset in range(self.length_days):
            yield self.start + timedelta(days=offset)

    def utc_bounds(self, tz: ZoneInfo) -> tuple[datetime, datetime]:
        """The half-open interval of UTC instants ``[from, until)`` that fall in it on the clock of ``tz``."""
        return _midnight_utc(self.start, tz), _midnight_utc(self.end + timedelta(days=1), tz)

    def days_left(self, local_today: date) -> int:
        """Days still open, today included: the whole period before it begins, 0 after it ended."""
        return max((self.end - max(self.start, local_today)).days + 1, 0)

    def weeks_left(self, local_today: date) -> Fraction:
        """:meth:`days_left` as an exact number of weeks."""
        return Fraction(self.days_left(local_today), 7)

    def days_elapsed(self, local_today: date) -> int:
        """Days that are over, today not counted: 0 before the period, its whole length after it."""
        return self.length_days - self.days_left(local_today)

    def __str__(self) -> str:
        return self.key


def check_year(year: int) -> None:
    """Pass for a year of the calendar. Raises PeriodError."""
    if not MIN_YEAR <= year <= MAX_YEAR:
        raise PeriodError(f"year {year} is outside {MIN_YEAR}…{MAX_YEAR}")


def last_of_month(year: int, month: int) -> date:
    """The last day of a month; of December 2999 too, which has no day after it here."""
    return date(year, month, monthrange(year, month)[1])


def local_day(day: date) -> date:
    """A date on the office's own calendar. An instant is refused (TypeError): it has no date without a zone."""
    if isinstance(day, datetime):
        raise TypeError("a local date is wanted, not an instant")
    return day


def _midnight_utc(day: date, tz: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=tz).astimezone(UTC)
