"""Two people move at once, each in a session of their own, on both databases."""

import threading
from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from humasflow.calendar import moving
from humasflow.calendar.moving import Outcome, Ref, Where, occasions
from humasflow.core.db import db, lock
from humasflow.posts import services
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import following
from humasflow.publishing.services.moving import current_or_new, lock_post
from humasflow.stories.models import Story
from humasflow.stories.services.covering import cover_event
from tests.approvals.test_together import at_once, by
from tests.calendar.movement import NOW, At, at_office, event, ref_of, scheduled
from tests.conftest import ON_POSTGRES, QueryCount
from tests.factories.world import World
from tests.publishing.desk import NewsDesk

pytestmark = pytest.mark.db


def moves(*refs: Ref, **where: Any) -> Callable[[Any], Outcome]:
    return lambda actor: moving.move_items(list(refs), Where(**where), actor=actor, decided=True)


@pytest.mark.usefixtures("in_request")
def test_of_two_at_once_one_moves_it_and_the_other_reads_who(
    desk: NewsDesk, world: World, at: At, app: Flask
) -> None:
    with at(NOW):
        post = scheduled(desk, 20)
        db.session.commit()
        ref, people = ref_of(post), (world.editor.id, world.other_editor.id)
        db.session.remove()
        answers = at_once(
            by(app, people[0], moves(ref, day=date(2026, 11, 23))),
            by(app, people[1], moves(ref, day=date(2026, 11, 25))),
        )
        outcomes = [a for a in answers if isinstance(a, Outcome)]
        assert len(outcomes) == 2, answers
        assert sorted(len(o.moved) for o in outcomes) == [0, 1]
        (late,) = (o for o in outcomes if not o.moved)
        assert late.failed[0].meanwhile is not None


@pytest.mark.usefixtures("in_request")
def test_what_went_out_while_one_waited_is_not_moved(
    desk: NewsDesk, world: World, at: At, app: Flask
) -> None:
    """What was read before the wait is not believed: neither the publication nor what became of it."""
    with at(NOW):
        post = scheduled(desk, 20)
        current_or_new(post)
        db.session.commit()
        ref, post_id, editor, other = ref_of(post), post.id, world.editor.id, world.other_editor.id
        db.session.remove()
        held, read = threading.Event(), threading.Event()

        def sends(_actor: Any) -> None:
            locked = lock_post(post_id)
            assert locked is not None
            delivery = current_or_new(locked)
            held.set()
            read.wait(2)  # on PostgreSQL the other has read what stands, and waits for this one
            delivery.state = DeliveryState.COMMITTING
            db.session.flush()

        def waits(actor: Any) -> Outcome:
            if ON_POSTGRES:  # SQLite has one writer at a time anyway
                held.wait(10)
            kept = db.session.get_one(Post, post_id), db.session.scalars(select(Delivery)).all()
            read.set()
            assert kept
            return moves(ref, day=date(2026, 11, 23))(actor)

        answers = at_once(by(app, other, sends), by(app, editor, waits))
        outcome = answers[1]
        if ON_POSTGRES:
            assert isinstance(outcome, Outcome), answers
            assert "sedang dikirim" in outcome.failed[0].message
        assert db.session.get_one(Post, post_id).scheduled_at in (at_office(20), at_office(23))


@pytest.mark.usefixtures("in_request")
def test_an_event_and_what_hangs_on_it_moved_at_once_never_wait_for_each_other(
    desk: NewsDesk, world: World, at: At, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at(NOW):
        found, post = event(world), scheduled(desk, 4, time(15))
        cover_event(post.story, found, None, actor=desk.editor)
        db.session.commit()
        about, hanging = ref_of(found), ref_of(post)
        people = (world.editor.id, world.other_editor.id)
        db.session.remove()
        held, recorded = threading.Event(), threading.Event()

        def after(what: threading.Event, original: Any, tells: threading.Event | None = None) -> Any:
            def run(*args: Any, **words: Any) -> Any:
                if tells is not None:
                    tells.set()
                if (
                    ON_POSTGRES
                ):  # SQLite has one writer at a time anyway; without success, the other waits as it should
                    what.wait(1.5)
                return original(*args, **words)

            return run

        def recording(post_id: int) -> Post | None:
            recorded.set()  # the record is held, and now a publication is asked for
            return lock_post(post_id)

        # The one holds the publication when the other has begun, and asks for the record when the other holds it.
        monkeypatch.setattr(occasions, "move_event", after(held, occasions.move_event))
        monkeypatch.setattr(services, "schedule_post", after(recorded, services.schedule_post, held))
        monkeypatch.setattr(following, "lock_post", recording)
        answers = at_once(
            by(app, people[0], moves(about, shift=1)),
            by(app, people[1], moves(hanging, clock=time(17), shift=0)),
        )
        assert all(isinstance(a, Outcome) for a in answers), answers


# One statement


@pytest.mark.usefixtures("in_request")
def test_a_lock_is_one_statement_and_forgets_nothing(
    desk: NewsDesk, world: World, at: At, statements: QueryCount
) -> None:
    with at(NOW):
        post = scheduled(desk, 20)
        db.session.flush()
        story, account = post.story, post.account
        statements.reset()
        lock(post)
        assert (post.story, post.account) == (story, account)
        assert (post.scheduled_at, post.story.title, post.account.name) == (
            at_office(20),
            story.title,
            account.name,
        )
        assert len(statements) == 1
        other = desk.ready("web")
        db.session.execute(
            update(Post)
            .where(Post.id == post.id)
            .values(story_id=other.id)
            .execution_options(synchronize_session=False)
        )
        lock(post)
        assert post.story is other, "what it belongs to now"


@pytest.mark.usefixtures("in_request")
def test_a_lock_sees_what_hangs_on_it_anew(desk: NewsDesk, world: World, at: At) -> None:
    with at(NOW):
        post = scheduled(desk, 20)
        story = db.session.get_one(Story, post.story_id)
        story.title = "Judul yang ditulis sekarang"
        lock(story)
        assert story.title == "Judul yang ditulis sekarang", "what was changed here is flushed first"


@pytest.mark.usefixtures("in_request")
def test_agenda_is_read_in_as_many_statements_however_many_there_are(
    world: World, at: At, statements: QueryCount
) -> None:
    with at(NOW):
        every = [event(world, 2 + n, rule="FREQ=WEEKLY;COUNT=4") for n in range(6)]
        db.session.commit()
        actor, counts = world.as_(world.editor), []
        for some in (every[:1], every):
            refs = [ref_of(e) for e in some]
            assert actor.office is not None
            db.session.expire_all()
            statements.reset()
            assert len(moving.load(actor, refs, to_change=False)) == len(some)
            counts.append(len(statements))
        assert counts[0] == counts[1] <= 3, counts  # events, what differs at them, their office
