"""Ralat: an approved correction reaches the channels. Where the product can, it changes what is live; elsewhere a
person is asked, and the publication says that it is not corrected yet until they have said that it is.
"""

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit.enums import AuditAction
from humasflow.channels.adapters.registry import get_adapter
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Refused
from humasflow.core.events import emit
from humasflow.media.services import Upload
from humasflow.outbox import services as outbox
from humasflow.posts import queries as posts
from humasflow.publishing import queries
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.events import CorrectionDue, PostCorrected
from humasflow.publishing.models import Delivery
from humasflow.publishing.policy import is_by_hand, reasons_not_to_confirm_correction
from humasflow.publishing.services.evidence import add_row
from humasflow.publishing.services.manual import keep_screenshot
from humasflow.publishing.services.moving import lock_delivery, record
from humasflow.publishing.snapshots import fill, job_of, take_snapshot
from humasflow.stories import queries as stories
from humasflow.stories.models import Story
from humasflow.stories.services import publish_change

CORRECT = "publishing.correct"


def begin_correction(story_id: int) -> None:
    """What is live and shows an earlier text is corrected: by a job where the channel can, by a person elsewhere.

    Does nothing unless a correction of the story's current version has been prepared. Safe to repeat. Flushes.
    """
    story = db.session.get_one(Story, story_id)
    change = publish_change(story)
    if change is None or change.version_id is None:
        return
    every = posts.list_posts_of(story_id)
    for delivery in queries.latest_delivery_of(p.id for p in every).values():
        if delivery.state is not DeliveryState.PUBLISHED or delivery.story_version_id == change.version_id:
            continue
        lock_delivery(delivery)
        delivery.correcting_to_id = change.version_id
        db.session.flush()
        if is_by_hand(delivery.account):
            delivery.assignee_id = delivery.account.assignee_id
            record(AuditAction.DELIVERY_CORRECTION_DUE, delivery, actor=None)
            emit(
                CorrectionDue(
                    delivery_id=delivery.id, post_id=delivery.post_id, assignee_id=delivery.assignee_id
                )
            )
        else:
            outbox.enqueue(
                CORRECT, delivery.id, office_id=delivery.office_id,
                key=f"correct:{delivery.id}:{change.version_id}",
            )  # fmt: skip


def correct_live(delivery_id: int | str) -> None:
    """Bring the approved correction to a channel that can be edited. Address and time of publication stay; the old text
    stays in its version and in the hash of the evidence. Safe to repeat. Flushes; emits PostCorrected.
    """
    delivery = db.session.get(Delivery, int(delivery_id))
    if delivery is None:
        return
    lock_delivery(delivery)
    if delivery.state is not DeliveryState.PUBLISHED or delivery.correcting_to_id is None:
        return
    version = stories.get_version(delivery.correcting_to_id)
    fill(delivery, take_snapshot(delivery.post, version))
    get_adapter(delivery.account.adapter).update(job_of(delivery))
    _corrected(delivery)
    if delivery.permalink is not None and delivery.published_at is not None:
        add_row(delivery, url=delivery.permalink, published_at=delivery.published_at, captured_by=None)
    record(AuditAction.DELIVERY_CORRECTED, delivery, actor=None)
    emit(PostCorrected(delivery_id=delivery.id, post_id=delivery.post_id))


def confirm_correction(
    delivery: Delivery, *, actor: Principal, note: str = "", screenshot: Upload | None = None
) -> None:
    """A person has corrected the post on its channel and says so, with a picture of the screen where they have one.

    The assignee may, and whoever holds ``evidence:record``. Repeating it changes nothing. Raises Refused. Flushes.
    """
    lock_delivery(delivery)
    if delivery.correcting_to_id is None:
        return
    reasons = reasons_not_to_confirm_correction(actor, delivery)
    if reasons:
        raise Refused(reasons)
    picture = keep_screenshot(screenshot, delivery, actor)
    _corrected(delivery)
    if delivery.permalink is not None and delivery.published_at is not None:
        add_row(
            delivery, url=delivery.permalink, published_at=delivery.published_at, captured_by=actor.id,
            screenshot=picture, note=note.strip() or _("Unggahan dibetulkan sesuai ralat."),
        )  # fmt: skip
    record(AuditAction.DELIVERY_CORRECTED, delivery, actor=actor, reason=note.strip())
    emit(PostCorrected(delivery_id=delivery.id, post_id=delivery.post_id))


def _corrected(delivery: Delivery) -> None:
    delivery.story_version_id, delivery.correcting_to_id = delivery.correcting_to_id, None
    delivery.updated_at = clock.now()
    db.session.flush()
