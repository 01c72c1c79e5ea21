"""Moments on the sample office's own clock, counted from the day it is built for."""

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta

from humasflow.core import clock
from humasflow.core.localtime import from_local
from humasflow.setup.sample import worktime
from humasflow.setup.sample_office.cast import Cast


def workday(cast: Cast, count: int) -> date:
    """The working day so many after (before, for a negative number) the day of the plan; 0: that day itself."""
    if count == 0:
        return cast.plan.today
    found = worktime.workday_after if count > 0 else worktime.workday_before
    return found(cast.plan.today, abs(count))


def moment(cast: Cast, day: date, hour: int, minute: int = 0) -> datetime:
    """An instant (UTC) on the office's clock."""
    return from_local(day, time(hour, minute), cast.office.zone_name).astimezone(UTC)


def days_ago(cast: Cast, days: int, hour: int = 10, minute: int = 0) -> AbstractContextManager[None]:
    """The product's clock stands so many days back while it lasts."""
    return clock.moved_to(moment(cast, cast.plan.today - timedelta(days=days), hour, minute))


def at_moment(cast: Cast, day: date, hour: int) -> AbstractContextManager[None]:
    """The product's clock stands at that hour of a local day while it lasts."""
    return clock.moved_to(moment(cast, day, hour))
