"""What follows from a receipt: jobs of their own, which can be repeated and undo nothing."""

from datetime import timedelta
from typing import Final

from humasflow.audit.enums import AuditAction
from humasflow.channels.adapters.base import Caps
from humasflow.channels.adapters.registry import UnknownAdapter
from humasflow.channels.reaching import get_adapter
from humasflow.core.db import database_now, db
from humasflow.core.events import emit
from humasflow.outbox import services as outbox
from humasflow.outbox.enums import Priority
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.enums import FollowUp
from humasflow.publishing.events import PostPublished
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.follow_ups import COMMENT
from humasflow.publishing.services.moving import lock_delivery, record

ANNOUNCE: Final = "publishing.announce"
EVIDENCE: Final = "publishing.evidence"
METRICS: Final = "metrics.fetch"  # of the room beside this one, known by name only
FIRST_NUMBERS: Final = timedelta(hours=1)  # before that there is nothing to count


def follow_up(delivery: Delivery) -> None:
    """Have everything done that follows from the receipt, where the channel can. Safe to repeat; commits."""
    lock_delivery(delivery)
    if delivery.state is not S.PUBLISHED:
        db.session.rollback()
        return
    caps = _caps(delivery)
    outbox.enqueue(  # it looks at a page outside, which may take its time: one after the other for each account
        EVIDENCE, delivery.id, office_id=delivery.office_id, key=f"evidence:{delivery.id}",
        lane=f"evidence:{delivery.account_id}", priority=Priority.BACKGROUND,
    )  # fmt: skip
    if caps.has_first_comment and has_comment(delivery):
        if delivery.comment_state is FollowUp.NONE:
            delivery.comment_state = FollowUp.WAITING
        outbox.enqueue(
            COMMENT, delivery.id, office_id=delivery.office_id, key=f"comment:{delivery.id}",
            lane=lane_of(delivery), priority=Priority.POSTS,
        )  # fmt: skip
    if caps.metrics:
        outbox.enqueue(
            METRICS, delivery.id, office_id=delivery.office_id, key=f"metrics:{delivery.id}",
            due_at=database_now() + FIRST_NUMBERS, lane=f"metrics:{delivery.account_id}", priority=Priority.BACKGROUND,
        )  # fmt: skip
    enqueue_announcement(delivery)
    db.session.commit()


def lane_of(delivery: Delivery) -> str:
    """What is said to one account is said one after the other."""
    return f"account:{delivery.account_id}"


def _caps(delivery: Delivery) -> Caps:
    try:
        return get_adapter(delivery.account.adapter).caps
    except UnknownAdapter:
        return Caps()


def has_comment(delivery: Delivery) -> bool:
    """Whether something is to be said under it."""
    return bool(str((delivery.payload or {}).get("first_comment", "")).strip())


def enqueue_announcement(delivery: Delivery) -> None:
    """Have the news told by a job of its own: a fault there can be repeated, and undoes no receipt."""
    outbox.enqueue(ANNOUNCE, delivery.id, office_id=delivery.office_id, key=f"announce:{delivery.id}")


def announce(delivery_id: int | str) -> None:
    """Tell every room that a post is live. What was taken down again meanwhile is not news. Flushes."""
    delivery = db.session.get(Delivery, int(delivery_id))
    if delivery is None or delivery.state is not S.PUBLISHED:
        return
    if delivery.external_id is not None:
        record(AuditAction.DELIVERY_PUBLISHED, delivery, actor=None, url=delivery.permalink)
    emit(PostPublished(delivery_id=delivery.id, post_id=delivery.post_id, story_id=delivery.story_id))
