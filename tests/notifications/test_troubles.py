"""What stops on the channels is told within a minute, by name or as one message, to those who can do something."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from humasflow.accounts.models import User
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.events import (
    AccountPaused,
    AccountResumed,
    ConnectionBroken,
    ConnectionExpiring,
    ConnectionMade,
)
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.events import emit
from humasflow.notifications import queries, services
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.models import MailMessage, Notification
from humasflow.notifications.services.troubles import MOST, TELL
from humasflow.outbox import lease, runner
from humasflow.outbox import services as outbox
from humasflow.outbox.enums import JobState, Priority
from humasflow.outbox.models import Job
from humasflow.posts.events import PostRemoved, PostScheduled, PostUnscheduled
from humasflow.posts.models import Post
from humasflow.publishing.enums import QUOTA_WITHOUT_END, FollowUp, LinkState
from humasflow.publishing.enums import DeliveryMove as M
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.events import (
    FollowUpFailed,
    LinkGone,
    PostRetracted,
    PostWaits,
    RemovalDue,
)
from humasflow.publishing.models import BY_HAND, LIVE_TROUBLE_UNTOLD, Delivery
from humasflow.publishing.services import failing
from humasflow.stories.models import StoryReader
from tests.conftest import QueryCount
from tests.factories.world import World
from tests.notifications.server import Box
from tests.publishing.channel import connect
from tests.publishing.desk import NewsDesk

pytestmark = pytest.mark.db

NUMBERS = itertools.count(1)


@pytest.fixture
def desk(world: World, in_request: None) -> NewsDesk:
    return NewsDesk(world)


def told(kind: K) -> set[int]:
    return set(db.session.scalars(select(Notification.user_id).where(Notification.kind == kind)))


def ids(*users: User) -> set[int]:
    return {u.id for u in users}


def sentences(user: User, *, unread: bool = False) -> Sequence[str]:
    return [n.sentence for n in queries.list_notices(user.id, unread_only=unread)]


def mails_to(user: User) -> list[MailMessage]:
    return list(
        db.session.scalars(select(MailMessage).where(MailMessage.user_id == user.id).order_by(MailMessage.id))
    )


def of_troubles(user: User) -> list[str]:
    """Subjects of the mails about what stopped."""
    return [m.subject for m in mails_to(user) if "tayang" in m.subject or "Terlambat" in m.subject]


def tell_jobs() -> list[Job]:
    return list(db.session.scalars(select(Job).where(Job.kind == TELL).order_by(Job.id)))


def stopped(post: Post, state: S, *, error: str = "", code: str = "", at: datetime | None = None) -> Delivery:
    """A delivery that stopped, as the publisher leaves it, without the way there."""
    now = at or clock.now()
    made = Delivery(
        office_id=post.office_id, post_id=post.id, account_id=post.account_id, story_id=post.story_id,
        content_type_id=post.content_type_id, generation=post.generation, state=state, error=error, error_code=code,
        idempotency_key=f"uji:{next(NUMBERS)}", created_at=now, updated_at=now, title="", summary="",
        retract_reason="", published_at=now if state is S.PUBLISHED else None,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def many(desk: NewsDesk, states: Sequence[S], *, code: str = "") -> list[Delivery]:
    """As many posts of one story that stopped."""
    story = desk.ready("facebook")
    first = db.session.scalars(select(Post).where(Post.story_id == story.id)).one()
    now = clock.now()
    every = [
        Post(
            office_id=first.office_id, story_id=story.id, account_id=first.account_id, created_at=now,
            content_type_id=first.content_type_id, generation=1, created_by=first.created_by,
        )
        for _state in states
    ]  # fmt: skip
    db.session.add_all(every)
    db.session.flush()
    return [stopped(post, state, code=code) for post, state in zip(every, states, strict=True)]


def tell(desk: NewsDesk, *, live: bool = False) -> timedelta | None:
    """What the office's job does."""
    again = services.tell_troubles(f"{desk.world.office.id}:live" if live else str(desk.world.office.id))
    db.session.commit()
    return again


def a_post(desk: NewsDesk, account: str = "facebook") -> Post:
    story = desk.ready(account)
    return db.session.scalars(select(Post).where(Post.story_id == story.id)).one()


