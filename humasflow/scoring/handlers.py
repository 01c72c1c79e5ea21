"""What publishing tells us: a post is live, was taken down, or its address is gone."""

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.publishing.events import LinkGone, PostPublished, PostRetracted
from humasflow.publishing.models import Delivery
from humasflow.scoring.services.ledger import reverse_delivery, score_delivery
from humasflow.scoring.services.verification import question_link


def on_published(event: PostPublished) -> None:
    """Write what it counts for."""
    score_delivery(db.session.get_one(Delivery, event.delivery_id))


def on_retracted(event: PostRetracted) -> None:
    """Take back what it counted for."""
    actor = db.session.get(User, event.actor_id) if event.actor_id else None
    reverse_delivery(db.session.get_one(Delivery, event.delivery_id), actor=actor, reason=event.reason)


def on_link_gone(event: LinkGone) -> None:
    """Its point is questioned until a person has decided."""
    question_link(db.session.get_one(Delivery, event.delivery_id))


HANDLERS = [(PostPublished, on_published), (PostRetracted, on_retracted), (LinkGone, on_link_gone)]
