"""The desk's lists on both databases: every open story in one column, in order, page by page, by every filter."""

from datetime import timedelta

import pytest
from sqlalchemy import false, true

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.paging import Page
from humasflow.stories.enums import OPEN, AssignmentState, DeskOrder, Lane, StoryMove, StoryState
from humasflow.stories.models import Assignment, Story, StoryReader
from humasflow.stories.queries import (
    COUNTED,
    DeskFilter,
    DeskRow,
    list_board,
    list_desk,
    list_lane,
)
from humasflow.stories.services import move_story
from tests.factories import desk
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def task(
    world: World, story: Story, *, due_in: timedelta | None, person_id: int | None = None, done: bool = False
) -> None:
    from humasflow.planning.production_roles.models import ProductionRole

    role = db.session.query(ProductionRole).filter_by(office_id=world.office.id).first()
    if role is None:
        role = ProductionRole(office_id=world.office.id, code="penulis", label="Penulis")
        db.session.add(role)
        db.session.flush()
    now = clock.now()
    db.session.add(
        Assignment(
            office_id=world.office.id, story_id=story.id, role_id=role.id, person_id=person_id or world.editor.id,
            state=AssignmentState.DONE if done else AssignmentState.ACCEPTED, state_since=now,
            due_at=now + due_in if due_in is not None else None, created_at=now, updated_at=now,
        )
    )  # fmt: skip
    db.session.flush()


def titles(page: Page[DeskRow]) -> list[str]:
    return [row.title for row in page]


def narrowed(world: World, **filters: object) -> list[str]:
    return sorted(titles(list_desk(world.as_(world.editor), world.office.id, DeskFilter(**filters))))  # type: ignore[arg-type]


def test_the_board_holds_what_is_in_work_and_the_newest_that_are_out(
    world: World, other_world: World
) -> None:
    for state in StoryState:
        desk.story(world, title=state.value, state=state)
    returned = desk.story(world, title="returned", state=StoryState.IN_REVIEW)
    move_story(returned, StoryMove.RETURN, actor=None, reason="Lengkapi")
    for n in range(3):
        desk.story(world, title=f"out {n}", state=StoryState.PUBLISHED)
    desk.story(other_world, title="elsewhere")
    board = list_board(world.as_(world.editor), world.office.id, scheduled=false(), recent=2)
    shown = {lane: [r.title for r in found.rows] for lane, found in board.items()}
    assert shown == {
        Lane.DRAFT: ["draft"], Lane.RETURNED: ["returned"], Lane.IN_REVIEW: ["in_review"],
        Lane.APPROVED: ["approved"], Lane.SCHEDULED: [], Lane.PUBLISHED: ["out 2", "out 1"],
        Lane.ON_HOLD: ["on_hold"],
    }  # fmt: skip
    assert {s.value for s in OPEN} | {"returned"} == {
        t for lane, found in shown.items() for t in found if lane is not Lane.PUBLISHED
    }
    with_times = list_board(world.as_(world.editor), world.office.id, scheduled=true())
    assert [r.title for r in with_times[Lane.SCHEDULED].rows] == ["approved"]
    assert not with_times[Lane.APPROVED].rows


def test_a_column_goes_on_page_by_page(world: World) -> None:
    made = [desk.story(world, title=f"Naskah {n}") for n in range(7)]
    made[3].state_since = made[4].state_since  # a tie is broken by the number
    db.session.flush()
    actor = world.as_(world.editor)
    first = list_board(actor, world.office.id, scheduled=false(), per_lane=3)[Lane.DRAFT]
    assert (len(first.rows), first.total) == (3, 7)
    seen, cursor = [r.title for r in first.rows], first.next
    while cursor:
        page = list_lane(
            actor, world.office.id, DeskFilter(), Lane.DRAFT, scheduled=false(), cursor=cursor, size=3
        )
        seen += titles(page)
        cursor = page.next
    assert seen == [s.title for s in sorted(made, key=lambda s: (s.state_since, s.id))]


