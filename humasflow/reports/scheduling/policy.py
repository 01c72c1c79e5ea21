"""Who may have reports sent, and to whom."""

from typing import Final

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal, require, require_here
from humasflow.core.errors import NotAllowed
from humasflow.core.permissions import Permission

MOST_RECIPIENTS: Final = 50
MOST_SCHEDULES: Final = 50  # of an office


def require_scheduling(actor: Principal, office_id: int) -> None:
    """Whoever makes the office's reports may have them sent. Raises NotFound, NotAllowed."""
    require(actor, Permission.REPORT_MAKE, office_id)


def may_confirm(actor: Principal, office_id: int) -> bool:
    """That something leaves the office for an address outside it is the admin's to say."""
    return actor.can(Permission.OFFICE_MANAGE, office_id)


def require_confirming(actor: Principal, office_id: int) -> None:
    """Raises NotFound, NotAllowed."""
    require_here(actor, office_id)
    if not may_confirm(actor, office_id):
        raise NotAllowed(_("Alamat di luar kantor dibolehkan oleh admin kantor."))
