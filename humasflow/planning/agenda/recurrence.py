"""Repetition: the part of RFC 5545's RRULE that calendars of offices use, on the wall clock of the event's zone.

Days are found period by period (day, week, month, year), entering at the span that is asked for: a rule that gives a
million days costs what the span costs. Nothing is looked for outside the years :data:`FIRST_YEAR` to :data:`LAST_YEAR`.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import Final

from flask_babel import gettext as _

from humasflow.core.errors import UserError

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2100
LAST_DAY: Final = date(LAST_YEAR, 12, 31)
MAX_TEXT: Final = 500
MAX_INTERVAL: Final = 1000
MAX_COUNT: Final = 10_000_000
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class BadRule(UserError):
    """A repetition that cannot be understood or never gives a day."""


class Frequency(StrEnum):
    """How long one period is."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, order=True)
class Weekday:
    """A day of the week, Monday 0; ``nth`` of its month or year, from the end when negative, 0 for every one."""

    day: int
    nth: int = 0

    def __str__(self) -> str:
        return f"{self.nth or ''}{WEEKDAYS[self.day]}"


@dataclass(frozen=True)
class Rule:
    """One repetition. ``until`` is inclusive: a date, a time on the wall clock (naive) or an instant (aware)."""

    freq: Frequency
    interval: int = 1
    count: int | None = None
    until: date | datetime | None = None
    by_day: tuple[Weekday, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_month: tuple[int, ...] = ()
    by_set_pos: tuple[int, ...] = ()
    week_start: int = 0

    def __str__(self) -> str:
        """As it stands in a calendar file, parts in a fixed order."""
        parts = [f"FREQ={self.freq}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if self.until is not None:
            parts.append(f"UNTIL={_until_text(self.until)}")
        for name, values in (
            ("BYMONTH", self.by_month), ("BYMONTHDAY", self.by_month_day), ("BYDAY", self.by_day),
            ("BYSETPOS", self.by_set_pos),
        ):  # fmt: skip
            if values:
                parts.append(f"{name}={','.join(map(str, values))}")
        if self.week_start:
            parts.append(f"WKST={WEEKDAYS[self.week_start]}")
        return ";".join(parts)

    @property
    def without_end(self) -> "Rule":
        """The same, for ever."""
        return replace(self, count=None, until=None)

    def last_moment(self, zone: datetime | None, start: datetime) -> datetime:
        """The wall-clock time after which ``until`` lets nothing happen (naive); ``zone``: any time in the zone."""
        end = datetime.combine(LAST_DAY, time(23, 59, 59))
        if self.until is None:
            return end
        if not isinstance(self.until, datetime):
            until = datetime.combine(self.until, datetime.max.time())
        elif self.until.tzinfo is None:
            until = self.until
        else:
            until = self.until.astimezone(zone.tzinfo if zone else UTC).replace(tzinfo=None)
        return min(until, end)


def parse_rule(text: str) -> Rule:
    """Understand an RRULE (without DTSTART). Raises :class:`BadRule` with a sentence that names what is wrong."""
    if len(text) > 2 * MAX_TEXT:
        raise BadRule(_("Aturan pengulangan ini terlalu panjang."))
    return _parse(text.strip().removeprefix("RRULE:").upper())


@lru_cache(maxsize=4096)  # what raises is not kept: its words are of one language
def _parse(text: str) -> Rule:
    if len(text) > MAX_TEXT:
        raise BadRule(_("Aturan pengulangan ini terlalu panjang."))
    parts: dict[str, str] = {}
    for part in filter(None, text.split(";")):
        name, sign, value = part.partition("=")
        if not sign or not value or name in parts:
            raise _unknown(part)
        parts[name] = value
    try:
        freq = Frequency(parts.pop("FREQ", ""))
    except ValueError as error:
        raise BadRule(
            _("Agenda dapat berulang per hari, pekan, bulan, atau tahun; aturan ini memakai ukuran lain.")
        ) from error
    rule = Rule(
        freq=freq,
        interval=_numbers(parts, "INTERVAL", 1, MAX_INTERVAL, single=True)[0] if "INTERVAL" in parts else 1,
        count=_numbers(parts, "COUNT", 1, MAX_COUNT, single=True)[0] if "COUNT" in parts else None,
        until=_parse_until(parts.pop("UNTIL")) if "UNTIL" in parts else None,
        by_day=_weekdays(parts.pop("BYDAY", "")),
        by_month_day=_numbers(parts, "BYMONTHDAY", -31, 31),
        by_month=_numbers(parts, "BYMONTH", 1, 12),
        by_set_pos=_numbers(parts, "BYSETPOS", -366, 366),
        week_start=_week_start(parts.pop("WKST", "MO")),
    )
    if parts:
        raise _unknown(next(iter(parts)))
    _check_together(rule)
    return rule


def _check_together(rule: Rule) -> None:
    if rule.count is not None and rule.until is not None:
        raise BadRule(_("Pilih salah satu: berhenti setelah beberapa kali, atau pada suatu tanggal."))
    if any(d.nth for d in rule.by_day) and rule.freq not in (Frequency.MONTHLY, Frequency.YEARLY):
        raise BadRule(_("“Senin kedua” dan sejenisnya hanya untuk pengulangan per bulan atau per tahun."))
    if rule.by_month_day and rule.freq is Frequency.WEEKLY:
        raise BadRule(_("Pengulangan per pekan tidak dapat memakai tanggal; pilih hari-harinya."))
    if rule.by_set_pos and not (rule.by_day or rule.by_month_day or rule.by_month):
        raise BadRule(_("Aturan ini memilih urutan (BYSETPOS) tanpa menyebut hari yang diurutkan."))


def _unknown(part: str) -> BadRule:
    return BadRule(_("Bagian “%(part)s” dari aturan pengulangan ini tidak dikenal.", part=part[:40]))


def _numbers(
    parts: dict[str, str], name: str, low: int, high: int, *, single: bool = False
) -> tuple[int, ...]:
    text = parts.pop(name, "")
    found = []
    for one in text.split(",") if text else ():
        if not re.fullmatch(r"[+-]?[0-9]{1,8}", one) or not low <= int(one) <= high or int(one) == 0:
            raise _unknown(f"{name}={text}")
        found.append(int(one))
    if single and len(found) != 1:
        raise _unknown(f"{name}={text}")
    return tuple(sorted(set(found)))


def _weekdays(text: str) -> tuple[Weekday, ...]:
    found = set()
    for one in text.split(",") if text else ():
        match = re.fullmatch(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", one)
        nth = int(match[1]) if match and match[1] else 0
        if not match or not -53 <= nth <= 53 or (match[1] and nth == 0):
            raise _unknown(f"BYDAY={text}")
        found.add(Weekday(WEEKDAYS.index(match[2]), nth))
    return tuple(sorted(found))


def _week_start(text: str) -> int:
    if text not in WEEKDAYS:
        raise _unknown(f"WKST={text}")
    return WEEKDAYS.index(text)


def _parse_until(text: str) -> date | datetime:
    match = re.fullmatch(r"([0-9]{8})(?:T([0-9]{6})(Z?))?", text)
    if match is None:
        raise _unknown(f"UNTIL={text}")
    try:
        at = datetime.strptime(match[1] + (match[2] or "000000"), "%Y%m%d%H%M%S")
    except ValueError as error:
        raise _unknown(f"UNTIL={text}") from error
    parsed: date = at.date() if match[2] is None else at.replace(tzinfo=UTC if match[3] else None)
    if parsed.year < FIRST_YEAR:
        raise BadRule(
            _(
                "Pengulangan ini berakhir sebelum tahun %(year)s. Periksa tanggal akhirnya.",
                year=str(FIRST_YEAR),
            )
        )
    return parsed


def _until_text(until: date | datetime) -> str:
    if not isinstance(until, datetime):
        return until.strftime("%Y%m%d")
    if until.tzinfo is None:
        return until.strftime("%Y%m%dT%H%M%S")
    return until.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def days_of(rule: Rule, start: date, first: date, last: date) -> Iterator[date]:
    """The days from ``first`` to ``last`` (inclusive) on which a repetition that begins on ``start`` takes place, in
    order, as if it had neither COUNT nor UNTIL.
    """
    first, last = max(first, start), min(last, LAST_DAY)
    if first > last:
        return
    asked = completed(rule, start)
    for days in _periods(asked, start, first, last):
        for day in _chosen(asked, days):
            if day > last:
                return
            if day >= first:
                yield day


def last_day(rule: Rule, start: date, until: datetime, clock_of: datetime) -> date | None:
    """The last day it takes place, None when none; walks the whole rule when it has a COUNT. ``until``: its naive
    last moment; ``clock_of``: the naive start, whose clock time every day has.
    """
    bound = until.date() if until.time() >= clock_of.time() else until.date() - timedelta(days=1)
    if rule.count is not None:
        plain = not (rule.by_day or rule.by_month_day or rule.by_month or rule.by_set_pos)
        if plain and rule.freq in (Frequency.DAILY, Frequency.WEEKLY):
            step = rule.interval * (7 if rule.freq is Frequency.WEEKLY else 1)
            most = (min(bound, LAST_DAY) - start).days // step
            return start + timedelta(days=step * min(rule.count - 1, most)) if most >= 0 else None
        found = None
        for found in islice(days_of(rule, start, start, bound), rule.count):  # noqa: B007
            pass
        return found
    # From the end, a stretch that doubles: the last one is near, unless the rule hardly ever comes true.
    stretch = 400 * rule.interval
    while True:
        begin = max(start, min(bound, LAST_DAY) - timedelta(days=min(stretch, 50_000)))
        found = None
        for found in days_of(rule, start, begin, bound):  # noqa: B007
            pass
        if found is not None or begin == start:
            return found
        stretch *= 4


def completed(rule: Rule, start: date) -> Rule:
    """What a rule leaves open, its first day says."""
    if rule.by_day or rule.by_month_day:
        return rule
    if rule.freq is Frequency.WEEKLY:
        return replace(rule, by_day=(Weekday(start.weekday()),))
    if rule.freq is Frequency.MONTHLY:
        return replace(rule, by_month_day=(start.day,))
    if rule.freq is Frequency.YEARLY:
        return replace(rule, by_month=rule.by_month or (start.month,), by_month_day=(start.day,))
    return rule


def _periods(rule: Rule, start: date, first: date, last: date) -> Iterator[list[date]]:
    """The days of each period that may come into question, from the one ``first`` lies in."""
    if rule.freq is Frequency.DAILY:
        steps = -(-(first - start).days // rule.interval)
        day = start + timedelta(days=steps * rule.interval)
        while day <= last:
            yield [day]
            day += timedelta(days=rule.interval)
    elif rule.freq is Frequency.WEEKLY:
        monday = _week_of(start, rule.week_start)
        weeks = (_week_of(first, rule.week_start) - monday).days // 7
        week = monday + timedelta(weeks=-(-weeks // rule.interval) * rule.interval)
        while week <= last:
            yield [week + timedelta(days=n) for n in range(7)]
            week += timedelta(weeks=rule.interval)
    elif rule.freq is Frequency.MONTHLY:
        begin = start.year * 12 + start.month - 1
        months = first.year * 12 + first.month - 1 - begin
        month = begin - (-months // rule.interval) * rule.interval
        while month <= last.year * 12 + last.month - 1:
            if not rule.by_month or month % 12 + 1 in rule.by_month:
                yield _month_days(month // 12, month % 12 + 1)
            month += rule.interval
    else:
        year = start.year - (-(first.year - start.year) // rule.interval) * rule.interval
        while year <= last.year:
            yield [day for month in rule.by_month or range(1, 13) for day in _month_days(year, month)]
            year += rule.interval


def _chosen(rule: Rule, days: list[date]) -> list[date]:
    """The days of one period that the rule names."""
    if not (rule.by_day or rule.by_month_day or rule.by_month or rule.by_set_pos):
        return days
    if (
        rule.by_month_day and not (rule.by_day or rule.by_set_pos) and 28 <= len(days) <= 31
    ):  # those of one month
        places = {n - 1 if n > 0 else len(days) + n for n in rule.by_month_day}
        return [days[n] for n in sorted(places) if 0 <= n < len(days)]
    if rule.by_day and not (rule.by_month_day or rule.by_month or rule.by_set_pos):
        if rule.freq is Frequency.WEEKLY:
            return sorted(days[(one.day - rule.week_start) % 7] for one in rule.by_day)
        if rule.freq is Frequency.MONTHLY and all(one.nth for one in rule.by_day):
            return sorted({day for one in rule.by_day if (day := _nth_of(one, days)) is not None})
    kept = [day for day in days if _fits(rule, day)]
    if not rule.by_set_pos or not kept:
        return kept
    places = {n - 1 if n > 0 else len(kept) + n for n in rule.by_set_pos}
    return [kept[n] for n in sorted(places) if 0 <= n < len(kept)]


def _nth_of(wanted: Weekday, days: list[date]) -> date | None:
    """The second Tuesday, the last Friday of these days of a month."""
    first = (wanted.day - days[0].weekday()) % 7
    last = len(days) - 1 - (days[-1].weekday() - wanted.day) % 7
    place = first + 7 * (wanted.nth - 1) if wanted.nth > 0 else last + 7 * (wanted.nth + 1)
    return days[place] if 0 <= place < len(days) else None


def _fits(rule: Rule, day: date) -> bool:
    if rule.by_month and day.month not in rule.by_month:
        return False
    if rule.by_month_day:
        length = monthrange(day.year, day.month)[1]
        if day.day not in rule.by_month_day and day.day - length - 1 not in rule.by_month_day:
            return False
    return not rule.by_day or any(_is_weekday(rule, day, one) for one in rule.by_day)


def _is_weekday(rule: Rule, day: date, wanted: Weekday) -> bool:
    if day.weekday() != wanted.day:
        return False
    if not wanted.nth:
        return True
    if rule.freq is Frequency.YEARLY and not rule.by_month:
        position = day.timetuple().tm_yday
        length = 366 if monthrange(day.year, 2)[1] == 29 else 365
    else:
        position, length = day.day, monthrange(day.year, day.month)[1]
    return wanted.nth in ((position - 1) // 7 + 1, -((length - position) // 7 + 1))


def _week_of(day: date, week_start: int) -> date:
    return day - timedelta(days=(day.weekday() - week_start) % 7)


def _month_days(year: int, month: int) -> list[date]:
    return [date(year, month, n) for n in range(1, monthrange(year, month)[1] + 1)]
