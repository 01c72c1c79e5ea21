"""Bringing what was planned to its person when its time has come: one by one, or several as one message.

A mail is one transaction: composed, queued and marked. Other ways commit before they ask a server, and are safe to
repeat under the message's key.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from flask_babel import force_locale
from sqlalchemy import delete, select, update

from humasflow.accounts.models import User
from humasflow.core.db import database_now, db
from humasflow.notifications.composing import has_words
from humasflow.notifications.digests import MOST, Item, compose_digest, heading_of
from humasflow.notifications.links import path_of, path_of_subject
from humasflow.notifications.models import MailSettings, Notification
from humasflow.notifications.reaching import REACHES, Message
from humasflow.notifications.routing.choosing import DECISIONS
from humasflow.notifications.routing.enums import DeliveryState, NoticeChannel, NoticeMode
from humasflow.notifications.routing.models import NoticeDelivery
from humasflow.notifications.services.mailing import queue_mail, queue_notice_mail
from humasflow.orgs.models import Unit
from humasflow.outbox import lease
from humasflow.outbox import services as outbox
from humasflow.outbox.enums import JobState
from humasflow.outbox.handling import RetryLater
from humasflow.outbox.models import Job
from humasflow.stories.models import Story, StoryReader
from humasflow.stories.visibility import is_closed

DELIVER: Final = "notifications.deliver"
ENOUGH: Final = 3  # so many at one moment are one message
AT_ONCE: Final = 500  # deliveries of one look; what is more is looked at again
KEPT: Final = timedelta(days=90)
OVERDUE: Final = timedelta(minutes=3)
GIVEN_UP: Final = timedelta(days=2)
STRETCH: Final = 600  # seconds


class _Due(NamedTuple):
    delivery: NoticeDelivery
    notice: Notification
    item: Item
    says: str
    story_id: int | None


def ref_of_one(delivery_id: int) -> str:
    """The reference of the job for one delivery."""
    return f"d{delivery_id}"


def ref_of_moment(user_id: int, office_id: int, channel: NoticeChannel, due_at: datetime) -> str:
    """The reference of the job for all that is due to a person by one way at one moment."""
    return f"m{user_id}.{office_id}.{channel}.{int(due_at.timestamp())}"


def deliver(ref: str) -> timedelta | None:
    """The job. Commits where a server is asked. Raises RetryLater."""
    lease.keep()
    rows = _list_due(ref)
    if not rows:
        return None
    first = rows[0][0]
    user, office = db.session.get_one(User, first.user_id), db.session.get_one(Unit, first.office_id)
    due = _sort_out(rows, user)
    if due:
        with force_locale(user.locale):
            if first.channel is NoticeChannel.MAIL:
                _mail(due, user, office)
            else:
                _say(due, user, office, first.channel)
    return timedelta() if len(rows) == AT_ONCE else None


def _list_due(ref: str) -> Sequence[tuple[NoticeDelivery, Notification]]:
    statement = (
        select(NoticeDelivery, Notification)
        .join(Notification, Notification.id == NoticeDelivery.notification_id)
        .where(NoticeDelivery.state == DeliveryState.WAITING, NoticeDelivery.due_at <= database_now())
        .order_by(NoticeDelivery.id)
        .limit(AT_ONCE)
        .with_for_update(of=NoticeDelivery)
    )
    if ref.startswith("d"):
        statement = statement.where(NoticeDelivery.id == int(ref[1:]))
    else:
        user_id, office_id, channel, *_rest = ref[1:].split(".")
        statement = statement.where(
            NoticeDelivery.user_id == int(user_id), NoticeDelivery.office_id == int(office_id),
            NoticeDelivery.channel == NoticeChannel(channel),
        )  # fmt: skip
    return [(row[0], row[1]) for row in db.session.execute(statement)]


# What of it is still to be said


def _sort_out(rows: Sequence[tuple[NoticeDelivery, Notification]], user: User) -> list[_Due]:
    stories = {n.params["story"] for _d, n in rows if "story" in n.params}
    closed, named = _confidential(stories, user.id)
    kept: list[_Due] = []
    for delivery, notice in rows:
        story_id = notice.params.get("story")
        secret = story_id in closed and notice.subject_type != "pitch"
        if not _is_wanted(delivery, notice, user) or (secret and story_id not in named):
            _close([delivery], DeliveryState.SKIPPED)
            continue
        item = Item(
            notice.kind, "" if secret else notice.params["title"], notice.params["actor"],
            (notice.subject_type, notice.subject_id),
        )  # fmt: skip
        kept.append(_Due(delivery, notice, item, "" if secret else notice.params.get("says", ""), story_id))
    return kept


def _is_wanted(delivery: NoticeDelivery, notice: Notification, user: User) -> bool:
    """Not settled meanwhile; not read, unless it waits for a decision, which reading does not make."""
    if notice.settled_at is not None or not user.is_active or user.is_sample:
        return False
    if delivery.channel is NoticeChannel.MAIL and not user.wants_email:
        return False
    return notice.read_at is None or notice.kind in DECISIONS


def _confidential(story_ids: set[int], user_id: int) -> tuple[set[int], set[int]]:
    """Which of the stories are closed now, and of those the ones whose named reader the person is."""
    if not story_ids:
        return set(), set()
    stories = db.session.scalars(select(Story).where(Story.id.in_(story_ids)))
    closed = {story.id for story in stories if is_closed(story)}
    named = (
        set(
            db.session.scalars(
                select(StoryReader.story_id).where(
                    StoryReader.story_id.in_(closed), StoryReader.user_id == user_id
                )
            )
        )
        if closed
        else set()
    )
    return closed, named


def _close(deliveries: Sequence[NoticeDelivery], state: DeliveryState, error: str = "") -> None:
    db.session.execute(
        update(NoticeDelivery)
        .where(
            NoticeDelivery.id.in_([d.id for d in deliveries]), NoticeDelivery.state == DeliveryState.WAITING
        )
        .values(state=state, done_at=database_now(), error=error[:300])
        .execution_options(synchronize_session=False)
    )


# The ways


def _is_one_message(due: Sequence[_Due]) -> bool:
    return len(due) >= ENOUGH or any(d.delivery.mode is NoticeMode.DIGEST for d in due)


def _mail(due: Sequence[_Due], user: User, office: Unit) -> None:
    settings = db.session.get(MailSettings, office.id)
    if settings is None:
        _close([d.delivery for d in due], DeliveryState.SKIPPED)
        return
    if _is_one_message(due):
        _queue_digest(settings, due, user, office)
    else:
        for one in due:
            if not has_words(one.notice.kind):
                _queue_digest(settings, [one], user, office)
                continue
            queue_notice_mail(
                [(one.notice.id, user)], one.notice.kind, office_id=office.id, subject=one.item.subject,
                title=one.item.title, actor_name=one.item.actor, story_id=one.story_id, says=one.says,
            )  # fmt: skip
    _close([d.delivery for d in due], DeliveryState.SENT)


def _queue_digest(settings: MailSettings, due: Sequence[_Due], user: User, office: Unit) -> None:
    queue_mail(
        settings, to=user.email, user_id=user.id, key=f"digest:{due[0].delivery.id}",
        letter=compose_digest([d.item for d in due], user=user, office=office),
        is_pressing=any(d.notice.kind.is_trouble for d in due),
    )  # fmt: skip


def _say(due: Sequence[_Due], user: User, office: Unit, channel: NoticeChannel) -> None:
    reach = REACHES.get(channel)
    if reach is None:
        _close([d.delivery for d in due], DeliveryState.SKIPPED)
        return
    groups = [due] if _is_one_message(due) else [[one] for one in due]
    # Everything is read now: sending commits, and what was read before is stale then.
    work = [([d.delivery.id for d in group], _message(group, user, office)) for group in groups]
    last = _is_last_try()
    for ids, message in work:
        try:
            reach.send(message)
        except RetryLater as later:
            _note(ids, DeliveryState.FAILED if later.final or last else None, str(later))
            raise
        _note(ids, DeliveryState.SENT)


def _message(group: Sequence[_Due], user: User, office: Unit) -> Message:
    items = [d.item for d in group]
    single = len(items) == 1
    return Message(
        key=f"delivery:{group[0].delivery.id}", user_id=user.id, office_id=office.id, office_name=office.short_name,
        locale=user.locale, heading=office.short_name if single else heading_of(items),
        lines=tuple(i.line for i in items[:MOST]),
        path=path_of_subject(*items[0].subject) if single else path_of("notifications.inbox"),
        is_pressing=any(d.notice.kind.is_trouble for d in group),
    )  # fmt: skip


def _note(ids: Sequence[int], state: DeliveryState | None, error: str = "") -> None:
    """What became of these, as long as the job is ours. Commits."""
    lease.keep()
    values = (
        {"error": error[:300]}
        if state is None
        else {"state": state, "done_at": database_now(), "error": error[:300]}
    )
    db.session.execute(
        update(NoticeDelivery)
        .where(NoticeDelivery.id.in_(list(ids)), NoticeDelivery.state == DeliveryState.WAITING)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()


def _is_last_try() -> bool:
    held = lease.current()
    job = db.session.get(Job, held.job_id) if held is not None else None
    return job is not None and job.attempts >= job.max_attempts


# What the worker does by itself


def enqueue_undelivered() -> int:
    """Find what is overdue and has no job: whoever planned it committed after its moment, or its job gave up. After two
    days it has failed. Returns how many people and ways are tried again. Flushes.
    """
    now = database_now()
    overdue = NoticeDelivery.state == DeliveryState.WAITING, NoticeDelivery.due_at < now - OVERDUE
    db.session.execute(
        update(NoticeDelivery)
        .where(*overdue, NoticeDelivery.due_at < now - GIVEN_UP)
        .values(state=DeliveryState.FAILED, done_at=now)
        .execution_options(synchronize_session=False)
    )
    late = db.session.execute(
        select(
            NoticeDelivery.id, NoticeDelivery.user_id, NoticeDelivery.office_id, NoticeDelivery.channel,
            NoticeDelivery.due_at,
        )
        .where(*overdue)
        .order_by(NoticeDelivery.due_at, NoticeDelivery.id)
        .limit(AT_ONCE)
    ).all()  # fmt: skip
    if not late:
        return 0
    refs = {ref for row in late for ref in (ref_of_one(row.id), ref_of_moment(*row[1:]))}
    busy = set(
        db.session.scalars(
            select(Job.ref).where(
                Job.kind == DELIVER, Job.state.in_((JobState.QUEUED, JobState.RUNNING)), Job.ref.in_(refs)
            )
        )
    )
    # One try in so many minutes: the reference, and with it the job's key, is of this stretch of time.
    stretch = datetime.fromtimestamp(now.timestamp() // STRETCH * STRETCH, UTC)
    again = {
        (row.user_id, row.office_id, row.channel)
        for row in late
        if not busy & {ref_of_one(row.id), ref_of_moment(*row[1:])}
    }
    for user_id, office_id, channel in sorted(again):
        outbox.enqueue_many(
            DELIVER,
            [(f"{ref_of_moment(user_id, office_id, channel, stretch)}.again", now)],
            office_id=office_id,
        )
    return len(again)


def prune_deliveries() -> int:
    """Forget what was delivered long ago. Returns how many. Flushes."""
    gone = db.session.execute(
        delete(NoticeDelivery)
        .where(
            NoticeDelivery.created_at < database_now() - KEPT, NoticeDelivery.state != DeliveryState.WAITING
        )
        .returning(NoticeDelivery.id)
    )
    return len(gone.all())
