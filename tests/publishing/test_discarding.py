"""What was prepared on a channel and does not go out is taken away from there; what may still go out stays."""

from datetime import timedelta
from typing import Any

import pytest

from humasflow.channels.adapters.base import Pending, Ready
from humasflow.channels.adapters.errors import Invalid, Transient
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox.enums import JobState
from humasflow.posts.models import Post
from humasflow.publishing import services
from humasflow.publishing.enums import DeliveryState as S
from humasflow.stories import services as stories
from humasflow.stories.enums import StoryMove
from tests.publishing.channel import TRUSTED, Channel, connect, install
from tests.publishing.desk import NewsDesk, hours

pytestmark = pytest.mark.db


class Portal(Channel):
    """A channel with drafts, which it can throw away."""

    def discard(self, job: Any) -> None:
        """By the script."""
        assert not db.session().in_transaction()
        self._answer("discard", job)


@pytest.fixture
def portal(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch) -> Portal:
    made = Portal(TRUSTED)
    made.on("discard", None)
    install(monkeypatch, made)
    connect(desk.world.facebook, "channel")
    return made


def with_a_draft(desk: NewsDesk, portal: Portal) -> Post:
    """Begun: there is a draft, and the channel takes its time."""
    _story, (post,) = desk.going_out("facebook")
    portal.on("prepare", Pending({"draft": 7}, 600), Ready({"draft": 7}))
    desk.work()
    assert desk.delivery(post).state is S.PREPARING
    return post


def discarded(portal: Portal) -> list[dict[str, Any]]:
    return [dict(job.prepare_state) for name, job in portal.jobs if name == "discard"]


def test_what_is_called_off_leaves_nothing_behind(desk: NewsDesk, portal: Portal) -> None:
    post = with_a_draft(desk, portal)
    services.cancel(post, actor=desk.editor, reason="Acara batal")
    db.session.commit()
    desk.work()
    assert discarded(portal) == [{"draft": 7}]
    assert desk.delivery(post).prepare_state == {}
    desk.work()
    assert len(discarded(portal)) == 1


def test_nor_what_its_story_takes_along(desk: NewsDesk, portal: Portal) -> None:
    post = with_a_draft(desk, portal)
    stories.move_story(post.story, StoryMove.CANCEL, actor=desk.editor, reason="Batal")
    db.session.commit()
    desk.work()
    assert (desk.state(post), discarded(portal)) == ("cancelled", [{"draft": 7}])


def test_nor_what_is_given_to_a_person(desk: NewsDesk, portal: Portal) -> None:
    desk.world.facebook.grace_minutes = 30
    post = with_a_draft(desk, portal)
    with clock.moved_to(clock.now() + hours(5)):
        desk.work()
        assert desk.state(post) == "late"
        services.hand_to_person(post, actor=desk.editor)
        db.session.commit()
        desk.work()
    assert (desk.state(post), discarded(portal)) == ("manual_due", [{"draft": 7}])


def test_an_embargo_leaves_no_picture_of_it_on_the_channel(desk: NewsDesk, portal: Portal) -> None:
    post = with_a_draft(desk, portal)
    until = clock.now() + hours(3)
    stories.set_embargo(post.story, actor=desk.editor, until=until)
    db.session.commit()
    desk.work()
    assert discarded(portal) == [{"draft": 7}]
    portal.on("prepare", Ready({"draft": 8}))
    with clock.moved_to(until + timedelta(seconds=1)):
        desk.work()
    assert (desk.state(post), portal.asked("commit")) == ("published", 1)


def test_what_is_scheduled_again_at_once_keeps_its_draft(desk: NewsDesk, portal: Portal) -> None:
    post = with_a_draft(desk, portal)
    services.cancel(post, actor=desk.editor, reason="Keliru")
    desk.schedule(post, clock.now())
    db.session.commit()
    desk.work()
    assert (desk.state(post), discarded(portal)) == ("published", [])


def test_what_was_ever_sent_is_left_alone(desk: NewsDesk, portal: Portal) -> None:
    """The channel refused it, and nothing proves that nobody sees the draft by now."""
    _story, (post,) = desk.going_out("facebook")
    portal.on("prepare", Ready({"draft": 7}))
    portal.on("commit", Invalid("no"))
    desk.work()
    services.cancel(post, actor=desk.editor, reason="Batal")
    db.session.commit()
    desk.work()
    assert (desk.state(post), discarded(portal)) == ("cancelled", [])


def test_a_channel_that_is_away_is_asked_again_and_undoes_no_decision(desk: NewsDesk, portal: Portal) -> None:
    post = with_a_draft(desk, portal)
    portal.on("discard", Transient("502"), None)
    services.cancel(post, actor=desk.editor, reason="Batal")
    db.session.commit()
    desk.work()
    (job,) = desk.jobs("publishing.discard")
    assert (job.state, desk.state(post)) == (JobState.QUEUED, "cancelled")
    with clock.moved_to(clock.now() + timedelta(minutes=11)):
        desk.work()
    assert (len(discarded(portal)), desk.delivery(post).prepare_state) == (2, {})


def test_a_channel_on_which_nothing_is_left_gets_no_job(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = Channel()
    install(monkeypatch, channel)
    connect(desk.world.facebook, "channel")
    channel.on("prepare", Pending({"container": 1}, 600))
    _story, (post,) = desk.going_out("facebook")
    desk.work()
    services.cancel(post, actor=desk.editor, reason="Batal")
    db.session.commit()
    assert desk.jobs("publishing.discard") == []
