"""A free slot is one: over any times, posts, distances and zones."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from humasflow.calendar.pace.free_slots import LOOK_AHEAD, FreeSlots
from humasflow.core.localtime import from_local, to_local

BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
TIMES = st.tuples(st.integers(0, 6), st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45])))
DAYS = st.dates(date(2026, 9, 30), date(2027, 1, 5))


@settings(max_examples=80)
@given(
    slots=st.lists(TIMES, max_size=6, unique=True),
    busy=st.lists(st.integers(-1000, 6000), max_size=20),
    gap=st.integers(0, 1440),
    closed=st.frozensets(DAYS, max_size=20),
    zone=st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]),
    late=st.integers(0, 100_000),
)
def test_free_slots_are_exactly_the_times_that_nothing_stands_in_the_way_of(
    slots: list[tuple[int, time]], busy: list[int], gap: int, closed: frozenset[date], zone: str, late: int
) -> None:
    after = BEGIN + timedelta(minutes=late % 10_000, seconds=late % 60)
    taken = [BEGIN + timedelta(minutes=15 * n) for n in busy]
    free = FreeSlots(zone, after, {1: timedelta(minutes=gap)}, {1: sorted(slots)}, closed, {1: list(taken)})
    found = list(free.list_free(1))
    # The slow way: every day of the look-ahead, every time.
    distance = timedelta(minutes=max(gap, 1))
    first = to_local(after, zone).date()
    every = [
        from_local(day, clock_time, zone)
        for day in (first + timedelta(days=n) for n in range(LOOK_AHEAD.days + 2))
        for weekday, clock_time in sorted(slots)
        if day.weekday() == weekday and day not in closed
    ]
    expected = [
        at for at in every if after < at < after + LOOK_AHEAD and all(abs(at - t) >= distance for t in taken)
    ]
    assert found == expected == sorted(found)
    assert free.first_free(1) == (found[0] if found else None)
    if found:
        free.take(1, found[0])
        assert found[0] not in list(free.list_free(1))
