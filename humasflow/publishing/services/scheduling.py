"""The job of a post follows its time: one job for a post and generation, rebuildable from the database."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, String, and_, cast, literal, or_, select

from humasflow.core.db import database_now, db
from humasflow.outbox import queries as outbox
from humasflow.outbox import services as jobs
from humasflow.outbox.enums import JobState, Priority
from humasflow.outbox.models import Job
from humasflow.posts.models import Post
from humasflow.publishing import queries
from humasflow.publishing.embargo import due_of
from humasflow.publishing.enums import DeliveryMove
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.models import Delivery
from humasflow.publishing.policy import ON_ITS_WAY, WAITS_FOR_CHANNEL, is_let_in
from humasflow.publishing.progress import Progress, keep_progress, progress_of
from humasflow.publishing.services.moving import move
from humasflow.publishing.workflow import DELIVERY
from humasflow.stories.enums import GONE

PUBLISH = "publishing.publish"
STEPS_KEPT: Final = timedelta(hours=12)  # what channels were given before that, they may have forgotten
# A job may take these up by itself; the others wait for a person.
WAITING = frozenset({S.QUEUED, S.HELD, *WAITS_FOR_CHANNEL})
# What job_key makes, in SQL.
KEY = literal("publish:") + cast(Post.id, String) + literal(":") + cast(Post.generation, String)


def job_key(post: Post) -> str:
    """One job a post and generation, ever."""
    return f"publish:{post.id}:{post.generation}"


def is_current() -> ColumnElement[bool]:
    """Joins a post with the delivery of its present generation."""
    return and_(Delivery.post_id == Post.id, Delivery.generation == Post.generation)


def with_something_left(story_ids: Iterable[int]) -> set[int]:
    """Those of these stories that have a post which is not taken down, or for which a job stands. One statement."""
    return set(
        db.session.scalars(
            select(Post.story_id)
            .outerjoin(Delivery, is_current())
            .outerjoin(Job, Job.key == KEY)
            .where(
                Post.story_id.in_(set(story_ids)), Post.removed_at.is_(None),
                or_(Delivery.id.is_(None), Delivery.state != S.RETRACTED, Job.id.is_not(None)),
            )
        )
    )  # fmt: skip


def sync_job(post: Post) -> None:
    """Make the outbox say what the post says: due at its time, or nothing to do. Safe to repeat. What is on its way is
    brought to its end by the job that began it.
    """
    sync_job_of(post, queries.get_current_delivery(post))


def sync_job_of(post: Post, delivery: Delivery | None) -> None:
    """The same for whoever has read the post's present delivery already."""
    job = outbox.get_by_key(job_key(post))
    if delivery is not None and _is_under_way(post, delivery):
        return
    due_at = _due(post, delivery)
    if due_at is None:
        if job is not None:
            jobs.cancel(job)
        return
    if job is None:
        _enqueue(post, due_at)
    elif job.state is not JobState.QUEUED or job.due_at != due_at:
        _reschedule(job, post, due_at)


def _is_under_way(post: Post, delivery: Delivery) -> bool:
    """What was sent is brought to its end by its job, whatever becomes of the story; the rest only while it may."""
    is_asked_for = delivery.state is S.UNKNOWN and delivery.next_at is not None
    if delivery.state is S.COMMITTING or is_asked_for:
        return True
    return delivery.state in ON_ITS_WAY and post.story.state not in GONE


def _due(post: Post, delivery: Delivery | None) -> datetime | None:
    """When the job is to look at the post; None when nothing but a person can move it."""
    due_at = due_of(post)
    if due_at is None or post.removed_at is not None or (delivery and delivery.state not in WAITING):
        return None
    if delivery is not None and delivery.state in WAITS_FOR_CHANNEL:
        if post.account.paused_at is not None or not is_let_in(post.account):
            return None
        return max(due_at, delivery.next_at) if delivery.next_at is not None else due_at
    return due_at


def _enqueue(post: Post, due_at: datetime) -> None:
    """What goes out goes before everything else, and what one account sends goes one after the other."""
    jobs.enqueue(
        PUBLISH, post.id, office_id=post.office_id, due_at=due_at, key=job_key(post),
        lane=_lane_of(post), priority=Priority.POSTS,
    )  # fmt: skip


def _lane_of(post: Post) -> str:
    return f"account:{post.account_id}"


def _reschedule(job: Job, post: Post, due_at: datetime) -> None:
    """To another time. Also a job that an earlier version made, or that ran meanwhile, has its place among the others:
    from here on it waits, so its lane may be named.
    """
    job.lane, job.priority = _lane_of(post), int(Priority.POSTS)
    jobs.reschedule(job, due_at=due_at)


def reopen(post: Post, delivery: Delivery | None) -> Delivery | None:
    """A new time has been given: what stood in the way of going out is past. Returns the delivery that is the present
    one then.

    The generation rises only after a retraction or a confirmed absence: in every other case nothing has been sent,
    and the same delivery waits again.
    """
    if delivery is None:
        return None
    sent_and_absent = delivery.state is S.FAILED and delivery.committing_at is not None
    if delivery.state is S.RETRACTED or sent_and_absent:
        post.generation += 1
        db.session.flush()
        return None
    requeue(delivery)
    return delivery


def wake(post: Post) -> None:
    """Have the post looked at now, whatever its job did last. Flushes."""
    job = outbox.get_by_key(job_key(post))
    if job is None:
        _enqueue(post, database_now())
    elif job.state is not JobState.RUNNING:
        _reschedule(job, post, database_now())


def requeue(delivery: Delivery) -> None:
    """Back to waiting; what is live, ended or sent already stays. What was prepared is kept where it may still do: a
    channel is not given the same film twice, and is asked about what it was given.
    """
    if delivery.state is not S.QUEUED and DELIVERY.allows(delivery.state, DeliveryMove.REQUEUE):
        # What the channel refused, or a person was to post instead, is begun anew.
        is_usable = delivery.state not in (S.FAILED, S.MANUAL_DUE) and not is_forgotten(delivery)
        before = progress_of(delivery)
        # Only the steps: from when it is late, and how often it was tried, begins anew with the new time.
        keep_progress(delivery, Progress(before.state, before.polls) if is_usable else Progress())
        delivery.error, delivery.error_code, delivery.assignee_id = "", "", None
        delivery.attempts = 0
        delivery.first_tried_at = delivery.next_at = delivery.absent_at = delivery.told_at = None
        move(delivery, DeliveryMove.REQUEUE)


def is_forgotten(delivery: Delivery) -> bool:
    """Whether its steps lie so far back that the channel may have thrown away what they left."""
    return database_now() - delivery.updated_at > STEPS_KEPT


def sync_story(story_id: int) -> None:
    """The same for every post of a story that has a time: its approval has changed."""
    for post in db.session.scalars(
        select(Post)
        .where(Post.story_id == story_id, Post.scheduled_at.is_not(None), Post.removed_at.is_(None))
        .order_by(Post.id)
    ):
        sync_job(post)


def take_up(account_id: int) -> int:
    """The account's channel takes posts again: what waited for it is looked at now. Returns how many."""
    waiting = db.session.execute(
        select(Post, Delivery)
        .join(Delivery, is_current())
        .where(Delivery.account_id == account_id, Delivery.state.in_((S.PAUSED, S.NEEDS_REAUTH)))
        .order_by(Post.scheduled_at, Post.id)
    ).all()
    for post, delivery in waiting:
        sync_job_of(post, delivery)
    return len(waiting)
