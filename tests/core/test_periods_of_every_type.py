"""Weeks, months, quarters, semesters and years answer alike."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.core.periods import (
    Month,
    OfficeZone,
    PeriodError,
    PeriodType,
    Quarter,
    Semester,
    Week,
    Year,
    parse_period,
    period_of,
)

TYPES = st.sampled_from(PeriodType)
DAYS = st.dates(date(2035, 1, 1), date(2935, 12, 31))


@given(TYPES, DAYS)
def test_every_day_is_in_one_period_and_the_next_begins_after_it(type_, day):
    period = period_of(type_, day)

    assert day in period
    assert period.type is type_
    assert day not in period.next()
    assert day not in period.previous()
    assert period.next().start == period.end + timedelta(days=1)
    assert period.previous().end == period.start - timedelta(days=1)
    assert len(list(period.days())) == period.length_days


@given(TYPES, DAYS, st.integers(-60, 60))
def test_keys_come_back_and_sort_as_time_does(type_, day, by):
    period = period_of(type_, day)
    other = period_of(type_, day + timedelta(days=by * 9))

    assert parse_period(period.key) == period
    assert parse_period(period.key, type_) == period
    assert (period.key < other.key) == (period.start < other.start)
    assert period.shift(by).shift(-by) == period


@pytest.mark.parametrize(
    ("period", "key", "label", "start", "end"),
    [
        (Week(2026, 53), "2026-W53", "Pekan ke-53 2026", date(2026, 12, 28), date(2027, 1, 3)),
        (Month(2028, 2), "2028-M02", "Februari 2028", date(2028, 2, 1), date(2028, 2, 29)),
        (Quarter(2026, 2), "2026-TW2", "Triwulan II 2026", date(2026, 4, 1), date(2026, 6, 30)),
        (Semester(2026, 2), "2026-S2", "Semester II 2026", date(2026, 7, 1), date(2026, 12, 31)),
        (Year(2026), "2026", "Tahun 2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_what_they_are_called(app, period, key, label, start, end):
    with app.test_request_context():
        assert (period.key, period.label, period.start, period.end) == (key, label, start, end)


@pytest.mark.parametrize(
    "key",
    ["", "2026-W00", "2025-W53", "2026-M13", "2026-S3", "2026-TW5", "26", "2026-W7", "٢٠٢٦", "2026-TW1\n", "0001"],
)  # fmt: skip
def test_what_is_no_period_is_refused(key):
    with pytest.raises(PeriodError):
        parse_period(key)


def test_a_key_of_another_type_is_refused():
    with pytest.raises(PeriodError):
        parse_period("2026-M01", PeriodType.QUARTER)


def test_the_bounds_are_those_of_the_offices_clock():
    assert Month(2026, 4).utc_bounds(OfficeZone.WIT.tz) == (
        datetime(2026, 3, 31, 15, tzinfo=UTC),
        datetime(2026, 4, 30, 15, tzinfo=UTC),
    )
