"""Reading production roles."""

from collections.abc import Sequence

from humasflow.planning.production_roles.models import ProductionRole
from humasflow.planning.queries import get_offered, list_offered


def list_production_roles(office_id: int, *, with_inactive: bool = False) -> Sequence[ProductionRole]:
    """In the office's own order."""
    return list_offered(ProductionRole, office_id, with_inactive=with_inactive)


def get_production_role(office_id: int, role_id: int) -> ProductionRole:
    """One of this office, or "not found"."""
    return get_offered(ProductionRole, office_id, role_id)
