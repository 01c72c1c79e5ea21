"""Changes of a whole series: its rule, its days, its clock, and what stays known of it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from humasflow.audit import queries as audit
from humasflow.core.errors import Refused
from humasflow.planning.agenda.enums import EventState, Extent
from humasflow.planning.agenda.events import AgendaMoved
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.queries import get_exception, get_occurrence
from humasflow.planning.agenda.recurrence import BadRule, parse_rule
from humasflow.planning.agenda.repeating import Repeat, picked
from humasflow.planning.agenda.rule_words import describe
from humasflow.planning.agenda.services import (
    EventContent,
    cancel_event,
    change_event,
    move_event,
    postpone_event,
    remove_event,
    restore_event,
)
from humasflow.planning.agenda.shifting import shifted
from tests.factories.world import World
from tests.planning.agenda.test_services import DAY, HOUR, MONDAY, WEEK, content_of, make, starts, told

__all__ = ["told"]  # the fixture
pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
MIDNIGHT = MONDAY - 9 * HOUR


def changed(
    world: World,
    event: AgendaEvent,
    at: datetime,
    extent: Extent = Extent.ALL,
    *,
    drop: bool = False,
    **values: Any,
) -> AgendaEvent:
    content: EventContent = replace(content_of(event, at), **values)
    return change_event(
        event, actor=world.as_(world.editor), occurrence=at, extent=extent, content=content, drop=drop
    )


@pytest.mark.parametrize(
    ("rule", "opened", "wanted", "first", "kept"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,WE", MONDAY + 2 * DAY, "FREQ=WEEKLY", MONDAY + 2 * DAY, Repeat.WEEKLY),
        ("FREQ=DAILY", MONDAY + 7 * DAY, "FREQ=MONTHLY", MONDAY + 7 * DAY, Repeat.MONTHLY_DATE),
        ("FREQ=DAILY", MONDAY + 9 * DAY, "FREQ=YEARLY", MONDAY + 9 * DAY, Repeat.YEARLY),
        ("FREQ=WEEKLY", MONDAY + WEEK, "FREQ=WEEKLY;BYDAY=MO,WE", MONDAY, Repeat.WEEKLY),
    ],
)
def test_what_a_new_rule_leaves_open_the_day_says_that_was_looked_at(
    world: World, rule: str, opened: datetime, wanted: str, first: datetime, kept: Repeat
) -> None:
    made = make(world, rule=rule)
    changed(world, made, opened, rule=wanted)
    assert (made.starts_at, made.rule) == (first, wanted)
    assert get_occurrence(made, opened).starts_at == opened
    assert picked(parse_rule(made.rule), made.starts_at.date()) is kept


def test_what_is_cancelled_is_not_moved_through_its_form_either(world: World, told: list[object]) -> None:
    made, second = make(world), MONDAY + WEEK
    actor = world.as_(world.editor)
    cancel_event(made, actor=actor, occurrence=second, extent=Extent.ONE, reason="Hujan")
    told.clear()
    for extent in Extent:
        with pytest.raises(Refused, match="Pulihkan dahulu"):
            changed(world, made, second, extent, starts_at=second + DAY, ends_at=second + DAY + HOUR)
    changed(world, made, second, Extent.ONE, title="Nama lain")
    assert (get_occurrence(made, second).title, told) == ("Nama lain", [])


@pytest.mark.parametrize("extent", [Extent.ONE, Extent.ALL])
def test_a_move_without_a_reason_keeps_the_one_that_is_known(world: World, extent: Extent) -> None:
    made, second = make(world), MONDAY + WEEK
    actor = world.as_(world.editor)
    move_event(
        made, actor=actor, occurrence=second, extent=extent, starts_at=second + DAY, reason="Aula dipakai"
    )
    key = second if extent is Extent.ONE else second + DAY
    moved = move_event(made, actor=actor, occurrence=key, extent=extent, starts_at=second + 2 * DAY)
    assert get_occurrence(made, moved.occurrence).reason == "Aula dipakai"
    moved = move_event(
        made,
        actor=actor,
        occurrence=moved.occurrence,
        extent=extent,
        starts_at=second + 3 * DAY,
        reason="Lain",
    )
    assert get_occurrence(made, moved.occurrence).reason == "Lain"


def test_a_new_time_for_all_has_its_own_reason_where_one_of_them_waited(world: World) -> None:
    made, second = make(world), MONDAY + WEEK
    actor = world.as_(world.editor)
    postpone_event(made, actor=actor, occurrence=second, extent=Extent.ONE, reason="Menteri berhalangan")
    postpone_event(
        made, actor=actor, occurrence=second, extent=Extent.ALL, reason="Jadwal baru", starts_at=second + DAY
    )
    shown = get_occurrence(made, second + DAY)
    assert (shown.state, shown.reason) == (EventState.CONFIRMED, "Jadwal baru")


def test_the_first_part_of_what_was_split_ends_before_the_day_of_the_second(world: World) -> None:
    made = make(world, rule="FREQ=DAILY")
    cancel_event(
        made, actor=world.as_(world.editor), occurrence=MONDAY + 3 * DAY, extent=Extent.FUTURE, reason="Libur"
    )
    assert parse_rule(made.rule).until == date(2026, 11, 4)
    assert describe(made.rule, made.starts_at, made.zone) == "Setiap hari, sampai 4 Nov 2026"
    assert made.until_at == MONDAY + 2 * DAY + HOUR


def test_whole_days_and_another_day_at_once(world: World, told: list[object]) -> None:
    made, second = make(world, rule="FREQ=WEEKLY;UNTIL=20261123T020000Z"), MONDAY + WEEK
    to = MIDNIGHT + WEEK + DAY
    changed(world, made, second, all_day=True, starts_at=to, ends_at=to + DAY)
    assert (made.all_day, made.starts_at, made.ends_at) == (True, MIDNIGHT + DAY, MIDNIGHT + 2 * DAY)
    assert starts(world) == [MIDNIGHT + DAY + n * WEEK for n in range(4)]
    day, hour = told
    assert isinstance(day, AgendaMoved) and isinstance(hour, AgendaMoved)
    assert (day.before, day.after, day.keeps_plans) == (second, second + DAY, False)
    assert (hour.before, hour.after, hour.keeps_plans) == (second + DAY, to, True)
    entry = audit.list_timeline(("agenda_event", made.id))[0]
    assert entry.detail["all_day"] is True
    assert entry.detail["starts_at"] == (MIDNIGHT + DAY).isoformat()
    # And back: the clock that is given, on the days that they have.
    at = MIDNIGHT + DAY + 14 * HOUR
    changed(world, made, MIDNIGHT + DAY, all_day=False, starts_at=at, ends_at=at + 2 * HOUR)
    assert starts(world) == [at + n * WEEK for n in range(4)]


def test_one_with_its_own_time_is_on_its_own_day_when_all_become_whole_days(world: World) -> None:
    made, second = make(world), MONDAY + WEEK
    move_event(
        made,
        actor=world.as_(world.editor),
        occurrence=second,
        extent=Extent.ONE,
        starts_at=second + DAY + HOUR,
    )
    changed(world, made, MONDAY, all_day=True, starts_at=MIDNIGHT, ends_at=MIDNIGHT + DAY)
    shown = get_occurrence(made, MIDNIGHT + WEEK)
    assert (shown.starts_at, shown.ends_at) == (MIDNIGHT + WEEK + DAY, MIDNIGHT + WEEK + 2 * DAY)


def test_whole_days_stay_whole_where_the_clock_is_put_back(world: World) -> None:
    """Between the two Sundays the first day has 25 hours in Berlin."""
    world.office.timezone = "Europe/Berlin"
    sunday = datetime.fromisoformat("2026-10-25T00:00+02:00")
    made = make(world, all_day=True, rule="FREQ=WEEKLY", starts_at=sunday, ends_at=sunday + 25 * HOUR)
    later = datetime.fromisoformat("2026-11-01T00:00+01:00")
    changed(world, made, later, rule="FREQ=WEEKLY;INTERVAL=2", drop=True)
    assert made.ends_at - made.starts_at == 25 * HOUR


def test_once_moved_and_made_weekly_at_once(world: World, told: list[object]) -> None:
    made = make(world, rule="")
    to = MONDAY + DAY
    changed(world, made, MONDAY, starts_at=to, ends_at=to + HOUR, rule="FREQ=WEEKLY;COUNT=3")
    assert starts(world) == [to + n * WEEK for n in range(3)]
    assert told == [AgendaMoved(made.id, None, MONDAY, to, world.editor.id, "")]


@pytest.mark.parametrize("rule", ["FREQ=YEARLY;BYMONTHDAY=9", "FREQ=YEARLY;BYMONTHDAY=-1"])
def test_a_day_of_every_month_of_a_year_is_not_moved_by_days(rule: str) -> None:
    with pytest.raises(BadRule):
        shifted(parse_rule(rule), date(2026, 11, 9), date(2026, 11, 10))


def test_what_was_cancelled_and_is_on_again_is_nothing_to_lose(world: World) -> None:
    made, second = make(world), MONDAY + WEEK
    actor = world.as_(world.editor)
    cancel_event(made, actor=actor, occurrence=second, extent=Extent.ONE, reason="Hujan")
    restore_event(made, actor=actor, occurrence=second, extent=Extent.ONE)
    changed(world, made, MONDAY, rule="FREQ=WEEKLY;INTERVAL=2")
    assert starts(world) == [MONDAY, MONDAY + 2 * WEEK, MONDAY + 4 * WEEK]


def test_what_was_removed_once_stays_removed_when_the_rule_changes(world: World) -> None:
    made = make(world, rule="FREQ=WEEKLY;COUNT=3")
    remove_event(made, actor=world.as_(world.editor), occurrence=MONDAY + WEEK, extent=Extent.ONE)
    changed(world, made, MONDAY, rule="FREQ=WEEKLY;COUNT=4")
    assert starts(world) == [MONDAY, MONDAY + 2 * WEEK, MONDAY + 3 * WEEK]
    own = get_exception(made, MONDAY + WEEK)
    assert own is not None and own.is_dropped


def test_the_first_of_each_month_moved_back_is_the_last_of_the_month_before(world: World) -> None:
    first = MONDAY - DAY  # 1 November
    made = make(world, rule="FREQ=MONTHLY;COUNT=4", starts_at=first, ends_at=first + HOUR)
    december = first + 30 * DAY
    actor = world.as_(world.editor)
    move_event(made, actor=actor, occurrence=december, extent=Extent.ALL, starts_at=december - DAY)
    days = [(at + 7 * HOUR).date() for at in starts(world, 20, first - 10 * DAY)]
    assert days == [date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31)]
