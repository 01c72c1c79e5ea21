"""Reading production roles."""

from collections.abc import Sequence

from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.planning.production_roles.models import ProductionRole


def list_production_roles(office_id: int, *, with_inactive: bool = False) -> Sequence[ProductionRole]:
    """In the office's own order."""
    statement = select(ProductionRole).where(ProductionRole.office_id == office_id)
    if not with_inactive:
        statement = statement.where(ProductionRole.is_active.is_(True))
    return db.session.scalars(statement.order_by(ProductionRole.position, ProductionRole.id)).all()


def get_production_role(office_id: int, role_id: int) -> ProductionRole:
    """One of this office, or "not found"."""
    found = db.session.get(ProductionRole, role_id)
    if found is None or found.office_id != office_id:
        raise NotFound
    return found
