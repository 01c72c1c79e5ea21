"""When scheduled reports are due, and which days they are about."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.reports.scheduling.enums import Rhythm
from humasflow.reports.scheduling.rhythm import LAST_DAY, Timing

WITA, WIT = ZoneInfo("Asia/Makassar"), ZoneInfo("Asia/Jayapura")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "day", "now", "due", "key", "start", "end"),
    [
        (Rhythm.DAILY, 1, "2026-03-31T23:30", "2026-04-01T23:00", "2026-04-01", "2026-04-01", "2026-04-01"),
        (Rhythm.WEEKLY, 1, "2026-03-31T00:00", "2026-04-05T23:00", "2026-W14", "2026-03-30", "2026-04-05"),
        (Rhythm.MONTHLY, 31, "2026-02-10T00:00", "2026-02-27T23:00", "2026-M01", "2026-01-01", "2026-01-31"),
        (Rhythm.QUARTERLY, 5, "2026-03-31T15:30", "2026-04-04T23:00", "2026-TW1", "2026-01-01", "2026-03-31"),
        (Rhythm.QUARTERLY, 1, "2025-12-31T23:30", "2026-03-31T23:00", "2026-TW1", "2026-01-01", "2026-03-31"),
    ],
)  # fmt: skip
def test_the_next_turn(rhythm: Rhythm, day: int, now: str, due: str, key: str, start: str, end: str) -> None:
    """At 07.00 WITA, which is 23.00 UTC of the day before."""
    found = Timing(rhythm, day, 7, WITA).next_after(utc(now))
    assert (found.at, found.key) == (utc(due), key)
    assert (found.start, found.end) == (date.fromisoformat(start), date.fromisoformat(end))


def test_two_zones_have_their_own_morning() -> None:
    assert Timing(Rhythm.DAILY, 1, 7, WIT).next_after(utc("2026-03-31T00:00")).at == utc("2026-03-31T22:00")


def test_missed_turns_are_all_named_once() -> None:
    timing = Timing(Rhythm.DAILY, 1, 7, WITA)
    first = timing.next_after(utc("2026-03-29T00:00"))
    missed = timing.missed(first.at, utc("2026-04-01T02:00"))
    assert [turn.key for turn in missed] == ["2026-03-29", "2026-03-30", "2026-03-31"]
    assert timing.missed(first.at, first.at - timedelta(seconds=1)) == []


@given(
    rhythm=st.sampled_from(Rhythm),
    day=st.integers(1, 60),
    hour=st.integers(0, 23),
    now=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),
)
def test_turns_follow_each_other(rhythm: Rhythm, day: int, hour: int, now: datetime) -> None:
    timing = Timing(rhythm, min(day, LAST_DAY[rhythm]), hour, WIT)
    instant = now.replace(tzinfo=UTC)
    latest, coming = timing.latest_by(instant), timing.next_after(instant)
    assert latest.at <= instant < coming.at
    assert timing.next_after(latest.at) == coming
    assert latest.key < coming.key
    assert coming.start == latest.end + timedelta(days=1)
    assert coming.end < coming.at.astimezone(WIT).date()


@pytest.mark.parametrize(("rhythm", "day", "hour"), [(Rhythm.DAILY, 2, 7), (Rhythm.WEEKLY, 8, 7), (Rhythm.WEEKLY, 0, 7), (Rhythm.MONTHLY, 32, 7), (Rhythm.QUARTERLY, 61, 7), (Rhythm.WEEKLY, 1, 24)])  # fmt: skip
def test_times_that_are_none(rhythm: Rhythm, day: int, hour: int) -> None:
    with pytest.raises(ValueError, match="no such time"):
        Timing(rhythm, day, hour, WITA)
