"""Whole moves of monthly series: one a month stays one a month, with everything that differs."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humasflow.planning.agenda.enums import EventState, Extent
from humasflow.planning.agenda.queries import get_occurrence, occurrences_between, series_of
from humasflow.planning.agenda.services import EventContent, cancel_event, create_event, move_event
from tests.factories.world import World
from tests.planning.agenda.test_edits_property import DAY, FAR, LONG, QUIET, ZONES, undone

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


@QUIET
@given(
    st.sampled_from(["BYDAY=2TU", "BYDAY=-1FR", "BYDAY=1MO", "BYDAY=4SU", "BYMONTHDAY=15", "BYMONTHDAY=-1", ""]),
    st.sampled_from([1, 2]), st.sampled_from(["COUNT=8", "UNTIL=20270831T160000Z", ""]),
    st.integers(1, 28), st.integers(0, 5), st.integers(-12, 12), st.sampled_from(ZONES),
)  # fmt: skip
def test_a_whole_move_of_a_monthly_rule_keeps_one_a_month_and_everything_that_differs(
    world: World, by: str, interval: int, end: str, day: int, pick: int, days: int, zone: str
) -> None:
    with undone():
        _move_a_month(world, by, interval, end, day, pick, days, zone)


def _move_a_month(
    world: World, by: str, interval: int, end: str, day: int, pick: int, days: int, zone: str
) -> None:
    """The one that was meant goes where it was put, on the same clock; each month keeps its one, and what differed in a
    month differs in the month that took its place.
    """
    world.office.timezone = zone
    actor, tz = world.as_(world.editor), ZoneInfo(zone)
    rule = ";".join(filter(None, ["FREQ=MONTHLY", f"INTERVAL={interval}", by, end]))
    start = datetime(2026, 10, day, 10, tzinfo=tz).astimezone(UTC)
    event = create_event(
        actor=actor, office_id=world.office.id, content=EventContent("Rapat", start, start + LONG, rule=rule)
    )  # fmt: skip
    before = series_of(event).take(8)
    meant, other = before[pick % len(before)], before[(pick + 1) % len(before)]
    if other != meant:
        cancel_event(event, actor=actor, occurrence=other, extent=Extent.ONE, reason="Libur")
    to = (meant.astimezone(tz).replace(tzinfo=None) + days * DAY).replace(tzinfo=tz).astimezone(UTC)
    moved = move_event(event, actor=actor, occurrence=meant, extent=Extent.ALL, starts_at=to, drop=True)
    after = series_of(event).take(8)
    assert moved.occurrence == to and to in after
    assert {at.astimezone(tz).hour for at in after} == {10}
    months = [(at.astimezone(tz).year, at.astimezone(tz).month) for at in after]
    local = to.astimezone(tz)
    asked = meant.astimezone(tz)
    by_months = (local.year - asked.year) * 12 + local.month - asked.month
    if local.day <= 28:  # no month is without it
        assert len(after) == len(before)
        expected = [
            divmod(at.astimezone(tz).year * 12 + at.astimezone(tz).month - 1 + by_months, 12) for at in before
        ]
        assert months == [(year, month + 1) for year, month in expected]
        if other != meant:
            took = after[before.index(other)]
            assert get_occurrence(event, took).state is EventState.CANCELLED
            off = [
                one
                for one in occurrences_between(world.office.id, before[0] - 40 * DAY, FAR)
                if not one.takes_place
            ]
            assert [one.occurrence for one in off] == [took]
