"""When quiet hours end and when a digest is due, on the clock of an office. Pure functions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from humasflow.core.localtime import from_local, to_local

IsClosed = Callable[[date], bool]
LONGEST: Final = 120  # days that are looked through
DIGEST_AT: Final = time(7, 30)
BRIEF_AT: Final = time(7, 15)
USUAL_QUIET: Final = (time(21, 0), time(5, 30))
_MIDNIGHT = time()


@dataclass(frozen=True)
class Habits:
    """A person's hours. Quiet from … until may pass midnight; None or equal: no quiet hours. ``brief_day`` and
    ``brief_week``: whether the person wants the brief of the day, or of the week.
    """

    quiet_from: time | None
    quiet_until: time | None
    quiet_days: bool = False
    digest_at: time = DIGEST_AT
    brief_at: time = BRIEF_AT
    brief_day: bool = True
    brief_week: bool = True

    def quiet_end(self, local: datetime) -> datetime | None:
        """When the quiet hours that this moment stands in are over, both on the office's clock; None outside them."""
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None or start == end:
            return None
        now = local.time()
        if start < end:
            ends_on = local.date() if start <= now < end else None
        elif now >= start:
            ends_on = local.date() + timedelta(days=1)
        else:
            ends_on = local.date() if now < end else None
        return None if ends_on is None else datetime.combine(ends_on, end, tzinfo=local.tzinfo)


def end_of_quiet(
    now: datetime, habits: Habits, zone: str, is_closed: IsClosed, *, away: IsClosed
) -> datetime:
    """The first instant from ``now`` on at which the person may be disturbed; ``now`` itself outside quiet time.

    ``is_closed``: weekends and holidays, which count for who wants them quiet; ``away``: days on which the person is
    not at work.
    """
    local = to_local(now, zone)
    for _day in range(LONGEST):
        ends = habits.quiet_end(local)
        if away(local.date()) or (habits.quiet_days and is_closed(local.date())):
            local = datetime.combine(local.date() + timedelta(days=1), _MIDNIGHT, tzinfo=local.tzinfo)
        elif ends is not None:
            local = ends
        else:
            break
    return max(now, from_local(local.date(), local.time(), zone))


def next_digest(now: datetime, habits: Habits, zone: str, is_closed: IsClosed, *, away: IsClosed) -> datetime:
    """When the person's next digest is due: always after ``now``, never on a day that is quiet for them."""
    local = to_local(now, zone)
    day = local.date() if local.time() < habits.digest_at else local.date() + timedelta(days=1)
    for _day in range(LONGEST):
        if not (away(day) or (habits.quiet_days and is_closed(day))):
            break
        day += timedelta(days=1)
    return from_local(day, habits.digest_at, zone)
