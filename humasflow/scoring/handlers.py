"""What publishing tells us: a post is live, was taken down, counts as another type, or its address is gone."""

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.publishing.events import (
    LinkGone,
    PastPublicationsRecorded,
    PastPublicationsRetracted,
    PostPublished,
    PostRetracted,
    PostRetyped,
)
from humasflow.publishing.models import Delivery
from humasflow.scoring.services.holding import hold
from humasflow.scoring.services.ledger import rescore_delivery, reverse_delivery, score_delivery
from humasflow.scoring.services.past import score_past
from humasflow.scoring.services.past_undo import reverse_past
from humasflow.scoring.services.verification import question_link


def on_published(event: PostPublished) -> None:
    """Write what it counts for."""
    score_delivery(db.session.get_one(Delivery, event.delivery_id))


def on_past_recorded(event: PastPublicationsRecorded) -> None:
    """The same for many from a list."""
    score_past(event.office_id, event.delivery_ids)


def on_retracted(event: PostRetracted) -> None:
    """Take back what it counted for."""
    actor = db.session.get(User, event.actor_id) if event.actor_id else None
    reverse_delivery(db.session.get_one(Delivery, event.delivery_id), actor=actor, reason=event.reason)


def on_past_retracted(event: PastPublicationsRetracted) -> None:
    """The same for many from a list."""
    actor = db.session.get(User, event.actor_id) if event.actor_id else None
    ids = [delivery_id for delivery_id, _post in event.posts]
    reverse_past(event.office_id, ids, actor=actor, reason=event.reason)


def on_retyped(event: PostRetyped) -> None:
    """Count it for what it is."""
    actor = db.session.get(User, event.actor_id) if event.actor_id else None
    rescore_delivery(db.session.get_one(Delivery, event.delivery_id), actor=actor, reason=event.reason)


def on_link_gone(event: LinkGone) -> None:
    """Its point is questioned until a person has decided; what was closed is left alone."""
    delivery = db.session.get_one(Delivery, event.delivery_id)
    hold(delivery)  # somebody may be deciding about it at this moment
    question_link(delivery)


HANDLERS = [
    (PostPublished, on_published),
    (PastPublicationsRecorded, on_past_recorded),
    (PostRetracted, on_retracted),
    (PastPublicationsRetracted, on_past_retracted),
    (PostRetyped, on_retyped),
    (LinkGone, on_link_gone),
]
