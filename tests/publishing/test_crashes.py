"""The worker may stop at any instruction: nothing goes out twice, and nothing is lost."""

from datetime import timedelta
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import func, select

from humasflow.channels import reaching
from humasflow.channels.adapters.base import Absent, CannotTell, Caps, Pending, Ready, Receipt
from humasflow.channels.adapters.errors import Forbidden, OutcomeUnknown, Transient
from humasflow.channels.adapters.manual import ManualAdapter
from humasflow.channels.adapters.web import WebAdapter
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.outbox import lease, runner
from humasflow.outbox import services as outbox
from humasflow.outbox.enums import JobState
from humasflow.publishing import queries, services
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.events import PostFailed, PostPublished, PostUncertain
from humasflow.publishing.models import Delivery, Evidence
from humasflow.publishing.services import afterwards, evidence, preparing, publishing, receiving, sending
from humasflow.stories.enums import StoryState
from tests.publishing.desk import Heard, NewsDesk, crash_at, hours

pytestmark = pytest.mark.db

# Every function at whose edges a worker can die, in the order in which they run.
STEPS = [
    (publishing, "lock_post"),
    (publishing, "current_or_new"),
    (publishing, "approval_of"),
    (publishing, "take_snapshot"),
    (publishing, "fill"),
    (publishing, "_look_again"),
    (preparing, "job_of"),
    (WebAdapter, "prepare"),
    (lease, "keep"),
    (preparing, "_keep"),
    (publishing, "prepare"),
    (sending, "find_obstacle"),
    (sending, "job_of"),
    (sending, "_make_time"),
    (WebAdapter, "commit"),
    (receiving, "lock_delivery"),
    (receiving, "canonical_url"),
    (receiving, "_write"),
    (receiving, "follow_up"),
    (afterwards, "enqueue_announcement"),
    (sending, "receive"),
    (publishing, "send"),
    (outbox, "finish"),
    (afterwards, "emit"),
    (evidence, "add_row"),
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "name"), STEPS, ids=[name for _owner, name in STEPS])
def test_a_worker_that_dies_anywhere_is_made_good(
    desk: NewsDesk, heard: Heard, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, after: bool
) -> None:
    story, (post,) = desk.going_out("web")
    with crash_at(monkeypatch, owner, name, after=after):
        desk.work()
    for minutes in (2, 5, 15):  # the backoff of what failed, the lease of what was left lying
        with clock.moved_to(clock.now() + timedelta(minutes=minutes)):
            desk.work()
    assert desk.state(post) == "published"
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 1
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == 1
    assert story.state is StoryState.PUBLISHED
    assert {j.state for j in desk.jobs()} == {JobState.DONE}
    # Told in a transaction that was kept: once; a telling that was undone with its transaction does not count.
    assert len({e.delivery_id for e in heard.of(PostPublished)}) == 1


