"""A drag changes the day and never the clock, in any zone; what is read from a request never breaks."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.calendar.enums import ItemKind
from humasflow.calendar.moving.asking import FARTHEST, BadAsk, Ref, read_refs, read_where
from humasflow.calendar.moving.clocks import at_time, later, on_day
from humasflow.calendar.spans import FIRST_DAY, LAST_DAY

OURS = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
ELSEWHERE = (
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "UTC",
)
zones = st.sampled_from((*OURS, *ELSEWHERE)) | st.sampled_from(sorted(available_timezones()))
days = st.dates(date(1995, 1, 1), date(2099, 12, 31))
instants = st.datetimes(datetime(1995, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))


def exists(day: date, clock: time, zone: str) -> bool:
    """Whether that clock shows that time on that day at all."""
    local = datetime.combine(day, clock, tzinfo=ZoneInfo(zone))
    back = local.astimezone(UTC).astimezone(ZoneInfo(zone))
    return back.replace(tzinfo=None) == local.replace(tzinfo=None)


@given(at=instants, day=days, zone=zones)
def test_another_day_at_the_same_time_of_the_clock(at: datetime, day: date, zone: str) -> None:
    clock = at.astimezone(ZoneInfo(zone)).time()
    moved = on_day(at, day, zone)
    there = moved.astimezone(ZoneInfo(zone))
    if exists(day, clock, zone):
        assert (there.date(), there.time().replace(fold=0)) == (day, clock.replace(fold=0))
    else:  # the clock never shows it there: as far from midnight as it would have been
        assert abs(there.replace(tzinfo=None) - datetime.combine(day, clock)) <= timedelta(days=1)


@pytest.mark.parametrize("zone", OURS)
@given(at=instants, day=days)
def test_in_our_zones_it_is_always_so_and_the_way_back_leads_back(zone: str, at: datetime, day: date) -> None:
    moved = on_day(at, day, zone)
    assert moved.astimezone(ZoneInfo(zone)).time() == at.astimezone(ZoneInfo(zone)).time()
    assert moved.astimezone(ZoneInfo(zone)).date() == day
    assert on_day(moved, at.astimezone(ZoneInfo(zone)).date(), zone) == at


@given(at=instants, zone=zones)
def test_its_own_day_leaves_it_where_it_is(at: datetime, zone: str) -> None:
    """Also in the hour that the clock shows twice."""
    assert on_day(at, at.astimezone(ZoneInfo(zone)).date(), zone) == at
    assert later(at, 0, zone) == at


@given(at=instants, by=st.integers(-FARTHEST, FARTHEST), zone=st.sampled_from(OURS))
def test_a_shift_is_so_many_days(at: datetime, by: int, zone: str) -> None:
    assert later(at, by, zone) == at + timedelta(days=by)


def test_over_a_change_to_summer_time_the_clock_counts_and_not_the_hours() -> None:
    at = at_time(date(2026, 3, 27), time(9), "Europe/London")
    moved = on_day(at, date(2026, 3, 30), "Europe/London")
    assert moved - at == timedelta(days=3) - timedelta(hours=1)
    assert moved.astimezone(ZoneInfo("Europe/London")).time() == time(9)
    skipped = on_day(
        at_time(date(2026, 3, 27), time(1, 30), "Europe/London"), date(2026, 3, 29), "Europe/London"
    )
    assert skipped.astimezone(ZoneInfo("Europe/London")).time() == time(2, 30)


@given(
    kind=st.sampled_from([ItemKind.POST, ItemKind.DEADLINE, ItemKind.EVENT, ItemKind.CAMPAIGN]),
    number=st.integers(0, 10**17), version=st.none() | st.integers(0, 10**6), occurrence=st.none() | instants,
)  # fmt: skip
def test_what_a_page_calls_something_is_read_back_as_it(
    kind: ItemKind, number: int, version: int | None, occurrence: datetime | None
) -> None:
    ref = Ref(kind, number, version, occurrence if kind is ItemKind.EVENT else None)
    assert read_refs([str(ref)]) == [ref]
    assert read_refs([str(ref).replace("+", " ")]) == [ref]  # as an address that nobody escaped says it
    assert read_refs([str(ref)] * 3) == [ref]


@given(text=st.text(max_size=60))
def test_nothing_that_is_sent_as_an_item_breaks_it(text: str) -> None:
    with suppress(BadAsk):
        (ref,) = read_refs([text])
        assert ref.kind in ItemKind


@given(
    words=st.dictionaries(
        st.sampled_from(["day", "time", "shift", "extent"]),
        st.text(max_size=20)
        | st.sampled_from(["2026-11-03", "09:00", "7", "-7", "one", "all", "1900-01-01"]),
    )
)
def test_nothing_that_is_sent_as_a_time_breaks_it(words: dict[str, str]) -> None:
    with suppress(BadAsk):
        where = read_where(words)
        assert where.day is None or FIRST_DAY <= where.day <= LAST_DAY
        assert where.shift is None or abs(where.shift) <= FARTHEST


@pytest.mark.parametrize(
    "day", ["1900-01-01", "9999-12-31", "0001-01-01", "2026-02-31", "besok", "20261103", "²", "2026-11-3"]
)
def test_days_that_are_none(day: str) -> None:
    with pytest.raises(BadAsk) as refused:
        read_where({"day": day})
    assert refused.value.part == "day"


@pytest.mark.parametrize("time_", ["25:00", "9", "09:60", "09:00+14:00", "٠٩:٠٠", "noon"])
def test_times_that_are_none(time_: str) -> None:
    with pytest.raises(BadAsk) as refused:
        read_where({"day": "2026-11-03", "time": time_})
    assert refused.value.part == "time"
