"""Tangkapan layar otomatis: the public page of a post, drawn by the server's own browser and kept as evidence.

Where that cannot be had, the evidence stands without a picture, and the publication's page asks a person for one.
"""

from io import BytesIO
from urllib.parse import urlsplit

import structlog
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.media.services import Upload
from humasflow.outbox import lease
from humasflow.outbox.handling import RetryLater
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery, Evidence
from humasflow.publishing.services.evidence import add_row
from humasflow.publishing.services.follow_ups import is_last_try
from humasflow.publishing.services.looking import is_ours
from humasflow.publishing.services.manual import WrongPicture, keep_screenshot
from humasflow.publishing.services.moving import lock_delivery
from humasflow.publishing.services.screenshots import draw, picture_key

log = structlog.get_logger(__name__)


def take_picture(delivery_id: int | str) -> None:
    """Draw the page and add it to the evidence. Once; a page that cannot be drawn is tried TRIES times and then left to
    people. Commits before drawing. Raises RetryLater, LeaseLost.
    """
    delivery = db.session.get(Delivery, int(delivery_id))
    if delivery is None or not _is_wanted(delivery):
        return
    url, key = str(delivery.permalink), picture_key(delivery)
    # The page itself may be on a machine that only we reach: our newsroom, or a portal that an admin named. What runs
    # in it is a stranger, and is let to no other machine of the network.
    place, host = urlsplit(url).netloc.lower(), urlsplit(url).hostname or ""
    allowed = {place} if is_ours(url) else {place, host} & set(current_app.config["OUTBOUND_PRIVATE_HOSTS"])
    db.session.commit()
    drawn = draw(url, allowed=allowed)
    if drawn is None:
        if is_last_try(key):
            return
        raise RetryLater("the page could not be drawn")
    lease.keep()
    db.session.commit()
    try:
        picture = keep_screenshot(Upload(f"tayang-{delivery.post_id}.png", BytesIO(drawn)), delivery, None)
    except WrongPicture as refused:
        log.warning("a drawn page was refused", delivery=delivery.id, reason=refused.message)
        return
    lock_delivery(delivery)
    lease.keep()
    if not _is_wanted(delivery) or delivery.published_at is None:
        db.session.rollback()
        return
    add_row(
        delivery, url=url, published_at=delivery.published_at, captured_by=None, screenshot=picture,
        note=_("Diambil otomatis dari halaman publiknya."),
    )  # fmt: skip


def _is_wanted(delivery: Delivery) -> bool:
    if delivery.state is not DeliveryState.PUBLISHED or not delivery.permalink:
        return False
    known = select(Evidence.id).where(
        Evidence.delivery_id == delivery.id, Evidence.captured_by.is_(None), Evidence.screenshot_id.is_not(None),
        Evidence.payload_sha256 == delivery.payload_sha256,
    )  # fmt: skip
    return db.session.scalar(known) is None
