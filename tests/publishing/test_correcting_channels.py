"""A correction on channels that let the product edit, and what becomes of it where they do not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from humasflow.channels.adapters.base import Caps
from humasflow.channels.adapters.errors import (
    AuthRevoked,
    Forbidden,
    OutcomeUnknown,
    RateLimited,
    Transient,
    Unsupported,
)
from humasflow.channels.connections.enums import ConnectionState
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.outbox.models import Job
from humasflow.posts.models import Post
from humasflow.publishing import queries, services
from humasflow.publishing.enums import FollowUp
from humasflow.publishing.events import CorrectionDue, PostCorrected
from humasflow.publishing.models import Delivery, Evidence
from humasflow.stories.models import Story
from tests.publishing.desk import Heard, NewsDesk, crash_at
from tests.publishing.scripted import EVERYTHING, PORTAL, Channel, connect, expired, install
from tests.publishing.test_correcting import correct

pytestmark = pytest.mark.db


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channel:
    channel = Channel()
    install(monkeypatch, channel, PORTAL)
    return channel


def live(desk: NewsDesk) -> tuple[Story, Post, Delivery]:
    connect(desk.world.x)
    story, (post,) = desk.going_out("x")
    desk.work()
    assert desk.state(post) == "published"
    return story, post, desk.delivery(post)


def corrected(desk: NewsDesk, story: Story, title: str = "Yang betul") -> None:
    correct(desk, story, title=title)
    desk.approve(desk.submit(story))
    db.session.commit()


def later(desk: NewsDesk, hours: float = 2) -> None:
    with clock.moved_to(clock.now() + timedelta(hours=hours)):
        desk.work()


def test_the_channel_shows_the_correction_and_the_evidence_keeps_both(
    desk: NewsDesk, channel: Channel, heard: Heard
) -> None:
    story, post, delivery = live(desk)
    before = delivery.payload_sha256
    corrected(desk, story)
    assert delivery.correct_state is FollowUp.WAITING
    assert delivery.payload_sha256 == before, "until the channel shows it, this is what is live"
    desk.work()
    assert delivery.correct_state is FollowUp.DONE
    assert delivery.correcting_to_id is None
    assert channel.posts[delivery.idempotency_key].startswith("Yang betul|")
    assert [e.post_id for e in heard.of(PostCorrected)] == [post.id]
    rows = db.session.scalars(
        select(Evidence).where(Evidence.delivery_id == delivery.id).order_by(Evidence.id)
    ).all()
    assert [(r.payload_sha256, r.answer_sha256) for r in rows] == [
        (before, "a" * 64), (delivery.payload_sha256, "b" * 64),
    ]  # fmt: skip
    assert delivery.payload_sha256 != before


def test_the_job_runs_on_the_lane_of_its_account(desk: NewsDesk, channel: Channel) -> None:
    story, post, _delivery = live(desk)
    corrected(desk, story)
    (job,) = desk.jobs("publishing.correct")
    assert job.lane == f"account:{post.account_id}"


@pytest.mark.parametrize("error", [Transient("x"), RateLimited("x"), OutcomeUnknown("x")])
def test_what_may_pass_is_tried_again(
    desk: NewsDesk, channel: Channel, heard: Heard, error: Exception
) -> None:
    story, _post, delivery = live(desk)
    corrected(desk, story)
    channel.fails("update", error)
    desk.work()
    assert delivery.correct_state is FollowUp.WAITING
    later(desk)
    assert delivery.correct_state is FollowUp.DONE
    assert heard.of(CorrectionDue) == []


def test_a_lost_answer_is_asked_for_again_and_changes_nothing_twice(desk: NewsDesk, channel: Channel) -> None:
    story, _post, delivery = live(desk)
    corrected(desk, story)
    channel.fails("after:update", OutcomeUnknown("cut off"))
    desk.work()
    later(desk)
    assert (delivery.correct_state, channel.count("update")) == (FollowUp.DONE, 2)
    assert len(channel.posts) == 1


@pytest.mark.parametrize("error", [Forbidden("x"), Unsupported("too old"), AuthRevoked("x")])
def test_what_does_not_pass_is_a_persons(
    desk: NewsDesk, channel: Channel, heard: Heard, error: Exception
) -> None:
    story, post, delivery = live(desk)
    before = delivery.payload_sha256
    corrected(desk, story)
    channel.fails("update", error)
    desk.work()
    assert delivery.correct_state is FollowUp.BY_HAND
    assert delivery.follow_up_error
    assert delivery.payload_sha256 == before
    assert [e.post_id for e in heard.of(CorrectionDue)] == [post.id]
    (row,) = queries.list_needing_a_hand(desk.editor, desk.world.office.id)
    assert (row.post_id, row.to_correct) == (post.id, True)
    services.confirm_correction(delivery, actor=desk.editor, note="Disunting di aplikasinya.")
    db.session.commit()
    assert delivery.correct_state is FollowUp.DONE
    assert queries.list_needing_a_hand(desk.editor, desk.world.office.id) == []


def test_a_person_can_have_it_tried_once_more(desk: NewsDesk, channel: Channel) -> None:
    story, _post, delivery = live(desk)
    corrected(desk, story)
    channel.fails("update", Forbidden("x"))
    desk.work()
    db.session.scalars(select(Job)).all()
    with pytest.raises(Refused):
        services.correct_again(delivery, actor=desk.as_(desk.world.contributor))
    services.correct_again(delivery, actor=desk.editor)
    db.session.commit()
    desk.work()
    assert delivery.correct_state is FollowUp.DONE
    with pytest.raises(Refused):
        services.correct_again(delivery, actor=desk.editor)


def test_trouble_without_end_becomes_a_persons(desk: NewsDesk, channel: Channel, heard: Heard) -> None:
    story, _post, delivery = live(desk)
    corrected(desk, story)
    channel.fails("update", *[Transient("x")] * 30)
    for hour in range(2, 30, 2):
        later(desk, hour)
    assert delivery.correct_state is FollowUp.BY_HAND
    assert len(heard.of(CorrectionDue)) == 1
    assert channel.count("update") <= 10


def test_a_channel_that_cannot_be_edited_asks_at_once(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch, heard: Heard
) -> None:
    channel = Channel()
    install(monkeypatch, channel, Caps(idempotent=True, can_find=True, can_retract=True))
    story, _post, delivery = live(desk)
    corrected(desk, story)
    assert delivery.correct_state is FollowUp.BY_HAND
    assert len(heard.of(CorrectionDue)) == 1
    desk.work()
    assert channel.count("update") == 0


def test_tokens_that_have_run_out_are_renewed_once(desk: NewsDesk, channel: Channel) -> None:
    story, _post, delivery = live(desk)
    corrected(desk, story)
    channel.fails("update", expired())
    desk.work()
    assert delivery.correct_state is FollowUp.DONE
    assert (channel.count("refresh"), channel.count("update")) == (1, 2)


def test_an_account_that_was_disconnected_meanwhile_asks_a_person(desk: NewsDesk, channel: Channel) -> None:
    story, post, delivery = live(desk)
    corrected(desk, story)
    post.account.adapter = "manual"
    db.session.commit()
    desk.work()
    assert delivery.correct_state is FollowUp.BY_HAND
    assert channel.count("update") == 0


def test_a_worker_that_stops_after_the_call_leaves_it_to_be_done_again(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from humasflow.publishing.services import correcting

    story, _post, delivery = live(desk)
    corrected(desk, story)
    with crash_at(monkeypatch, correcting, "_shown", after=False):
        desk.work()
    assert delivery.correct_state is FollowUp.WAITING
    later(desk)
    assert (delivery.correct_state, channel.count("update")) == (FollowUp.DONE, 2)


def test_what_comes_down_is_not_corrected_any_more(desk: NewsDesk, channel: Channel) -> None:
    story, _post, delivery = live(desk)
    corrected(desk, story)
    services.retract(delivery, actor=desk.editor, reason="Keliru")
    db.session.commit()
    desk.work()
    assert channel.count("update") == 0
    assert delivery.state.value == "retracted"


def test_a_refusal_of_one_post_leaves_the_connection(desk: NewsDesk, channel: Channel) -> None:
    story, post, _delivery = live(desk)
    corrected(desk, story)
    channel.fails("update", Unsupported("too old"))
    desk.work()
    from humasflow.channels.connections.queries import get_connection_of

    found = get_connection_of(post.account_id)
    assert found is not None
    assert found.state is ConnectionState.CONNECTED
    assert EVERYTHING.can_edit
