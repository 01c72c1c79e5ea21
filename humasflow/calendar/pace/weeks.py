"""The thirteen weeks of a quarter on the office's calendar. Pure: dates in, dates out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise

from humasflow.core.localtime import from_local
from humasflow.core.periods import Quarter

WEEKS = 13
WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Week:
    """The ``number``-th week of a quarter: ``start`` ≤ day < ``end``.

    Weeks run from Monday to Sunday. A quarter seldom begins on a Monday; where it touches fourteen weeks, the shorter
    of the two cut off by its edges belongs to its neighbour (the last one where they are equal). So there are always
    thirteen, every day of the quarter is in one of them, and no day of another quarter is.
    """

    number: int
    start: date
    end: date

    @property
    def last(self) -> date:
        """The last day, included."""
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        """3 to 11; 7 except at the edges."""
        return (self.end - self.start).days

    def __contains__(self, day: object) -> bool:
        """Whether a local date lies in this week; an instant never does, for want of a zone."""
        return isinstance(day, date) and not isinstance(day, datetime) and self.start <= day < self.end


def by_days(whole: int, weeks: Sequence[Week]) -> dict[int, int]:
    """A whole number over some weeks by their length, by the number of the week. The parts sum to exactly the whole:
    what is rounded is what has gathered since the first day, half up.
    """
    days = sum(week.days for week in weeks)
    parts, passed, given = {}, 0, 0
    for week in weeks:
        passed += week.days
        due = int(Fraction(whole * passed, days) + Fraction(1, 2))
        parts[week.number], given = due - given, due
    return parts


def by_weeks(weekly: int, weeks: Sequence[Week]) -> dict[int, int]:
    """``weekly`` for each of some weeks, by the number of the week: just that for seven days; weeks cut short or drawn
    out by the edges of the quarter share what is left by their length.
    """
    odd = [week for week in weeks if week.days != WEEK_DAYS]
    return {week.number: weekly for week in weeks} | by_days(weekly * len(odd), odd)


def weeks_of(quarter: Quarter) -> tuple[Week, ...]:
    """Its thirteen weeks in order."""
    start, end = quarter.start, quarter.end + timedelta(days=1)
    monday = start + timedelta(days=(7 - start.weekday()) % 7)
    edges = [start, *(monday + timedelta(days=7 * n) for n in range(15))]
    edges = [*sorted({edge for edge in edges if edge < end}), end]
    if len(edges) - 1 > WEEKS:
        first_is_shorter = edges[1] - edges[0] < edges[-1] - edges[-2]
        del edges[1 if first_is_shorter else -2]
    return tuple(Week(number, *pair) for number, pair in enumerate(pairwise(edges), start=1))


def week_at(weeks: Sequence[Week], day: date) -> Week | None:
    """The week in which a local date lies."""
    return next((week for week in weeks if day in week), None)


def instants_of(weeks: Sequence[Week], zone: str) -> list[datetime]:
    """The UTC instants at which the weeks begin on the clock of ``zone``, and the one at which the last ends."""
    return [from_local(day, time(), zone) for day in [*(week.start for week in weeks), weeks[-1].end]]
