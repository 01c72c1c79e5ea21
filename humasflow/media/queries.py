"""Reading pictures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from humasflow.accounts.policy import Principal, require_here
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.paging import PAGE_SIZE, Page, cut, newest_first
from humasflow.media.models import Asset
from humasflow.media.policy import is_listed_for, sees_whole_library

_INCOMPLETE = or_(Asset.credit == "", Asset.alt_text == "")


@dataclass(frozen=True)
class LibraryCounts:
    """How many pictures a person's library holds, and how many of them still lack a credit or alternative text."""

    total: int
    incomplete: int


def get_asset(office_id: int, asset_id: int) -> Asset:
    """A picture of this office, or "not found"."""
    found = db.session.get(Asset, asset_id)
    if found is None or found.office_id != office_id:
        raise NotFound
    return found


def get_viewable_asset(actor: Principal, asset_id: int) -> Asset:
    """A picture of any office in which the person has a role today, or "not found".

    Pages of the whole office show pictures (a story, a publication), so looking at one asks for no more than that.
    """
    found = db.session.get(Asset, asset_id)
    if found is None:
        raise NotFound
    require_here(actor, found.office_id)
    return found


def get_listed_asset(actor: Principal, asset_id: int) -> Asset:
    """A picture whose page in the library the person may open, or "not found"."""
    found = get_viewable_asset(actor, asset_id)
    if not is_listed_for(actor, found):
        raise NotFound
    return found


def _library_of(actor: Principal, office_id: int) -> ColumnElement[bool]:
    if sees_whole_library(actor, office_id):
        return Asset.office_id == office_id
    return and_(Asset.office_id == office_id, Asset.uploaded_by == actor.id)


def _page(statement: Select[Any], size: int) -> Page[Asset]:
    return cut(db.session.scalars(statement).all(), lambda a: (a.created_at, a.id), size)


def list_library(
    actor: Principal,
    office_id: int,
    *,
    incomplete: bool = False,
    q: str = "",
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[Asset]:
    """The pictures the person may browse, newest first; one statement.

    ``incomplete`` keeps those without credit or alternative text; ``q`` is looked for in every word about the picture.
    """
    statement = select(Asset).where(_library_of(actor, office_id))
    if incomplete:
        statement = statement.where(_INCOMPLETE)
    if q:
        words = (Asset.filename, Asset.credit, Asset.alt_text, Asset.caption)
        statement = statement.where(or_(*(w.icontains(q, autoescape=True) for w in words)))
    return _page(newest_first(statement, Asset.created_at, Asset.id, cursor, size), size)


def count_library(actor: Principal, office_id: int) -> LibraryCounts:
    """The numbers on the library's tabs; one statement."""
    total, incomplete = db.session.execute(
        select(func.count(), func.coalesce(func.sum(case((_INCOMPLETE, 1), else_=0)), 0)).where(
            _library_of(actor, office_id)
        )
    ).one()
    return LibraryCounts(total=total, incomplete=int(incomplete))


def list_assets(office_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[Asset]:
    """The office's pictures, newest first."""
    statement = select(Asset).where(Asset.office_id == office_id)
    return _page(newest_first(statement, Asset.created_at, Asset.id, cursor, size), size)


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


def find_uploads(office_id: int, uploader_id: int, source_sha256: Iterable[str]) -> dict[str, Asset]:
    """Pictures that this person already sent, by the hash of the bytes as sent; the earliest of each. One statement."""
    wanted = set(source_sha256)
    if not wanted:
        return {}
    statement = (
        select(Asset)
        .where(
            Asset.source_sha256.in_(wanted), Asset.office_id == office_id, Asset.uploaded_by == uploader_id
        )
        .order_by(Asset.id.desc())
    )
    return {a.source_sha256: a for a in db.session.scalars(statement)}
