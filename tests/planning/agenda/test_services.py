"""Events and their occurrences: made, changed once, from once on and always, moved, cancelled, postponed, restored."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import events
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound, Refused
from humasflow.planning.agenda import queries
from humasflow.planning.agenda.enums import EventNeed, EventState, Extent
from humasflow.planning.agenda.events import AgendaCancelled, AgendaMoved, AgendaRestored, AgendaSplit
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.queries import get_occurrence, list_upcoming, occurrences_between
from humasflow.planning.agenda.recurrence import BadRule
from humasflow.planning.agenda.services import (
    BadContent,
    EventContent,
    cancel_event,
    change_event,
    create_event,
    move_event,
    postpone_event,
    remove_event,
    restore_event,
)  # fmt: skip
from tests.conftest import QueryCount
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

MONDAY = datetime(2026, 11, 2, 2, tzinfo=UTC)  # 09.00 WIB
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
WEEKLY = EventContent("Rapat mingguan", MONDAY, MONDAY + HOUR, place="Aula", rule="FREQ=WEEKLY")


@pytest.fixture
def told(app: Any) -> Iterator[list[object]]:
    """What the agenda tells, instead of the rooms above."""
    heard: list[object] = []
    kinds = (AgendaMoved, AgendaCancelled, AgendaRestored, AgendaSplit)
    before = {kind: events._handlers.get(kind, []) for kind in kinds}
    for kind in kinds:
        events._handlers[kind] = [heard.append]
    yield heard
    events._handlers.update(before)


def make(world: World, content: EventContent = WEEKLY, **changes: Any) -> AgendaEvent:
    return create_event(
        actor=world.as_(world.editor), office_id=world.office.id, content=replace(content, **changes)
    )


def starts(world: World, weeks: int = 5, since: datetime = MONDAY) -> list[datetime]:
    return [one.starts_at for one in occurrences_between(world.office.id, since, since + weeks * WEEK)]


def content_of(event: AgendaEvent, occurrence: datetime) -> EventContent:
    shown = get_occurrence(event, occurrence)
    return EventContent(
        shown.title, shown.starts_at, shown.ends_at, event.all_day, shown.place, event.description, event.organizer,
        event.rule, shown.needs, event.section_id, event.campaign_id,
    )  # fmt: skip


def test_an_event_of_one_day_is_in_its_span_and_in_the_record(world: World) -> None:
    made = make(world, rule="", needs=(EventNeed.PHOTO, EventNeed.NEWS), section_id=world.section.id)
    (one,) = occurrences_between(world.office.id, MONDAY, MONDAY + DAY)
    assert (one.event_id, one.needs, one.repeats, one.section_id) == (
        made.id, (EventNeed.PHOTO, EventNeed.NEWS), False, world.section.id,
    )  # fmt: skip
    assert occurrences_between(world.office.id, MONDAY + HOUR, MONDAY + DAY) == []  # the end is exclusive
    assert occurrences_between(world.office.id, MONDAY - DAY, MONDAY) == []
    assert audit.list_timeline(("agenda_event", made.id))[0].action is AuditAction.AGENDA_CREATED


def test_a_repeating_event_begins_on_the_first_day_its_rule_names(world: World) -> None:
    made = make(world, rule="FREQ=WEEKLY;BYDAY=WE,FR;COUNT=3")
    assert starts(world) == [MONDAY + 2 * DAY, MONDAY + 4 * DAY, MONDAY + 9 * DAY]
    assert made.starts_at == MONDAY + 2 * DAY
    assert made.until_at == MONDAY + 9 * DAY + HOUR


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_at": MONDAY - HOUR}, "ends_at"), ({"ends_at": MONDAY}, "ends_at"),
        ({"ends_at": MONDAY + 400 * DAY}, "ends_at"), ({"title": " \n "}, "title"), ({"title": "x" * 201}, "title"),
        ({"starts_at": datetime(1900, 1, 1, tzinfo=UTC)}, "starts_at"),
        ({"ends_at": datetime(9999, 12, 31, tzinfo=UTC)}, "ends_at"),
        ({"starts_at": datetime(9999, 1, 1, tzinfo=UTC), "ends_at": datetime(9999, 1, 2, tzinfo=UTC)}, "starts_at"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(world: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadContent) as error:
        make(world, **changes)
    assert error.value.field == field


def test_a_rule_that_never_comes_true_is_refused(world: World) -> None:
    with pytest.raises(BadRule, match="tidak pernah jatuh"):
        make(world, rule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
    with pytest.raises(BadRule, match="tidak pernah jatuh"):
        make(world, rule="FREQ=DAILY;UNTIL=20200101")


def test_titles_are_plain_text(world: World) -> None:
    assert make(world, title="<b>Rapat</b>\n & <script>").title == "<b>Rapat</b> & <script>"


def test_things_of_another_office_do_not_exist(world: World, other_world: World) -> None:
    with pytest.raises(NotFound):
        make(world, section_id=other_world.section.id)
    with pytest.raises(NotFound):
        create_event(actor=world.as_(world.editor), office_id=other_world.office.id, content=WEEKLY)
    with pytest.raises(NotAllowed):
        create_event(actor=world.as_(world.contributor), office_id=world.office.id, content=WEEKLY)
    made = make(world)
    with pytest.raises(NotFound):
        queries.get_event(other_world.as_(other_world.editor), made.id)
    assert occurrences_between(other_world.office.id, MONDAY, MONDAY + WEEK) == []
    with pytest.raises(Refused):
        cancel_event(
            made, actor=world.as_(world.contributor), occurrence=None, extent=Extent.ALL, reason="Hujan"
        )


def test_an_all_day_event_is_from_midnight_to_midnight(world: World) -> None:
    made = make(world, all_day=True, rule="")
    assert (made.starts_at, made.ends_at) == (MONDAY - 9 * HOUR, MONDAY + 15 * HOUR)


def test_one_is_moved_and_the_others_stay(world: World, told: list[object]) -> None:
    made, second = make(world), MONDAY + WEEK
    moved = move_event(
        made, actor=world.as_(world.editor), occurrence=second, extent=Extent.ONE, starts_at=second + DAY
    )
    assert (moved.before, moved.after, moved.event_id) == (second, second + DAY, made.id)
    assert starts(world, 3) == [MONDAY, second + DAY, MONDAY + 2 * WEEK]
    assert told == [AgendaMoved(made.id, second, second, second + DAY, world.editor.id, "")]
    assert made.sequence == 1
    # Far away it is found where it went, and where it was there is nothing.
    move_event(
        made, actor=world.as_(world.editor), occurrence=second, extent=Extent.ONE, starts_at=second - 60 * DAY
    )
    assert starts(world, 1, second - 60 * DAY) == [second - 60 * DAY]
    assert second not in starts(world, 3)


def test_all_are_moved_with_what_differs(world: World, told: list[object]) -> None:
    made, second = make(world, rule="FREQ=WEEKLY;BYDAY=MO;UNTIL=20261123T020000Z"), MONDAY + WEEK
    actor = world.as_(world.editor)
    cancel_event(made, actor=actor, occurrence=second, extent=Extent.ONE, reason="Libur")
    told.clear()
    moved = move_event(
        made, actor=actor, occurrence=MONDAY + 2 * WEEK, extent=Extent.ALL,
        starts_at=MONDAY + 2 * WEEK + DAY + 3 * HOUR,
    )  # fmt: skip
    by = DAY + 3 * HOUR
    assert starts(world) == [MONDAY + n * WEEK + by for n in range(4)]
    assert get_occurrence(made, second + by).state is EventState.CANCELLED
    assert told == [
        AgendaMoved(made.id, None, MONDAY + 2 * WEEK, MONDAY + 2 * WEEK + by, world.editor.id, "")
    ]
    assert moved.occurrence == MONDAY + 2 * WEEK + by


def test_from_once_on_the_series_goes_on_as_another(world: World, told: list[object]) -> None:
    made, third = make(world, rule="FREQ=WEEKLY;COUNT=5"), MONDAY + 2 * WEEK
    actor = world.as_(world.editor)
    cancel_event(made, actor=actor, occurrence=third + WEEK, extent=Extent.ONE, reason="Libur")
    told.clear()
    moved = move_event(
        made, actor=actor, occurrence=third, extent=Extent.FUTURE, starts_at=third + 2 * HOUR, reason="Ruang"
    )
    by = 2 * HOUR
    assert starts(world, 8) == [
        MONDAY, MONDAY + WEEK, third + by, third + WEEK + by, third + 2 * WEEK + by,
    ]  # fmt: skip
    new = db.session.get_one(AgendaEvent, moved.event_id)
    assert (new.continues_id, made.until_at, "COUNT=3" in new.rule) == (made.id, MONDAY + WEEK + HOUR, True)
    assert get_occurrence(new, third + WEEK + by).state is EventState.CANCELLED
    assert told == [
        AgendaSplit(made.id, new.id, third),
        AgendaMoved(new.id, None, third, third + by, world.editor.id, "Ruang"),
    ]
    with pytest.raises(NotFound):
        get_occurrence(made, third)


def test_one_is_changed_in_what_it_may(world: World) -> None:
    made, second = make(world), MONDAY + WEEK
    actor = world.as_(world.editor)
    asked = replace(content_of(made, second), title="Rapat luar", place="", needs=(EventNeed.VIDEO,))
    change_event(made, actor=actor, occurrence=second, extent=Extent.ONE, content=asked)
    first, other, third = occurrences_between(world.office.id, MONDAY, MONDAY + 3 * WEEK)
    assert (other.title, other.place, other.needs) == ("Rapat luar", "", (EventNeed.VIDEO,))
    assert {(one.title, one.place) for one in (first, third)} == {("Rapat mingguan", "Aula")}
    with pytest.raises(BadContent, match="Pada satu kali saja"):
        change_event(
            made,
            actor=actor,
            occurrence=second,
            extent=Extent.ONE,
            content=replace(asked, description="Lain"),
        )


def test_words_of_all_and_of_the_later_ones(world: World, told: list[object]) -> None:
    made = make(world)
    actor = world.as_(world.editor)
    asked = replace(content_of(made, MONDAY), title="Rapat redaksi")
    assert change_event(made, actor=actor, occurrence=MONDAY, extent=Extent.ALL, content=asked) is made
    later = change_event(
        made, actor=actor, occurrence=MONDAY + WEEK, extent=Extent.FUTURE, content=replace(asked,
        title="Rapat besar", starts_at=MONDAY + WEEK, ends_at=MONDAY + WEEK + HOUR),
    )  # fmt: skip
    assert later.id != made.id
    titles = [one.title for one in occurrences_between(world.office.id, MONDAY, MONDAY + 3 * WEEK)]
    assert titles == ["Rapat redaksi", "Rapat besar", "Rapat besar"]
    assert [type(event) for event in told] == [AgendaSplit]


def test_another_repetition_for_all_or_none(world: World) -> None:
    made = make(world)
    actor = world.as_(world.editor)
    asked = replace(content_of(made, MONDAY + WEEK), rule="FREQ=WEEKLY;INTERVAL=2")
    change_event(made, actor=actor, occurrence=MONDAY + WEEK, extent=Extent.ALL, content=asked)
    assert starts(world) == [MONDAY, MONDAY + 2 * WEEK, MONDAY + 4 * WEEK]
    asked = replace(content_of(made, MONDAY + 2 * WEEK), rule="")
    change_event(made, actor=actor, occurrence=MONDAY + 2 * WEEK, extent=Extent.ALL, content=asked)
    assert starts(world) == [MONDAY + 2 * WEEK]
    assert made.until_at == MONDAY + 2 * WEEK + HOUR


def test_cancelled_postponed_restored(world: World, told: list[object]) -> None:
    made, second = make(world), MONDAY + WEEK
    actor = world.as_(world.editor)
    cancel_event(made, actor=actor, occurrence=second, extent=Extent.ONE, reason=" Hujan  lebat ")
    shown = get_occurrence(made, second)
    assert (shown.state, shown.reason, shown.takes_place) == (EventState.CANCELLED, "Hujan lebat", False)
    assert get_occurrence(made, MONDAY).takes_place
    with pytest.raises(Refused, match="Pulihkan dahulu"):
        move_event(made, actor=actor, occurrence=second, extent=Extent.ONE, starts_at=second + DAY)
    restore_event(made, actor=actor, occurrence=second, extent=Extent.ONE)
    assert get_occurrence(made, second).state is EventState.CONFIRMED
    later = cancel_event(made, actor=actor, occurrence=second, extent=Extent.FUTURE, reason="Selesai")
    states = [one.state for one in occurrences_between(world.office.id, MONDAY, MONDAY + 3 * WEEK)]
    assert states == [EventState.CONFIRMED, EventState.CANCELLED, EventState.CANCELLED]
    assert [type(event) for event in told] == [AgendaCancelled, AgendaRestored, AgendaSplit, AgendaCancelled]
    assert told[-1] == AgendaCancelled(later.id, None, False, world.editor.id, "Selesai")
    with pytest.raises(BadContent, match="alasannya"):
        cancel_event(made, actor=actor, occurrence=MONDAY, extent=Extent.ONE, reason="  ")


def test_postponed_waits_until_it_has_a_time(world: World, told: list[object]) -> None:
    made = make(world, rule="")
    actor = world.as_(world.editor)
    postpone_event(made, actor=actor, occurrence=None, extent=Extent.ALL, reason="Menteri berhalangan")
    assert told == [AgendaCancelled(made.id, None, True, world.editor.id, "Menteri berhalangan")]
    assert get_occurrence(made, None).state is EventState.POSTPONED
    with pytest.raises(BadContent, match="tidak lebih lambat"):
        postpone_event(
            made, actor=actor, occurrence=None, extent=Extent.ALL, reason="x", starts_at=MONDAY - DAY
        )
    postpone_event(
        made, actor=actor, occurrence=None, extent=Extent.ALL, reason="Waktu baru", starts_at=MONDAY + DAY
    )
    shown = get_occurrence(made, None)
    assert (shown.starts_at, shown.state, shown.reason) == (MONDAY + DAY, EventState.CONFIRMED, "Waktu baru")
    assert told[-1] == AgendaMoved(made.id, None, MONDAY, MONDAY + DAY, world.editor.id, "Waktu baru")


def test_removed_once_from_once_on_and_wholly(world: World, told: list[object]) -> None:
    made = make(world)
    actor = world.as_(world.editor)
    remove_event(made, actor=actor, occurrence=MONDAY + WEEK, extent=Extent.ONE)
    remove_event(made, actor=actor, occurrence=MONDAY + 3 * WEEK, extent=Extent.FUTURE)
    assert starts(world, 6) == [MONDAY, MONDAY + 2 * WEEK]
    with pytest.raises(NotFound):
        get_occurrence(made, MONDAY + WEEK)
    remove_event(made, actor=actor, occurrence=MONDAY, extent=Extent.ALL)
    assert starts(world, 6) == []
    with pytest.raises(NotFound):
        queries.get_event(actor, made.id)


def test_a_stale_version_is_a_conflict(world: World) -> None:
    made = make(world)
    actor = world.as_(world.editor)
    seen = made.row_version
    move_event(
        made, actor=actor, occurrence=MONDAY, extent=Extent.ONE, starts_at=MONDAY + DAY, row_version=seen
    )
    with pytest.raises(Conflict):
        move_event(
            made, actor=actor, occurrence=MONDAY, extent=Extent.ONE, starts_at=MONDAY + HOUR, row_version=seen
        )


def test_the_number_of_statements_does_not_grow(world: World, statements: QueryCount) -> None:
    def ask() -> tuple[int, int]:
        db.session.expire_all()
        office = world.office.id
        statements.reset()
        found = len(occurrences_between(office, MONDAY, MONDAY + 30 * DAY))
        return found, len(statements)

    make(world)
    cancel_event(
        make(world), actor=world.as_(world.editor), occurrence=MONDAY, extent=Extent.ONE, reason="Hujan"
    )
    few, before = ask()
    for n in range(6):
        made = make(world, rule="FREQ=DAILY" if n % 2 else "")
        cancel_event(
            made, actor=world.as_(world.editor), occurrence=MONDAY, extent=Extent.ONE, reason="Hujan"
        )
    many, after = ask()
    assert (before, many > 10 * few / 5) == (after, True)
    assert after == 1


def test_a_list_goes_on_where_it_ended(world: World) -> None:
    for n in range(5):
        make(world, title=f"Agenda {n}", rule="FREQ=WEEKLY;COUNT=4")
    make(world, title="Satu kali", rule="", starts_at=MONDAY + DAY, ends_at=MONDAY + DAY + HOUR)
    seen, cursor = [], None
    for _page in range(20):
        page = list_upcoming(world.office.id, MONDAY, cursor=cursor, size=3)
        seen += [(one.starts_at, one.event_id) for one in page]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == 21
    assert seen == sorted(set(seen))
    assert list_upcoming(world.office.id, MONDAY, cursor="rusak", size=3).items[0].starts_at == MONDAY


def test_what_is_kept_elsewhere_is_not_changed_here(world: World) -> None:
    from humasflow.core import clock
    from humasflow.planning.agenda.models import AgendaFeed

    feed = AgendaFeed(
        office_id=world.office.id, name="Pusat", address="x", host="x.example", created_at=clock.now()
    )
    db.session.add(feed)
    db.session.flush()
    made = make(world)
    made.feed_id = feed.id
    with pytest.raises(Refused, match="kalender lain"):
        move_event(
            made, actor=world.as_(world.editor), occurrence=None, extent=Extent.ALL, starts_at=MONDAY + DAY
        )


def test_what_the_office_added_is_kept_when_the_calendar_is_read_again(world: World) -> None:
    from humasflow.core import clock
    from humasflow.planning.agenda.ics import parse
    from humasflow.planning.agenda.importing import take
    from humasflow.planning.agenda.models import AgendaFeed
    from humasflow.planning.agenda.services import add_to_event

    feed = AgendaFeed(
        office_id=world.office.id, name="Pusat", address="x", host="x.example", created_at=clock.now()
    )
    db.session.add(feed)
    db.session.flush()

    def read(title: str, sequence: int) -> AgendaEvent:
        data = (
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a@pusat\r\nDTSTAMP:20261101T000000Z\r\n"
            f"SEQUENCE:{sequence}\r\nDTSTART:20261102T020000Z\r\nDTEND:20261102T030000Z\r\nRRULE:FREQ=WEEKLY\r\n"
            f"SUMMARY:{title}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        take(parse(data.encode(), "Asia/Jakarta"), office_id=world.office.id, feed_id=feed.id, actor=None)
        return db.session.query(AgendaEvent).one()

    event, editor = read("Rapat", 1), world.as_(world.editor)
    seen = event.row_version
    add_to_event(
        event, actor=editor, needs=[EventNeed.VIDEO], section_id=world.section.id, campaign_id=None, row_version=seen
    )  # fmt: skip
    with pytest.raises(Conflict):
        add_to_event(event, actor=editor, needs=[], section_id=None, campaign_id=None, row_version=seen)
    with pytest.raises(Refused):
        add_to_event(event, actor=world.as_(world.contributor), needs=[], section_id=None, campaign_id=None)
    read("Rapat besar", 2)
    assert (event.title, event.needs, event.section_id) == ("Rapat besar", ["video"], world.section.id)
    changes = [e.detail.get("changed") for e in audit.list_timeline(("agenda_event", event.id))]
    assert ["needs", "section_id"] in changes
