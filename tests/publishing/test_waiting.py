"""Pauses, changes at the last moment, a worker that was away, and what people decide about what does not go out."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.channels.adapters.base import Ready
from humasflow.channels.adapters.errors import (
    Transient,
    Unsupported,
)
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.events import AccountResumed
from humasflow.channels.connections.models import Connection
from humasflow.channels.connections.services import health
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.core.events import emit
from humasflow.outbox.enums import JobState
from humasflow.posts.models import Post
from humasflow.publishing import services
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.events import (
    PostHeld,
    PostLate,
    PostUncertain,
    PostWaits,
)
from humasflow.stories.enums import StoryMove
from humasflow.stories.services import move_story
from tests.publishing.channel import Channel, connect, install
from tests.publishing.desk import Heard, NewsDesk, crash_at, hours

pytestmark = pytest.mark.db
SECONDS = timedelta(seconds=1)


@pytest.fixture
def channel(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch) -> Channel:
    made = Channel()
    install(monkeypatch, made)
    connect(desk.world.facebook, "channel")
    return made


def later(desk: NewsDesk, **how: float) -> None:
    with clock.moved_to(clock.now() + timedelta(**how)):
        desk.work()


def connection(desk: NewsDesk) -> Connection:
    db.session.expire_all()
    return db.session.scalars(select(Connection)).one()


# Pauses


def pause(desk: NewsDesk, is_paused: bool = True) -> None:
    desk.world.facebook.paused_at = clock.now() if is_paused else None
    db.session.commit()


def test_a_paused_account_keeps_what_comes_due_and_resumed_it_goes_out(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    _story, (post,) = desk.going_out("facebook")
    pause(desk)
    desk.work()
    assert (desk.state(post), channel.jobs) == ("paused", [])
    assert [e.reason for e in heard.of(PostWaits)] == ["paused"]
    with pytest.raises(Refused, match="dijeda"):
        services.publish_now(post, actor=desk.editor)
    services.sweep()
    db.session.commit()
    later(desk, hours=2)
    assert desk.state(post) == "paused"
    pause(desk, False)
    emit(AccountResumed(post.account_id, desk.world.admin.id))
    db.session.commit()
    desk.work()
    assert desk.state(post) == "published"


def test_a_pause_while_the_channel_prepares_stops_the_call(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook")

    def prepare(_job: Any) -> Any:
        pause(desk)
        return Ready({})

    channel.on("prepare", prepare)
    desk.work()
    assert (desk.state(post), channel.asked("commit")) == ("paused", 0)


def test_the_sweeper_wakes_what_a_resumed_account_left_lying(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook")
    pause(desk)
    desk.work()
    assert services.sweep() == 0
    pause(desk, False)
    assert services.sweep() == 1
    db.session.commit()
    desk.work()
    assert desk.state(post) == "published"


def test_a_long_pause_leaves_the_decision_to_a_person(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook")
    pause(desk)
    desk.work()
    with clock.moved_to(clock.now() + timedelta(days=2)):
        pause(desk, False)
        emit(AccountResumed(post.account_id, desk.world.admin.id))
        db.session.commit()
        desk.work()
        assert desk.state(post) == "late"


def test_a_paused_account_asks_nobody_to_post_by_hand(desk: NewsDesk) -> None:
    _story, (post,) = desk.going_out("facebook")
    pause(desk)
    desk.work()
    assert desk.state(post) == "paused"


# The last look


@pytest.mark.parametrize("what", ["approval", "switched off", "sign-in", "withdrawn"])
def test_the_last_look_before_the_call_sees_what_changed_while_the_channel_prepared(
    desk: NewsDesk, channel: Channel, heard: Heard, what: str
) -> None:
    story, (post,) = desk.going_out("facebook")

    def prepare(_job: Any) -> Any:
        if what == "approval":
            desk.edit(story, title="Judul yang diperbaiki sesudah disetujui")
        elif what == "switched off":
            desk.world.facebook.is_active = False
        elif what == "sign-in":
            connection(desk).state = ConnectionState.NEEDS_REAUTH
        else:
            move_story(story, StoryMove.CANCEL, actor=desk.editor, reason="Batal")
        db.session.commit()
        return Ready({})

    channel.on("prepare", prepare)
    desk.work()
    wanted = {
        "approval": "held",
        "switched off": "failed",
        "sign-in": "needs_reauth",
        "withdrawn": "cancelled",
    }
    assert (desk.state(post), channel.asked("commit")) == (wanted[what], 0)
    assert len(heard.of(PostHeld)) == (what == "approval")


def test_what_was_approved_again_between_the_steps_and_the_call_goes_out_as_it_is_now(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    story, (post,) = desk.going_out("facebook")

    def prepare(job: Any) -> Any:
        if channel.asked("prepare") == 1:
            desk.edit(story, title="Judul yang diperbaiki dan disetujui")
            desk.approve(desk.submit(story))
            db.session.commit()
        return Ready({})

    channel.on("prepare", prepare)
    desk.work()
    desk.work()
    delivery = desk.delivery(post)
    assert (delivery.state, delivery.title) == (S.PUBLISHED, "Judul yang diperbaiki dan disetujui")
    assert (len(channel.live), heard.of(PostHeld)) == (1, [])


# A worker that was away


def test_a_worker_away_for_two_days_asks_about_everything_and_loses_nothing(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    due = clock.now() + hours(1)
    every: list[Post] = []
    for _number in range(4):
        every += desk.going_out("facebook", "web", at=due)[1]
    with clock.moved_to(due + timedelta(days=2)):
        services.sweep()
        db.session.commit()
        desk.work()
        assert [desk.state(p) for p in every] == ["late"] * 8
        assert len(heard.of(PostLate)) == 8
    assert channel.jobs == []


@pytest.mark.parametrize("ahead", [-1, 1])
def test_a_clock_that_jumps_publishes_nothing_twice_and_loses_nothing(
    desk: NewsDesk, channel: Channel, ahead: int
) -> None:
    _story, (post,) = desk.going_out("facebook", at=clock.now() + hours(0.5))

    def prepare(_job: Any) -> Any:
        return Ready({})

    channel.on("prepare", prepare)
    with clock.moved_to(clock.now() + hours(0.6)):
        (job,) = desk.jobs()
        job.due_at = clock.now()
        db.session.commit()
        with clock.moved_to(clock.now() + hours(ahead)):
            desk.work()
        desk.work()
        services.sweep()
        db.session.commit()
        desk.work()
    assert (desk.state(post), len(channel.live)) == ("published", 1)


# What people decide


def test_what_fails_may_be_given_to_a_person_who_posts_it(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", Unsupported("reel"))
    desk.work()
    services.hand_to_person(post, actor=desk.editor)
    db.session.commit()
    delivery = desk.delivery(post)
    assert (delivery.state, delivery.assignee_id) == (S.MANUAL_DUE, desk.world.other_editor.id)
    desk.work()
    assert desk.state(post) == "manual_due"
    services.record_manual(
        delivery,
        actor=desk.other_editor,
        url="https://www.facebook.com/kantoruji/posts/1",
        published_at=clock.now(),
    )
    db.session.commit()
    assert (desk.state(post), channel.asked("commit")) == ("published", 0)


def test_only_what_does_not_go_out_by_itself_is_given_to_a_person(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook", at=clock.now() + hours(2))
    with pytest.raises(Refused, match="gagal tayang"):
        services.hand_to_person(post, actor=desk.editor)
    with pytest.raises(Refused, match="Peran Anda"):
        services.hand_to_person(post, actor=desk.as_(desk.world.contributor))


def test_what_is_tried_again_and_again_can_be_called_off(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", Transient("502"))
    desk.work()
    services.cancel(post, actor=desk.editor, reason="Acara batal")
    db.session.commit()
    later(desk, hours=1)
    assert (desk.state(post), channel.asked("prepare")) == ("cancelled", 1)


def test_publishing_now_only_changes_the_time(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook", at=clock.now() + hours(5))
    services.publish_now(post, actor=desk.editor)
    db.session.commit()
    assert channel.jobs == []
    assert [(j.state, j.due_at <= clock.now()) for j in desk.jobs()] == [(JobState.QUEUED, True)]
    desk.work()
    assert desk.state(post) == "published"


# What connections learn


def test_the_connection_learns_how_the_channel_answered(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(health, "note_success", lambda _id: told.append("well"))
    monkeypatch.setattr(health, "note_trouble", lambda _id, error: told.append(error.code))
    _story, (_post,) = desk.going_out("facebook")
    channel.on("prepare", Transient("502"), Ready({}))
    desk.work()
    later(desk, minutes=1)
    assert told == ["transient", "well"]


def test_a_dead_job_of_what_was_being_sent_is_uncertain_and_not_failed(
    desk: NewsDesk, channel: Channel, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failed would invite a person to send it again."""
    _story, (post,) = desk.going_out("facebook")
    with crash_at(monkeypatch, Channel, "commit", after=True):
        desk.work()
    (job,) = desk.jobs()
    job.state, job.lease_token = JobState.DEAD, None
    db.session.commit()
    services.sweep()
    db.session.commit()
    assert (desk.state(post), len(heard.of(PostUncertain))) == ("unknown", 1)
