"""What publishing tells us: a post is live, or was taken down."""

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.publishing.events import PostPublished, PostRetracted
from humasflow.publishing.models import Delivery
from humasflow.scoring.services.ledger import reverse_delivery, score_delivery


def on_published(event: PostPublished) -> None:
    """Write what it counts for."""
    score_delivery(db.session.get_one(Delivery, event.delivery_id))


def on_retracted(event: PostRetracted) -> None:
    """Take back what it counted for."""
    actor = db.session.get(User, event.actor_id) if event.actor_id else None
    reverse_delivery(db.session.get_one(Delivery, event.delivery_id), actor=actor, reason=event.reason)


HANDLERS = [(PostPublished, on_published), (PostRetracted, on_retracted)]