def test_the_intention_stands_in_the_database_before_the_call(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _story, (post,) = desk.going_out("web")
    with crash_at(monkeypatch, WebAdapter, "commit", after=True):
        desk.work()
    delivery = desk.delivery(post)
    assert delivery.state is S.COMMITTING
    assert delivery.committing_at is not None
    assert delivery.external_id is None
    assert delivery.idempotency_key == f"post:{post.id}:1"
    with pytest.raises(Refused, match="sedang dikirim"):
        desk.schedule(post, clock.now() + hours(24))


def test_a_fault_in_what_follows_undoes_no_receipt(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    _story, (post,) = desk.going_out("web")

    def broken(_event: object) -> None:
        raise RuntimeError("the ledger is broken")

    with monkeypatch.context() as patch:
        patch.setattr(afterwards, "emit", broken)
        desk.work()
    assert desk.state(post) == "published"
    (news,) = desk.jobs("publishing.announce")
    assert (news.state, news.attempts) == (JobState.QUEUED, 1)
    assert "the ledger is broken" in (news.error or "")
    with clock.moved_to(clock.now() + timedelta(minutes=2)):
        desk.work()
    assert desk.jobs("publishing.announce")[0].state is JobState.DONE


def test_a_worker_that_slept_past_its_lease_writes_nothing(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch, heard: Heard
) -> None:
    """The first worker pauses before the call; a second one takes over and finishes; the first wakes up."""
    _story, (post,) = desk.going_out("web")
    original = WebAdapter.commit
    inside: list[bool] = []

    def slow(self: WebAdapter, job: Any) -> Any:
        if not inside:
            inside.append(True)
            with clock.moved_to(clock.now() + current_app.config["OUTBOX_LEASE"] + timedelta(seconds=1)):
                runner.run_due()  # another worker, meanwhile
            assert desk.state(post) == "published"
        return original(self, job)

    monkeypatch.setattr(WebAdapter, "commit", slow)
    desk.work()
    delivery = desk.delivery(post)
    assert delivery.state is S.PUBLISHED
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 1
    assert len(desk.jobs("publishing.announce")) == 1
    assert len(heard.of(PostPublished)) == 1


def test_a_job_that_was_moved_while_it_ran_stops(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    _story, (post,) = desk.going_out("web")
    (job,) = desk.jobs()
    original = publishing.lock_post
    moved: list[bool] = []

    def locking(post_id: int) -> Any:
        if not moved:
            moved.append(True)
            desk.schedule(post, clock.now() + hours(48))
            db.session.commit()
        return original(post_id)

    monkeypatch.setattr(publishing, "lock_post", locking)
    desk.work()
    assert queries.get_current_delivery(post) is None
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)


class Channel(WebAdapter):
    """A channel that can be told how to answer. It counts what it was really made to do."""

    caps = Caps(text_is_html=True, can_find=True)

    def __init__(self) -> None:
        self.sent = 0
        self.refusal: Exception | None = None
        self.answer: Any = CannotTell()
        self.slow = False

    def prepare(self, job: Any) -> Any:
        if self.slow:
            self.slow = False
            return Pending({}, 30)
        if isinstance(self.refusal, Transient):
            refusal, self.refusal = self.refusal, None
            raise refusal
        return Ready({})

    def commit(self, job: Any) -> Any:
        self.sent += 1
        if self.refusal is not None:
            raise self.refusal
        return Receipt(f"x{self.sent}", f"https://portal.example/berita/{self.sent}")

    def find(self, job: Any) -> Any:
        return self.answer


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channel:
    made = Channel()
    monkeypatch.setattr(reaching, "adapters", lambda: {"web": made, "manual": ManualAdapter()})
    return made


def test_a_channel_that_cannot_tell_ends_in_a_question_and_is_never_called_twice(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch, heard: Heard
) -> None:
    _story, (post,) = desk.going_out("web")
    with crash_at(monkeypatch, Channel, "commit", after=True):
        desk.work()
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        desk.work()
        assert desk.state(post) == "unknown"
        assert channel.sent == 1
        assert len(heard.of(PostUncertain)) == 1
        assert heard.of(PostFailed) == []
        services.publish_due(post.id)
        assert channel.sent == 1
        with pytest.raises(Refused, match="Belum pasti"):
            desk.schedule(post, clock.now() + hours(24))
        # "Tidak tayang": a person has looked. Only then it may be sent again, as a new generation.
        services.deny(desk.delivery(post), actor=desk.editor)
        services.retry(post, actor=desk.editor)
        db.session.commit()
        desk.work()
    assert desk.state(post) == "published"
    assert (channel.sent, post.generation) == (2, 2)


def test_a_channel_that_shows_the_post_gives_the_receipt_without_a_second_call(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    _story, (post,) = desk.going_out("web")
    with crash_at(monkeypatch, Channel, "commit", after=True):
        desk.work()
    channel.answer = Receipt("x1", "https://portal.example/berita/1")
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        desk.work()
    assert desk.state(post) == "published"
    assert (channel.sent, desk.delivery(post).external_id) == (1, "x1")


def test_an_absence_on_a_channel_that_would_double_asks_a_person(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    _story, (post,) = desk.going_out("web")
    with crash_at(monkeypatch, Channel, "commit", after=True):
        desk.work()
    channel.answer = Absent()
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        desk.work()
    assert desk.state(post) == "unknown"
    assert channel.sent == 1


def test_an_unknown_outcome_is_not_tried_again(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("web")
    channel.refusal = OutcomeUnknown("time-out")
    desk.work()
    assert desk.state(post) == "sending"
    with clock.moved_to(clock.now() + timedelta(minutes=2)):
        desk.work()
        assert desk.state(post) == "unknown"
    with clock.moved_to(clock.now() + hours(30)):
        services.sweep()
        db.session.commit()
        desk.work()
        assert desk.state(post) == "unknown"
    assert channel.sent == 1


def test_a_refusal_fails_at_once_and_says_so(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("web")
    channel.refusal = Forbidden("no")
    desk.work()
    assert desk.state(post) == "failed"
    assert "tidak mengizinkan" in desk.delivery(post).error
    assert desk.jobs()[0].state is JobState.DONE


def test_a_passing_fault_before_the_call_is_tried_again(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("web")
    channel.refusal = Transient("502")
    desk.work()
    assert desk.state(post) == "sending"
    with clock.moved_to(clock.now() + timedelta(minutes=2)):
        desk.work()
    assert desk.state(post) == "published"
    assert channel.sent == 1


def test_a_channel_that_is_still_preparing_is_asked_again_later(desk: NewsDesk, channel: Channel) -> None:
    _story, (post,) = desk.going_out("web")
    channel.slow = True
    desk.work()
    (job,) = desk.jobs()
    assert timedelta(seconds=20) < job.due_at - clock.now() <= timedelta(seconds=30)
    with clock.moved_to(clock.now() + timedelta(seconds=31)):
        desk.work()
    assert desk.state(post) == "published"


def test_an_approval_of_something_else_leaves_alone_what_is_on_its_way(
    desk: NewsDesk, channel: Channel
) -> None:
    story, (post,) = desk.going_out("web")
    channel.slow = True
    desk.work()
    assert desk.state(post) == "sending"
    desk.post(story, "facebook")
    desk.approve(desk.submit(story))
    db.session.commit()
    with clock.moved_to(clock.now() + timedelta(seconds=31)):
        desk.work()
    assert desk.state(post) == "published"


def test_an_approval_lost_while_preparing_stops_it(
    desk: NewsDesk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, (post,) = desk.going_out("web")

    def prepare(_self: Channel, _job: Any) -> Any:
        desk.edit(story, title="Judul yang diperbaiki sesudah disetujui")
        db.session.commit()
        return Ready({})

    monkeypatch.setattr(Channel, "prepare", prepare)
    desk.work()
    assert desk.state(post) == "held"
    assert channel.sent == 0


def test_a_dead_job_leaves_no_post_that_looks_busy(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch, heard: Heard
) -> None:
    _story, (post,) = desk.going_out("web")
    (job,) = desk.jobs()
    job.max_attempts = 1
    db.session.commit()

    def broken(*_args: object) -> None:
        raise RuntimeError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(preparing, "_keep", broken)
        desk.work()
    assert desk.jobs()[0].state is JobState.DEAD
    assert desk.state(post) == "sending"
    services.sweep()
    db.session.commit()
    assert desk.state(post) == "failed"
    assert len(heard.of(PostFailed)) == 1
    assert services.sweep() == 0
    outbox.revive(desk.jobs()[0], actor=desk.world.admin)
    db.session.commit()
    desk.work()
    assert desk.state(post) == "published"


def test_the_outbox_can_be_rebuilt_from_the_posts(desk: NewsDesk) -> None:
    _story, every = desk.going_out("web", "facebook", at=clock.now() + hours(3))
    for job in desk.jobs():
        db.session.delete(job)
    db.session.commit()
    assert services.sweep() == 2
    db.session.commit()
    assert [(j.due_at, j.state) for j in desk.jobs()] == [(p.scheduled_at, JobState.QUEUED) for p in every]
    assert services.sweep() == 0


def test_the_sweeper_lets_out_what_is_approved_by_other_means(desk: NewsDesk) -> None:
    _story, (post,) = desk.going_out("web")
    desk.edit_post(post, "Ringkasan lain")
    db.session.commit()
    desk.work()
    assert desk.state(post) == "held"
    desk.world.web.follows_story_approval = True
    db.session.commit()
    assert services.sweep() == 1
    db.session.commit()
    desk.work()
    assert desk.state(post) == "published"
