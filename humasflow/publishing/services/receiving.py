"""The receipt: proof that a post is on its channel."""

import time
from datetime import datetime
from typing import Final

import structlog
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from humasflow.audit.enums import AuditAction
from humasflow.channels.adapters.base import Receipt
from humasflow.channels.connections.services import health
from humasflow.core.db import database_now, db
from humasflow.core.urls import NotHttpUrl, canonical_url
from humasflow.outbox import queries as outbox
from humasflow.outbox import services as jobs
from humasflow.publishing import queries
from humasflow.publishing.enums import DeliveryMove as M
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.identity import present_identity
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.afterwards import follow_up
from humasflow.publishing.services.moving import lock_delivery, lock_post, move, record
from humasflow.publishing.services.scheduling import job_key
from humasflow.publishing.workflow import DELIVERY

log = structlog.get_logger(__name__)

PAUSES: Final = (0.2, 1.0, 3.0)  # seconds between tries to write it, while the database is away
EXPECTED_IN: Final = frozenset({S.PREPARING, S.PREPARED, S.COMMITTING, S.UNKNOWN})
LONGEST_ID, LONGEST_ADDRESS = 300, 1000  # of the columns


def receive(delivery: Delivery, receipt: Receipt, *, since: datetime | None = None) -> None:
    """Store the receipt in a transaction of its own, first and alone, then have done what follows from it. Commits.

    ``since``: when it became visible, where that is known better than "now". A receipt is a fact: it is stored whoever
    holds the job by now, and whatever else was decided about the delivery, unless it is known to be live already.
    """
    for pause in (*PAUSES, None):
        try:
            db.session.rollback()
            _write(delivery, receipt, since)
            break
        except DBAPIError:
            # The database was restarted under us. What only we know by now is worth a few tries.
            db.session.rollback()
            if pause is None:
                raise
            time.sleep(pause)
    follow_up(delivery)
    account_id = delivery.account_id
    db.session.rollback()
    health.note_success(account_id)


def _write(delivery: Delivery, receipt: Receipt, since: datetime | None) -> None:
    lock_post(delivery.post_id)
    lock_delivery(delivery)
    if not DELIVERY.allows(delivery.state, M.RECEIVE):
        log.warning("a receipt for what has one", delivery=delivery.id, state=delivery.state.value)
        db.session.rollback()
        return
    if delivery.state not in EXPECTED_IN:
        log.warning("live after all", delivery=delivery.id, state=delivery.state.value)
    delivery.identity = delivery.identity or present_identity(delivery.account)
    delivery.external_id = receipt.external_id[:LONGEST_ID]
    delivery.answer_sha256 = receipt.answer_sha256
    delivery.published_at = since or database_now()
    delivery.permalink, delivery.canonical_url = address_of(receipt.permalink)
    delivery.error, delivery.error_code = "", ""
    delivery.next_at = delivery.told_at = delivery.absent_at = None
    move(delivery, M.RECEIVE)
    _make_current(delivery)
    db.session.commit()


def _make_current(delivery: Delivery) -> None:
    """Somebody was sure that it is not there, and had it sent anew: while nothing of that is on its way, it does not
    go out, and the post is this delivery's again. Flushes.
    """
    post = delivery.post
    if post.generation == delivery.generation:
        return
    following = queries.get_current_delivery(post, fresh=True)
    is_unsent = following is None or (
        following.committing_at is None and DELIVERY.allows(following.state, M.CANCEL)
    )
    if post.generation != delivery.generation + 1 or not is_unsent:
        log.error("live, and sent anew meanwhile", delivery=delivery.id, post=post.id)
        return
    job = outbox.get_by_key(job_key(post))
    if job is not None:
        jobs.cancel(job)
    if following is not None:
        following.error = _("Yang dikirim lebih dahulu ternyata sudah tayang.")
        move(following, M.CANCEL)
        record(AuditAction.POST_UNSCHEDULED, following, actor=None, reason=following.error)
        _put_behind(following)
    post.generation = delivery.generation
    db.session.flush()


def _put_behind(following: Delivery) -> None:
    """The newest of a post's deliveries is the one that counts; what never went out makes way."""
    first = db.session.scalar(
        select(func.min(Delivery.generation)).where(Delivery.post_id == following.post_id)
    )
    following.generation = min(first or 1, 1) - 1
    following.idempotency_key = f"post:{following.post_id}:{following.generation}"
    db.session.flush()


def address_of(permalink: str | None) -> tuple[str, str] | tuple[None, None]:
    """What cannot be an address is none; nothing about it may stand in the way of a receipt."""
    if not permalink or len(permalink) > LONGEST_ADDRESS:
        return None, None
    try:
        return permalink, canonical_url(permalink)
    except NotHttpUrl:
        return None, None
