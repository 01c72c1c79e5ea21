"""Quiet hours and the digest's moment, on the clocks of three zones."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.core.localtime import to_local
from humasflow.notifications.routing.quiet import Habits, end_of_quiet, next_digest

ZONES = {"WIB": ("Asia/Jakarta", 7), "WITA": ("Asia/Makassar", 8), "WIT": ("Asia/Jayapura", 9)}
USUAL = Habits(time(21), time(5, 30))


def never(_day: date) -> bool:
    return False


def weekend(day: date) -> bool:
    return day.weekday() >= 5


def at(text: str, ahead: int) -> datetime:
    """An instant from an office's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) - timedelta(hours=ahead)


@pytest.mark.parametrize("zone", ZONES.values(), ids=list(ZONES))
@pytest.mark.parametrize(
    ("now", "free"),
    [
        ("2026-11-23T20:59", "2026-11-23T20:59"),
        ("2026-11-23T21:00", "2026-11-24T05:30"),
        ("2026-11-23T23:59", "2026-11-24T05:30"),
        ("2026-11-24T00:00", "2026-11-24T05:30"),
        ("2026-11-24T05:29", "2026-11-24T05:30"),
        ("2026-11-24T05:30", "2026-11-24T05:30"),
        ("2026-12-31T22:00", "2027-01-01T05:30"),
    ],
)
def test_the_night_is_the_night_of_the_office(zone: tuple[str, int], now: str, free: str) -> None:
    name, ahead = zone
    assert end_of_quiet(at(now, ahead), USUAL, name, never, away=never) == at(free, ahead)


def test_hours_within_one_day_and_none_at_all() -> None:
    noon = Habits(time(12), time(13))
    assert end_of_quiet(at("2026-11-23T12:30", 7), noon, "Asia/Jakarta", never, away=never) == at(
        "2026-11-23T13:00", 7
    )
    for none in (Habits(None, None), Habits(time(9), time(9))):
        now = at("2026-11-23T09:00", 7)
        assert end_of_quiet(now, none, "Asia/Jakarta", never, away=never) == now


def test_a_quiet_weekend_ends_on_monday_after_the_night() -> None:
    saturday = at("2026-11-28T10:00", 7)
    assert end_of_quiet(saturday, USUAL, "Asia/Jakarta", weekend, away=never) == saturday, "not asked for"
    quiet = Habits(time(21), time(5, 30), quiet_days=True)
    assert end_of_quiet(saturday, quiet, "Asia/Jakarta", weekend, away=never) == at("2026-11-30T05:30", 7)
    friday_night = at("2026-11-27T22:00", 7)
    assert end_of_quiet(friday_night, quiet, "Asia/Jakarta", weekend, away=never) == at("2026-11-30T05:30", 7)


def test_the_digest_waits_for_its_hour_a_working_day_and_whoever_is_away() -> None:
    zone, habits = "Asia/Jayapura", Habits(None, None, digest_at=time(7, 30))
    assert next_digest(at("2026-11-23T07:29", 9), habits, zone, weekend, away=never) == at(
        "2026-11-23T07:30", 9
    )
    assert next_digest(at("2026-11-23T07:30", 9), habits, zone, weekend, away=never) == at(
        "2026-11-24T07:30", 9
    )
    assert next_digest(at("2026-11-27T08:00", 9), habits, zone, weekend, away=never) == at(
        "2026-11-28T07:30", 9
    )
    quiet = Habits(None, None, quiet_days=True)
    assert next_digest(at("2026-11-27T08:00", 9), quiet, zone, weekend, away=never) == at(
        "2026-11-30T07:30", 9
    )
    back = date(2026, 12, 7)
    assert next_digest(at("2026-11-27T08:00", 9), quiet, zone, weekend, away=lambda d: d < back) == at(
        "2026-12-07T07:30", 9
    )


minutes = st.integers(0, 1439).map(lambda n: time(n // 60, n % 60))


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), first=minutes, last=minutes,
    quiet_days=st.booleans(), zone=st.sampled_from([name for name, _ahead in ZONES.values()]),
)  # fmt: skip
def test_the_end_of_quiet_is_not_quiet_and_not_in_the_past(
    now: datetime, first: time, last: time, quiet_days: bool, zone: str
) -> None:
    instant, habits = now.replace(tzinfo=UTC), Habits(first, last, quiet_days)
    free = end_of_quiet(instant, habits, zone, weekend, away=never)
    local = to_local(free, zone)
    assert free >= instant
    assert habits.quiet_end(local) is None
    assert not (quiet_days and weekend(local.date()))
    digest = next_digest(instant, habits, zone, weekend, away=never)
    assert instant < digest <= instant + timedelta(days=4)
