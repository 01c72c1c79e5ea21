"""A receipt is a fact: whatever was decided while it was on its way, what is live is shown as live, and sent no more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox.enums import JobState
from humasflow.posts.models import Post
from humasflow.publishing import services
from humasflow.publishing.enums import DeliveryMove as M
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.failing import fail, lose
from humasflow.publishing.services.moving import current_or_new, lock_delivery, move
from humasflow.stories.enums import StoryMove
from humasflow.stories.services import move_story
from tests.publishing.channel import Channel, connect, install
from tests.publishing.desk import NewsDesk

pytestmark = pytest.mark.db
Decide = Callable[[NewsDesk, Post, Delivery], None]


@pytest.fixture
def channel(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch) -> Channel:
    made = Channel()
    install(monkeypatch, made)
    connect(desk.world.facebook, "channel")
    return made


def meanwhile(desk: NewsDesk, channel: Channel, post: Post, decide: Decide) -> Callable[[Any], Any]:
    """The call arrives; before its answer is heard, another worker or a person decides otherwise."""

    def act(job: Any) -> Any:
        receipt = channel._publish(job)
        delivery = desk.delivery(post)
        lock_delivery(delivery)
        decide(desk, post, delivery)
        db.session.commit()
        return receipt

    return act


def later(desk: NewsDesk, hours: float = 1) -> None:
    with clock.moved_to(clock.now() + timedelta(hours=hours)):
        services.sweep()
        db.session.commit()
        desk.work()


def failed(_desk: NewsDesk, _post: Post, delivery: Delivery) -> None:
    fail(delivery, "menolak", code="invalid")


def denied(desk: NewsDesk, _post: Post, delivery: Delivery) -> None:
    lose(delivery)
    services.deny(delivery, actor=desk.editor)


def called_off(desk: NewsDesk, post: Post, delivery: Delivery) -> None:
    move(delivery, M.START_OVER)
    services.cancel(post, actor=desk.editor, reason="Acara batal")


def asked_by_hand(desk: NewsDesk, post: Post, delivery: Delivery) -> None:
    fail(delivery, "menolak", code="invalid")
    services.hand_to_person(post, actor=desk.editor)


def shut_out(_desk: NewsDesk, _post: Post, delivery: Delivery) -> None:
    move(delivery, M.ASK_SIGN_IN)


@pytest.mark.parametrize("decide", [failed, denied, called_off, asked_by_hand, shut_out])
def test_what_is_live_is_shown_as_live_whatever_was_decided_meanwhile(
    desk: NewsDesk, channel: Channel, decide: Decide
) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("commit", meanwhile(desk, channel, post, decide))
    desk.work()
    later(desk)
    delivery = desk.delivery(post)
    assert (delivery.state, delivery.external_id) == (S.PUBLISHED, f"x-{delivery.idempotency_key}")
    assert (len(channel.live), delivery.error) == (1, "")
    assert len(desk.jobs("publishing.announce")) == 1


def test_a_story_withdrawn_before_the_answer_takes_down_what_is_live(
    desk: NewsDesk, channel: Channel
) -> None:
    story, (post,) = desk.going_out("facebook")

    def withdrawn(desk: NewsDesk, _post: Post, delivery: Delivery) -> None:
        move(delivery, M.START_OVER)
        move_story(story, StoryMove.CANCEL, actor=desk.editor, reason="Acara batal")

    channel.on("commit", meanwhile(desk, channel, post, withdrawn))
    desk.work()
    delivery = desk.delivery(post)
    assert (delivery.state, delivery.retract_state.value) == (
        S.PUBLISHED,
        "by_hand",
    )  # it cannot take anything down


@pytest.mark.parametrize("has_begun", [False, True])
def test_sent_anew_by_mistake_it_does_not_go_out_a_second_time(
    desk: NewsDesk, channel: Channel, has_begun: bool
) -> None:
    """A person was sure that it is not there, and the worker that had sent it wakes up with its receipt."""
    _story, (post,) = desk.going_out("facebook")

    def again(desk: NewsDesk, post: Post, delivery: Delivery) -> None:
        denied(desk, post, delivery)
        services.retry(post, actor=desk.editor)
        assert post.generation == 2
        if has_begun:
            move(current_or_new(post), M.PREPARE)

    channel.on("commit", meanwhile(desk, channel, post, again), channel._publish)
    desk.work()
    later(desk)
    assert (desk.state(post), post.generation, len(channel.live)) == ("published", 1, 1)
    assert {j.state for j in desk.jobs() if j.key == f"publish:{post.id}:2"} == {JobState.CANCELLED}
    every = list(db.session.scalars(select(Delivery).order_by(Delivery.generation)))
    assert [d.state for d in every] == ([S.CANCELLED] if has_begun else []) + [S.PUBLISHED]


def test_taken_down_after_that_it_may_go_out_as_the_next(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook")

    def again(desk: NewsDesk, post: Post, delivery: Delivery) -> None:
        denied(desk, post, delivery)
        services.retry(post, actor=desk.editor)

    channel.on("commit", meanwhile(desk, channel, post, again), channel._publish)
    desk.work()
    move(desk.delivery(post), M.RETRACT)
    db.session.commit()
    desk.schedule(post, clock.now())
    db.session.commit()
    desk.work()
    assert (desk.state(post), post.generation, len(channel.live)) == ("published", 2, 2)
    assert desk.delivery(post).idempotency_key == f"post:{post.id}:2"


def test_sent_anew_and_under_way_already_both_are_told(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook")

    def again(desk: NewsDesk, post: Post, delivery: Delivery) -> None:
        denied(desk, post, delivery)
        services.retry(post, actor=desk.editor)
        following = current_or_new(post)
        following.state, following.committing_at = S.COMMITTING, clock.now()

    channel.on("commit", meanwhile(desk, channel, post, again))
    desk.work()
    first, second = db.session.scalars(select(Delivery).order_by(Delivery.generation))
    assert (first.state, second.state, post.generation) == (S.PUBLISHED, S.COMMITTING, 2)