# Within a minute


def test_a_failure_is_told_within_a_minute_with_its_cause_and_the_way_there(desk: NewsDesk, box: Box) -> None:
    post = a_post(desk)
    delivery = stopped(post, S.PREPARING)
    failing.fail(
        delivery,
        "Facebook Kantor menolak gambarnya. Ganti medianya, lalu ajukan lagi.",
        code="media_rejected",
    )
    db.session.commit()
    runner.run_due()
    assert told(K.POST_FAILED) == set(), "what else comes in these seconds is told with it"
    with clock.moved_to(clock.now() + timedelta(seconds=15)):
        runner.run_due()
    assert told(K.POST_FAILED) == ids(desk.world.editor, desk.world.other_editor)
    assert sentences(desk.world.editor)[0] == (
        f"Gagal tayang: {post.story.title} (Facebook Kantor). "
        "Facebook Kantor menolak gambarnya. Ganti medianya, lalu ajukan lagi."
    )
    (mail,) = mails_to(desk.world.editor)
    assert mail.subject == f"Gagal tayang: {post.story.title} (Facebook Kantor)"
    assert "Ganti medianya, lalu ajukan lagi." in mail.text
    assert f"Buka publikasi:\nhttp://localhost/publikasi/{post.id}" in mail.text
    assert len(box.messages) == 2, "the mails are out as well"
    db.session.refresh(delivery)
    assert delivery.told_at is not None


def test_reports_of_the_same_seconds_are_one_job(desk: NewsDesk) -> None:
    with clock.moved_to(datetime.fromisoformat("2026-11-02T03:00:01+00:00")):
        for _again in range(5):
            services.report(desk.world.office.id)
        (job,) = tell_jobs()
        assert timedelta() < job.due_at - clock.now() <= timedelta(seconds=15)
    with clock.moved_to(datetime.fromisoformat("2026-11-02T03:00:11+00:00")):
        services.report(desk.world.office.id)
    assert len(tell_jobs()) == 2


def test_what_was_reported_too_late_for_its_job_is_found(desk: NewsDesk) -> None:
    stopped(a_post(desk), S.FAILED)
    db.session.commit()
    assert (services.enqueue_untold(), services.enqueue_untold()) == (1, 0)
    db.session.commit()
    runner.run_due()
    assert told(K.POST_FAILED)
    assert services.enqueue_untold() == 0


@pytest.mark.parametrize(
    ("state", "kind", "sentence", "asked"),
    [
        (S.LATE, K.POST_LATE, "Terlambat tayang, perlu keputusan Anda: ", "tayangkan sekarang atau batalkan"),
        (S.UNKNOWN, K.POST_UNCERTAIN, "Belum pasti sudah tayang atau tidak, periksa di kanalnya: ", "ini tautannya"),
        (S.NEEDS_REAUTH, K.POST_WAITS, "Belum tayang, akunnya perlu disambungkan ulang: ", "Minta admin"),
        (S.HELD, K.POST_HELD, "Tidak tayang karena belum disetujui: ", "belum disetujui"),
    ],
)  # fmt: skip
def test_each_stop_has_its_own_words_and_one_next_step(
    desk: NewsDesk, box: Box, state: S, kind: K, sentence: str, asked: str
) -> None:
    post = a_post(desk)
    stopped(post, state)
    tell(desk)
    assert told(kind) == ids(desk.world.editor, desk.world.other_editor)
    assert sentences(desk.world.editor) == [f"{sentence}{post.story.title} (Facebook Kantor)"]
    assert asked in mails_to(desk.world.editor)[0].text


def test_who_is_to_decide_hears_what_is_held_for_it(desk: NewsDesk) -> None:
    post = a_post(desk)
    desk.submit(post.story)
    stopped(post, S.HELD)
    tell(desk)
    assert told(K.POST_HELD) == ids(desk.world.editor, desk.world.other_editor, desk.world.approver)


