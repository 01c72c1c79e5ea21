"""Who may record numbers by hand."""

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.core.errors import Reason
from humasflow.core.permissions import Permission
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery


def reasons_not_to_record(actor: Principal, delivery: Delivery) -> list[Reason]:
    """Why this person cannot record the numbers of a publication. Whoever has to put it up may, without a role."""
    reasons: list[Reason] = []
    if delivery.assignee_id != actor.id and not actor.can(Permission.METRIC_RECORD, delivery.office_id):
        reasons.append(Reason("permission", _("Peran Anda belum mencakup tindakan ini.")))
    if delivery.state is not DeliveryState.PUBLISHED:
        reasons.append(Reason("state", _("Angka keterlibatan dicatat pada publikasi yang sedang tayang.")))
    return reasons
