"""Who lets the calendar out of the office, and for how long."""

from typing import Final

from humasflow.accounts.policy import Principal
from humasflow.core.permissions import ROLE_PERMISSIONS, Permission

_SHARING: Final = frozenset({Permission.POST_SCHEDULE, Permission.OFFICE_MANAGE})
SHARING_ROLES: Final = tuple(role for role, held in ROLE_PERMISSIONS.items() if _SHARING & held)
LEAST_DAYS, USUAL_DAYS, MOST_DAYS = 1, 14, 90


def may_share(actor: Principal, office_id: int) -> bool:
    """Who steers the plan, and the office's admin."""
    return any(actor.can(permission, office_id) for permission in _SHARING)


def may_revoke(actor: Principal, office_id: int, owner_id: int) -> bool:
    """One's own link; the admin any of the office."""
    own = owner_id == actor.id and may_share(actor, office_id)
    return own or actor.can(Permission.OFFICE_MANAGE, office_id)
