"""Who may confirm a publication, and which component a publication counts for."""

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.core.errors import Reason
from humasflow.core.permissions import Permission
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring.models import Component


def matches(component: Component, *, content_type: str, channel_kind: str, is_repost: bool = False) -> bool:
    """Whether a publication of this content type (code) on this kind of channel (code) counts for the component.
    An empty selection means all. A repost (tayang ulang) counts only where the component says so; whether its address
    counted before is asked when the line is written.
    """
    return (
        (not component.content_types or content_type in component.content_types)
        and (not component.channel_kinds or channel_kind in component.channel_kinds)
        and (component.counts_reposts or not is_repost)
    )


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
