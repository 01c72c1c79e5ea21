"""The one function that changes a delivery's state, and the rows around it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.posts.models import Post
from humasflow.publishing import queries
from humasflow.publishing.enums import DeliveryMove
from humasflow.publishing.models import Delivery
from humasflow.publishing.workflow import DELIVERY
from humasflow.stories.models import Story


def move(delivery: Delivery, step: DeliveryMove) -> None:
    """Take a step of the delivery's table. Flushes. Raises IllegalMove."""
    delivery.state = DELIVERY.target(delivery.state, step)
    delivery.updated_at = clock.now()
    db.session.flush()


def record(
    action: AuditAction, delivery: Delivery, *, actor: audit.Actor | None, **detail: str | None
) -> None:
    """Write what happened into the record, for the timelines of the post and its story."""
    given: dict[str, Any] = {name: value for name, value in detail.items() if value}
    audit.record(
        action,
        ("post", delivery.post_id),
        office_id=delivery.office_id,
        actor=actor,
        context=("story", delivery.story_id),
        label=delivery.account.name,
        delivery=delivery.id,
        **given,
    )


def lock_post(post_id: int) -> Post | None:
    """The post, read afresh and locked together with its story: the story first, as everywhere."""
    db.session.flush()
    post = db.session.get(Post, post_id)
    if post is None:
        return None
    story = db.session.get_one(Story, post.story_id)
    lock(story)
    lock(post)
    return post


def lock_delivery(delivery: Delivery) -> None:
    """Wait for whoever changes this delivery and see what they did. Its story first, as everywhere: who approves a
    correction or withdraws the story holds it from the beginning, and takes the deliveries when the record is theirs.
    Lines of the ledger may name it meanwhile: who takes back one publication writes those of another at its address.
    """
    lock(db.session.get_one(Story, delivery.story_id))
    lock(delivery, referable=True)


def lock_deliveries(delivery_ids: Iterable[int]) -> None:
    """Several at once, before anything is recorded about the first: their stories in the order of their ids, then the
    deliveries in the order of theirs. What was loaded before is not read again. Flushes; two statements.
    """
    db.session.flush()
    wanted = sorted(set(delivery_ids))
    stories = select(Delivery.story_id).where(Delivery.id.in_(wanted))
    db.session.execute(
        select(Story.id).where(Story.id.in_(stories)).order_by(Story.id).with_for_update()
    ).all()
    held = select(Delivery.id).where(Delivery.id.in_(wanted)).order_by(Delivery.id)
    db.session.execute(held.with_for_update(key_share=True)).all()


def current_or_new(post: Post) -> Delivery:
    """The delivery of the post's present generation; made now if there is none yet."""
    found = queries.get_current_delivery(post)
    if found is not None:
        lock_delivery(found)
        return found
    now = clock.now()
    delivery = Delivery(
        office_id=post.office_id, post_id=post.id, account_id=post.account_id, story_id=post.story_id,
        content_type_id=post.content_type_id, post_version_id=None, story_version_id=None,
        generation=post.generation, state=DELIVERY.initial, title=post.story.title, summary="",
        cover_asset_id=None, payload=None, payload_sha256=None,
        idempotency_key=f"post:{post.id}:{post.generation}", committing_at=None, external_id=None,
        permalink=None, canonical_url=None, published_at=None, retracted_at=None, retract_reason="",
        assignee_id=None, error="", created_at=now, updated_at=now,
    )  # fmt: skip
    delivery.post, delivery.account = post, post.account
    db.session.add(delivery)
    db.session.flush()
    return delivery
