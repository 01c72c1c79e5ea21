"""Somebody sets the clocks by an hour while a post is on its way: it is not sent twice, and not forgotten."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from humasflow.channels.adapters.base import Absent, Pending, Ready
from humasflow.channels.adapters.errors import OutcomeUnknown, Transient
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.posts.models import Post
from humasflow.publishing import services
from humasflow.publishing.enums import DeliveryState as S
from tests.publishing.channel import Channel, connect, install
from tests.publishing.desk import NewsDesk

pytestmark = pytest.mark.db
LOST = OutcomeUnknown("time-out")
HOUR = timedelta(hours=1)
BOTH = pytest.mark.parametrize("jump", [-HOUR, HOUR], ids=["back", "ahead"])


@pytest.fixture
def channel(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch) -> Channel:
    made = Channel()
    install(monkeypatch, made)
    connect(desk.world.facebook, "channel")
    return made


def work_on(desk: NewsDesk, channel: Channel, begun: datetime, *, minutes: range) -> None:
    """Time goes by, and the worker looks now and then."""
    for minute in minutes:
        with clock.moved_to(begun + timedelta(minutes=minute)):
            services.sweep()
            db.session.commit()
            desk.work()
            assert len(channel.live) <= 1, f"twice after {minute} minutes"


def going_out(desk: NewsDesk) -> Post:
    return desk.going_out("facebook")[1][0]


@BOTH
def test_while_the_channel_prepares(desk: NewsDesk, channel: Channel, jump: timedelta) -> None:
    post, begun = going_out(desk), clock.now()
    channel.on("prepare", Pending({"video": 1}, 120, poll=True))
    channel.on("poll", Pending({"video": 1}, 120, poll=True), Ready({"video": 1}))
    desk.work()
    assert desk.delivery(post).state is S.PREPARING
    with clock.set_by(jump):
        work_on(desk, channel, begun + jump, minutes=range(0, 90, 3))
    assert (desk.state(post), len(channel.live), channel.asked("prepare")) == ("published", 1, 1)


@BOTH
def test_between_two_tries(desk: NewsDesk, channel: Channel, jump: timedelta) -> None:
    post, begun = going_out(desk), clock.now()
    channel.on("prepare", Transient("502"), Transient("502"), Ready({}))
    desk.work()
    with clock.set_by(jump):
        work_on(desk, channel, begun + jump, minutes=range(0, 90, 3))
    assert (desk.state(post), len(channel.live)) == ("published", 1)


@pytest.mark.parametrize("is_heard", [True, False], ids=["receipt", "lost"])
@BOTH
def test_while_the_call_is_made_and_another_worker_looks(
    desk: NewsDesk, channel: Channel, jump: timedelta, is_heard: bool
) -> None:
    """Set ahead, the lease of the first has run out by the clock; it is at work all the same."""
    post, begun = going_out(desk), clock.now()

    def call(job: Any) -> Any:
        with clock.set_by(jump):
            desk.work()
        receipt = channel._publish(job)
        if not is_heard:
            raise LOST
        return receipt

    channel.on("commit", call, channel._publish)
    desk.work()
    with clock.set_by(jump):
        work_on(desk, channel, begun + jump, minutes=range(0, 90, 2))
    assert (desk.state(post), len(channel.live), channel.asked("commit")) == ("published", 1, 1)


@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "not"])
@BOTH
def test_while_nobody_knows_whether_it_arrived(
    desk: NewsDesk, channel: Channel, jump: timedelta, arrived: bool
) -> None:
    post, begun = going_out(desk), clock.now()
    channel.on("commit", channel.publish_and(LOST) if arrived else LOST, channel._publish)
    desk.work()
    with clock.set_by(jump):
        work_on(desk, channel, begun + jump, minutes=range(0, 90, 2))
    assert (desk.state(post), len(channel.live)) == ("published", 1)
    assert channel.asked("commit") == (1 if arrived else 2)


def absent_once(desk: NewsDesk, channel: Channel, *answers: Any) -> tuple[Post, datetime]:
    """Sent, lost, and a minute and a half later it is not there (yet). The post, and when that was."""
    post = going_out(desk)
    channel.on("commit", LOST, channel._publish)
    channel.on("find", *(answers or (channel._look,)))
    desk.work()
    asked_at = clock.now() + timedelta(seconds=90)
    with clock.moved_to(asked_at):
        desk.work()
    assert (desk.delivery(post).state, channel.asked("find")) == (S.COMMITTING, 1)
    assert desk.delivery(post).absent_at is not None
    return post, asked_at


@BOTH
def test_between_the_two_times_it_is_not_there(desk: NewsDesk, channel: Channel, jump: timedelta) -> None:
    """Asked twice in the same moment it would be sent again, although the wait between is for what is slow to show."""
    post, asked_at = absent_once(desk, channel)
    with clock.moved_to(asked_at + timedelta(seconds=1)), clock.set_by(jump):
        desk.work()
        assert (channel.asked("find") > 1, channel.asked("commit")) == (jump > timedelta(), 1)
    with clock.set_by(jump):
        work_on(desk, channel, asked_at + jump + timedelta(seconds=62), minutes=range(0, 90, 2))
    assert (desk.state(post), len(channel.live), channel.asked("commit")) == ("published", 1, 2)


@BOTH
def test_what_comes_to_light_within_the_wait_is_found(
    desk: NewsDesk, channel: Channel, jump: timedelta
) -> None:
    """It arrived; the channel shows it half a minute after it was asked for the first time."""
    post, asked_at = absent_once(desk, channel, Absent(), Absent(), channel._look)
    if jump < timedelta():
        channel.on("find", channel._look)
    channel.live.append(f"post:{post.id}:1")
    with clock.moved_to(asked_at + timedelta(seconds=1)), clock.set_by(jump):
        desk.work()
    with clock.set_by(jump):
        work_on(desk, channel, asked_at + jump + timedelta(seconds=62), minutes=range(0, 90, 2))
    assert (desk.state(post), len(channel.live), channel.asked("commit")) == ("published", 1, 1)


def test_a_mark_of_another_machine_says_nothing() -> None:
    mark = clock.tick()
    assert clock.elapsed("another 12.5") is None
    assert clock.elapsed("") is None
    with clock.moved_to(clock.now() + HOUR):
        gone = clock.elapsed(mark)
        assert gone is not None and abs(gone - HOUR) < timedelta(minutes=1)
    with clock.set_by(HOUR):
        gone = clock.elapsed(mark)
        assert gone is not None and gone < timedelta(minutes=1)
