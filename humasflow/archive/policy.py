"""Who may take an office out of the product."""

from humasflow.accounts.policy import Principal, require
from humasflow.core.errors import NotFound
from humasflow.core.permissions import Permission


def require_export(actor: Principal, office_id: int) -> None:
    """Raise unless the person may export everything of the office: NotAllowed, or NotFound to outsiders."""
    require(actor, Permission.OFFICE_EXPORT, office_id)


def require_seeing(actor: Principal, office_id: int) -> None:
    """Raise NotFound unless the person may know of the office's archives."""
    if not actor.can(Permission.OFFICE_EXPORT, office_id):
        raise NotFound
