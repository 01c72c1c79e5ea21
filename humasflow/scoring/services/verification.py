"""Confirming that a publication is live and counts, or questioning it: decisions of named people."""

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Reason, Refused, UserError
from humasflow.core.permissions import Permission
from humasflow.orgs.queries import get_office
from humasflow.publishing.models import Delivery, Evidence
from humasflow.publishing.services.link_check import vouch_for_link
from humasflow.scoring import queries
from humasflow.scoring.enums import PointState
from humasflow.scoring.models import PointEvent
from humasflow.scoring.policy import reasons_not_to_verify
from humasflow.scoring.services.ledger import note_state


def why_not_verify(actor: Principal, delivery: Delivery) -> list[Reason]:
    """What stands against this person's confirming it."""
    four_eyes = get_office(delivery.office_id).four_eyes
    return reasons_not_to_verify(actor, delivery, four_eyes=four_eyes, recorded_by=_recorders(delivery))


def _recorders(delivery: Delivery) -> set[int]:
    return {
        i
        for i in db.session.scalars(select(Evidence.captured_by).where(Evidence.delivery_id == delivery.id))
        if i is not None
    }


def verify_point(
    delivery: Delivery, *, actor: Principal, document: str = "", note: str = ""
) -> PointEvent | None:
    """Confirm a publication, also one whose address was gone. None when it is verified already (a second click changes
    nothing).
    """
    reasons = why_not_verify(actor, delivery)
    if reasons:
        raise Refused(reasons)
    vouch_for_link(delivery)
    return confirm(
        delivery,
        actor=actor,
        label=actor.capacity_for(Permission.EVIDENCE_VERIFY, delivery.office_id),
        document=document,
        note=note,
    )


def confirm(
    delivery: Delivery, *, actor: audit.Actor, label: str, document: str = "", note: str = ""
) -> PointEvent | None:
    """The same for somebody who takes responsibility outside a form: an import names the person and the document."""
    if queries.point_state_of([delivery.id]).get(delivery.id) is PointState.VERIFIED:
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


def dispute_point(delivery: Delivery, *, actor: Principal, reason: str) -> PointEvent:
    """Question a publication; it stops counting as verified until somebody confirms it again. Needs a reason."""
    if not reason.strip():
        raise UserError(_("Tulis alasannya, supaya pencatat tahu apa yang perlu diperbaiki."))
    reasons = reasons_not_to_verify(actor, delivery, four_eyes=False, recorded_by=set())
    if reasons:
        raise Refused(reasons)
    event = note_state(delivery, PointState.DISPUTED, at=clock.now(), actor=actor, note=reason)
    audit.record(
        AuditAction.POINT_DISPUTED,
        ("post", delivery.post_id),
        office_id=delivery.office_id,
        actor=actor,
        context=("story", delivery.story_id),
        reason=reason,
    )
    return event


def question_link(delivery: Delivery) -> PointEvent | None:
    """The address of a publication is gone: its point is disputed, and a person decides (confirms it again, or has the
    post taken down). No line of the ledger is touched. None when it does not count, or is disputed already. Flushes.
    """
    state = queries.point_state_of([delivery.id]).get(delivery.id)
    if state not in (PointState.LIVE_UNVERIFIED, PointState.VERIFIED):
        return None
    reason = _("Tautannya tidak ditemukan lagi pada tiga pemeriksaan selama sepekan.")
    event = note_state(delivery, PointState.DISPUTED, at=clock.now(), note=reason)
    audit.record(
        AuditAction.POINT_DISPUTED, ("post", delivery.post_id), office_id=delivery.office_id, actor=None,
        context=("story", delivery.story_id), reason=reason,
    )  # fmt: skip
    return event
