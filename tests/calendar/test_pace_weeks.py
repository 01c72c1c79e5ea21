"""The thirteen weeks of a quarter: property tests over years and zones."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.calendar.pace.weeks import WEEKS, by_days, by_weeks, instants_of, week_at, weeks_of
from humasflow.core.localtime import to_local
from humasflow.core.periods import Quarter

QUARTERS = st.builds(Quarter, st.integers(1971, 2998), st.integers(1, 4))
ZONES = st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])


@given(QUARTERS)
def test_there_are_always_thirteen_and_each_day_is_in_exactly_one(quarter: Quarter) -> None:
    weeks = weeks_of(quarter)
    assert [w.number for w in weeks] == list(range(1, WEEKS + 1))
    assert [day for w in weeks for day in (w.start + timedelta(days=n) for n in range(w.days))] == list(
        quarter.days()
    )
    assert all(sum(day in w for w in weeks) == 1 for day in quarter.days())
    assert week_at(weeks, quarter.start - timedelta(days=1)) is None
    assert week_at(weeks, quarter.end + timedelta(days=1)) is None


@given(QUARTERS)
def test_weeks_begin_on_monday_and_only_the_edges_are_of_another_length(quarter: Quarter) -> None:
    weeks = weeks_of(quarter)
    assert all(w.start.weekday() == 0 for w in weeks[1:])
    assert all(w.days == 7 for w in weeks[1:-1])
    assert all(3 <= w.days <= 11 for w in weeks)
    assert sum(w.days == 7 for w in weeks) >= 11
    # ISO agrees: within a week of ours that has seven days, the ISO number never changes, and from one to the next it does.
    whole = [w for w in weeks if w.days == 7]
    assert all(w.start.isocalendar()[:2] == w.last.isocalendar()[:2] for w in whole)
    assert len({w.start.isocalendar()[:2] for w in whole}) == len(whole)


@given(quarter=QUARTERS, zone=ZONES, seconds=st.integers(0, 92 * 86_400 - 1))
def test_an_instant_is_in_the_week_of_its_date_at_the_office(
    quarter: Quarter, zone: str, seconds: int
) -> None:
    weeks = weeks_of(quarter)
    edges = instants_of(weeks, zone)
    assert (edges[0], edges[-1]) == quarter.utc_bounds(ZoneInfo(zone))
    instant = edges[0] + timedelta(seconds=seconds)
    local = to_local(instant, zone).date()
    by_date = week_at(weeks, local)
    by_instant = next((w for w, a, b in zip(weeks, edges, edges[1:], strict=False) if a <= instant < b), None)
    assert by_date == by_instant
    assert (by_date is None) == (Quarter.from_utc(instant, ZoneInfo(zone)) != quarter)


@given(quarter=QUARTERS, zone=ZONES, number=st.integers(0, WEEKS))
def test_a_week_turns_at_midnight_of_the_office(quarter: Quarter, zone: str, number: int) -> None:
    edge = instants_of(weeks_of(quarter), zone)[number]
    assert to_local(edge, zone).time() == time()
    before = to_local(edge - timedelta(microseconds=1), zone).date()
    assert to_local(edge, zone).date() - before == timedelta(days=1)


@given(quarter=QUARTERS, weekly=st.integers(0, 50))
def test_a_weekly_number_is_kept_in_full_weeks_and_adds_up_to_thirteen(quarter: Quarter, weekly: int) -> None:
    weeks = weeks_of(quarter)
    parts = by_weeks(weekly, weeks)
    assert list(parts) == [w.number for w in weeks]
    assert all(parts[w.number] == weekly for w in weeks if w.days == 7)
    assert sum(parts.values()) == 13 * weekly
    assert all(abs(parts[w.number] - weekly * w.days / 7) <= weekly / 7 + 1 for w in weeks)


@given(quarter=QUARTERS, whole=st.integers(0, 2000), first=st.integers(0, 12))
def test_a_number_over_some_weeks_adds_up_and_follows_their_length(
    quarter: Quarter, whole: int, first: int
) -> None:
    weeks = weeks_of(quarter)[first:]
    parts = by_days(whole, weeks)
    assert sum(parts.values()) == whole
    days = sum(w.days for w in weeks)
    assert all(abs(parts[w.number] - whole * w.days / days) <= 1 for w in weeks)


def test_the_same_instant_is_in_two_quarters_by_zone() -> None:
    instant = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)  # 22.30 WIB, 00.30 WIT on 1 April
    first, second = weeks_of(Quarter(2026, 1)), weeks_of(Quarter(2026, 2))
    assert week_at(first, to_local(instant, "Asia/Jakarta").date()) == first[-1]
    assert week_at(second, to_local(instant, "Asia/Jayapura").date()) == second[0]


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        ("2026-TW4", (date(2026, 10, 1), date(2026, 10, 4)), (date(2026, 12, 21), date(2026, 12, 31))),  # 4 and 4
        ("2026-TW1", (date(2026, 1, 1), date(2026, 1, 4)), (date(2026, 3, 23), date(2026, 3, 31))),  # 4 and 2
        ("2027-TW1", (date(2027, 1, 1), date(2027, 1, 3)), (date(2027, 3, 22), date(2027, 3, 31))),  # 3 and 3
        ("2029-TW1", (date(2029, 1, 1), date(2029, 1, 7)), (date(2029, 3, 26), date(2029, 3, 31))),  # from a Monday
    ],
)  # fmt: skip
def test_edges_of_known_quarters(quarter: str, first: tuple[date, date], last: tuple[date, date]) -> None:
    weeks = weeks_of(Quarter.parse(quarter))
    assert [(w.start, w.last) for w in (weeks[0], weeks[-1])] == [first, last]


def test_an_instant_is_no_day_of_a_week() -> None:
    assert datetime(2026, 10, 1, tzinfo=UTC) not in weeks_of(Quarter(2026, 4))[0]
