"""Which days a view covers: weeks, numbers, quarters and their edges as instants."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.calendar import spans
from humasflow.calendar.enums import CalendarView
from humasflow.core.periods import Quarter

days = st.dates(spans.FIRST_DAY, spans.LAST_DAY)
inner_days = st.dates(date(1991, 1, 1), date(2099, 12, 31))
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
views = st.sampled_from(CalendarView)


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        (date(2026, 10, 14), date(2026, 9, 28), date(2026, 11, 2)),
        (date(2026, 2, 28), date(2026, 1, 26), date(2026, 3, 2)),
        (date(2027, 2, 1), date(2027, 2, 1), date(2027, 3, 1)),  # four weeks exactly
        (date(2026, 12, 31), date(2026, 11, 30), date(2027, 1, 4)),
    ],
)
def test_the_grid_of_known_months(day: date, start: date, end: date) -> None:
    assert spans.month_grid(day) == spans.Span(start, end)


@given(days)
def test_the_grid_is_whole_weeks_around_its_month(day: date) -> None:
    grid, month = spans.month_grid(day), spans.month_of(day)
    assert grid.start.weekday() == 0
    assert len(grid) % 7 == 0
    assert grid.start <= month.start <= day <= month.last <= grid.last
    assert (month.start - grid.start).days < 7
    assert (grid.end - month.end).days < 7


@given(days)
def test_week_numbers_are_those_of_iso_8601(day: date) -> None:
    # The definition, not the library: a week belongs to the year of its Thursday, and week 1 holds January's first one.
    thursday = spans.monday_of(day) + timedelta(days=3)
    first = date(thursday.year, 1, 1)
    first_thursday = first + timedelta(days=(3 - first.weekday()) % 7)
    assert spans.week_number(day) == (thursday - first_thursday).days // 7 + 1
    assert {spans.week_number(d) for d in spans.week_of(day).days()} == {spans.week_number(day)}


@given(inner_days, st.sampled_from(ZONES))
def test_the_edges_of_a_quarter_are_midnights_of_the_zone(day: date, zone: str) -> None:
    span = spans.quarter_of(day)
    start, end = span.instants(zone)
    tz = ZoneInfo(zone)
    assert (start, end) == Quarter.from_local_date(day).utc_bounds(tz)
    inside, outside = start.astimezone(tz), (start - timedelta(seconds=1)).astimezone(tz)
    assert (inside.date(), inside.hour, inside.minute) == (span.start, 0, 0)
    assert Quarter.from_local_date(inside.date()) != Quarter.from_local_date(outside.date())
    assert Quarter.from_local_date((end - timedelta(seconds=1)).astimezone(tz).date()) == (
        Quarter.from_local_date(day)
    )


def test_the_same_instant_is_another_quarter_further_east() -> None:
    instant = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)  # 22.30 WIB, 00.30 WIT of the next day
    found = {}
    for zone in ZONES:
        start, end = spans.quarter_of(date(2026, 3, 31)).instants(zone)
        found[zone] = start <= instant < end
    assert found == {"Asia/Jakarta": True, "Asia/Makassar": True, "Asia/Jayapura": False}


@given(days)
def test_the_weeks_of_a_quarter_leave_nothing_out_and_nothing_twice(day: date) -> None:
    quarter = spans.quarter_of(day)
    weeks = spans.weeks_of(quarter)
    assert [d for week in weeks for d in week.days()] == list(quarter.days())
    assert 13 <= len(weeks) <= 15
    assert all(week.start.weekday() == 0 for week in weeks[1:])


@given(views, inner_days, st.sampled_from([-1, 1]))
def test_a_step_goes_to_the_neighbour_and_back(view: CalendarView, day: date, steps: int) -> None:
    span, there = spans.span_of(view, day), spans.step(view, day, steps)
    beyond = spans.span_of(view, there)
    assert day in span
    assert there in beyond
    assert there not in (spans.month_of(day) if view is CalendarView.MONTH else span)
    assert spans.span_of(view, spans.step(view, there, -steps)) == span


@given(views, days, st.sampled_from([-1, 1]))
def test_no_step_leaves_the_calendar(view: CalendarView, day: date, steps: int) -> None:
    assert spans.FIRST_DAY <= spans.step(view, day, steps) <= spans.LAST_DAY
