"""What a person decides about a post that is not out yet: now, again, not at all; and about an uncertain one."""

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound, Refused, UserError
from humasflow.posts import services as posts
from humasflow.posts.models import Post
from humasflow.publishing import queries
from humasflow.publishing.enums import DeliveryMove as M
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.models import Delivery
from humasflow.publishing.policy import (
    is_by_hand,
    reasons_not_to_cancel,
    reasons_not_to_deny,
    reasons_not_to_hand_over,
    reasons_not_to_publish_now,
    reasons_not_to_retry,
)
from humasflow.publishing.services.discarding import discard_later
from humasflow.publishing.services.holding import hand_over
from humasflow.publishing.services.moving import current_or_new, lock_delivery, lock_post, move, record
from humasflow.publishing.services.scheduling import sync_job
from humasflow.publishing.snapshots import reasons_not_to_show, take_snapshot
from humasflow.publishing.workflow import DELIVERY


class ReasonNeeded(UserError):
    """Others waited for this publication and have to know why it does not come."""


def publish_now(post: Post, *, actor: Principal) -> None:
    """Terbitkan sekarang: the post is due now. The worker sends it; what goes by hand is asked for at once.

    Flushes. Raises Refused.
    """
    _lock(post)
    reasons = reasons_not_to_publish_now(actor, post, queries.get_current_delivery(post, fresh=True))
    if reasons:
        raise Refused(reasons)
    snapshot = take_snapshot(post)
    blocked = reasons_not_to_show(snapshot.payload)
    if blocked:
        raise Refused(blocked)
    posts.schedule_post(post, actor=actor, due_at=clock.now())
    if is_by_hand(post.account):
        delivery = current_or_new(post)
        hand_over(post, delivery, snapshot)
        sync_job(post)


def retry(post: Post, *, actor: Principal) -> None:
    """Coba lagi: a failed post is due now. Flushes. Raises Refused."""
    _lock(post)
    delivery = queries.get_current_delivery(post, fresh=True)
    reasons = reasons_not_to_retry(actor, post, delivery)
    if reasons or delivery is None:
        raise Refused(reasons)
    record(AuditAction.DELIVERY_RETRIED, delivery, actor=actor)
    publish_now(post, actor=actor)


def hand_to_person(post: Post, *, actor: Principal) -> None:
    """Unggah sendiri: a post that the channel does not take from the product (now) is given to the person who posts on
    the account, with everything ready to copy. Flushes. Raises Refused.
    """
    _lock(post)
    delivery = queries.get_current_delivery(post, fresh=True)
    reasons = reasons_not_to_hand_over(actor, post, delivery)
    if reasons or delivery is None:
        raise Refused(reasons)
    snapshot = take_snapshot(post)
    blocked = reasons_not_to_show(snapshot.payload)
    if blocked:
        raise Refused(blocked)
    lock_delivery(delivery)
    record(AuditAction.DELIVERY_HANDED_OVER, delivery, actor=actor)
    hand_over(post, delivery, snapshot)
    sync_job(post)


def cancel(post: Post, *, actor: Principal, reason: str = "") -> None:
    """Batalkan jadwal: the post loses its time and stays as it is, ready for another. A reason is needed once it
    came due. Flushes. Raises Refused, ReasonNeeded.
    """
    _lock(post)
    delivery = queries.get_current_delivery(post, fresh=True)
    reasons = reasons_not_to_cancel(actor, post, delivery)
    if reasons:
        raise Refused(reasons)
    came_due = delivery is not None and delivery.state is not S.QUEUED
    reason = reason.strip()
    if came_due and not reason:
        raise ReasonNeeded(_("Tuliskan alasannya, supaya yang menunggu publikasi ini tahu mengapa."))
    if came_due and delivery is not None:  # first, so that what is being prepared lets go of its time
        _call_off(delivery, reason, actor=actor)
    posts.schedule_post(post, actor=actor, due_at=None)


def deny(delivery: Delivery, *, actor: Principal) -> None:
    """Tidak tayang: a person has looked at the channel, and an uncertain post is not there. It may be tried again."""
    lock_delivery(delivery)
    reasons = reasons_not_to_deny(actor, delivery)
    if reasons:
        raise Refused(reasons)
    delivery.error, delivery.error_code = _("Sudah diperiksa di kanal: tidak tayang."), "absent"
    delivery.next_at = None  # nor is the channel asked any more
    move(delivery, M.FAIL)
    record(AuditAction.DELIVERY_FAILED, delivery, actor=actor, reason=delivery.error)


def call_off(post: Post, *, reason: str) -> None:
    """The story was cancelled or withdrawn: what has not gone out does not go out. Its time stays, for the record."""
    delivery = queries.get_current_delivery(post)
    if delivery is None and post.scheduled_at is not None:
        delivery = current_or_new(post)
    if delivery is not None and DELIVERY.allows(delivery.state, M.CANCEL):
        delivery.error = reason
        move(delivery, M.CANCEL)
        discard_later(delivery)
    sync_job(post)


def _call_off(delivery: Delivery, reason: str, *, actor: Principal) -> None:
    delivery.error = reason
    move(delivery, M.CANCEL)
    discard_later(delivery)
    record(AuditAction.POST_UNSCHEDULED, delivery, actor=actor, reason=reason)


def _lock(post: Post) -> None:
    locked = lock_post(post.id)
    if locked is None or locked.removed_at is not None:
        raise NotFound
    db.session.flush()
