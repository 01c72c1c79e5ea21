"""What fell through is found once a minute and mended: nothing that is due is silently missed."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Final, TypeVar

import structlog
from sqlalchemy import ColumnElement, String, and_, cast, literal, or_, select

from humasflow.approvals.queries import approval_of
from humasflow.channels.adapters.manual import ManualAdapter
from humasflow.channels.adapters.web import WebAdapter
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.models import Connection
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox import lease
from humasflow.outbox.enums import JobState
from humasflow.outbox.lease import LeaseLost
from humasflow.outbox.models import Job
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.media_files import forget_openings
from humasflow.publishing.models import Delivery
from humasflow.publishing.policy import ON_ITS_WAY
from humasflow.publishing.services import failing
from humasflow.publishing.services.moving import lock_post
from humasflow.publishing.services.scheduling import KEY, PUBLISH, is_current, job_key, sync_job, wake

log = structlog.get_logger(__name__)
Found = TypeVar("Found")

LOOK_BACK: Final = timedelta(days=60)
RECENT: Final = timedelta(days=7)
MOST: Final = 500  # of each kind in one sweep


def sweep() -> int:
    """Find what fell through: posts with a time and no job, held posts that are approved by now, deliveries that nobody
    is at work on, jobs that gave up halfway, receipts that nothing followed. Returns how many were mended. The worker
    calls it once a minute.

    Commits after each post, so that one that cannot be mended keeps no other from it, and none is held locked while the
    next is waited for. Raises LeaseLost.
    """
    _commit(forget_openings, otherwise=0)
    ways: tuple[tuple[Callable[[], Sequence[int]], Callable[[Post], None]], ...] = (
        (_missing_jobs, sync_job), (_approved_by_now, sync_job), (_stranded, wake), (_given_up, _give_up),
        (_not_followed_up, wake),
    )  # fmt: skip
    mended = 0
    for find, mend in ways:
        none: Sequence[int] = ()
        for post_id in _commit(find, otherwise=none):
            mended += _commit(partial(_mend, post_id, mend), otherwise=False)
    return mended


def _mend(post_id: int, mend: Callable[[Post], None]) -> bool:
    post = lock_post(post_id)
    if post is not None:
        mend(post)
    return post is not None


def _commit(act: Callable[[], Found], *, otherwise: Found) -> Found:
    """Do it in a transaction of its own. ``otherwise``: it could not be done, and the log says why; the next sweep
    tries again.
    """
    try:
        lease.keep()
        found = act()
        db.session.commit()
    except LeaseLost:
        raise
    except Exception:
        db.session.rollback()
        log.exception("a part of the sweep failed")
        return otherwise
    return found


def _publish_job_exists(*states: JobState) -> ColumnElement[bool]:
    return select(Job.id).where(Job.key == KEY, Job.state.in_(states)).exists()


def _missing_jobs() -> Sequence[int]:
    begun = select(Delivery.id).where(is_current(), Delivery.state != S.QUEUED)
    return db.session.scalars(
        select(Post.id)
        .where(
            Post.scheduled_at >= clock.now() - LOOK_BACK,
            Post.removed_at.is_(None),
            ~begun.exists(),
            ~_publish_job_exists(JobState.QUEUED, JobState.RUNNING, JobState.DEAD),
        )
        .order_by(Post.scheduled_at)
        .limit(MOST)
    ).all()


def _approved_by_now() -> Sequence[int]:
    held = db.session.scalars(
        select(Post.id)
        .join(Delivery, is_current())
        .where(Delivery.state == S.HELD, Post.removed_at.is_(None), Post.scheduled_at.is_not(None))
        .order_by(Post.id)
        .limit(MOST)
    ).all()
    approvals = approval_of(held)
    return [post_id for post_id in held if approvals[post_id].approved]


def _stranded() -> Sequence[int]:
    """On its way, or waiting for a channel that takes posts again, and no job is to look at it."""
    # As policy.is_let_in says it.
    needs_nobody = and_(
        Connection.id.is_(None), ChannelAccount.adapter.in_((WebAdapter.key, ManualAdapter.key))
    )
    usable = or_(needs_nobody, Connection.state == ConnectionState.CONNECTED)
    may_go_on = or_(
        Delivery.state.in_(ON_ITS_WAY),
        and_(Delivery.state == S.QUOTA_WAIT, Delivery.next_at <= clock.now()),
        and_(Delivery.state.in_((S.PAUSED, S.NEEDS_REAUTH)), ChannelAccount.paused_at.is_(None), usable),
    )
    return db.session.scalars(
        select(Post.id)
        .join(Delivery, is_current())
        .join(ChannelAccount, ChannelAccount.id == Delivery.account_id)
        .outerjoin(Connection, Connection.account_id == Delivery.account_id)
        .where(
            may_go_on,
            Post.removed_at.is_(None),
            ~_publish_job_exists(JobState.QUEUED, JobState.RUNNING, JobState.DEAD),
        )
        .order_by(Post.id)
        .limit(MOST)
    ).all()


def _given_up() -> Sequence[int]:
    """A publish job that died left its post looking busy, or silent."""
    return db.session.scalars(
        select(Post.id)
        .join(Job, Job.key == KEY)
        .outerjoin(Delivery, is_current())
        .where(
            Job.kind == PUBLISH,
            Job.state == JobState.DEAD,
            Post.removed_at.is_(None),
            (Delivery.id.is_(None)) | Delivery.state.in_((S.QUEUED, S.QUOTA_WAIT, *ON_ITS_WAY)),
        )
        .order_by(Post.id)
        .limit(100)
    ).all()


def _give_up(post: Post) -> None:
    """It has failed, or is uncertain, and says so; unless somebody has revived its job meanwhile."""
    job = db.session.scalar(
        select(Job).where(Job.key == job_key(post)).execution_options(populate_existing=True)
    )
    if job is not None and job.state is JobState.DEAD:
        failing.give_up(post, job.error or "")


def _not_followed_up() -> Sequence[int]:
    """The receipt is there and nothing after it: whoever stored it stopped. The job that sent it does the rest."""
    announced = select(Job.id).where(Job.key == literal("announce:") + cast(Delivery.id, String))
    return db.session.scalars(
        select(Post.id)
        .join(Delivery, is_current())
        .where(
            Delivery.state == S.PUBLISHED,
            Delivery.external_id.is_not(None),
            Delivery.published_at >= clock.now() - RECENT,
            ~announced.exists(),
            _publish_job_exists(JobState.DONE, JobState.CANCELLED, JobState.DEAD),
        )
        .order_by(Post.id)
        .limit(MOST)
    ).all()
