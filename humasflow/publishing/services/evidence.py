"""Bukti tayang: rows are only ever added."""

from datetime import datetime

from sqlalchemy import select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.urls import canonical_url
from humasflow.media.models import Asset
from humasflow.publishing.models import Delivery, Evidence


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
        document=document, note=note,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def record_own_evidence(delivery_id: int | str) -> None:
    """What the product itself can vouch for: address, time and the hash of what it shows there. Once. Flushes."""
    delivery = db.session.get(Delivery, int(delivery_id))
    if delivery is None or delivery.permalink is None or delivery.published_at is None:
        return
    known = select(Evidence.id).where(Evidence.delivery_id == delivery.id, Evidence.captured_by.is_(None))
    if db.session.scalar(known) is None:
        add_row(delivery, url=delivery.permalink, published_at=delivery.published_at, captured_by=None)
