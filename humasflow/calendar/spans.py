"""Which days a view covers, where it goes before and after, and the edges of those days as instants. All of it pure.

Weeks begin on Monday and are numbered as ISO 8601 does; a quarter is that of the calendar year.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from humasflow.calendar.enums import CalendarView
from humasflow.core.localtime import HasZone, from_local
from humasflow.core.periods import Quarter

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
DAYS_OF_WEEK = 7


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``start`` to before ``end``."""

    start: date
    end: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day < self.end

    def __len__(self) -> int:
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - timedelta(days=1)

    def days(self) -> Iterator[date]:
        """Every day, in order."""
        for offset in range(len(self)):
            yield self.start + timedelta(days=offset)

    def instants(self, office: HasZone | str) -> tuple[datetime, datetime]:
        """The half-open interval of UTC instants that are these days on the office's wall calendar."""
        return from_local(self.start, time(), office), from_local(self.end, time(), office)


def clamp(day: date) -> date:
    """The nearest day that the calendar shows."""
    return min(max(day, FIRST_DAY), LAST_DAY)


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def week_of(day: date) -> Span:
    """Monday to Sunday."""
    start = monday_of(day)
    return Span(start, start + timedelta(days=DAYS_OF_WEEK))


def month_of(day: date) -> Span:
    """From the first to the last of its month."""
    first = day.replace(day=1)
    return Span(first, (first + timedelta(days=31)).replace(day=1))


def month_grid(day: date) -> Span:
    """The whole weeks that its month touches."""
    month = month_of(day)
    return Span(monday_of(month.start), week_of(month.last).end)


def quarter_of(day: date) -> Span:
    """Its triwulan."""
    quarter = Quarter.from_local_date(day)
    return Span(quarter.start, quarter.end + timedelta(days=1))


def weeks_of(span: Span) -> list[Span]:
    """The weeks that touch the span, cut to it at both ends."""
    found = []
    start = monday_of(span.start)
    while start < span.end:
        end = start + timedelta(days=DAYS_OF_WEEK)
        found.append(Span(max(start, span.start), min(end, span.end)))
        start = end
    return found


def week_number(day: date) -> int:
    """ISO 8601: week 1 holds the year's first Thursday."""
    return day.isocalendar().week


def span_of(view: CalendarView, day: date) -> Span:
    """What a view shows when it stands on a day."""
    if view is CalendarView.MONTH:
        return month_grid(day)
    if view is CalendarView.DAY:
        return Span(day, day + timedelta(days=1))
    if view is CalendarView.AGENDA:
        return month_of(day)
    if view is CalendarView.QUARTER:
        return quarter_of(day)
    return week_of(day)


def step(view: CalendarView, day: date, steps: int) -> date:
    """The day on which the view stands ``steps`` (−1 or 1) further, never off the calendar."""
    if view is CalendarView.DAY:
        return clamp(day + timedelta(days=steps))
    if view in (CalendarView.MONTH, CalendarView.AGENDA):
        span = month_of(day)
    elif view is CalendarView.QUARTER:
        span = quarter_of(day)
    else:
        return clamp(day + timedelta(days=DAYS_OF_WEEK * steps))
    if steps > 0:
        return clamp(span.end)
    before = span.start - timedelta(days=1)
    return clamp((quarter_of(before) if view is CalendarView.QUARTER else month_of(before)).start)
