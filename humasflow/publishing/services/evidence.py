"""Bukti tayang: rows are only ever added."""

from datetime import datetime

from sqlalchemy import select

from humasflow.channels.adapters.base import Adapter, Receipt
from humasflow.channels.adapters.errors import AdapterError
from humasflow.channels.adapters.variant import Job
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.urls import canonical_url
from humasflow.media.models import Asset
from humasflow.outbox import lease
from humasflow.outbox.handling import RetryLater
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery, Evidence
from humasflow.publishing.services.follow_ups import again_later, call, can_pass, is_last_try, reaching
from humasflow.publishing.services.looking import Seen, is_ours, look_at
from humasflow.publishing.services.moving import lock_delivery
from humasflow.publishing.services.receiving import address_of
from humasflow.publishing.services.screenshots import ask_for_picture


def add_row(
    delivery: Delivery,
    *,
    url: str,
    published_at: datetime,
    captured_by: int | None,
    screenshot: Asset | None = None,
    document: str = "",
    note: str = "",
) -> Evidence:
    """Append a row of evidence. ``captured_by`` None: the product itself. Flushes."""
    row = Evidence(
        delivery_id=delivery.id, url=url, canonical_url=canonical_url(url), published_at=published_at,
        captured_at=clock.now(), captured_by=captured_by, screenshot_id=screenshot.id if screenshot else None,
        file_sha256=screenshot.sha256 if screenshot else None, payload_sha256=delivery.payload_sha256,
        answer_sha256=delivery.answer_sha256 if captured_by is None else None, document=document, note=note,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def record_own_evidence(delivery_id: int | str) -> None:
    """What the product itself can vouch for: address, time, the hash of what it sent and of the answer. Once; then it
    looks at the page as a stranger, and has it drawn where the server can. Safe to repeat.

    A channel that tells the address later is asked again for some hours; after that the page asks a person. Commits
    before and after each look outside. Raises RetryLater, LeaseLost.
    """
    delivery = db.session.get(Delivery, int(delivery_id))
    if delivery is None or not _is_live(delivery):
        return
    url = delivery.permalink or _learn_address(delivery)
    if url is None:
        return
    if not _write_down(delivery, url):
        return
    if not is_ours(url):
        db.session.commit()
        seen = look_at(url)
        lock_delivery(delivery)
        lease.keep()
        if seen is not Seen.THERE or not _is_live(delivery):
            return
    delivery.confirmed_at = delivery.confirmed_at or clock.now()
    ask_for_picture(delivery)


def _is_live(delivery: Delivery) -> bool:
    return delivery.state is DeliveryState.PUBLISHED and delivery.published_at is not None


def _write_down(delivery: Delivery, url: str) -> bool:
    """Locks the delivery. False when it is live no longer."""
    lock_delivery(delivery)
    lease.keep()
    if not _is_live(delivery) or delivery.published_at is None:
        return False
    if delivery.permalink is None:
        delivery.permalink, delivery.canonical_url = url, canonical_url(url)
        delivery.updated_at = clock.now()
    known = select(Evidence.id).where(Evidence.delivery_id == delivery.id, Evidence.captured_by.is_(None))
    if db.session.scalar(known) is None:
        add_row(delivery, url=delivery.permalink, published_at=delivery.published_at, captured_by=None)
    return True


def _learn_address(delivery: Delivery) -> str | None:
    """Ask the channel for the public address of what it took. None: nobody can tell."""
    external_id = delivery.external_id
    if external_id is None or reaching(delivery) is None:
        return None
    key = f"evidence:{delivery.id}"
    db.session.commit()

    def ask(adapter: Adapter, job: Job) -> str | None:
        known = adapter.permalink(Receipt(external_id))
        if known is None and adapter.caps.can_find:
            found = adapter.find(job)
            known = found.permalink if isinstance(found, Receipt) else None
        return known

    try:
        url = call(delivery, ask)
    except AdapterError as error:
        if can_pass(error) and not is_last_try(key):
            raise again_later(error) from error
        return None
    known, _canonical = address_of(url)
    if known is None and not is_last_try(key):
        raise RetryLater("the channel does not tell the address yet")
    return known
