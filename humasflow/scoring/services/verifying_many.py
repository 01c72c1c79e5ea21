"""Confirming many publications at once: those whose evidence is complete. What is left out is named with why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.errors import Reason, UserError
from humasflow.publishing.models import Delivery
from humasflow.publishing.queries import get_delivery
from humasflow.scoring import queries
from humasflow.scoring.enums import PointState
from humasflow.scoring.proof import proofs_of
from humasflow.scoring.services.verification import verify_point, why_not_verify

AT_ONCE: Final = 100


@dataclass(frozen=True)
class Outcome:
    """What became of each: confirmed, or left out with every reason."""

    verified: tuple[Delivery, ...]
    left_out: tuple[tuple[Delivery, tuple[Reason, ...]], ...]


def verify_many(delivery_ids: Sequence[int], *, actor: Principal) -> Outcome:
    """Confirm those of the publications whose address was seen, whose picture is on the disk, and which this person may
    confirm. Safe to repeat. Raises NotFound for one that the person may not see, UserError for none or too many.
    """
    wanted = sorted(set(delivery_ids))
    if not wanted:
        raise UserError(_("Tandai paling sedikit satu publikasi."))
    if len(wanted) > AT_ONCE:
        raise UserError(_("Paling banyak %(n)s publikasi sekali jalan.", n=AT_ONCE))
    deliveries = [get_delivery(actor, delivery_id) for delivery_id in wanted]
    queries.hold_deliveries(
        wanted
    )  # before anything is judged: what was decided meanwhile is seen, not overruled
    db.session.scalars(
        select(Delivery).where(Delivery.id.in_(wanted)).execution_options(populate_existing=True)
    ).all()
    states, proofs = queries.point_state_of(wanted), proofs_of(wanted)
    verified: list[Delivery] = []
    left_out: list[tuple[Delivery, tuple[Reason, ...]]] = []
    for delivery in deliveries:
        reasons = [*proofs[delivery.id].lacks, *why_not_verify(actor, delivery)]
        if states.get(delivery.id) is not PointState.LIVE_UNVERIFIED:
            reasons.append(Reason("decided", _("sudah diputuskan")))
        if reasons:
            left_out.append((delivery, tuple(reasons)))
        elif (
            verify_point(delivery, actor=actor, note=_("Diverifikasi bersama: buktinya lengkap.")) is not None
        ):
            verified.append(delivery)
    return Outcome(tuple(verified), tuple(left_out))
