"""Taking back what a list recorded: the record keeps that it was there, nothing counts any more, the address is free
to be recorded again.
"""

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.events import emit
from humasflow.publishing.enums import DeliveryMove, FollowUp
from humasflow.publishing.events import PostRetracted
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.moving import lock_delivery, move, record
from humasflow.publishing.services.past import is_from_list
from humasflow.stories.enums import StoryMove
from humasflow.stories.services import move_story
from humasflow.stories.workflow import STORY


def undo_past_publication(delivery: Delivery, *, actor: audit.Actor | None, reason: str) -> bool:
    """Take back a publication that came from a list. Its channel is not touched: it was published there by others.

    False when it is no longer one (taken down, or sent from here meanwhile). Flushes; emits PostRetracted.
    """
    lock_delivery(delivery)
    if not is_from_list(delivery):
        return False
    delivery.retracted_at, delivery.retract_reason = clock.now(), reason
    delivery.correcting_to_id, delivery.follow_up_error = None, ""
    delivery.retract_state = FollowUp.DONE
    move(delivery, DeliveryMove.RETRACT)
    record(AuditAction.DELIVERY_RETRACTED, delivery, actor=actor, reason=reason)
    emit(
        PostRetracted(
            delivery_id=delivery.id, post_id=delivery.post_id, actor_id=actor.id if actor else 0, reason=reason
        )
    )  # fmt: skip
    # Only now: what counts is found by the address. Without it the same list may be imported again.
    delivery.canonical_url = None
    db.session.flush()
    story = delivery.post.story
    if STORY.allows(story.state, StoryMove.WITHDRAW):
        move_story(story, StoryMove.WITHDRAW, actor=None, reason=reason)
    return True