def test_pauses_and_quotas_call_nobody(desk: NewsDesk) -> None:
    delivery = stopped(a_post(desk), S.QUOTA_WAIT)
    for reason in ("quota_wait", "paused"):
        emit(PostWaits(delivery.id, delivery.post_id, reason))
    assert tell_jobs() == []
    tell(desk)
    assert told(K.POST_WAITS) == set()


# Once


def test_told_once_and_again_only_for_a_new_trouble(desk: NewsDesk) -> None:
    delivery = stopped(a_post(desk), S.FAILED, error="Satu.")
    row_version = delivery.row_version
    for _again in range(3):
        tell(desk)
    assert len(sentences(desk.world.editor)) == 1
    db.session.refresh(delivery)
    assert delivery.row_version == row_version, "nobody's open page goes stale for it"
    delivery.state = S.PREPARING
    failing.fail(delivery, "Dua.")
    tell(desk)
    assert [s.rpartition(" ")[2] for s in sentences(desk.world.editor)] == ["Dua.", "Satu."]


def test_a_job_that_lost_its_lease_or_died_tells_nobody(desk: NewsDesk) -> None:
    stopped(a_post(desk), S.FAILED)
    services.report(desk.world.office.id)
    (job,) = tell_jobs()
    db.session.commit()
    with lease.held(lease.Lease(job.id, "somebody else's")), pytest.raises(lease.LeaseLost):
        services.tell_troubles(job.ref)
    db.session.rollback()
    services.tell_troubles(job.ref)
    db.session.rollback()  # died before its commit
    assert sentences(desk.world.editor) == []
    tell(desk)
    assert len(sentences(desk.world.editor)) == 1


def test_what_is_gone_or_has_gone_on_is_not_told(desk: NewsDesk) -> None:
    removed, retried = many(desk, [S.FAILED, S.FAILED])
    removed.post.removed_at = clock.now()
    retried.post.generation += 1
    tell(desk)
    assert sentences(desk.world.editor) == []
    assert services.enqueue_untold() == 0


# One message


def test_two_hundred_late_posts_are_one_notice_and_one_mail(
    desk: NewsDesk, box: Box, statements: QueryCount
) -> None:
    many(desk, [S.LATE] * 2)
    db.session.commit()
    statements.reset()
    tell(desk)
    few = len(statements)
    many(desk, [*[S.LATE] * 197, S.FAILED, S.FAILED, S.UNKNOWN])
    db.session.commit()
    statements.reset()
    assert tell(desk) is None
    assert len(statements) <= few + 2
    for person in (desk.world.editor, desk.world.other_editor):
        assert len(sentences(person)) == len(mails_to(person)) == 2
        assert sentences(person)[0] == "200 publikasi tidak tayang: 197 terlambat, 2 gagal, 1 belum pasti"
    mail = mails_to(desk.world.editor)[1]
    assert mail.subject == "200 publikasi tidak tayang: 197 terlambat, 2 gagal, 1 belum pasti"
    assert "Buka daftar publikasi:\nhttp://localhost/publikasi/\n" in mail.text


def test_a_worker_that_was_away_for_two_days_sends_one_message(desk: NewsDesk, box: Box) -> None:
    start = clock.now()
    for _n in range(12):
        desk.going_out("facebook")
    with clock.moved_to(start + timedelta(days=2)):
        begun = clock.now()
        for _round in range(12):
            runner.run_next([Priority.POSTS])
            with clock.moved_to(clock.now() + timedelta(seconds=20)):
                runner.run_next([Priority.TIMETABLE])
        assert of_troubles(desk.world.editor) == []
        with clock.moved_to(begun + timedelta(seconds=30)):
            runner.run_due()
            runner.run_due()
    late = db.session.scalars(select(Delivery).where(Delivery.state == S.LATE)).all()
    assert len(late) == 12
    assert of_troubles(desk.world.editor) == ["12 publikasi tidak tayang: 12 terlambat"]


def busy(desk: NewsDesk) -> Job:
    return outbox.enqueue(
        "publishing.publish", 0, office_id=desk.world.office.id, key=f"busy:{next(NUMBERS)}"
    )


