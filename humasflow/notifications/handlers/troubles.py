"""What went wrong on the channels: gathered, and told by a job of the office (see services.troubles)."""

from humasflow.core.db import db
from humasflow.notifications import services
from humasflow.publishing.enums import QUOTA_WITHOUT_END
from humasflow.publishing.events import (
    FollowUpFailed,
    LinkGone,
    PostFailed,
    PostHeld,
    PostLate,
    PostUncertain,
    PostWaits,
)
from humasflow.publishing.models import Delivery


def on_stopped(event: PostFailed | PostHeld | PostLate | PostUncertain) -> None:
    """It did not go out, and a person has to do something."""
    services.report(_office_of(event.delivery_id))


def on_waits(event: PostWaits) -> None:
    """An account that has to be connected anew is a person's, and so is a quota of which nobody knows when it comes
    back; pauses and other quotas end by themselves.
    """
    delivery = db.session.get_one(Delivery, event.delivery_id)
    if event.reason == "needs_reauth" or delivery.error_code == QUOTA_WITHOUT_END:
        services.report(delivery.office_id)


def on_live_trouble(event: FollowUpFailed | LinkGone) -> None:
    """It is out, and something of it needs a look."""
    services.report(_office_of(event.delivery_id), live=True)


def _office_of(delivery_id: int) -> int:
    return db.session.get_one(Delivery, delivery_id).office_id


HANDLERS = [
    (PostFailed, on_stopped),
    (PostHeld, on_stopped),
    (PostLate, on_stopped),
    (PostUncertain, on_stopped),
    (PostWaits, on_waits),
    (FollowUpFailed, on_live_trouble),
    (LinkGone, on_live_trouble),
]
