"""When a report is due and what it is about. Pure: zone and instants are handed in.

What is due in a day, week, month or quarter reports the one before it. So a due instant names its period, and a
schedule and a period name a delivery that happens once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from humasflow.core.periods import Period, PeriodType, period_of
from humasflow.reports.scheduling.enums import Rhythm

_TYPES: Final = {
    Rhythm.WEEKLY: PeriodType.WEEK,
    Rhythm.MONTHLY: PeriodType.MONTH,
    Rhythm.QUARTERLY: PeriodType.QUARTER,
}
# The last day each rhythm can name: a weekday, a day of the month (the last one where it is shorter), days after the
# end of a quarter. A day has none to choose.
LAST_DAY: Final = {Rhythm.DAILY: 1, Rhythm.WEEKLY: 7, Rhythm.MONTHLY: 31, Rhythm.QUARTERLY: 60}


@dataclass(frozen=True)
class Due:
    """One turn of a schedule: when, and the first and last local day it reports, under a key that sorts by time."""

    at: datetime
    key: str
    start: date
    end: date


@dataclass(frozen=True)
class Timing:
    """How often, on which day, at which full hour of the office's clock."""

    rhythm: Rhythm
    day: int
    hour: int
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if not 1 <= self.day <= LAST_DAY[self.rhythm] or not 0 <= self.hour <= 23:
            raise ValueError(f"no such time: {self.rhythm} {self.day} {self.hour}")

    def next_after(self, instant: datetime) -> Due:
        """The first turn after an aware instant."""
        return next(due for due in self._around(instant) if due.at > instant)

    def latest_by(self, instant: datetime) -> Due:
        """The last turn that has come by then."""
        turns = self._around(instant)
        found = next(turns)  # two periods back: it has come
        for due in turns:
            if due.at > instant:
                break
            found = due
        return found

    def missed(self, first: datetime, until: datetime, *, most: int = 400) -> list[Due]:
        """The turns from ``first`` on that have come by ``until``, the oldest first; of very many the newest."""
        turns, due = [], self.next_after(first - timedelta(microseconds=1))
        while due.at <= until:
            turns.append(due)
            due = self.next_after(due.at)
        return turns[-most:]

    def _around(self, instant: datetime) -> Iterator[Due]:
        """Turns from two periods before an instant on, without an end."""
        local = instant.astimezone(self.zone).date()
        if self.rhythm is Rhythm.DAILY:
            day = local - timedelta(days=2)
            while True:
                before = day - timedelta(days=1)
                yield Due(self._at(day), before.isoformat(), before, before)
                day += timedelta(days=1)
        period: Period = period_of(_TYPES[self.rhythm], local).shift(-2)
        while True:
            before_it = period.previous()
            yield Due(self._at(self._day_in(period)), before_it.key, before_it.start, before_it.end)
            period = period.next()

    def _day_in(self, period: Period) -> date:
        return period.start + timedelta(days=min(self.day, period.length_days) - 1)

    def _at(self, day: date) -> datetime:
        return datetime.combine(day, time(self.hour), tzinfo=self.zone).astimezone(UTC)
