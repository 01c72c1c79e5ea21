"""Sent, and nobody knows whether it arrived: asked, never guessed, never sent twice."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import select

from humasflow.channels.adapters.base import Absent, CannotTell, Caps, Pending, Ready, Receipt
from humasflow.channels.adapters.errors import (
    AuthExpired,
    AuthRevoked,
    Forbidden,
    Invalid,
    MediaRejected,
    OutcomeUnknown,
    QuotaExceeded,
    RateLimited,
    Transient,
    Unsupported,
)
from humasflow.channels.connections.services import tokens
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.outbox.enums import JobState
from humasflow.posts.models import Post
from humasflow.publishing import services
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.enums import FollowUp
from humasflow.publishing.events import PostFailed, PostUncertain
from humasflow.publishing.models import Delivery
from humasflow.stories.enums import StoryMove
from humasflow.stories.services import move_story
from tests.publishing.channel import TRUSTED, Channel, connect, install
from tests.publishing.desk import Heard, NewsDesk, crash_at, hours

pytestmark = pytest.mark.db
LOST = OutcomeUnknown("time-out")


def on_channel(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch, caps: Caps = TRUSTED) -> Channel:
    made = Channel(caps)
    install(monkeypatch, made)
    connect(desk.world.facebook, "channel")
    return made


@pytest.fixture
def channel(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch) -> Channel:
    return on_channel(desk, monkeypatch)


def later(desk: NewsDesk, **how: float) -> None:
    with clock.moved_to(clock.now() + timedelta(**how)):
        desk.work()


def lost(desk: NewsDesk, channel: Channel, *, arrived: bool) -> Post:
    """A post whose answer was lost."""
    _story, (post,) = desk.going_out("facebook")
    channel.on("commit", channel.publish_and(LOST) if arrived else LOST, channel._publish)
    desk.work()
    assert desk.delivery(post).state is S.COMMITTING
    return post


def test_it_is_asked_after_the_wait_and_not_before(desk: NewsDesk, channel: Channel) -> None:
    post = lost(desk, channel, arrived=True)
    (job,) = desk.jobs()
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    assert abs(job.due_at - clock.now() - current_app.config["ASK_AGAIN_AFTER"]) < timedelta(seconds=5)
    later(desk, seconds=55)
    assert channel.asked("find") == 0
    job.due_at = clock.now()  # woken too early, whoever did it
    db.session.commit()
    desk.work()
    assert channel.asked("find") == 0
    later(desk, seconds=62)
    assert (desk.state(post), channel.asked("commit"), channel.asked("find")) == ("published", 1, 1)


def test_found_it_was_published_when_it_was_sent_and_not_when_it_was_found(
    desk: NewsDesk, channel: Channel
) -> None:
    post = lost(desk, channel, arrived=True)
    sent_at = desk.delivery(post).committing_at
    later(desk, hours=40)  # the worker was away
    delivery = desk.delivery(post)
    assert (delivery.state, delivery.published_at) == (S.PUBLISHED, sent_at)


def test_absent_twice_the_wait_apart_it_is_prepared_again_with_the_same_key(
    desk: NewsDesk, channel: Channel
) -> None:
    post = lost(desk, channel, arrived=False)
    later(desk, seconds=62)
    assert desk.delivery(post).absent_at is not None
    assert (channel.asked("find"), channel.asked("commit")) == (1, 1)
    later(desk, seconds=125)
    assert (desk.state(post), channel.asked("find"), channel.asked("commit")) == ("published", 2, 2)
    keys = {job.idempotency_key for _name, job in channel.jobs}
    assert (keys, post.generation, len(channel.live)) == ({f"post:{post.id}:1"}, 1, 1)


def test_absent_once_and_there_the_second_time_it_is_published_once(desk: NewsDesk, channel: Channel) -> None:
    """The channel was slow to show it."""
    post = lost(desk, channel, arrived=True)
    channel.on("find", Absent(), channel._look)
    later(desk, seconds=62)
    later(desk, seconds=125)
    assert (desk.state(post), channel.asked("commit"), len(channel.live)) == ("published", 1, 1)


def test_what_starts_over_is_looked_at_again(desk: NewsDesk, channel: Channel) -> None:
    post = lost(desk, channel, arrived=False)
    later(desk, seconds=62)
    desk.world.facebook.paused_at = clock.now()
    db.session.commit()
    later(desk, seconds=125)
    delivery = desk.delivery(post)
    assert (delivery.state, delivery.committing_at, channel.asked("commit")) == (S.PAUSED, None, 1)


@pytest.mark.parametrize(
    ("caps", "answer"),
    [
        (Caps(can_find=True), Absent()),
        (TRUSTED, CannotTell()),
        (TRUSTED, AuthRevoked("190")),
        (TRUSTED, Forbidden("scope")),
    ],
    ids=["absence not trusted", "cannot tell", "let in no longer", "may not look"],
)
def test_what_cannot_be_told_is_a_persons_to_answer(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch, heard: Heard, caps: Caps, answer: Any
) -> None:
    channel = on_channel(desk, monkeypatch, caps)
    post = lost(desk, channel, arrived=True)
    channel.on("find", answer)
    later(desk, seconds=62)
    assert (desk.state(post), channel.asked("commit")) == ("unknown", 1)
    assert "Periksa langsung" in desk.delivery(post).error
    assert (len(heard.of(PostUncertain)), heard.of(PostFailed)) == (1, [])


@pytest.mark.parametrize("error", [Transient("502"), RateLimited("429"), AuthExpired("190"), KeyError("id")])
def test_a_question_that_gets_no_answer_is_asked_again_and_never_guessed(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(tokens, "renew", lambda _account_id: False)
    post = lost(desk, channel, arrived=True)
    channel.on("find", error, error, error, channel._look)
    for minutes in (2, 4, 8, 16, 32):
        later(desk, minutes=minutes)
    assert (desk.state(post), channel.asked("commit"), channel.asked("find")) == ("published", 1, 4)


def test_questions_grow_apart_and_after_a_day_a_person_is_asked(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    post = lost(desk, channel, arrived=True)
    channel.on("find", Transient("502"))
    begun = clock.now()
    for minute in range(2, 26 * 60, 3):
        with clock.moved_to(begun + timedelta(minutes=minute)):
            desk.work()
    assert 40 < channel.asked("find") < 80
    assert (desk.state(post), channel.asked("commit"), len(heard.of(PostUncertain))) == ("unknown", 1, 1)


def test_a_channel_that_does_not_answer_for_minutes_is_told_of_and_still_asked(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    post = lost(desk, channel, arrived=True)
    channel.on("find", Transient("502"))
    begun = clock.now()
    for minute in range(2, 16):
        with clock.moved_to(begun + timedelta(minutes=minute)):
            desk.work()
    assert (desk.state(post), len(heard.of(PostUncertain))) == ("unknown", 1)
    asked = channel.asked("find")
    channel.on("find", Transient("502"), channel._look)
    for minute in range(16, 90, 3):
        with clock.moved_to(begun + timedelta(minutes=minute)):
            desk.work()
    assert (desk.state(post), channel.asked("commit")) == ("published", 1)
    assert channel.asked("find") == asked + 2


def test_a_channel_that_wants_no_question_for_hours_is_told_of_before_them(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    post = lost(desk, channel, arrived=True)
    channel.on("find", RateLimited("429", retry_at=clock.now() + timedelta(hours=3)), channel._look)
    later(desk, seconds=62)
    assert (desk.state(post), len(heard.of(PostUncertain)), channel.asked("find")) == ("unknown", 1, 1)
    later(desk, hours=2.9)
    assert channel.asked("find") == 1, "it is left alone for as long as it wants"
    later(desk, hours=3.1)
    assert (desk.state(post), channel.asked("commit")) == ("published", 1)


def test_what_surely_is_not_there_is_not_said_to_be_asked_for(desk: NewsDesk, channel: Channel) -> None:
    post = lost(desk, channel, arrived=False)
    channel.on("commit", LOST)
    begun = clock.now()
    for second in range(60, 1200, 20):
        with clock.moved_to(begun + timedelta(seconds=second)):
            desk.work()
            delivery = desk.delivery(post)
            if delivery.state is S.PREPARING and delivery.next_at is not None:
                break
    delivery = desk.delivery(post)
    assert (delivery.state, delivery.committing_at, delivery.error) == (S.PREPARING, None, "")


def test_what_a_person_was_asked_is_not_sent_again_because_it_is_not_there(
    desk: NewsDesk, channel: Channel
) -> None:
    post = lost(desk, channel, arrived=False)
    channel.on("find", Transient("502"))
    begun = clock.now()
    for minute in range(2, 16):
        with clock.moved_to(begun + timedelta(minutes=minute)):
            desk.work()
    channel.on("find", channel._look)
    for minute in range(16, 90, 3):
        with clock.moved_to(begun + timedelta(minutes=minute)):
            desk.work()
    assert (desk.state(post), channel.asked("commit")) == ("unknown", 1)


def unheard(desk: NewsDesk, channel: Channel, *, arrived: bool) -> tuple[Post, datetime]:
    """The channel would not say for a quarter of an hour, so a person was asked. The post, and when it began."""
    post = lost(desk, channel, arrived=arrived)
    channel.on("find", Transient("502"))
    begun = clock.now()
    for minute in range(2, 16):
        with clock.moved_to(begun + timedelta(minutes=minute)):
            desk.work()
    assert desk.state(post) == "unknown"
    return post, begun


def test_what_the_channel_says_to_it_later_helps_whoever_has_to_answer(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    post, begun = unheard(desk, channel, arrived=False)
    channel.on("find", channel._look)
    asked = channel.asked("find")
    for minute in range(16, 90, 3):
        with clock.moved_to(begun + timedelta(minutes=minute)):
            desk.work()
    assert "tidak ditemukan di sana" in desk.delivery(post).error
    assert channel.asked("find") > asked + 2  # it may come to light later
    services.deny(desk.delivery(post), actor=desk.editor)
    services.retry(post, actor=desk.editor)
    db.session.commit()
    with clock.moved_to(begun + timedelta(minutes=91)):
        desk.work()
    assert (desk.state(post), len(channel.live), len(heard.of(PostUncertain))) == ("published", 1, 1)


def test_it_is_asked_for_also_when_its_story_is_withdrawn_meanwhile(desk: NewsDesk, channel: Channel) -> None:
    post, begun = unheard(desk, channel, arrived=True)
    move_story(post.story, StoryMove.CANCEL, actor=desk.editor, reason="Keliru")
    db.session.commit()
    channel.on("find", channel._look)
    for minute in range(16, 60, 3):
        with clock.moved_to(begun + timedelta(minutes=minute)):
            desk.work()
    delivery = desk.delivery(post)
    assert (delivery.state, delivery.retract_state) == (S.PUBLISHED, FollowUp.BY_HAND)


def test_a_question_that_needs_new_tokens_gets_them(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "renew", lambda _account_id: True)
    post = lost(desk, channel, arrived=True)
    channel.on("find", AuthExpired("190"), channel._look)
    later(desk, seconds=62)
    assert (desk.state(post), channel.asked("find")) == ("published", 2)


def test_a_channel_still_at_work_is_asked_until_it_is_done(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("commit", Pending({"publish": 9}, 120))
    channel.on("find", Pending({"publish": 9}, 300), Receipt("v9", "https://kanal.example/v9"))
    desk.work()
    assert (desk.state(post), desk.delivery(post).error) == ("sending", "")
    later(desk, seconds=121)
    later(desk, seconds=430)
    assert (desk.state(post), channel.asked("commit")) == ("published", 1)
    assert channel.jobs[-1][1].prepare_state == {"publish": 9}


def test_a_channel_at_work_for_more_than_a_day_leaves_it_to_a_person(
    desk: NewsDesk, channel: Channel
) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("commit", Pending({"publish": 9}, 120))
    channel.on("find", Pending({"publish": 9}, 3600))
    desk.work()
    for hour in range(1, 27):
        later(desk, hours=hour * 1.05)
    assert (desk.state(post), channel.asked("commit")) == ("unknown", 1)


def test_a_fault_of_the_adapter_during_the_call_is_an_unknown_outcome(
    desk: NewsDesk, channel: Channel
) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("commit", channel.publish_and(KeyError("id")))
    desk.work()
    assert desk.delivery(post).state is S.COMMITTING
    later(desk, seconds=62)
    assert (desk.state(post), channel.asked("commit")) == ("published", 1)


def test_a_channel_that_rejects_the_file_after_all_has_said_no(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    _story, (post,) = desk.going_out("facebook")
    channel.on("commit", Pending({"publish": 9}, 120))
    channel.on("find", MediaRejected("frame rate"))
    desk.work()
    later(desk, seconds=121)
    assert (desk.state(post), len(heard.of(PostFailed))) == ("failed", 1)
    assert "Ganti medianya" in desk.delivery(post).error


def test_where_nobody_can_be_asked_a_person_is_at_once(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch, heard: Heard
) -> None:
    channel = on_channel(desk, monkeypatch, Caps())
    _story, (post,) = desk.going_out("facebook")
    channel.on("commit", LOST)
    desk.work()
    assert (desk.state(post), len(heard.of(PostUncertain))) == ("unknown", 1)


@pytest.mark.parametrize("error", [Invalid("spam_risk_text"), Unsupported("private_only")])
def test_a_channel_that_says_it_is_over_has_said_no(
    desk: NewsDesk, channel: Channel, error: Invalid | Unsupported
) -> None:
    """A refusal of the question leaves it open; one that is the outcome closes it."""
    _story, (post,) = desk.going_out("facebook")
    channel.on("commit", Pending({"publish": 9}, 120))
    channel.on("find", error.as_outcome())
    desk.work()
    later(desk, seconds=121)
    assert (desk.state(post), desk.delivery(post).error_code) == ("failed", error.code)


def test_what_the_account_published_otherwise_is_told_to_the_question(
    desk: NewsDesk, channel: Channel
) -> None:
    _story, (first,) = desk.going_out("facebook")
    desk.work()
    _story, (second,) = desk.going_out("facebook")
    channel.on("commit", OutcomeUnknown("cut"))
    desk.work()
    later(desk, seconds=62)
    asked = [job for name, job in channel.jobs if name == "find"]
    assert asked
    assert asked[-1].known_ids == {desk.delivery(first).external_id}
    assert desk.delivery(second).external_id not in asked[-1].known_ids


def test_so_is_what_is_prepared_and_polled(desk: NewsDesk, channel: Channel) -> None:
    """A container that says it is published already is looked for among the account's posts, before any call."""
    _story, (first,) = desk.going_out("facebook")
    desk.work()
    _story, (_second,) = desk.going_out("facebook")
    channel.on("prepare", Pending({"container": 7}, 30, poll=True))
    channel.on("poll", Pending({"container": 7}, 30, poll=True))
    desk.work()
    later(desk, seconds=31)
    (asked,) = [job for name, job in channel.jobs if name == "poll"]
    assert asked.known_ids == {desk.delivery(first).external_id}


