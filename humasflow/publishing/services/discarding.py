"""What was prepared on a channel and is not to go out is taken away from there again, where the channel can do that."""

from datetime import timedelta
from typing import Final

import structlog

from humasflow.channels.adapters.base import Discarding
from humasflow.channels.adapters.errors import AdapterError
from humasflow.channels.adapters.registry import UnknownAdapter
from humasflow.channels.connections.services import health
from humasflow.channels.reaching import get_adapter
from humasflow.core.db import database_now, db
from humasflow.outbox import lease
from humasflow.outbox import services as jobs
from humasflow.outbox.enums import Priority
from humasflow.outbox.handling import RetryLater
from humasflow.publishing.embargo import is_embargoed
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.identity import is_anothers
from humasflow.publishing.models import Delivery
from humasflow.publishing.policy import is_let_in
from humasflow.publishing.progress import begin_anew, progress_of
from humasflow.publishing.services.moving import lock_delivery
from humasflow.publishing.snapshots import job_of

log = structlog.get_logger(__name__)

DISCARD: Final = "publishing.discard"
AGAIN: Final = timedelta(minutes=10)


def discard_later(delivery: Delivery) -> None:
    """Have it taken away, if there is anything; a delivery that waits for its turn again by then keeps it. Flushes."""
    if progress_of(delivery).state and _adapter_of(delivery) is not None:
        jobs.enqueue(
            DISCARD, delivery.id, office_id=delivery.office_id,
            key=f"discard:{delivery.id}:{database_now().isoformat()}",
            lane=f"account:{delivery.account_id}", priority=Priority.BACKGROUND,
        )  # fmt: skip


def discard(delivery_id: int | str) -> None:
    """Take away what preparing left on the channel. Safe to repeat; commits. Raises RetryLater, LeaseLost."""
    delivery = db.session.get(Delivery, int(delivery_id))
    if delivery is None:
        return
    lock_delivery(delivery)
    lease.keep()
    adapter, left = _adapter_of(delivery), delivery.prepare_state
    if adapter is None or not progress_of(delivery).state or not _is_over(delivery):
        db.session.rollback()
        return
    try:
        job = job_of(delivery)
        db.session.commit()
        adapter.discard(job)
    except AdapterError as error:
        account_id, name = delivery.account_id, delivery.id
        db.session.rollback()
        health.note_trouble(account_id, error)
        log.warning("what was prepared is still there", delivery=name, code=error.code)
        if error.is_retryable:
            raise RetryLater(error.code, delay=AGAIN) from error
        return
    lock_delivery(delivery)
    lease.keep()
    if delivery.prepare_state == left:  # whoever scheduled it again meanwhile begins with what is there
        begin_anew(delivery)
    db.session.commit()


def _is_over(delivery: Delivery) -> bool:
    """It does not go out as it was prepared, and was never sent."""
    if delivery.committing_at is not None or is_anothers(delivery) or not is_let_in(delivery.account):
        return False
    waits_in_vain = delivery.state is S.QUEUED and is_embargoed(delivery.post)
    return delivery.state in (S.CANCELLED, S.MANUAL_DUE) or waits_in_vain


def _adapter_of(delivery: Delivery) -> Discarding | None:
    """What can take it away; None on a channel where nothing is left."""
    try:
        adapter = get_adapter(delivery.account.adapter)
    except UnknownAdapter:
        return None
    return adapter if isinstance(adapter, Discarding) else None
