"""What is too late to go out by itself, and what only takes its time."""

from datetime import timedelta

import pytest

from humasflow.channels.adapters.base import Done, Pending, Ready, Receipt
from humasflow.channels.adapters.errors import MediaRejected, Transient
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.posts.models import Post
from humasflow.publishing import services
from humasflow.publishing.services import preparing
from tests.publishing.channel import Channel, connect, install
from tests.publishing.desk import NewsDesk

pytestmark = pytest.mark.db


@pytest.fixture
def channel(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch) -> Channel:
    made = Channel()
    install(monkeypatch, made)
    connect(desk.world.facebook, "channel")
    return made


def at(desk: NewsDesk, **how: float) -> None:
    with clock.moved_to(clock.now() + timedelta(**how)):
        desk.work()


def test_where_people_always_want_to_be_asked_what_is_in_time_goes_out(desk: NewsDesk) -> None:
    desk.world.web.grace_minutes = 0
    _story, (post,) = desk.going_out("web", at=clock.now() + timedelta(minutes=10))
    at(desk, minutes=10, seconds=5)
    assert desk.state(post) == "published"


def test_and_what_was_missed_asks_and_goes_out_when_told(desk: NewsDesk) -> None:
    desk.world.web.grace_minutes = 0
    _story, (post,) = desk.going_out("web")
    at(desk, minutes=3)
    assert desk.state(post) == "late"
    with clock.moved_to(clock.now() + timedelta(minutes=9)):
        services.publish_now(post, actor=desk.editor)
        db.session.commit()
    at(desk, minutes=9, seconds=2)
    assert desk.state(post) == "published"


def test_a_channel_may_take_longer_to_prepare_than_the_grace(desk: NewsDesk, channel: Channel) -> None:
    desk.world.facebook.grace_minutes = 30
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", Pending({"container": 1}, 60, poll=True))
    channel.on("poll", *([Pending({"container": 1}, 60, poll=True)] * 40), Ready({"container": 1}))
    for minute in range(60):
        at(desk, minutes=minute * 1.1)
    assert (desk.state(post), channel.asked("prepare")) == ("published", 1)


def test_what_stood_still_that_long_is_late_all_the_same(desk: NewsDesk, channel: Channel) -> None:
    desk.world.facebook.grace_minutes = 30
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", Pending({"container": 1}, 60))
    desk.work()
    at(desk, hours=20)  # no worker ran
    assert desk.state(post) == "late"


def test_a_long_upload_lets_others_have_their_turn(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many steps it has, a run ends after some seconds of them and goes on where it was."""
    monkeypatch.setattr(preparing, "A_TURN", -1.0)
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", *(Pending({"part": n}, 0) for n in range(3)), Ready({"part": 3}))
    with pytest.raises(preparing.RetryLater) as raised:
        services.publish_due(post.id)
    assert raised.value.delay == timedelta()
    assert (channel.asked("prepare"), desk.delivery(post).prepare_state["part"]) == (1, 0)
    for second in range(1, 6):
        at(desk, seconds=second)
    assert (desk.state(post), channel.asked("prepare")) == ("published", 4)


# What was prepared before it was stopped


def stopped_after_a_step(desk: NewsDesk, channel: Channel) -> Post:
    desk.world.facebook.grace_minutes = 30
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", Pending({"container": 1}, 60, poll=True), Ready({"container": 2}))
    channel.on("poll", Ready({"container": 1}))
    desk.work()
    at(desk, hours=5)
    assert desk.state(post) == "late"
    return post


def publish_now(desk: NewsDesk, post: Post, **how: float) -> None:
    with clock.moved_to(clock.now() + timedelta(**how)):
        services.publish_now(post, actor=desk.editor)
        db.session.commit()
        desk.work()


def test_what_the_channel_has_by_then_is_not_given_to_it_a_second_time(
    desk: NewsDesk, channel: Channel
) -> None:
    post = stopped_after_a_step(desk, channel)
    publish_now(desk, post, hours=6)
    assert (desk.state(post), channel.asked("prepare"), channel.asked("poll")) == ("published", 1, 1)


def test_unless_it_was_so_long_ago_that_it_has_forgotten_it(desk: NewsDesk, channel: Channel) -> None:
    post = stopped_after_a_step(desk, channel)
    publish_now(desk, post, hours=18)
    assert (desk.state(post), channel.asked("prepare"), channel.asked("poll")) == ("published", 2, 0)


def test_a_no_to_what_it_was_given_before_the_stop_has_it_given_once_more(
    desk: NewsDesk, channel: Channel
) -> None:
    """Its pictures were closed to the channel while the post stood still."""
    post = stopped_after_a_step(desk, channel)
    channel.on("poll", MediaRejected("expired"), Ready({"container": 2}))
    publish_now(desk, post, hours=6)
    assert (desk.state(post), channel.asked("prepare"), channel.asked("poll")) == ("published", 2, 1)


def test_and_once_only(desk: NewsDesk, channel: Channel) -> None:
    post = stopped_after_a_step(desk, channel)
    channel.on("poll", MediaRejected("expired"))
    channel.on("prepare", MediaRejected("too large"))
    publish_now(desk, post, hours=6)
    assert (desk.state(post), channel.asked("prepare"), channel.asked("poll")) == ("failed", 2, 1)


def test_or_something_else_is_to_go_out(desk: NewsDesk, channel: Channel) -> None:
    post = stopped_after_a_step(desk, channel)
    with clock.moved_to(clock.now() + timedelta(hours=6)):
        desk.edit_post(post, "Teks lain. #BMN")
        desk.approve(desk.submit(post.story))
    publish_now(desk, post, hours=6)
    assert (desk.state(post), channel.asked("prepare"), channel.asked("poll")) == ("published", 2, 0)


def test_what_was_found_published_after_it_was_called_off_is_live_and_not_sent_again(
    desk: NewsDesk, channel: Channel
) -> None:
    """The channel published although it said "not yet": whoever schedules it again asks about what was prepared."""
    _story, (post,) = desk.going_out("facebook")
    channel.on("prepare", Pending({"container": 1}, poll=True))
    channel.on("poll", Ready({"container": 1}), Done(Receipt("found", "https://kanal.example/found")))
    channel.on("commit", Transient("not ready"))
    desk.work()
    services.cancel(post, actor=desk.editor, reason="Acara batal")
    desk.schedule(post, clock.now())
    db.session.commit()
    desk.work()
    assert (desk.state(post), channel.asked("commit"), channel.asked("prepare")) == ("published", 1, 1)
