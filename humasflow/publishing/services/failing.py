"""When a post cannot go out, or not now: it says so, to the people who can mend it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from flask_babel import gettext as _

from humasflow.audit.enums import AuditAction
from humasflow.channels.connections.queries import get_connection_of
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.events import emit
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryMove as M
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.events import PostFailed, PostUncertain, PostWaits
from humasflow.publishing.models import Delivery
from humasflow.publishing.progress import keep_progress, progress_of
from humasflow.publishing.services.moving import current_or_new, move, record

HEARD_LATELY: Final = timedelta(hours=1)
_WAITS = {M.PAUSE: S.PAUSED, M.ASK_SIGN_IN: S.NEEDS_REAUTH, M.AWAIT_QUOTA: S.QUOTA_WAIT}


def fail(delivery: Delivery, error: str, *, code: str = "", detail: str = "") -> None:
    """It cannot go out like this. ``error`` is a sentence for people, ``code`` a stable word, ``detail`` the technical
    cause for the record.

    Flushes; emits PostFailed.
    """
    delivery.error, delivery.error_code, delivery.next_at = error, code, None
    delivery.told_at = None
    move(delivery, M.FAIL)
    record(AuditAction.DELIVERY_FAILED, delivery, actor=None, reason=error, code=code, detail=detail)
    emit(PostFailed(delivery_id=delivery.id, post_id=delivery.post_id, error=error))


def lose(delivery: Delivery, *, detail: str = "") -> None:
    """It was sent, and whether it arrived cannot be told: only a person can look. Never sent again before that.

    Flushes; emits PostUncertain.
    """
    delivery.error = _(
        "Kanal tidak menjawab apakah publikasi ini sudah tayang. Periksa langsung di kanalnya."
    )
    delivery.error_code, delivery.next_at, delivery.told_at = "outcome_unknown", None, None
    move(delivery, M.LOSE)
    record(AuditAction.DELIVERY_UNCERTAIN, delivery, actor=None, reason=delivery.error, detail=detail)
    emit(PostUncertain(delivery_id=delivery.id, post_id=delivery.post_id))


def wait(
    delivery: Delivery, step: M, error: str, *, code: str, detail: str = "", until: datetime | None = None
) -> None:
    """It goes out later by itself: once the account is resumed, connected anew, or takes posts again (``until``).

    Told once for each cause, however often the worker looks. Flushes; emits PostWaits.
    """
    target = _WAITS[step]
    # Let in and shut out again is a new cause, whatever it is called.
    is_shut_again = step is M.ASK_SIGN_IN and delivery.state is not target and not _is_known(delivery)
    is_new = delivery.error_code != code or is_shut_again
    delivery.error, delivery.error_code, delivery.next_at = error, code, until
    if delivery.state is not target:
        # What comes after the wait has its own tries.
        delivery.attempts, delivery.first_tried_at = 0, None
        keep_progress(delivery, replace(progress_of(delivery), lost=0, lost_since=None))
        move(delivery, step)
        record(AuditAction.DELIVERY_WAITS, delivery, actor=None, reason=error, code=code, detail=detail)
    if is_new:
        delivery.told_at = None
        emit(PostWaits(delivery_id=delivery.id, post_id=delivery.post_id, reason=target.value))
    db.session.flush()


def _is_known(delivery: Delivery) -> bool:
    """Whether people heard of it lately, and nobody has connected the account since: it was merely tried once more."""
    connection, told_at = get_connection_of(delivery.account_id), delivery.told_at
    if connection is None or told_at is None or connection.connected_at > told_at:
        return False
    return clock.now() - told_at < HEARD_LATELY


def give_up(post: Post, cause: str) -> None:
    """The job of a post ended as a dead letter. ``cause`` is for the record only. What was being sent is uncertain, and
    nothing else; the rest has failed.
    """
    delivery = current_or_new(post)
    if delivery.state is S.COMMITTING:
        lose(delivery, detail=cause)
    elif delivery.state in (S.QUEUED, S.PREPARING, S.PREPARED, S.QUOTA_WAIT):
        fail(
            delivery,
            _("Pengiriman berhenti karena gangguan di dalam aplikasi. Coba lagi, atau hubungi admin kantor."),
            code="fault",
            detail=cause,
        )
    db.session.flush()