def test_a_column_counts_no_further_than_it_has_to(world: World) -> None:
    for n in range(COUNTED + 5):
        desk.story(world, title=f"Naskah {n}")
    found = list_board(world.as_(world.editor), world.office.id, scheduled=false())[Lane.DRAFT]
    assert found.total == COUNTED


@pytest.mark.parametrize("order", list(DeskOrder))
def test_the_list_pages_in_every_order(world: World, order: DeskOrder) -> None:
    made = [desk.story(world, title=f"Naskah {n}") for n in range(7)]
    for n, story in enumerate(made):
        if n % 2:
            task(world, story, due_in=timedelta(days=10 - n))
            task(world, story, due_in=timedelta(days=20))
    task(world, made[0], due_in=timedelta(days=1), done=True)
    actor = world.as_(world.editor)
    seen: list[str] = []
    cursor = None
    while True:
        page = list_desk(actor, world.office.id, order=order, cursor=cursor, size=2)
        seen += titles(page)
        cursor = page.next
        if cursor is None:
            break
    numbers = [int(t.removeprefix("Naskah ")) for t in seen]
    assert (
        numbers
        == {
            DeskOrder.UPDATED: sorted(numbers, key=lambda n: (made[n].updated_at, made[n].id), reverse=True),
            DeskOrder.AGE: [0, 1, 2, 3, 4, 5, 6],
            DeskOrder.DUE: [5, 3, 1, 0, 2, 4, 6],
        }[order]
    )
    assert len(set(numbers)) == 7


def test_filters_narrow_by_holder_task_due_date_section_and_secrecy(world: World) -> None:
    mine = desk.story(world, title="milik saya")
    theirs = desk.story(world, title="milik lain")
    theirs.owner_id, theirs.section_id, theirs.pillar_id = world.other_editor.id, world.other_section.id, None
    nobody = desk.story(world, title="belum ada")
    nobody.owner_id = None
    helped = desk.story(world, title="saya bertugas")
    helped.owner_id = world.other_editor.id
    db.session.flush()
    task(world, helped, due_in=timedelta(hours=-3))
    task(world, theirs, due_in=timedelta(days=3), person_id=world.other_editor.id)
    secret = desk.story(world, title="rahasia")
    secret.is_confidential = True
    db.session.add(
        StoryReader(story_id=secret.id, user_id=world.editor.id, added_by=None, added_at=clock.now())
    )
    old = desk.story(world, title="lama")
    old.created_at = clock.now() - timedelta(days=400)
    db.session.flush()
    now = clock.now()
    assert narrowed(world, holder_id=world.editor.id) == ["lama", "milik saya", "rahasia", "saya bertugas"]
    assert narrowed(world, unheld=True) == ["belum ada"]
    assert narrowed(world, due_before=now) == ["saya bertugas"]
    assert narrowed(world, due_from=now, due_before=now + timedelta(days=7)) == ["milik lain"]
    assert narrowed(world, section_id=world.other_section.id) == ["milik lain"]
    assert narrowed(world, confidential=True) == ["rahasia"]
    assert narrowed(world, created_before=now - timedelta(days=1)) == ["lama"]
    assert "lama" not in narrowed(world, created_from=now - timedelta(days=1))
    assert narrowed(world, others=(Story.id == mine.id,)) == ["milik saya"]
    rows = {r.title: r for r in list_desk(world.as_(world.editor), world.office.id)}
    assert rows["saya bertugas"].due_at is not None
    assert rows["milik saya"].due_at is None
    assert rows["rahasia"].is_closed


def test_who_reads_no_stories_lists_only_those_they_began(world: World) -> None:
    desk.story(world)
    mine = desk.story(world, title="Saya mulai")
    mine.created_by = world.contributor.id
    db.session.flush()
    assert titles(list_desk(world.as_(world.contributor), world.office.id)) == ["Saya mulai"]
    assert len(list_desk(world.as_(world.editor), world.office.id)) == 2