# The same key again


IDEMPOTENT = Caps(can_find=True, idempotent=True)


def test_where_the_same_key_is_one_post_it_is_asked_first_and_sent_again(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = on_channel(desk, monkeypatch, IDEMPOTENT)
    post = lost(desk, channel, arrived=False)
    later(desk, seconds=62)
    assert [name for name, _job in channel.jobs] == ["prepare", "commit", "find", "commit"]
    keys = {job.idempotency_key for _name, job in channel.jobs}
    assert (desk.state(post), len(keys)) == ("published", 1)


def test_found_it_is_not_sent_again_even_there(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = on_channel(desk, monkeypatch, IDEMPOTENT)
    post = lost(desk, channel, arrived=True)
    later(desk, seconds=62)
    assert (desk.state(post), channel.asked("commit")) == ("published", 1)


def test_what_may_go_out_no_longer_is_not_sent_again_even_there(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = on_channel(desk, monkeypatch, Caps(idempotent=True))
    post = lost(desk, channel, arrived=False)
    desk.world.facebook.is_active = False
    db.session.commit()
    later(desk, seconds=62)
    assert (desk.state(post), channel.asked("commit")) == ("unknown", 1)


# What people and others do meanwhile


def test_a_story_withdrawn_while_it_was_sent_is_settled_and_taken_down_again(
    desk: NewsDesk, channel: Channel
) -> None:
    story, every = desk.going_out("web", "facebook")
    post = next(p for p in every if p.account_id == desk.world.facebook.id)
    channel.on("commit", channel.publish_and(LOST))
    desk.work()
    move_story(story, StoryMove.WITHDRAW, actor=desk.editor, reason="Keliru")
    db.session.commit()
    later(desk, seconds=62)
    delivery = desk.delivery(post)
    assert delivery.external_id is not None
    assert delivery.retract_state.value != "none" or delivery.state is S.RETRACTED


def test_a_sweep_brings_back_what_was_being_sent_and_has_no_job(desk: NewsDesk, channel: Channel) -> None:
    post = lost(desk, channel, arrived=True)
    for job in desk.jobs():
        db.session.delete(job)
    db.session.commit()
    with clock.moved_to(clock.now() + timedelta(minutes=2)):
        assert services.sweep() == 1
        db.session.commit()
        desk.work()
    assert (desk.state(post), channel.asked("commit")) == ("published", 1)


def uncertain(desk: NewsDesk, channel: Channel) -> Post:
    post = lost(desk, channel, arrived=False)
    channel.on("find", CannotTell())
    later(desk, seconds=62)
    assert desk.state(post) == "unknown"
    return post


def test_uncertain_it_blocks_every_further_publish_of_the_post(desk: NewsDesk, channel: Channel) -> None:
    post = uncertain(desk, channel)
    with pytest.raises(Refused, match="Belum pasti"):
        desk.schedule(post, clock.now() + hours(1))
    with pytest.raises(Refused):
        services.publish_now(post, actor=desk.editor)
    with pytest.raises(Refused):
        services.retry(post, actor=desk.editor)
    with pytest.raises(Refused):
        services.hand_to_person(post, actor=desk.editor)
    db.session.rollback()
    services.sweep()
    db.session.commit()
    later(desk, hours=3)
    assert (desk.state(post), channel.asked("commit"), post.generation) == ("unknown", 1, 1)


def test_a_person_says_where_it_is(desk: NewsDesk, channel: Channel) -> None:
    post = uncertain(desk, channel)
    services.record_manual(
        desk.delivery(post), actor=desk.other_editor, url="https://www.facebook.com/kantoruji/posts/9",
        published_at=clock.now(),
    )  # fmt: skip
    db.session.commit()
    assert (desk.state(post), channel.asked("commit")) == ("published", 1)


def test_a_person_says_that_it_is_not_there_and_it_is_sent_as_a_new_generation(
    desk: NewsDesk, channel: Channel
) -> None:
    post = uncertain(desk, channel)
    services.deny(desk.delivery(post), actor=desk.editor)
    db.session.commit()
    assert desk.state(post) == "failed"
    services.retry(post, actor=desk.editor)
    db.session.commit()
    desk.work()
    assert (desk.state(post), post.generation) == ("published", 2)
    every = db.session.scalars(select(Delivery).order_by(Delivery.generation)).all()
    assert [(d.state, d.idempotency_key) for d in every] == [
        (S.FAILED, f"post:{post.id}:1"), (S.PUBLISHED, f"post:{post.id}:2"),
    ]  # fmt: skip


def test_denied_it_may_be_given_to_a_person_as_well(desk: NewsDesk, channel: Channel) -> None:
    post = uncertain(desk, channel)
    services.deny(desk.delivery(post), actor=desk.editor)
    services.hand_to_person(post, actor=desk.editor)
    db.session.commit()
    assert desk.state(post) == "manual_due"


def test_a_receipt_that_comes_late_after_all_ends_the_question(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that was asleep in the call wakes up when a person has long been asked."""
    _story, (post,) = desk.going_out("facebook")

    def asleep(job: Any) -> Any:
        row = db.session.scalars(select(Delivery)).one()
        row.state = S.UNKNOWN
        db.session.commit()
        return channel._publish(job)

    channel.on("commit", asleep)
    desk.work()
    assert (desk.state(post), len(channel.live)) == ("published", 1)


def test_taken_over_at_once_it_is_not_asked_before_the_call_has_surely_ended(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    _story, (post,) = desk.going_out("facebook")
    with crash_at(monkeypatch, Channel, "commit", after=False):
        desk.work()
    (job,) = desk.jobs()
    job.lease_until = clock.now() - timedelta(seconds=1)
    db.session.commit()
    later(desk, seconds=30)
    assert (channel.asked("find"), desk.delivery(post).state) == (0, S.COMMITTING)


def test_killed_in_the_call_it_is_asked_and_not_sent(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    _story, (post,) = desk.going_out("facebook")
    with crash_at(monkeypatch, Channel, "commit", after=True):
        desk.work()
    later(desk, minutes=2)
    assert (desk.state(post), channel.asked("commit"), channel.asked("find")) == ("published", 1, 1)


REFUSED = [
    Unsupported("404"), Forbidden("AccountSuspended"), Invalid("x"), Transient("502"), RateLimited("429"),
    AuthRevoked("gone"), AuthExpired("old"), QuotaExceeded("full"), KeyError("uri"),
]  # fmt: skip


@pytest.mark.parametrize("asked", [Unsupported("404"), Forbidden("AccountSuspended"), CannotTell()])
def test_where_the_channel_would_not_say_nothing_is_sent_again(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch, asked: Any
) -> None:
    channel = on_channel(desk, monkeypatch, IDEMPOTENT)
    post = lost(desk, channel, arrived=True)
    channel.on("find", asked)
    channel.on("commit", Unsupported("404"))
    later(desk, seconds=62)
    assert (desk.state(post), channel.asked("commit")) == ("unknown", 1)


@pytest.mark.parametrize("error", REFUSED, ids=lambda error: type(error).__name__)
def test_a_no_to_the_repeated_call_says_nothing_of_the_first_one(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """The first call arrived, the channel is slow to show it and refuses the second."""
    monkeypatch.setattr(tokens, "renew", lambda _account_id: True)
    channel = on_channel(desk, monkeypatch, Caps(can_find=True, idempotent=True, trusts_absence=True))
    post = lost(desk, channel, arrived=True)
    channel.on("find", Absent(), channel._look)
    channel.on("commit", error)
    later(desk, seconds=62)
    assert desk.delivery(post).state is S.COMMITTING
    later(desk, minutes=10)
    assert (desk.state(post), channel.asked("commit"), len(channel.live)) == ("published", 2, 1)


def test_a_channel_that_takes_nothing_for_days_is_asked_within_hours(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = on_channel(desk, monkeypatch, Caps(can_find=True, idempotent=True, trusts_absence=True))
    post = lost(desk, channel, arrived=False)
    channel.on("commit", RateLimited("429", retry_at=clock.now() + timedelta(days=3)))
    later(desk, seconds=62)
    next_at = desk.delivery(post).next_at
    assert next_at is not None
    assert next_at - clock.now() < timedelta(hours=6.1)


def over_hours(desk: NewsDesk, length: int) -> None:
    begun = clock.now()
    for minute in range(1, length * 60, 2):
        with clock.moved_to(begun + timedelta(minutes=minute)):
            desk.work()


@pytest.mark.parametrize(
    ("caps", "end"),
    [
        (Caps(can_find=True, idempotent=True, trusts_absence=True), "failed"),
        (IDEMPOTENT, "unknown"),
        (Caps(idempotent=True), "unknown"),
        (TRUSTED, "failed"),
    ],
    ids=["idempotent", "absence not trusted", "cannot be asked", "begun anew"],
)
def test_a_call_that_always_comes_to_nothing_ends_after_ten_times_and_is_told(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch, heard: Heard, caps: Caps, end: str
) -> None:
    channel = on_channel(desk, monkeypatch, caps)
    desk.world.facebook.grace_minutes = 10_000
    # Every round has steps to make.
    channel.on(
        "prepare", lambda job: Ready({"made": True}) if job.prepare_state else Pending({"made": False})
    )
    post = lost(desk, channel, arrived=False)
    channel.on("commit", LOST)
    over_hours(desk, 8)
    assert (desk.state(post), channel.live) == (end, [])
    assert 5 <= channel.asked("commit") <= 10
    assert len(heard.of(PostFailed)) + len(heard.of(PostUncertain)) == 1


def test_what_is_late_by_now_is_not_sent_again_by_itself(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = on_channel(desk, monkeypatch, Caps(can_find=True, idempotent=True, trusts_absence=True))
    post = lost(desk, channel, arrived=False)
    later(desk, hours=60)
    later(desk, hours=60.1)
    assert (desk.state(post), channel.asked("commit")) == ("late", 1)
