"""A post's time: given, changed, taken, and following what the post is about."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import UserError
from humasflow.core.events import emit
from humasflow.core.localtime import show_instant
from humasflow.core.versions import expect_version
from humasflow.orgs.queries import get_office
from humasflow.posts.enums import PostChange
from humasflow.posts.events import PostScheduled, PostUnscheduled
from humasflow.posts.models import Post
from humasflow.posts.services.writing import lock_for

PAST_TOLERANCE = timedelta(minutes=5)
FURTHEST = timedelta(days=3 * 366)


def schedule_post(
    post: Post, *, actor: Principal, due_at: datetime | None, row_version: int | None = None
) -> None:
    """Give the post a time (aware), a new one, or none. Needs ``post:schedule``.

    A time up to five minutes past is "now": the form was open meanwhile. Raises Refused, Conflict, UserError.
    """
    lock_for(post, actor, PostChange.SCHEDULE)
    expect_version(post, row_version)
    if due_at == post.scheduled_at:
        return
    if due_at is not None:
        check_due(post, due_at)
    _set_time(post, due_at, actor=actor)


def check_due(post: Post, due_at: datetime) -> None:
    """Raise UserError for a time that is over, years away, or under the embargo of the post's story."""
    _check_time(due_at)
    _check_embargo(post, due_at)


def follow_event(
    post: Post, *, by: timedelta | None, actor: audit.Actor | None, reason: str
) -> datetime | None:
    """What the post is about takes place ``by`` later (None: not at all, or nobody knows when): its time follows.
    Returns the new time. A time that is over, under the story's embargo or years away is none: then it waits for a
    person to choose. For a post that has a time and is neither live nor on its way; the caller knows. Flushes.
    """
    lock(post)
    due_at = post.scheduled_at + by if by is not None and post.scheduled_at is not None else None
    if due_at is not None:
        try:
            check_due(post, due_at)
        except UserError:
            due_at = None
    if due_at != post.scheduled_at:
        _set_time(post, due_at, actor=actor, reason=reason)
    return due_at


def give_time_back(post: Post, due_at: datetime, *, actor: audit.Actor | None) -> bool:
    """The same the other way: what the post followed is back where it was, so the post has its old time again, unless
    that is over, under the embargo or years away. Returns whether it stands there. For a post that the caller has
    locked and knows to be neither live nor on its way. Flushes.
    """
    if post.scheduled_at == due_at:
        return True
    try:
        check_due(post, due_at)
    except UserError:
        return False
    _set_time(post, due_at, actor=actor)
    return True


def _set_time(post: Post, due_at: datetime | None, *, actor: audit.Actor | None, reason: str = "") -> None:
    """Change, flush, record, emit."""
    before, post.scheduled_at = post.scheduled_at, due_at
    db.session.flush()
    detail: dict[str, Any] = {
        "label": post.account.name, "before": before.isoformat() if before else None, "row_version": post.row_version,
    }  # fmt: skip
    if due_at is not None:
        detail["due_at"] = due_at.isoformat()
    if reason:
        detail["reason"] = reason
    actor_id = actor.id if actor else None
    audit.record(
        AuditAction.POST_SCHEDULED if due_at is not None else AuditAction.POST_UNSCHEDULED,
        ("post", post.id), office_id=post.office_id, actor=actor, context=("story", post.story_id), **detail,
    )  # fmt: skip
    if due_at is None:
        emit(PostUnscheduled(post_id=post.id, actor_id=actor_id))
    else:
        emit(PostScheduled(post_id=post.id, due_at=due_at, actor_id=actor_id))


def _check_time(due_at: datetime) -> None:
    now = clock.now()
    if due_at < now - PAST_TOLERANCE:
        raise UserError(_("Waktu ini sudah lewat. Pilih waktu sesudah sekarang."))
    if due_at > now + FURTHEST:
        raise UserError(_("Waktu ini lebih dari tiga tahun lagi. Periksa tahunnya."))


def _check_embargo(post: Post, due_at: datetime) -> None:
    until = post.story.embargo_until
    if until is not None and due_at < until:
        where = get_office(post.office_id).zone_name
        raise UserError(
            _(
                "Naskah ini diembargo sampai %(until)s. Pilih waktu sesudahnya.",
                until=show_instant(until, where),
            )
        )