def test_while_more_is_coming_it_waits_but_less_than_a_minute(desk: NewsDesk) -> None:
    stopped(a_post(desk), S.FAILED)
    busy(desk)
    again = tell(desk)
    assert again is not None
    assert again <= timedelta(seconds=10)
    assert sentences(desk.world.editor) == []
    with clock.moved_to(clock.now() + timedelta(seconds=41)):
        tell(desk)
    assert len(sentences(desk.world.editor)) == 1


def test_of_several_jobs_one_keeps_waiting(desk: NewsDesk) -> None:
    stopped(a_post(desk), S.FAILED)
    busy(desk)
    services.report(desk.world.office.id)
    assert tell(desk) is None, "the job that is queued takes over"


def test_an_account_that_fails_with_a_hundred_posts_due_is_told_three_times_and_then_once_more(
    desk: NewsDesk,
) -> None:
    """Its server is down: from then on the rest of it says nothing new."""
    job, at = busy(desk), clock.now()
    for times in (1, 2, 3):
        with clock.moved_to(at):
            many(desk, [S.FAILED], code="transient")
        at += timedelta(seconds=41)
        with clock.moved_to(at):
            tell(desk)
            assert len(sentences(desk.world.editor)) == times, "within a minute"
    with clock.moved_to(at + timedelta(seconds=5)):
        many(desk, [S.FAILED] * 97, code="transient")
    with clock.moved_to(at + timedelta(minutes=5)):
        tell(desk)
        assert len(sentences(desk.world.editor)) == 3, "they know, and it is not over"
        job.state = JobState.DONE
        tell(desk)
        assert sentences(desk.world.editor)[0] == "97 publikasi tidak tayang: 97 gagal"


def test_a_lone_late_post_is_told_within_a_minute_and_several_together(desk: NewsDesk) -> None:
    busy(desk)
    many(desk, [S.LATE])
    with clock.moved_to(clock.now() + timedelta(seconds=41)):
        tell(desk)
        assert len(sentences(desk.world.editor)) == 1
        many(desk, [S.LATE] * 2)
        with clock.moved_to(clock.now() + timedelta(seconds=41)):
            tell(desk)
            assert len(sentences(desk.world.editor)) == 1, "a worker was away, and is still going through it"
        with clock.moved_to(clock.now() + timedelta(minutes=4)):
            tell(desk)
            assert len(sentences(desk.world.editor)) == 2


def test_a_quota_of_which_nobody_knows_the_end_is_told_at_once(desk: NewsDesk, box: Box) -> None:
    delivery = stopped(a_post(desk), S.PREPARING)
    failing.wait(
        delivery,
        M.AWAIT_QUOTA,
        "Saldo habis.",
        code=QUOTA_WITHOUT_END,
        until=clock.now() + timedelta(hours=1),
    )
    failing.wait(
        delivery,
        M.AWAIT_QUOTA,
        "Saldo habis.",
        code=QUOTA_WITHOUT_END,
        until=clock.now() + timedelta(hours=2),
    )
    assert len(tell_jobs()) == 1
    tell(desk)
    assert told(K.POST_NO_QUOTA) == ids(desk.world.editor, desk.world.other_editor)
    assert sentences(desk.world.editor)[0].startswith("Belum tayang, kuota kanalnya habis: ")
    assert "Saldo habis. Bila mendesak, unggah sendiri" in mails_to(desk.world.editor)[0].text


def test_the_mail_of_a_trouble_goes_before_all_other_mail(desk: NewsDesk, box: Box) -> None:
    services.notify(
        [desk.world.editor], K.TASK_OFFERED, office_id=desk.world.office.id, subject=("story", 1), key="lain", title="Lain"
    )  # fmt: skip
    stopped(a_post(desk), S.FAILED)
    tell(desk)
    mails = db.session.scalars(
        select(Job).where(Job.kind == "notifications.send_mail").order_by(Job.id)
    ).all()
    assert mails[0].priority == Priority.ORDINARY
    assert {m.priority for m in mails[1:]} == {Priority.TIMETABLE}


