"""Reading what an office offers to choose from: content types, pillars, and whatever else has an order of its own."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.planning.models import ContentType, Pillar
from humasflow.planning.offered import Offered

T = TypeVar("T", bound=Offered)


def list_offered(kind: type[T], office_id: int, *, with_inactive: bool = False) -> Sequence[T]:
    """The rows of one kind in the office's own order; one statement."""
    statement = select(kind).where(kind.office_id == office_id)
    if not with_inactive:
        statement = statement.where(kind.is_active.is_(True))
    return db.session.scalars(statement.order_by(kind.position, kind.id)).all()


def get_offered(kind: type[T], office_id: int, row_id: int) -> T:
    """One of this office, or "not found"."""
    found = db.session.get(kind, row_id)
    if found is None or found.office_id != office_id:
        raise NotFound
    return found


def list_content_types(office_id: int, *, with_inactive: bool = False) -> Sequence[ContentType]:
    """In the office's own order."""
    return list_offered(ContentType, office_id, with_inactive=with_inactive)


def get_content_type(office_id: int, content_type_id: int) -> ContentType:
    """One of this office, or "not found"."""
    return get_offered(ContentType, office_id, content_type_id)


def list_pillars(office_id: int, *, with_inactive: bool = False) -> Sequence[Pillar]:
    """In the office's own order."""
    return list_offered(Pillar, office_id, with_inactive=with_inactive)


def get_pillar(office_id: int, pillar_id: int) -> Pillar:
    """One of this office, or "not found"."""
    return get_offered(Pillar, office_id, pillar_id)
