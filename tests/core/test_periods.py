"""Quarters by the office's own zone."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.core.periods import MAX_YEAR, MIN_YEAR, OfficeZone, PeriodError, Quarter

ZONES = st.sampled_from(OfficeZone)
QUARTERS = st.builds(Quarter, st.integers(MIN_YEAR, MAX_YEAR), st.integers(1, 4))
INSTANTS = st.datetimes(datetime(1971, 1, 1), datetime(2900, 1, 1), timezones=st.just(UTC))
DAYS = st.dates(date(MIN_YEAR, 1, 1), date(MAX_YEAR, 12, 31))


def test_one_instant_can_be_two_quarters_in_two_zones():
    instant = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)

    assert Quarter.from_utc(instant, OfficeZone.WIB.tz).key == "2026-TW1"  # 22.30 WIB
    assert Quarter.from_utc(instant, OfficeZone.WITA.tz).key == "2026-TW1"  # 23.30 WITA
    assert Quarter.from_utc(instant, OfficeZone.WIT.tz).key == "2026-TW2"  # 00.30 WIT, 1 April


@pytest.mark.parametrize(
    ("zone", "first", "until"),
    [
        (OfficeZone.WIB, datetime(2025, 12, 31, 17, tzinfo=UTC), datetime(2026, 3, 31, 17, tzinfo=UTC)),
        (OfficeZone.WITA, datetime(2025, 12, 31, 16, tzinfo=UTC), datetime(2026, 3, 31, 16, tzinfo=UTC)),
        (OfficeZone.WIT, datetime(2025, 12, 31, 15, tzinfo=UTC), datetime(2026, 3, 31, 15, tzinfo=UTC)),
    ],
)
def test_the_bounds_of_a_quarter_in_each_zone(zone, first, until):
    assert Quarter(2026, 1).utc_bounds(zone.tz) == (first, until)


@given(INSTANTS, ZONES)
def test_every_instant_is_in_exactly_one_quarter(instant, zone):
    quarter = Quarter.from_utc(instant, zone.tz)

    around = [quarter.previous(), quarter, quarter.next()]
    inside = [q for q in around if q.utc_bounds(zone.tz)[0] <= instant < q.utc_bounds(zone.tz)[1]]
    assert inside == [quarter]
    assert instant.astimezone(zone.tz).date() in quarter


@given(st.builds(Quarter, st.integers(MIN_YEAR, MAX_YEAR - 1), st.integers(1, 4)), ZONES)
def test_quarters_tile_time_without_gap_or_overlap(quarter, zone):
    assert quarter.utc_bounds(zone.tz)[1] == quarter.next().utc_bounds(zone.tz)[0]
    assert quarter.end + timedelta(days=1) == quarter.next().start


@given(QUARTERS)
def test_the_key_reads_back_and_sorts_like_time(quarter):
    assert Quarter.parse(quarter.key) == quarter
    assert str(quarter) == quarter.key


@given(QUARTERS, QUARTERS)
def test_keys_and_quarters_sort_alike(one, other):
    assert (one < other) == (one.key < other.key) == (one.start < other.start)


@given(st.builds(Quarter, st.integers(2100, 2500), st.integers(1, 4)), st.integers(-400, 400))
def test_a_shift_can_be_undone_and_is_so_many_steps(quarter, steps):
    moved = quarter.shift(steps)

    assert moved.shift(-steps) == quarter
    assert len(list(Quarter.span(min(quarter, moved), max(quarter, moved)))) == abs(steps) + 1


@given(DAYS)
def test_a_date_lies_in_its_own_quarter_only(day):
    quarter = Quarter.from_local_date(day)

    assert quarter.start <= day <= quarter.end
    assert day in quarter
    assert quarter.days_elapsed(day) + quarter.days_left(day) == quarter.length_days


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2025, 12, 1), 90),  # not begun: all of it
        (date(2026, 1, 1), 90),
        (date(2026, 3, 30), 2),
        (date(2026, 3, 31), 1),  # the last day is still a working day
        (date(2026, 4, 1), 0),
        (date(2027, 1, 1), 0),
    ],
)
def test_days_and_weeks_left_count_today(today, days):
    quarter = Quarter(2026, 1)

    assert quarter.days_left(today) == days
    assert quarter.weeks_left(today) == Fraction(days, 7)
    assert quarter.days_elapsed(today) == 90 - days


def test_names():
    quarter = Quarter(2026, 4)

    assert quarter.label == "Triwulan IV 2026"
    assert quarter.short_label == "TW IV 2026"
    assert quarter.key == "2026-TW4"
    assert len(list(quarter.days())) == quarter.length_days == 92
    assert list(quarter.days())[-1] == quarter.end == date(2026, 12, 31)


def test_the_zones_are_the_three_of_indonesia():
    assert {zone.abbreviation: zone.value for zone in OfficeZone} == {
        "WIB": "Asia/Jakarta",
        "WITA": "Asia/Makassar",
        "WIT": "Asia/Jayapura",
    }
    assert OfficeZone.WITA.label == "Waktu Indonesia Tengah (WITA)"
    assert OfficeZone("Asia/Jayapura").tz.key == "Asia/Jayapura"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "2026",
        "2026-TW0",
        "2026-TW5",
        "2026-tw1",
        "2026-TW1 ",
        "02026-TW1",
        "1969-TW1",
        "9999-TW1",
        "٢٠٢٦-TW1",
    ],
)
def test_a_key_that_is_none_is_refused(key):
    with pytest.raises(PeriodError):
        Quarter.parse(key)


@pytest.mark.parametrize(("year", "number"), [(2026, 0), (2026, 5), (MIN_YEAR - 1, 1), (MAX_YEAR + 1, 1)])
def test_an_impossible_quarter_is_refused(year, number):
    with pytest.raises(PeriodError):
        Quarter(year, number)


def test_the_last_quarter_has_an_end_but_no_successor():
    last = Quarter(MAX_YEAR, 4)

    assert last.end == date(MAX_YEAR, 12, 31)
    assert list(Quarter.span(last, last)) == [last]
    assert list(Quarter.span(last, last.previous())) == []
    with pytest.raises(PeriodError):
        last.next()


def test_an_instant_without_a_zone_has_no_quarter():
    with pytest.raises(ValueError, match="aware"):
        Quarter.from_utc(datetime(2026, 1, 1), OfficeZone.WIB.tz)
    with pytest.raises(TypeError):
        Quarter.from_local_date(datetime(2026, 1, 1, tzinfo=UTC))
    assert datetime(2026, 1, 1, tzinfo=UTC) not in Quarter(2026, 1)
