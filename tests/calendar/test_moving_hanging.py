"""What hangs on an event that is moved: it is asked about before, and an undo puts it back where it was."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.notifications.enums import NoticeKind
from humasflow.planning.agenda.enums import EventState, Extent
from humasflow.planning.agenda.models import AgendaEvent, AgendaException
from humasflow.planning.agenda.queries import list_upcoming_of
from humasflow.planning.agenda.services import cancel_event
from humasflow.posts.models import Post
from humasflow.posts.services import schedule_post
from humasflow.stories.models import Assignment
from humasflow.stories.services.covering import cover_event
from tests.calendar.movement import NOW, At, asked, at_office, event, move, ref_of, scheduled, undo
from tests.factories.world import World
from tests.publishing.desk import NewsDesk
from tests.stories.tasks import task, told

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def covered(desk: NewsDesk, world: World, found: AgendaEvent, *, occurrence: datetime | None = None,
            out: datetime, due: datetime) -> tuple[Post, Assignment]:  # fmt: skip
    """A story about the event with a publication and a task."""
    post = scheduled(desk, 20)
    cover_event(post.story, found, occurrence, actor=desk.editor)
    schedule_post(post, actor=desk.editor, due_at=out)
    return post, task(world, post.story, due=due)


def test_an_undo_gives_back_the_time_that_was_lost_and_leaves_what_did_not_move(
    desk: NewsDesk, world: World, at: At
) -> None:
    with at(NOW):
        found = event(world)
        post, dated = covered(desk, world, found, out=at_office(4, time(15)), due=at_office(4, time(12)))
        first, early = covered(desk, world, found, out=at_office(3, time(15)), due=at_office(2))
        # Tomorrow: what was due before the event would be over already.
        outcome = move(world, found, day=date(2026, 10, 15))
        assert (post.scheduled_at, dated.due_at) == (at_office(15, time(15), 10), at_office(15, time(12), 10))
        assert (first.scheduled_at, early.due_at) == (at_office(14, time(15), 10), at_office(2))
        before = len(told(world.contributor, NoticeKind.TASK_DUE_CHANGED))
        assert undo(world, outcome).failed == []
        assert (post.scheduled_at, dated.due_at) == (at_office(4, time(15)), at_office(4, time(12)))
        assert (first.scheduled_at, early.due_at) == (at_office(3, time(15)), at_office(2))
        assert len(told(world.contributor, NoticeKind.TASK_DUE_CHANGED)) == before + 1, "only of what moved"
        outcome = move(world, found, day=date(2026, 10, 14), clock=time(9))
        assert first.scheduled_at is None
        assert undo(world, outcome).failed == []
        assert (first.scheduled_at, early.due_at) == (at_office(3, time(15)), at_office(2))
        assert {j.due_at for j in desk.jobs() if j.state.value == "queued"} >= {at_office(3, time(15))}


def test_what_somebody_gave_another_time_since_is_not_put_back(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        found = event(world)
        post, dated = covered(desk, world, found, out=at_office(3), due=at_office(4, time(12)))
        outcome = move(world, found, day=date(2026, 10, 14), clock=time(9))
        assert post.scheduled_at is None
        move(world, post, who=world.other_editor, day=date(2026, 10, 30))
        undo(world, outcome)
        assert post.scheduled_at != at_office(3)
        assert dated.due_at == at_office(4, time(12))


def test_publications_that_would_lose_their_time_are_asked_about_first(
    desk: NewsDesk, world: World, at: At
) -> None:
    with at(NOW):
        found = event(world)
        post, _dated = covered(desk, world, found, out=at_office(3), due=at_office(4))
        (text,) = asked(world, found, day=date(2026, 10, 14), clock=time(16))
        assert text == "“Rapat koordinasi”: 1 publikasi yang bergantung padanya kehilangan jadwalnya."
        assert (found.starts_at, post.scheduled_at) == (at_office(4), at_office(3)), "nothing was moved"
        assert asked(world, found, day=date(2026, 11, 6)) == []


def test_of_a_series_each_comes_back_to_its_own_time(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        found = event(world, rule="FREQ=WEEKLY;COUNT=4")
        second, third = at_office(11), at_office(18)
        one = covered(desk, world, found, occurrence=second, out=at_office(11, time(15)), due=at_office(12))
        two = covered(desk, world, found, occurrence=third, out=at_office(18, time(15)), due=at_office(19))
        outcome = move(world, ref_of(found, second), shift=2, extent=Extent.FUTURE)
        assert [p.scheduled_at for p, _task in (one, two)] == [
            at_office(13, time(15)),
            at_office(20, time(15)),
        ]
        undo(world, outcome)
        assert [(p.scheduled_at, t.due_at) for p, t in (one, two)] == [
            (at_office(11, time(15)), at_office(12)), (at_office(18, time(15)), at_office(19)),
        ]  # fmt: skip


# What was set by itself


def test_what_the_change_of_a_series_would_lose_is_asked_about_and_can_be_meant(world: World, at: At) -> None:
    with at(NOW):
        # On the 31st, where there is one; the day before has more months, the day after none of its own.
        starts = at_office(30, time(9), 10)
        found = event(
            world, starts_at=starts, ends_at=starts + timedelta(hours=2), rule="FREQ=MONTHLY;COUNT=6"
        )
        last = list_upcoming_of(found, clock.now(), 10)[1].occurrence
        cancel_event(
            found, actor=world.as_(world.editor), occurrence=last, extent=Extent.ONE, reason="Libur kantor"
        )
        texts = asked(world, ref_of(found, starts), day=date(2026, 10, 31), extent=Extent.ALL)
        assert any("sudah diatur sendiri" in text for text in texts), texts
        assert found.starts_at == starts
        outcome = move(world, ref_of(found, starts), day=date(2026, 10, 31), extent=Extent.ALL)
        assert (outcome.failed, found.starts_at) == ([], at_office(31, time(9), 10))


def test_one_that_goes_back_moves_with_the_others_again(world: World, at: At) -> None:
    with at(NOW):
        found = event(world, rule="FREQ=WEEKLY;COUNT=4")
        undo(world, move(world, ref_of(found, at_office(11)), shift=1))
        assert db.session.scalars(select(AgendaException)).all() == []
        move(world, ref_of(found, at_office(4)), shift=2, extent=Extent.ALL)
        assert [o.starts_at for o in list_upcoming_of(found, clock.now(), 5)] == [
            at_office(6 + 7 * n) for n in range(4)
        ]


def test_one_that_goes_back_keeps_what_else_is_different_at_it(world: World, at: At) -> None:
    with at(NOW):
        found = event(world, rule="FREQ=WEEKLY;COUNT=4")
        outcome = move(world, ref_of(found, at_office(11)), shift=1)
        own = db.session.scalars(select(AgendaException)).one()
        own.place, own.state = "Aula", EventState.TENTATIVE
        db.session.flush()
        undo(world, outcome)
        assert (own.starts_at, own.ends_at, own.place) == (None, None, "Aula")
