"""Confirming that a publication is live and counts, or questioning it: decisions of named people."""

from flask_babel import gettext as _
from sqlalchemy import func, select

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, Reason, Refused, UserError
from humasflow.core.events import emit
from humasflow.core.permissions import Permission
from humasflow.orgs.queries import get_office
from humasflow.publishing.models import Delivery, Evidence
from humasflow.publishing.services.link_check import vouch_for_link
from humasflow.scoring import queries
from humasflow.scoring.enums import PointState
from humasflow.scoring.events import PointCleared, PointDisputed
from humasflow.scoring.models import PointEvent
from humasflow.scoring.policy import reasons_not_to_verify
from humasflow.scoring.services.booking import closed_for, ensure_open
from humasflow.scoring.services.holding import hold
from humasflow.scoring.services.ledger import note_state


def why_not_verify(actor: Principal, delivery: Delivery) -> list[Reason]:
    """What stands against this person's confirming it; also that what it counts for was closed."""
    return _reasons(actor, delivery, four_eyes=get_office(delivery.office_id).four_eyes)


def why_not_dispute(actor: Principal, delivery: Delivery) -> list[Reason]:
    """What stands against this person's questioning it, or taking back what it counts for."""
    return _reasons(actor, delivery, four_eyes=False)


def _reasons(actor: Principal, delivery: Delivery, *, four_eyes: bool) -> list[Reason]:
    recorded_by = _recorders(delivery) if four_eyes else set()
    reasons = reasons_not_to_verify(actor, delivery, four_eyes=four_eyes, recorded_by=recorded_by)
    try:
        ensure_open(delivery)
    except Refused as refused:
        reasons += refused.reasons
    return reasons


def _recorders(delivery: Delivery) -> set[int]:
    return {
        i
        for i in db.session.scalars(select(Evidence.captured_by).where(Evidence.delivery_id == delivery.id))
        if i is not None
    }


def ensure_unchanged(delivery: Delivery, seen: int | None) -> None:
    """Refuse a decision about something that somebody else has decided meanwhile. ``seen``: the newest event that the
    person had before them; None does not ask. Raises Conflict, which says who decided what.
    """
    newest = queries.newest_events_of([delivery.id]).get(delivery.id)
    if seen is None or newest is None or newest.id == seen:
        return
    raise Conflict(_(
        "Publikasi ini baru saja diputuskan: %(state)s, oleh %(who)s. Keputusan Anda belum dicatat; periksa dahulu.",
        state=newest.state.label, who=newest.actor_label or _("humasflow"),
    ))  # fmt: skip


def _ensure_same_proof(delivery: Delivery, proof: int | None) -> None:
    """Refuse to confirm an address or a picture that a person has put in the place of what this one looked at."""
    if proof is None:
        return
    newest = select(func.max(Evidence.id)).where(
        Evidence.delivery_id == delivery.id, Evidence.captured_by.is_not(None)
    )
    if (db.session.scalar(newest) or 0) != proof:
        raise Conflict(_(
            "Bukti publikasi ini baru saja ditambah atau dibetulkan. Keputusan Anda belum dicatat; periksa dahulu."
        ))  # fmt: skip


def _ensure_counting(delivery: Delivery) -> None:
    """Refuse to judge what a person took out of the count: its lines are reversed, and no state brings them back."""
    if queries.point_state_of([delivery.id]).get(delivery.id) is PointState.REVERSED:
        raise Refused([Reason("reversed", _(
            "Publikasi ini sudah diputuskan tidak dihitung. Hitung lagi dahulu, baru diverifikasi atau dipertanyakan."
        ))])  # fmt: skip


