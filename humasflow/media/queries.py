"""Reading pictures."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.paging import PAGE_SIZE, Page, cut, newest_first
from humasflow.media.models import Asset


def get_asset(office_id: int, asset_id: int) -> Asset:
    """A picture of this office, or "not found"."""
    found = db.session.get(Asset, asset_id)
    if found is None or found.office_id != office_id:
        raise NotFound
    return found


def list_assets(office_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[Asset]:
    """The office's pictures, newest first."""
    statement = newest_first(
        select(Asset).where(Asset.office_id == office_id), Asset.created_at, Asset.id, cursor, size
    )
    return cut(db.session.scalars(statement).all(), lambda a: (a.created_at, a.id), size)


def get_assets(office_id: int, asset_ids: Iterable[int]) -> Sequence[Asset]:
    """The pictures with these ids that belong to the office, in the order asked for; others are left out."""
    wanted = list(dict.fromkeys(asset_ids))
    if not wanted:
        return []
    found = {
        a.id: a
        for a in db.session.scalars(select(Asset).where(Asset.office_id == office_id, Asset.id.in_(wanted)))
    }
    return [found[i] for i in wanted if i in found]