def test_a_summary_is_off_the_lists_once_nothing_is_wrong_any_more(desk: NewsDesk) -> None:
    first, second = many(desk, [S.FAILED, S.UNKNOWN])
    tell(desk)
    first.state = S.CANCELLED
    db.session.flush()
    assert services.settle_summaries() == 0
    assert len(sentences(desk.world.editor, unread=True)) == 1
    second.state = S.PUBLISHED
    second.published_at = clock.now()
    db.session.flush()
    assert services.settle_summaries() == 1
    assert sentences(desk.world.editor, unread=True) == []


@pytest.mark.parametrize("decided", [PostScheduled, PostUnscheduled, PostRemoved])
def test_what_somebody_decided_about_is_asked_no_longer(desk: NewsDesk, decided: type) -> None:
    delivery = stopped(a_post(desk), S.FAILED)
    tell(desk)
    assert len(sentences(desk.world.editor, unread=True)) == 1
    given = {"post_id": delivery.post_id, "actor_id": desk.world.editor.id}
    emit(decided(**given, **({"due_at": clock.now()} if decided is PostScheduled else {})))
    assert sentences(desk.world.editor, unread=True) == []


@pytest.mark.parametrize(
    ("state", "first", "second"),
    [
        (S.FAILED, "transient", "auth_revoked"),
        (S.FAILED, "transient", "transient"),
        (S.FAILED, "invalid", "media_rejected"),
        (S.FAILED, "invalid", "invalid"),
        (S.UNKNOWN, "outcome_unknown", "outcome_unknown"),
        (S.HELD, "", ""),
    ],
)
def test_another_trouble_of_a_known_account_is_told_within_a_minute(
    desk: NewsDesk, state: S, first: str, second: str
) -> None:
    stopped(a_post(desk), state, code=first)
    tell(desk)
    busy(desk)
    with clock.moved_to(clock.now() + timedelta(minutes=2)):
        many(desk, [state], code=second)
        tell(desk)
        assert len(sentences(desk.world.editor)) == 1, "more may be coming"
        with clock.moved_to(clock.now() + timedelta(seconds=41)):
            tell(desk)
            assert len(sentences(desk.world.editor)) == 2


