"""Waiting for whoever is at work on the same publications, always in one order (docs/architecture.md, "Who waits for
whom"): their stories, they themselves, the office's turn of the record; then the scheme, the lines and the sums.
"""

from collections.abc import Iterable

from sqlalchemy import select

from humasflow.audit import services as audit
from humasflow.core.db import db
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.moving import lock_deliveries, lock_delivery


def hold(delivery: Delivery) -> None:
    """One publication for oneself until the transaction ends, and what others did to it before. Flushes."""
    lock_delivery(delivery)
    audit.await_turn([delivery.office_id])


def hold_many(delivery_ids: Iterable[int]) -> None:
    """Several at once, before anything is written about the first: who holds one of them and waits for the office's
    turn is waited for here, not there. What was loaded before is read again. Flushes; four statements.
    """
    wanted = sorted(set(delivery_ids))
    lock_deliveries(wanted)
    held = db.session.scalars(
        select(Delivery).where(Delivery.id.in_(wanted)).execution_options(populate_existing=True)
    ).all()
    audit.await_turn(delivery.office_id for delivery in held)
