"""Who may confirm a publication, and who sees what people are asked for."""

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.core.errors import Reason
from humasflow.core.permissions import Permission
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery


def reasons_not_to_verify(
    actor: Principal, delivery: Delivery, *, four_eyes: bool, recorded_by: set[int]
) -> list[Reason]:
    """Why this person cannot confirm this publication: all reasons at once.

    ``recorded_by``: who recorded its evidence; where the office keeps four eyes, somebody else confirms.
    """
    reasons = []
    if not actor.can(Permission.EVIDENCE_VERIFY, delivery.office_id):
        reasons.append(Reason("role", _("Verifikasi dilakukan oleh redaktur atau ketua tim.")))
    if delivery.state is not DeliveryState.PUBLISHED:
        reasons.append(Reason("state", _("Publikasi ini tidak sedang tayang.")))
    if four_eyes and actor.id in recorded_by:
        reasons.append(
            Reason("four_eyes", _("Bukti ini Anda sendiri yang mencatat; mintalah orang lain memverifikasi."))
        )
    return reasons


def may_see_persons_targets(actor: Principal, office_id: int) -> bool:
    """Whether this person sees what others are asked for; one's own target is everybody's to see."""
    return actor.can(Permission.CONTRIBUTION_READ, office_id) or actor.can(Permission.SCORE_MANAGE, office_id)
