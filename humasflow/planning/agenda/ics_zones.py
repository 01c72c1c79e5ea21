"""Zones that a calendar file defines itself: worked out year by year, so that a definition costs what the times cost
that are read with it, however long ago it begins.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

MAX_OBSERVANCES: Final = 24
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})")
_START = re.compile(r"(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})")
_NEVER: Final = datetime(9999, 12, 31)  # noqa: DTZ001 - compared with what a wall clock shows
_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Observance:
    """From ``start`` (wall clock) on, ``offset`` from UTC, ``before`` until then; ``yearly``: again every year until
    ``last`` (UTC), on the ``nth`` ``weekday`` of ``month`` where there is one, else on that day of ``month``.
    """

    start: datetime
    offset: timedelta
    before: timedelta
    yearly: bool = False
    month: int = 0
    day: int = 0
    weekday: int | None = None
    nth: int = 0
    last: datetime = _NEVER

    def onset(self, year: int) -> datetime | None:
        """When it begins in a year."""
        if year < self.start.year or (year > self.start.year and not self.yearly):
            return None
        found = self._named(year) if self.yearly else self.start
        if year == self.start.year and (found < self.start or self._is_synchronized):
            found = self.start
        return None if found.year > 1 and found - self.before > self.last else found

    @property
    def _is_synchronized(self) -> bool:
        """Whether its first day is one of those that it names; Exchange gives the first of January 1601."""
        return not self.yearly or self.start.month == self.month

    def _named(self, year: int) -> datetime:
        if self.weekday is not None:
            day = _nth_weekday(year, self.month, self.weekday, self.nth)
        else:
            day = date(year, self.month, min(self.day, monthrange(year, self.month)[1]))
        return datetime.combine(day, self.start.time())

    def may_begin_after(self, local: datetime) -> bool:
        """Whether it begins (again) after a time on its wall clock."""
        if self.start > local:
            return True
        return self.yearly and self.last >= local - timedelta(days=1)


@dataclass(frozen=True)
class FileZone:
    """A zone of a file."""

    observances: tuple[Observance, ...]

    def offset_at(self, local: datetime) -> timedelta:
        """How far its wall clock is ahead of UTC at a time on it (naive)."""
        latest: datetime | None = None
        found = min(self.observances, key=lambda o: o.start).offset
        for one in self.observances:
            newest = min(local.year, one.last.year if one.yearly else one.start.year)
            for year in (newest, newest - 1):
                onset = one.onset(year)
                if onset is not None and onset <= local and (latest is None or onset > latest):
                    latest, found = onset, one.offset
        return found

    def steady_offset(self, local: datetime) -> timedelta | None:
        """The same, where it never changes from then on; None where it does."""
        now = self.offset_at(local)
        return now if all(o.offset == now for o in self.observances if o.may_begin_after(local)) else None


def read_zone(lines: Sequence[str]) -> FileZone | None:
    """Understand a definition; None for one that says more than "every year, on a day of a month"."""
    found: list[Observance] = []
    parts: dict[str, str] = {}
    for line in lines:
        name, _sign, value = line.partition(":")
        name = name.partition(";")[0].upper()
        if name == "BEGIN" and value.upper() in ("STANDARD", "DAYLIGHT"):
            parts = {}
        elif name == "END" and value.upper() in ("STANDARD", "DAYLIGHT"):
            one = _observance(parts)
            if one is None or len(found) >= MAX_OBSERVANCES:
                return None
            found.append(one)
        else:
            parts[name] = value.strip().upper()
    return FileZone(tuple(found)) if found else None


def _observance(parts: dict[str, str]) -> Observance | None:
    ahead, start = _offset(parts.get("TZOFFSETTO", "")), _moment(parts.get("DTSTART", ""))
    if ahead is None or start is None or "RDATE" in parts:
        return None
    plain = Observance(start, ahead, _offset(parts.get("TZOFFSETFROM", "")) or ahead)
    rule = parts.get("RRULE", "")
    return _repeated(plain, rule) if rule else plain


def _offset(text: str) -> timedelta | None:
    found = _OFFSET.match(text)
    if found is None or int(found[2]) > 15:
        return None
    return timedelta(hours=int(found[2]), minutes=int(found[3])) * (-1 if found[1] == "-" else 1)


def _moment(text: str) -> datetime | None:
    found = _START.match(text)
    if found is None:
        return None
    try:
        return datetime.combine(
            date(int(found[1]), int(found[2]), int(found[3])), time(int(found[4]), int(found[5]))
        )
    except ValueError:
        return None


def _repeated(plain: Observance, rule: str) -> Observance | None:
    asked = dict(part.partition("=")[::2] for part in rule.split(";") if part)
    named = asked.pop("BYDAY", "")
    day = _DAY.fullmatch(named)
    until = asked.pop("UNTIL", "")
    # A date lasts until the end of it; an instant is of UTC.
    last = _moment(until if "T" in until else f"{until}T235900") if until else _NEVER
    month = asked.pop("BYMONTH", str(plain.start.month))
    days = asked.pop("BYMONTHDAY", "")
    is_yearly = asked.pop("FREQ", "") == "YEARLY" and asked.pop("INTERVAL", "1") == "1"
    asked.pop("WKST", None)
    if not is_yearly or asked or last is None or not month.isdecimal() or not 1 <= int(month) <= 12:
        return None
    yearly = replace(plain, yearly=True, month=int(month), last=last)
    if named:
        nth = _nth(day[1], days) if day is not None else None
        return replace(yearly, weekday=_WEEKDAYS.index(day[2]), nth=nth) if day is not None and nth else None
    days = days or str(plain.start.day)
    return replace(yearly, day=int(days)) if days.isdecimal() and 1 <= int(days) <= 31 else None


def _nth(written: str | None, days: str) -> int | None:
    """Which of its month: said outright, or as a week of dates ("a Sunday from the 8th to the 14th")."""
    if not days:
        return int(written or 1)
    week = sorted(int(d) for d in days.split(",") if d.isdecimal())
    is_week = len(week) == len(days.split(",")) == 7 and week == list(range(week[0], week[0] + 7))
    return (week[0] + 6) // 7 if is_week and week[0] % 7 == 1 and not written else None


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth such day of a month, from its end when negative; a fifth that is not there is the last."""
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1) if (year, month) < (9999, 12) else date.max
    if nth < 0:
        last = following - timedelta(days=1)
        found = last - timedelta(days=(last.weekday() - weekday) % 7) + timedelta(weeks=nth + 1)
        return max(found, first)
    found = first + timedelta(days=(weekday - first.weekday()) % 7, weeks=nth - 1)
    return found if found < following else found - timedelta(weeks=1)
