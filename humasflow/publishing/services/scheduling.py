"""The job of a post follows its time: one job for a post and generation, rebuildable from the database."""

from datetime import timedelta

from sqlalchemy import ColumnElement, String, and_, cast, literal, select

from humasflow.approvals.queries import approval_of
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox import queries as outbox
from humasflow.outbox import services as jobs
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job
from humasflow.posts.models import Post
from humasflow.publishing import queries
from humasflow.publishing.embargo import due_of
from humasflow.publishing.enums import DeliveryMove
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.models import Delivery
from humasflow.publishing.policy import ON_ITS_WAY
from humasflow.publishing.services import failing
from humasflow.publishing.services.moving import lock_post, move
from humasflow.publishing.workflow import DELIVERY
from humasflow.stories.enums import GONE

PUBLISH = "publishing.publish"
WAITING = frozenset({S.QUEUED, S.HELD})  # a job may take these up by itself; the others wait for a person
LOOK_BACK = timedelta(days=60)
# What job_key makes, in SQL.
_KEY = literal("publish:") + cast(Post.id, String) + literal(":") + cast(Post.generation, String)


def job_key(post: Post) -> str:
    """One job a post and generation, ever."""
    return f"publish:{post.id}:{post.generation}"


def sync_job(post: Post) -> None:
    """Make the outbox say what the post says: due at its time, or nothing to do. Safe to repeat. What is on its way is
    brought to its end by the job that began it.
    """
    sync_job_of(post, queries.get_current_delivery(post))


def sync_job_of(post: Post, delivery: Delivery | None) -> None:
    """The same for whoever has read the post's present delivery already."""
    job = outbox.get_by_key(job_key(post))
    if delivery is not None and delivery.state in ON_ITS_WAY and post.story.state not in GONE:
        return
    waits = delivery is None or delivery.state in WAITING
    due_at = due_of(post)
    if due_at is None or post.removed_at is not None or not waits:
        if job is not None:
            jobs.cancel(job)
        return
    if job is None:
        jobs.enqueue(PUBLISH, post.id, office_id=post.office_id, due_at=due_at, key=job_key(post))
    elif job.state is not JobState.QUEUED or job.due_at != due_at:
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


def requeue(delivery: Delivery) -> None:
    """Back to waiting; what is live, ended or sent already stays."""
    if delivery.state is not S.QUEUED and DELIVERY.allows(delivery.state, DeliveryMove.REQUEUE):
        delivery.error, delivery.assignee_id = "", None
        move(delivery, DeliveryMove.REQUEUE)


def sync_story(story_id: int) -> None:
    """The same for every post of a story that has a time: its approval has changed."""
    for post in db.session.scalars(
        select(Post)
        .where(Post.story_id == story_id, Post.scheduled_at.is_not(None), Post.removed_at.is_(None))
        .order_by(Post.id)
    ):
        sync_job(post)


def sweep() -> int:
    """Find what fell through: posts with a time and no job, held posts that are approved by now, and jobs that gave
    up halfway. Returns how many were mended. The worker calls it once a minute.
    """
    return _missing_jobs() + _approved_by_now() + _given_up()


def _publish_job_exists(*states: JobState) -> ColumnElement[bool]:
    return select(Job.id).where(Job.key == _KEY, Job.state.in_(states)).exists()


def _missing_jobs() -> int:
    begun = select(Delivery.id).where(
        Delivery.post_id == Post.id, Delivery.generation == Post.generation, Delivery.state != S.QUEUED
    )
    posts = db.session.scalars(
        select(Post)
        .where(
            Post.scheduled_at >= clock.now() - LOOK_BACK,
            Post.removed_at.is_(None),
            ~begun.exists(),
            ~_publish_job_exists(JobState.QUEUED, JobState.RUNNING, JobState.DEAD),
        )
        .order_by(Post.scheduled_at)
        .limit(500)
    ).all()
    for post in posts:
        sync_job(post)
    return len(posts)


def _approved_by_now() -> int:
    held = db.session.scalars(
        select(Post)
        .join(Delivery, and_(Delivery.post_id == Post.id, Delivery.generation == Post.generation))
        .where(Delivery.state == S.HELD, Post.removed_at.is_(None), Post.scheduled_at.is_not(None))
        .order_by(Post.id)
        .limit(500)
    ).all()
    approvals = approval_of([p.id for p in held])
    ready = [p for p in held if approvals[p.id].approved]
    for post in ready:
        sync_job(post)
    return len(ready)


def _given_up() -> int:
    """A publish job that died left its post looking busy, or silent: it has failed, and says so."""
    rows = db.session.execute(
        select(Post.id, Job.error)
        .join(Job, Job.key == _KEY)
        .outerjoin(Delivery, and_(Delivery.post_id == Post.id, Delivery.generation == Post.generation))
        .where(
            Job.kind == PUBLISH,
            Job.state == JobState.DEAD,
            Post.removed_at.is_(None),
            (Delivery.id.is_(None)) | Delivery.state.in_((S.QUEUED, S.PREPARING, S.COMMITTING)),
        )
        .limit(100)
    ).all()
    for post_id, error in rows:
        post = lock_post(post_id)
        if post is not None:
            failing.give_up(post, error or "")
    return len(rows)