def test_more_than_fits_is_told_right_after(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST >= 1000
    monkeypatch.setattr("humasflow.notifications.services.troubles.MOST", 3)
    many(desk, [S.LATE] * 5)
    assert tell(desk) is not None
    assert tell(desk) is None
    assert [s.split(":")[0] for s in sentences(desk.world.editor)] == [
        "2 publikasi tidak tayang", "3 publikasi tidak tayang",
    ]  # fmt: skip


# To whom


def test_of_a_confidential_story_only_the_named_hear_and_the_mail_does_not_name_it(
    desk: NewsDesk, box: Box
) -> None:
    post = a_post(desk)
    post.story.is_confidential = True
    db.session.add(StoryReader(story_id=post.story_id, user_id=desk.world.editor.id, added_at=clock.now()))
    stopped(post, S.FAILED, error="Sebab yang rahasia.")
    tell(desk)
    assert told(K.POST_FAILED) == ids(desk.world.editor)
    (mail,) = mails_to(desk.world.editor)
    assert mail.subject == "Gagal tayang: naskah rahasia"
    assert "Sebab yang rahasia." not in mail.text
    assert post.story.title not in mail.text
    stopped(a_post(desk), S.FAILED)
    post.generation += 1
    stopped(post, S.FAILED)
    tell(desk)
    assert sentences(desk.world.editor)[0] == "2 publikasi tidak tayang: 2 gagal"
    assert sentences(desk.world.other_editor)[0].startswith("Gagal tayang: "), (
        "the other one is all they know of"
    )


def test_other_offices_hear_nothing(desk: NewsDesk) -> None:
    stopped(a_post(desk), S.FAILED)
    tell(desk)
    heard_in = set(db.session.scalars(select(Notification.office_id)))
    assert heard_in == {desk.world.office.id}


def test_mail_goes_only_to_those_who_want_it(desk: NewsDesk, box: Box) -> None:
    desk.world.other_editor.wants_email = False
    many(desk, [S.FAILED, S.LATE])
    tell(desk)
    assert told(K.POSTS_IN_TROUBLE) == ids(desk.world.editor, desk.world.other_editor)
    assert (len(mails_to(desk.world.editor)), len(mails_to(desk.world.other_editor))) == (1, 0)


def test_whose_consent_ended_is_not_said_in_a_mail(desk: NewsDesk, box: Box) -> None:
    stopped(a_post(desk), S.FAILED, error="Izin Budi sudah berakhir.", code="blocked")
    tell(desk)
    assert "Izin Budi sudah berakhir." in sentences(desk.world.editor)[0]
    assert "Budi" not in mails_to(desk.world.editor)[0].text


# Live posts


def test_what_goes_wrong_with_a_live_post_is_told_and_the_post_stays(desk: NewsDesk, box: Box) -> None:
    delivery = stopped(a_post(desk), S.PUBLISHED)
    delivery.comment_state, delivery.follow_up_error = FollowUp.UNKNOWN, "Kanal tidak menjawab."
    emit(FollowUpFailed(delivery.id, delivery.post_id, what="comment"))
    (job,) = tell_jobs()
    services.tell_troubles(job.ref)
    assert sentences(desk.world.editor)[0].endswith(
        "Komentar pertamanya perlu diperiksa. Kanal tidak menjawab."
    )
    assert "tetap tayang" in mails_to(desk.world.editor)[0].text


def test_a_report_in_seconds_that_were_before_the_clock_was_set_back_is_heard(desk: NewsDesk) -> None:
    delivery = stopped(a_post(desk), S.PUBLISHED)
    services.report(desk.world.office.id, live=True)
    (job,) = tell_jobs()
    job.state = JobState.DONE
    with clock.moved_to(job.due_at - timedelta(seconds=5)):
        delivery.retract_state = FollowUp.FAILED
        services.report(desk.world.office.id, live=True)
        services.report(desk.world.office.id, live=True)
    assert JobState.QUEUED in {j.state for j in tell_jobs()[1:]}


def test_what_somebody_else_is_changing_is_looked_at_again(
    desk: NewsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = stopped(a_post(desk), S.PUBLISHED)
    delivery.retract_state = FollowUp.FAILED
    with monkeypatch.context() as locked:  # PostgreSQL leaves such a row out
        locked.setattr("humasflow.notifications.services.troubles.take_untold", lambda *_a, **_k: [])
        assert tell(desk, live=True) is not None
    assert tell(desk, live=True) is None
    assert told(K.FOLLOW_UP_FAILED)
    assert tell(desk, live=True) is None


def test_what_went_wrong_with_a_live_post_and_no_job_tells_is_found(desk: NewsDesk) -> None:
    """Its job gave up, or whoever reported it committed late."""
    delivery = stopped(a_post(desk), S.PUBLISHED)
    assert services.enqueue_untold() == 0
    delivery.correct_state = FollowUp.FAILED
    db.session.flush()
    assert services.enqueue_untold() == 1
    assert services.enqueue_untold() == 0, "there is one"
    (job,) = tell_jobs()
    services.tell_troubles(job.ref)
    job.state = JobState.DONE
    assert told(K.FOLLOW_UP_FAILED)
    assert services.enqueue_untold() == 0


def test_finding_them_looks_at_few_rows(desk: NewsDesk) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole, whatever indexes there are")
    asked: list[tuple[str, Any]] = []

    def see(_connection: object, _cursor: object, statement: str, given: object, *_more: object) -> None:
        asked.append((statement, given))

    event.listen(db.engine, "before_cursor_execute", see)
    try:
        services.enqueue_untold()
        services.remind_by_hand()
    finally:
        event.remove(db.engine, "before_cursor_execute", see)
    connection = db.session.connection()
    for words, index in (
        (LIVE_TROUBLE_UNTOLD, "ix_delivery_live_trouble"), (BY_HAND, "ix_delivery_by_hand"),
    ):  # fmt: skip
        statement, given = next((s, g) for s, g in asked if words in s)
        plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all())
        assert index in plan


def test_a_link_that_is_gone_is_told(desk: NewsDesk) -> None:
    delivery = stopped(a_post(desk), S.PUBLISHED)
    delivery.link_state = LinkState.GONE
    emit(LinkGone(delivery.id, delivery.post_id))
    tell(desk, live=True)
    assert told(K.POST_LINK_GONE) == ids(desk.world.editor, desk.world.other_editor)
    emit(PostRetracted(delivery.id, delivery.post_id, desk.world.editor.id, "Salah"))
    assert sentences(desk.world.editor, unread=True) == []


def test_a_removal_by_hand_asks_the_assignee_or_everybody_who_may(desk: NewsDesk) -> None:
    world = desk.world
    first, second = (stopped(a_post(desk, a), S.PUBLISHED) for a in ("facebook", "instagram"))
    emit(RemovalDue(first.id, first.post_id, world.other_editor.id))
    emit(RemovalDue(first.id, first.post_id, world.other_editor.id))
    assert told(K.REMOVAL_DUE) == ids(world.other_editor)
    assert sentences(world.other_editor) == [
        f"Perlu dihapus dari kanalnya: {first.post.story.title} (Facebook Kantor)"
    ]
    emit(RemovalDue(second.id, second.post_id, None))
    assert told(K.REMOVAL_DUE) == ids(world.editor, world.other_editor)
    emit(PostRetracted(first.id, first.post_id, world.other_editor.id, "Salah"))
    assert len(sentences(world.other_editor, unread=True)) == 1


# Connections


def test_a_broken_connection_says_what_waits_to_those_who_mend_it_and_to_editors(
    desk: NewsDesk, box: Box
) -> None:
    world = desk.world
    _story, (post,) = desk.going_out("facebook", at=clock.now() + timedelta(hours=1))
    connect(world.facebook, "facebook").state = ConnectionState.NEEDS_REAUTH
    emit(ConnectionBroken(world.facebook.id, "auth_revoked"))
    assert told(K.CONNECTION_BROKEN) == ids(world.admin, world.editor, world.other_editor)
    assert sentences(world.admin)[0] == "Facebook Kantor perlu disambungkan ulang. 1 publikasi menunggu."
    mended_by, waiting = mails_to(world.admin)[-1].text, mails_to(world.editor)[-1].text
    assert f"/pengaturan/kanal/{world.facebook.id}" in mended_by
    assert "Sambungkan ulang akun ini" in mended_by and "admin" not in mended_by.partition("http")[0]
    assert "http://localhost/publikasi/\n" in waiting
    assert "Sesudah admin menyambungkannya ulang" in waiting
    delivery = stopped(post, S.NEEDS_REAUTH)
    emit(PostWaits(delivery.id, post.id, "needs_reauth"))
    tell(desk)
    assert told(K.POST_WAITS) == set(), "they have just heard of it"
    emit(ConnectionMade(world.facebook.id, world.admin.id))
    for person in (world.admin, world.editor):
        assert not [s for s in sentences(person, unread=True) if "disambungkan" in s]


@pytest.mark.parametrize(("days", "when"), [(14, "dalam 14 hari"), (7, "dalam 7 hari"), (1, "dalam 1 hari")])
def test_a_permission_that_ends_is_told_to_those_who_can_renew_it(
    desk: NewsDesk, box: Box, days: int, when: str
) -> None:
    emit(ConnectionExpiring(desk.world.facebook.id, days))
    assert told(K.CONNECTION_EXPIRING) == ids(desk.world.admin)
    assert sentences(desk.world.admin)[0] == (
        f"Izin Facebook Kantor berakhir {when}. Sambungkan ulang sebelum itu."
    )
    assert when in mails_to(desk.world.admin)[0].text


def test_pausing_and_resuming_are_told_to_the_other_editors(desk: NewsDesk) -> None:
    world = desk.world
    world.facebook.pause_reason = "Akun diretas"
    emit(AccountPaused(world.facebook.id, world.editor.id))
    emit(AccountResumed(world.facebook.id, world.editor.id))
    assert told(K.ACCOUNT_PAUSED) == told(K.ACCOUNT_RESUMED) == ids(world.other_editor)
    assert sentences(world.other_editor) == [
        "Redaktur Satu melanjutkan Facebook Kantor. Yang menunggu segera diproses.",
        "Redaktur Satu menjeda Facebook Kantor. Publikasinya menunggu sampai dilanjutkan. Alasan: Akun diretas",
    ]
