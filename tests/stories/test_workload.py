"""How much each person has to do and when they are away: for choosing somebody, for the team, and who is told."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.accounts.enums import AbsenceKind
from humasflow.accounts.models import Absence
from humasflow.accounts.queries import today_at
from humasflow.accounts.services.absences import change_absence, record_absence, remove_absence
from humasflow.accounts.services.people import create_user, grant_role, set_active
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.paging import Page
from humasflow.core.permissions import Role
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.models import Notification
from humasflow.stories import services as story_services
from humasflow.stories.enums import StoryMove
from humasflow.stories.queries import workload
from humasflow.stories.services import tasks
from tests.conftest import QueryCount
from tests.factories import desk
from tests.factories.world import World
from tests.stories.tasks import in_days, role, task, told

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
At = Callable[[str], AbstractContextManager[None]]


def test_who_is_away_when_the_work_is_due_is_said_by_the_offices_calendar(world: World, at: At) -> None:
    with at("2026-11-20T02:00Z"):
        record_absence(
            actor=world.as_(world.contributor), office=world.office, user_id=world.contributor.id,
            kind=AbsenceKind.LEAVE, starts_on=date(2026, 11, 23), ends_on=date(2026, 11, 27), note="Nikah",
        )  # fmt: skip
        # 22.00 WIB on the 22nd is present; 00.30 WIB on the 23rd is not, though both are the 22nd in UTC.
        there = task(world, due=clock.now().replace(day=22, hour=15))
        gone = task(world, due=clock.now().replace(day=22, hour=17, minute=30))
        back = task(world, due=clock.now().replace(day=27, hour=17))
        away = workload.away_on_due(world.office, [there, gone, back])
        assert {i: a.text for i, a in away.items()} == {gone.id: "Cuti 23–27 Nov"}
        rows = workload.list_due_while_away(world.as_(world.editor), world.office)
        assert [(r.id, a.text) for r, a in rows] == [(gone.id, "Cuti 23–27 Nov")]


def test_an_absence_over_a_due_time_is_told_to_the_editor(world: World, at: At) -> None:
    with at("2026-11-20T02:00Z"):
        editor = world.as_(world.editor)
        found = task(world, due=in_days(4))
        task(world, due=in_days(20))
        assert not workload.list_due_while_away(editor, world.office)
        record_absence(
            actor=world.as_(world.contributor), office=world.office, user_id=world.contributor.id,
            kind=AbsenceKind.SICK, starts_on=date(2026, 11, 24), ends_on=date(2026, 11, 24), note="Operasi",
        )  # fmt: skip
        assert told(world.editor) == [K.TASK_AWAY]
        rows = workload.list_due_while_away(editor, world.office)
        assert [(r.id, away.text) for r, away in rows] == [(found.id, "Berhalangan 24 Nov")]
        assert not workload.list_needing_somebody(editor, world.office.id), "a hint, not a fact"


def test_who_comes_to_work_after_all_needs_nobody_else(world: World, at: At) -> None:
    with at("2026-11-20T02:00Z"):
        first, last = task(world, due=in_days(3)), task(world, due=in_days(6))
        person = world.as_(world.contributor)

        def away(begin: int, end: int) -> Absence:
            return record_absence(
                actor=person, office=world.office, user_id=person.id, kind=AbsenceKind.LEAVE,
                starts_on=date(2026, 11, begin), ends_on=date(2026, 11, end),
            ).absence  # fmt: skip

        def asked() -> list[int]:
            return sorted(
                db.session.scalars(
                    select(Notification.subject_id).where(
                        Notification.kind == K.TASK_AWAY, Notification.read_at.is_(None),
                        Notification.user_id == world.editor.id,
                    )
                )
            )  # fmt: skip

        made = away(23, 27)
        assert asked() == [first.id, last.id]
        change = {"actor": person, "kind": AbsenceKind.LEAVE, "note": "", "starts_on": date(2026, 11, 23)}
        change_absence(made, ends_on=date(2026, 11, 25), **change)
        assert asked() == [first.id], "shortened"
        change_absence(made, ends_on=date(2026, 11, 27), **change)
        assert asked() == [first.id, last.id], "the same days again are news again"
        made = away(28, 29)
        assert asked() == [first.id, last.id], "each once, though two absences became one"
        remove_absence(made, actor=person)
        assert asked() == []


def test_choosing_shows_work_absence_and_the_usual_role_who_is_free_first(world: World, at: At) -> None:
    with at("2026-11-20T02:00Z"):
        for _ in range(2):
            tasks.finish_task(
                task(world, to=world.other_contributor), actor=world.as_(world.other_contributor)
            )
        story = desk.story(world)
        task(world, story, due=in_days(2)), task(world, due=in_days(30))
        record_absence(
            actor=world.as_(world.admin), office=world.office, user_id=world.lead.id, kind=AbsenceKind.DUTY,
            starts_on=date(2026, 11, 19), ends_on=date(2026, 11, 24),
        )  # fmt: skip
        found = workload.list_candidates(
            world.office, due_at=in_days(3), role_id=role(world).id, story_id=story.id
        )
    by_name = {c.name: c for c in found}
    assert found[0].name == "Kontributor Dua", "free, and usually takes the pictures"
    assert (found[0].usual_role, found[0].is_usual) == ("Fotografer", True)
    assert [c.name for c in found[-2:]] == ["Kontributor Satu", "Ketua Tim"], "busy, then absent"
    busy = by_name["Kontributor Satu"]
    assert (busy.open, busy.week, busy.on_story) == (2, 1, "Fotografer")
    assert by_name["Ketua Tim"].is_away
    with at("2026-11-20T02:00Z"):
        assert by_name["Ketua Tim"].away[0].text_on(date(2026, 11, 20)) == "Dinas sampai 24 Nov"


def test_what_somebody_was_or_will_be_is_not_their_position(world: World) -> None:
    today = today_at(world.office)
    for title, first, last in (
        ("Zaman dahulu", today - timedelta(days=900), today - timedelta(days=1)),
        ("Zona mendatang", today + timedelta(days=1), None),
    ):
        grant_role(
            world.contributor, world.section, Role.CONTRIBUTOR, actor=None, position_title=title, valid_from=first,
            valid_until=last,
        )  # fmt: skip
    positions = {i: position for i, _name, position in workload.list_people_at_work(world.office)}
    assert positions[world.contributor.id] == "Pelaksana"


def test_a_story_on_hold_counts_for_nobody(world: World) -> None:
    task(world, due=in_days(2))
    held = task(world, due=in_days(2))
    story_services.move_story(held.story, StoryMove.HOLD, actor=None)
    busy = next(c for c in workload.list_candidates(world.office) if c.id == world.contributor.id)
    row = next(
        r
        for r in workload.list_team(world.office, today_at(world.office), 14)
        if r.id == world.contributor.id
    )
    assert (busy.open, busy.week, row.open) == (1, 1, 1)


def test_long_lists_of_the_team_go_on_without_repeating_or_skipping(world: World, at: At) -> None:
    editor, office = world.as_(world.editor), world.office
    with at("2026-11-20T02:00Z"):
        at_once = in_days(3)
        made = [task(world, due=at_once if n < 3 else in_days(4 + n) if n < 5 else None) for n in range(7)]
        task(world, to=world.other_contributor, due=at_once)
        record_absence(
            actor=world.as_(world.admin), office=office, user_id=world.contributor.id, kind=AbsenceKind.DUTY,
            starts_on=date(2026, 11, 22), ends_on=date(2026, 11, 30),
        )  # fmt: skip
        dated = [a.id for a in made[:5]]
        away = in_pages(lambda cursor: workload.list_due_while_away(editor, office, cursor=cursor, size=2))
        assert [row.id for row, _gone in away] == dated
    with at("2026-12-20T02:00Z"):
        late = in_pages(lambda cursor: workload.list_overdue(editor, office.id, cursor=cursor, size=2))
        assert [r.id for r in late if r.person_id == world.contributor.id] == dated
        assert len(late) == 6
    set_active(world.contributor, actor=world.as_(world.admin), office=office, active=False)
    stuck = in_pages(lambda cursor: workload.list_needing_somebody(editor, office.id, cursor=cursor, size=2))
    assert [r.id for r in stuck] == [a.id for a in made], "without a time last"


def in_pages(page_of: Callable[[str | None], Page[Any]]) -> list[Any]:
    """Everything, page by page."""
    found, cursor = [], None
    while True:
        page = page_of(cursor)
        found += page.items
        cursor = page.next
        if cursor is None:
            return found


def test_choosing_costs_the_same_for_two_hundred_people(world: World, statements: QueryCount) -> None:
    workload.list_candidates(world.office, role_id=1, story_id=1)
    statements.reset()
    workload.list_candidates(world.office, role_id=1, story_id=1)
    few = len(statements)
    for n in range(200):
        user = create_user(
            actor=None, office_id=world.office.id, name=f"Orang {n}", email=f"o{n}@kantor-uji.example"
        )
        grant_role(user, world.section, Role.CONTRIBUTOR, actor=None)
    statements.reset()
    assert len(workload.list_candidates(world.office, role_id=1, story_id=1)) == 208
    assert len(statements) == few <= 5


def test_the_team_over_two_weeks(world: World, at: At) -> None:
    with at("2026-11-20T02:00Z"):
        task(world, due=in_days(2)), task(world, due=in_days(2)), task(world), task(world, due=in_days(40))
        record_absence(
            actor=world.as_(world.contributor), office=world.office, user_id=world.contributor.id,
            kind=AbsenceKind.LEAVE, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 9),
        )  # fmt: skip
    with at("2026-11-21T02:00Z"):
        row = workload.list_team(world.office, date(2026, 11, 21), 14)[0]
    assert row.name == "Kontributor Satu"
    assert {c.day.isoformat(): c.due for c in row.cells if c.due} == {"2026-11-22": 2}
    assert [c.day.day for c in row.cells if c.away] == [1, 2, 3, 4]
    assert (row.undated, row.later, row.overdue, row.open) == (1, 1, 0, 4)
