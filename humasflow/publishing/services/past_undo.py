"""Taking back what a list recorded, one or many: the record keeps that it was there, nothing counts any more, the
address is free to be recorded again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import select, update

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db, table_of
from humasflow.core.events import emit
from humasflow.publishing.enums import DeliveryMove, DeliveryState, FollowUp
from humasflow.publishing.events import PastPublicationsRetracted, PostRetracted
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.moving import lock_deliveries, lock_delivery, move, record
from humasflow.publishing.services.past import is_from_list
from humasflow.publishing.workflow import DELIVERY
from humasflow.stories.enums import StoryMove
from humasflow.stories.services import move_story
from humasflow.stories.services.moving_many import withdraw_stories
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


def undo_past_publications(
    delivery_ids: Iterable[int], *, office_id: int, actor: audit.Actor | None, reason: str
) -> set[int]:
    """The same for many of an office, without asking anything for each of them: the same rows and the same record.
    Returns the ids of those that are no longer live by this. Flushes; emits PastPublicationsRetracted, and
    PostRetracted for those at whose address something else is live, which counts from now on.
    """
    wanted = sorted(set(delivery_ids))
    lock_deliveries(wanted)
    held = db.session.scalars(
        select(Delivery)
        .where(Delivery.id.in_(wanted), Delivery.office_id == office_id)
        .order_by(Delivery.id)
        .execution_options(populate_existing=True)
    ).all()
    found = [delivery for delivery in held if is_from_list(delivery)]
    shared = _with_others_at_address(office_id, found)
    undone = {delivery.id for delivery in found}
    alone = [delivery for delivery in found if delivery.id not in shared]
    others = [delivery for delivery in found if delivery.id in shared]
    if alone:
        _undo(alone, office_id=office_id, actor=actor, reason=reason)
    for delivery in others:
        if not undo_past_publication(delivery, actor=actor, reason=reason):
            undone.discard(delivery.id)
    return undone


def _with_others_at_address(office_id: int, found: Sequence[Delivery]) -> set[int]:
    """Those at whose address another publication of the office is live."""
    addresses = {delivery.canonical_url for delivery in found if delivery.canonical_url}
    live: Counter[str | None] = Counter(
        address
        for address, state in db.session.execute(
            # By the address there are one or two; the state is asked of them here, for a database that has not
            # counted its rows lately would rather go through all that are live.
            select(Delivery.canonical_url, Delivery.state).where(
                Delivery.office_id == office_id, Delivery.canonical_url.in_(addresses)
            )
        )
        if state is DeliveryState.PUBLISHED
    )  # fmt: skip
    return {delivery.id for delivery in found if live[delivery.canonical_url] > 1}


def _undo(found: Sequence[Delivery], *, office_id: int, actor: audit.Actor | None, reason: str) -> None:
    db.session.flush()
    now, table = clock.now(), table_of(Delivery)
    accounts = {delivery.account_id for delivery in found}
    names = {
        row.id: row.name
        for row in db.session.execute(
            select(ChannelAccount.id, ChannelAccount.name).where(ChannelAccount.id.in_(accounts))
        )
    }
    posts = tuple((delivery.id, delivery.post_id) for delivery in found)
    story_ids = {delivery.story_id for delivery in found}
    acts = [
        audit.Act(
            AuditAction.DELIVERY_RETRACTED, ("post", delivery.post_id), actor, ("story", delivery.story_id),
            detail={"label": names[delivery.account_id], "delivery": delivery.id, "reason": reason},
        )
        for delivery in found
    ]  # fmt: skip
    of_these = table.c.id.in_([id_ for id_, _post in posts])
    db.session.execute(
        update(table)
        .where(of_these)
        .values(
            state=DELIVERY.target(DeliveryState.PUBLISHED, DeliveryMove.RETRACT), retracted_at=now,
            retract_reason=reason, retract_state=FollowUp.DONE, correcting_to_id=None, follow_up_error="",
            updated_at=now, row_version=table.c.row_version + 1,
        )
    )  # fmt: skip
    db.session.expire_all()
    audit.record_many(acts, office_id=office_id)
    emit(
        PastPublicationsRetracted(
            office_id=office_id, posts=posts, actor_id=actor.id if actor else None, reason=reason
        )
    )
    # Only now, as above.
    db.session.execute(update(table).where(of_these).values(canonical_url=None))
    db.session.expire_all()
    withdraw_stories(office_id, story_ids, reason=reason)
