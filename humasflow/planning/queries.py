"""Reading content types and pillars."""

from collections.abc import Sequence

from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.planning.models import ContentType, Pillar


def list_content_types(office_id: int, *, with_inactive: bool = False) -> Sequence[ContentType]:
    """In the office's own order."""
    statement = select(ContentType).where(ContentType.office_id == office_id)
    if not with_inactive:
        statement = statement.where(ContentType.is_active.is_(True))
    return db.session.scalars(statement.order_by(ContentType.position, ContentType.id)).all()


def get_content_type(office_id: int, content_type_id: int) -> ContentType:
    """One of this office, or "not found"."""
    found = db.session.get(ContentType, content_type_id)
    if found is None or found.office_id != office_id:
        raise NotFound
    return found


def list_pillars(office_id: int, *, with_inactive: bool = False) -> Sequence[Pillar]:
    """In the office's own order."""
    statement = select(Pillar).where(Pillar.office_id == office_id)
    if not with_inactive:
        statement = statement.where(Pillar.is_active.is_(True))
    return db.session.scalars(statement.order_by(Pillar.position, Pillar.id)).all()


def get_pillar(office_id: int, pillar_id: int) -> Pillar:
    """One of this office, or "not found"."""
    found = db.session.get(Pillar, pillar_id)
    if found is None or found.office_id != office_id:
        raise NotFound
    return found
