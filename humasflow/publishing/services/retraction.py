"""Turunkan: what is live is taken down, and the record keeps that it was."""

from flask_babel import gettext as _

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels.adapters.registry import get_adapter
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused, UserError
from humasflow.core.events import emit
from humasflow.posts import queries as posts
from humasflow.publishing import queries
from humasflow.publishing.enums import DeliveryMove, DeliveryState
from humasflow.publishing.events import PostRetracted
from humasflow.publishing.models import Delivery
from humasflow.publishing.policy import is_by_hand, reasons_not_to_retract
from humasflow.publishing.services.moving import lock_delivery, move, record
from humasflow.publishing.services.resolving import call_off
from humasflow.publishing.snapshots import job_of


class ReasonNeeded(UserError):
    """Readers and colleagues have to know why."""


class RemoveByHandFirst(UserError):
    """Only a person can remove it from this channel; the product records that it was done."""


def retract(delivery: Delivery, *, actor: Principal, reason: str, removed_by_hand: bool = False) -> None:
    """Take a live post down. The newsroom answers "gone" at once; elsewhere the person has removed it and says so.

    Needs ``story:withdraw``. Flushes; emits PostRetracted. Raises Refused, ReasonNeeded, RemoveByHandFirst.
    """
    lock_delivery(delivery)
    reasons = reasons_not_to_retract(actor, delivery)
    if reasons:
        raise Refused(reasons)
    if not reason.strip():
        raise ReasonNeeded(_("Tuliskan alasannya, supaya tercatat mengapa publikasi ini diturunkan."))
    if is_by_hand(delivery.account) and not removed_by_hand:
        raise RemoveByHandFirst(
            _("Hapus dahulu unggahannya di %(account)s, lalu centang bahwa sudah dihapus.",
              account=delivery.account.name)
        )  # fmt: skip
    _take_down(delivery, actor=actor, reason=reason.strip())


def retract_story(story_id: int, *, actor: User | None, reason: str) -> None:
    """The story is withdrawn: its posts on the newsroom are taken down, and what has not gone out is called off.

    Posts on channels that only a person can clean stay live and are listed until somebody has removed them.
    """
    every = posts.list_posts_of(story_id)
    latest = queries.latest_delivery_of(p.id for p in every)
    for post in every:
        delivery = latest.get(post.id)
        if delivery is not None and delivery.state is DeliveryState.PUBLISHED:
            if not is_by_hand(post.account):
                lock_delivery(delivery)
                _take_down(delivery, actor=actor, reason=reason)
        else:
            call_off(post, reason=reason)


def _take_down(delivery: Delivery, *, actor: audit.Actor | None, reason: str) -> None:
    if not is_by_hand(delivery.account):
        get_adapter(delivery.account.adapter).retract(job_of(delivery))
    delivery.retracted_at, delivery.retract_reason = clock.now(), reason
    delivery.correcting_to_id = None
    move(delivery, DeliveryMove.RETRACT)
    record(AuditAction.DELIVERY_RETRACTED, delivery, actor=actor, reason=reason)
    emit(
        PostRetracted(
            delivery_id=delivery.id,
            post_id=delivery.post_id,
            actor_id=actor.id if actor is not None else 0,
            reason=reason,
        )
    )
    db.session.flush()
