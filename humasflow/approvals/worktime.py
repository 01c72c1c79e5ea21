"""Working time: within the working day, Monday to Friday, without holidays and joint leave, on the office's clock.

Pure but for the calendar of Indonesian holidays, which the package ``holidays`` knows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from humasflow.core.localtime import from_local, to_local

SATURDAY = 5
# Nothing waits longer than anybody would count: the loop over days has an end whatever the dates are.
LONGEST = timedelta(days=400)


@lru_cache(maxsize=16)
def _holidays(year: int) -> Mapping[date, str]:
    # Its tables cost a fifth of a second to load; only pages and jobs that count working time pay for them.
    from holidays import country_holidays  # noqa: PLC0415

    return dict(country_holidays("ID", years=year, categories=("public", "government")))


def is_working_day(day: date) -> bool:
    """Monday to Friday, neither a public holiday nor joint leave (cuti bersama)."""
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


@dataclass(frozen=True)
class WorkingTime:
    """An office's working day in its zone."""

    zone: str
    starts: time = time(7, 30)
    ends: time = time(16, 0)
    is_working_day: Callable[[date], bool] = is_working_day

    @property
    def day_length(self) -> timedelta:
        """How much working time a working day has."""
        day = date(2000, 1, 3)
        return datetime.combine(day, self.ends) - datetime.combine(day, self.starts)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from one aware instant to another; zero when they are the wrong way round."""
        if end <= start:
            return timedelta()
        start = max(start, end - LONGEST)
        day, last = to_local(start, self.zone).date(), to_local(end, self.zone).date()
        total = timedelta()
        while day <= last:
            if self.is_working_day(day):
                opens = from_local(day, self.starts, self.zone)
                closes = from_local(day, self.ends, self.zone)
                total += max(timedelta(), min(end, closes) - max(start, opens))
            day += timedelta(days=1)
        return total

    def covers(self, instant: datetime) -> bool:
        """Whether people are at work now."""
        local = to_local(instant, self.zone)
        return self.is_working_day(local.date()) and self.starts <= local.time() < self.ends
