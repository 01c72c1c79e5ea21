"""The first comment: after the post, at most once, and nobody's trouble but its own."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from humasflow.channels.adapters.base import Caps
from humasflow.channels.adapters.errors import Forbidden, OutcomeUnknown, Transient
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job
from humasflow.posts import queries as posts
from humasflow.posts.models import Post
from humasflow.publishing import services
from humasflow.publishing.enums import FollowUp
from humasflow.publishing.events import FollowUpFailed
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import commenting, follow_ups, telling
from humasflow.publishing.services.follow_ups import sweep_follow_ups
from tests.publishing.desk import Heard, NewsDesk, crash_at
from tests.publishing.scripted import EVERYTHING, Channel, connect, install

pytestmark = pytest.mark.db
TEXT = "Selengkapnya di situs kami."


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channel:
    channel = Channel()
    install(monkeypatch, channel)
    return channel


def going_out(desk: NewsDesk) -> Post:
    connect(desk.world.x)
    _story, (post,) = desk.going_out("x")
    posts.get_current_version(post).first_comment = TEXT
    db.session.commit()
    return post


def later(desk: NewsDesk, hours: float = 1) -> None:
    with clock.moved_to(clock.now() + timedelta(hours=hours)):
        desk.work()


def written(channel: Channel) -> list[str]:
    return [text for texts in channel.comments.values() for text in texts]


def test_it_is_written_under_the_post(desk: NewsDesk, channel: Channel) -> None:
    post = going_out(desk)
    desk.work()
    delivery = desk.delivery(post)
    assert (delivery.comment_state, delivery.comment_id) == (FollowUp.DONE, "komentar-1")
    assert written(channel) == [TEXT]
    services.comment_live(delivery.id)
    assert written(channel) == [TEXT]


def test_a_post_without_one_has_none(desk: NewsDesk, channel: Channel) -> None:
    connect(desk.world.x)
    _story, (post,) = desk.going_out("x")
    desk.work()
    assert desk.delivery(post).comment_state is FollowUp.NONE
    assert channel.count("comment") == 0


def test_a_failure_touches_nothing_else(desk: NewsDesk, channel: Channel, heard: Heard) -> None:
    post = going_out(desk)
    channel.fails("comment", Forbidden("x"))
    desk.work()
    delivery = desk.delivery(post)
    assert (desk.state(post), delivery.comment_state) == ("published", FollowUp.FAILED)
    assert [(e.post_id, e.what) for e in heard.of(FollowUpFailed)] == [(post.id, "comment")]
    assert delivery.evidence


def test_what_was_never_sent_is_sent_again(desk: NewsDesk, channel: Channel) -> None:
    post = going_out(desk)
    channel.fails("comment", Transient("x"))
    desk.work()
    assert desk.delivery(post).comment_state is FollowUp.WAITING
    later(desk)
    assert desk.delivery(post).comment_state is FollowUp.DONE
    assert written(channel) == [TEXT]


def test_a_lost_answer_is_looked_for_and_found(desk: NewsDesk, channel: Channel) -> None:
    post = going_out(desk)
    channel.fails("after:comment", OutcomeUnknown("cut off"))
    desk.work()
    assert desk.delivery(post).comment_state is FollowUp.CALLING
    later(desk)
    assert desk.delivery(post).comment_state is FollowUp.DONE
    assert (written(channel), channel.count("comment")) == ([TEXT], 1)


def test_absent_twice_and_trusted_it_is_written_after_all(desk: NewsDesk, channel: Channel) -> None:
    post = going_out(desk)
    channel.fails("comment", OutcomeUnknown("too slow"))
    desk.work()
    later(desk, 1)
    assert (channel.count("find_comment"), channel.count("comment")) == (1, 1)
    later(desk, 2)
    assert (channel.count("find_comment"), channel.count("comment")) == (2, 2)
    assert desk.delivery(post).comment_state is FollowUp.DONE
    assert written(channel) == [TEXT]


@pytest.mark.parametrize(
    "caps",
    [
        Caps(idempotent=True, can_find=True, has_first_comment=True),  # its "no" proves nothing
        Caps(idempotent=True, has_first_comment=True),  # it cannot be asked
    ],
)
def test_who_cannot_tell_asks_a_person(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch, heard: Heard, caps: Caps
) -> None:
    channel = Channel()
    install(monkeypatch, channel, caps)
    post = going_out(desk)
    channel.fails("comment", OutcomeUnknown("too slow"))
    desk.work()
    later(desk)
    delivery = desk.delivery(post)
    assert delivery.comment_state is FollowUp.UNKNOWN
    assert [e.what for e in heard.of(FollowUpFailed)] == ["comment"]
    assert channel.count("comment") == 1
    with pytest.raises(Refused):
        services.settle_comment(delivery, actor=desk.as_(desk.world.contributor), is_there=True)
    services.settle_comment(delivery, actor=desk.editor, is_there=False)
    db.session.commit()
    later(desk, 3)
    assert (delivery.comment_state, channel.count("comment")) == (FollowUp.DONE, 2)
    with pytest.raises(Refused):
        services.settle_comment(delivery, actor=desk.editor, is_there=True)


def test_where_the_post_has_no_id_a_person_is_told_to_write_it(desk: NewsDesk, channel: Channel) -> None:
    """The account is connected: nobody is sent to connect it."""
    post = going_out(desk)
    channel.fails("comment", OutcomeUnknown("too slow"))
    desk.work()
    delivery = desk.delivery(post)
    delivery.external_id, delivery.comment_state = None, FollowUp.FAILED
    services.settle_comment(delivery, actor=desk.editor, is_there=False)
    db.session.commit()
    later(desk, 1)
    assert (delivery.comment_state, channel.count("comment")) == (FollowUp.FAILED, 1)
    assert delivery.follow_up_error == "Tulis komentar pertamanya di kanal, lalu catat di sini."


def test_a_person_who_saw_it_says_so(desk: NewsDesk, channel: Channel) -> None:
    post = going_out(desk)
    channel.fails("comment", Forbidden("x"))
    desk.work()
    services.settle_comment(desk.delivery(post), actor=desk.editor, is_there=True)
    db.session.commit()
    later(desk)
    assert desk.delivery(post).comment_state is FollowUp.DONE
    assert channel.count("comment") == 1


@pytest.mark.parametrize("where", ["_done", "text_of", "_lock"])
@pytest.mark.parametrize("after", [False, True])
def test_a_worker_that_stops_anywhere_writes_it_once(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch, where: str, after: bool
) -> None:
    post = going_out(desk)
    with crash_at(monkeypatch, commenting, where, after=after):
        desk.work()
    for hour in range(1, 8):
        later(desk, hour)
    assert desk.delivery(post).comment_state is FollowUp.DONE
    assert written(channel) == [TEXT]


def test_a_job_that_gave_up_says_so(desk: NewsDesk, channel: Channel, heard: Heard) -> None:
    post = going_out(desk)
    channel.fails("comment", Transient("x"))
    desk.work()
    job = db.session.scalars(select(Job).where(Job.kind == "publishing.comment")).one()
    job.state = JobState.DEAD
    db.session.commit()
    assert sweep_follow_ups() == 1
    assert sweep_follow_ups() == 0
    assert desk.delivery(post).comment_state is FollowUp.FAILED
    assert len(heard.of(FollowUpFailed)) == 1


def test_what_came_down_gets_none(desk: NewsDesk, channel: Channel) -> None:
    post = going_out(desk)
    channel.fails("comment", Transient("x"))
    desk.work()
    delivery: Delivery = desk.delivery(post)
    services.retract(delivery, actor=desk.editor, reason="Keliru")
    db.session.commit()
    desk.work()
    later(desk)
    assert channel.count("comment") == 1
    assert EVERYTHING.has_first_comment


def test_one_that_cannot_be_told_of_hides_no_other(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, (second,) = going_out(desk), desk.going_out("x")[1]
    posts.get_current_version(second).first_comment = TEXT
    db.session.commit()
    channel.fails("comment", Transient("x"), Transient("x"))
    desk.work()
    for job in db.session.scalars(select(Job).where(Job.kind == "publishing.comment")):
        job.state = JobState.DEAD
    db.session.commit()
    bad, original = desk.delivery(second).id, telling.note_live_trouble

    def note(delivery: Delivery, kind: telling.TroubleKind) -> None:
        if delivery.id == bad:
            raise ValueError("a row that nobody thought of")
        original(delivery, kind)

    with monkeypatch.context() as patch:
        patch.setattr(follow_ups, "note_live_trouble", note)
        assert sweep_follow_ups() == 1
    assert desk.delivery(first).comment_state is FollowUp.FAILED
    assert desk.delivery(second).comment_state is FollowUp.WAITING
    assert sweep_follow_ups() == 1
    assert desk.delivery(second).comment_state is FollowUp.FAILED