def verify_point(
    delivery: Delivery,
    *,
    actor: Principal,
    document: str = "",
    note: str = "",
    seen: int | None = None,
    proof: int | None = None,
) -> PointEvent | None:
    """Confirm a publication, also one whose address was gone. None when it is verified already (a second click changes
    nothing). ``proof``: the newest evidence by a person that was looked at (``scoring.proof``), 0 for none; None does
    not ask. Raises Refused with every reason, Conflict (see :func:`ensure_unchanged`; also when the evidence is new).
    """
    hold(delivery)  # first: whoever withdraws it meanwhile is waited for
    reasons = why_not_verify(actor, delivery)
    if reasons:
        raise Refused(reasons)
    before = queries.point_state_of([delivery.id]).get(delivery.id)
    if before is not PointState.VERIFIED:
        ensure_unchanged(delivery, seen)
        _ensure_same_proof(delivery, proof)
    _ensure_counting(delivery)
    vouch_for_link(delivery)
    event = confirm(
        delivery,
        actor=actor,
        label=actor.capacity_for(Permission.EVIDENCE_VERIFY, delivery.office_id),
        document=document,
        note=note,
    )
    if event is not None and before is PointState.DISPUTED:
        emit(PointCleared(delivery.id, event.id, actor.id))
    return event


def confirm(
    delivery: Delivery, *, actor: audit.Actor, label: str, document: str = "", note: str = ""
) -> PointEvent | None:
    """The same for somebody who takes responsibility outside a form: an import names the person and the document. None
    when it is verified already, when a person decided that it does not count, or when it counts in closed periods only:
    those stay what they were.
    """
    state = queries.point_state_of([delivery.id]).get(delivery.id)
    if state in (PointState.VERIFIED, PointState.REVERSED) or closed_for(delivery):
        return None
    event = note_state(
        delivery, PointState.VERIFIED, at=clock.now(), actor=actor, label=label, document=document, note=note
    )
    audit.record(
        AuditAction.POINT_VERIFIED,
        ("post", delivery.post_id),
        office_id=delivery.office_id,
        actor=actor,
        acting_as=label,
        context=("story", delivery.story_id),
        document=document,
    )
    return event


def dispute_point(
    delivery: Delivery, *, actor: Principal, reason: str, seen: int | None = None
) -> PointEvent:
    """Question a publication; it stops counting as verified until somebody confirms it again. Needs a reason. Raises
    UserError, Refused, Conflict (see :func:`ensure_unchanged`).
    """
    if not reason.strip():
        raise UserError(_("Tulis alasannya, supaya pencatat tahu apa yang perlu diperbaiki."))
    hold(delivery)
    reasons = why_not_dispute(actor, delivery)
    if reasons:
        raise Refused(reasons)
    ensure_unchanged(delivery, seen)
    _ensure_counting(delivery)
    label = actor.capacity_for(Permission.EVIDENCE_VERIFY, delivery.office_id)
    event = note_state(
        delivery, PointState.DISPUTED, at=clock.now(), actor=actor, label=label, note=reason.strip()
    )
    audit.record(
        AuditAction.POINT_DISPUTED,
        ("post", delivery.post_id),
        office_id=delivery.office_id,
        actor=actor,
        acting_as=label,
        context=("story", delivery.story_id),
        reason=reason,
    )
    emit(PointDisputed(delivery.id, event.id, actor.id, event.note))
    return event


def question_link(delivery: Delivery) -> PointEvent | None:
    """The address of a publication is gone: its point is disputed, and a person decides (confirms it again, or has the
    post taken down). No line of the ledger is touched. None when it does not count, is disputed already, or counts in
    closed periods only. Flushes.
    """
    state = queries.point_state_of([delivery.id]).get(delivery.id)
    if state not in (PointState.LIVE_UNVERIFIED, PointState.VERIFIED) or closed_for(delivery):
        return None
    reason = _("Tautannya tidak ditemukan lagi pada tiga pemeriksaan selama sepekan.")
    event = note_state(delivery, PointState.DISPUTED, at=clock.now(), note=reason)
    audit.record(
        AuditAction.POINT_DISPUTED, ("post", delivery.post_id), office_id=delivery.office_id, actor=None,
        context=("story", delivery.story_id), reason=reason,
    )  # fmt: skip
    return event
