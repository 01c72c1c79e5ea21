"""Another day at the same time of the clock. Pure."""

from datetime import date, datetime, time, timedelta

from humasflow.core.localtime import from_local, to_local


def on_day(at: datetime, day: date, zone: str) -> datetime:
    """The instant on that day at which the clock of the zone shows what it shows at ``at``.

    A time that summer time skips on that day is as far from midnight as the clock would have gone without it.
    """
    local = to_local(at, zone)
    return at if local.date() == day else from_local(day, local.time(), zone)


def at_time(day: date, clock: time, zone: str) -> datetime:
    """That time of the clock on that day."""
    return from_local(day, clock, zone)


def later(at: datetime, days: int, zone: str) -> datetime:
    """The same time of the clock so many days later, or earlier."""
    return on_day(at, to_local(at, zone).date() + timedelta(days=days), zone)
