"""Thinking again about a publication: a decision is taken back, what was questioned stops counting, or counts again.

Nothing is edited: each is a further dated event, and where it touches the ledger, a further line.
"""

from datetime import timedelta
from typing import Final

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.errors import Reason, Refused, UserError
from humasflow.core.events import emit
from humasflow.core.permissions import Permission
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.enums import PointState
from humasflow.scoring.events import PointCleared, PointDisputed, PointRecounted, PointSetAside
from humasflow.scoring.models import PointEvent
from humasflow.scoring.services.holding import hold
from humasflow.scoring.services.ledger import note_state, reverse_delivery, score_delivery
from humasflow.scoring.services.verification import ensure_unchanged, why_not_dispute

UNDONE_WITHIN: Final = timedelta(
    minutes=30
)  # long enough for a slip of the finger, too short for a second opinion
DECISIONS: Final = (PointState.VERIFIED, PointState.DISPUTED)


def undoable(actor: Principal, delivery: Delivery) -> PointEvent | None:
    """The decision of this person about a publication that can still be taken back: the newest event, and fresh."""
    events = queries.list_events_of(delivery.id)
    newest = events[-1] if len(events) > 1 else None
    if newest is None or newest.state not in DECISIONS or newest.actor_id != actor.id:
        return None
    return newest if clock.now() - newest.at <= UNDONE_WITHIN else None


def undo_decision(delivery: Delivery, *, actor: Principal) -> PointEvent:
    """Urungkan: the state before one's own newest decision holds again. Raises Refused, also when nothing is left to
    undo. Flushes.
    """
    hold(delivery)
    reasons = why_not_dispute(actor, delivery)
    newest = undoable(actor, delivery)
    if newest is None:
        reasons.append(
            Reason("undone", _("Keputusan ini tidak dapat diurungkan lagi. Putuskan sekali lagi bila perlu."))
        )
    if reasons:
        raise Refused(reasons)
    before = queries.list_events_of(delivery.id)[-2]
    label = actor.capacity_for(Permission.EVIDENCE_VERIFY, delivery.office_id)
    note = _("Keputusan sebelumnya diurungkan.")
    if before.state is PointState.DISPUTED:
        note = before.note  # still the question that somebody has to answer
    elif before.state is PointState.VERIFIED:
        who = before.actor_label or _("humasflow")
        note = _("Pertanyaannya dicabut; verifikasi oleh %(who)s berlaku lagi.", who=who)
    event = note_state(
        delivery, before.state, at=clock.now(), actor=actor, label=label, document=before.document, note=note
    )
    audit.record(
        AuditAction.POINT_TAKEN_BACK, ("post", delivery.post_id), office_id=delivery.office_id, actor=actor,
        acting_as=label, context=("story", delivery.story_id), state=before.state.value,
    )  # fmt: skip
    if before.state is PointState.DISPUTED:  # by whom it was asked, and why, is what it was
        emit(PointDisputed(delivery.id, event.id, before.actor_id, note))
    elif newest is not None and newest.state is PointState.DISPUTED:
        emit(PointCleared(delivery.id, event.id, actor.id))
    return event


def reverse_point(
    delivery: Delivery, *, actor: Principal, reason: str, seen: int | None = None
) -> PointEvent | None:
    """Decide that what was questioned does not count, though it is live: its lines are taken back with the reason. None
    when that was decided already. Raises UserError, Refused, Conflict. Flushes.
    """
    if not reason.strip():
        raise UserError(_("Tulis mengapa publikasi ini tidak dihitung, supaya pembuatnya tahu."))
    hold(delivery)
    state = queries.point_state_of([delivery.id]).get(delivery.id)
    if state is PointState.REVERSED:
        return None
    reasons = why_not_dispute(actor, delivery)
    if reasons:
        raise Refused(reasons)
    ensure_unchanged(delivery, seen)
    if state is not PointState.DISPUTED:
        raise Refused(
            [Reason("not_disputed", _("Pertanyakan dahulu publikasi ini sebelum nilainya dibalik."))]
        )
    if not reverse_delivery(delivery, actor=actor, reason=reason.strip()):
        # It counts nowhere; the decision is noted all the same, so that nobody is asked again.
        note_state(delivery, PointState.REVERSED, at=clock.now(), actor=actor, note=reason.strip())
        audit.record(
            AuditAction.LEDGER_LINE_REVERSED, ("post", delivery.post_id), office_id=delivery.office_id, actor=actor,
            context=("story", delivery.story_id), reason=reason,
        )  # fmt: skip
    event = queries.newest_events_of([delivery.id])[delivery.id]
    emit(PointSetAside(delivery.id, event.id, actor.id, reason.strip()))
    return event


def recount_point(delivery: Delivery, *, actor: Principal) -> PointEvent | None:
    """Decide that a live publication counts after all: it waits for verification again, and its lines are written anew
    by the rules in force. None when it counts already. Raises Refused. Flushes.
    """
    hold(delivery)
    if queries.point_state_of([delivery.id]).get(delivery.id) is not PointState.REVERSED:
        return None
    reasons = why_not_dispute(actor, delivery)
    if reasons:
        raise Refused(reasons)
    label = actor.capacity_for(Permission.EVIDENCE_VERIFY, delivery.office_id)
    event = note_state(
        delivery,
        PointState.LIVE_UNVERIFIED,
        at=clock.now(),
        actor=actor,
        label=label,
        note=_("Dihitung lagi."),
    )
    score_delivery(delivery)
    audit.record(
        AuditAction.POINT_RECOUNTED, ("post", delivery.post_id), office_id=delivery.office_id, actor=actor,
        acting_as=label, context=("story", delivery.story_id),
    )  # fmt: skip
    emit(PointRecounted(delivery.id, event.id, actor.id))
    return event
