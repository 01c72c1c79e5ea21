"""When a post cannot go out: it says so, to the people who can mend it."""

from flask_babel import gettext as _

from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.events import emit
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryMove, DeliveryState
from humasflow.publishing.events import PostFailed
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.moving import current_or_new, move, record


def fail(delivery: Delivery, error: str, *, detail: str = "") -> None:
    """It cannot go out like this. ``error`` is a sentence for people, ``detail`` the technical cause for the record.

    Flushes; emits PostFailed.
    """
    delivery.error = error
    if delivery.state is not DeliveryState.PREPARING and delivery.state is not DeliveryState.COMMITTING:
        move(delivery, DeliveryMove.PREPARE)
    move(delivery, DeliveryMove.FAIL)
    record(AuditAction.DELIVERY_FAILED, delivery, actor=None, reason=error, detail=detail)
    emit(PostFailed(delivery_id=delivery.id, post_id=delivery.post_id, error=error))


def lose(delivery: Delivery, *, detail: str = "") -> None:
    """It was sent, and whether it arrived cannot be told: only a person can look. Never sent again before that."""
    delivery.error = _(
        "Kanal tidak menjawab apakah publikasi ini sudah tayang. Periksa langsung di kanalnya."
    )
    move(delivery, DeliveryMove.LOSE)
    record(AuditAction.DELIVERY_FAILED, delivery, actor=None, reason=delivery.error, detail=detail)
    emit(PostFailed(delivery_id=delivery.id, post_id=delivery.post_id, error=delivery.error))


def give_up(post: Post, cause: str) -> None:
    """The job of a post ended as a dead letter. ``cause`` is for the record only."""
    delivery = current_or_new(post)
    if delivery.state in (DeliveryState.QUEUED, DeliveryState.PREPARING, DeliveryState.COMMITTING):
        fail(
            delivery,
            _("Pengiriman berhenti karena gangguan di dalam aplikasi. Coba lagi, atau hubungi admin kantor."),
            detail=cause,
        )
        db.session.flush()
