"""Browsing: what is offered to stories, and the library with its filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, func, not_, or_, select

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.paging import PAGE_SIZE, Page, cut, newest_first
from humasflow.media import usage
from humasflow.media.enums import AssetKind
from humasflow.media.models import Asset
from humasflow.media.queries.consents import ends_soon
from humasflow.media.queries.scope import library_of

_INCOMPLETE = or_(Asset.credit == "", Asset.alt_text == "")


@dataclass(frozen=True)
class LibraryCounts:
    """How many files a person's library holds, and how many of them still lack a credit or alternative text."""

    total: int
    incomplete: int


@dataclass(frozen=True)
class LibraryFilter:
    """What to show. ``consent_ending``: a consent has ended or ends within a month."""

    kind: AssetKind | None = None
    incomplete: bool = False
    lacks_credit: bool = False
    lacks_alt_text: bool = False
    consent_ending: bool = False
    blocked: bool = False
    unused: bool = False
    uploader_id: int | None = None
    q: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return self != LibraryFilter()


def _words(statement: Select[Any], q: str) -> Select[Any]:
    words = (Asset.filename, Asset.credit, Asset.alt_text, Asset.caption)
    return statement.where(or_(*(w.icontains(q, autoescape=True) for w in words))) if q else statement


def _page(statement: Select[Any], cursor: str | None, size: int) -> Page[Asset]:
    rows = db.session.scalars(newest_first(statement, Asset.created_at, Asset.id, cursor, size)).all()
    return cut(rows, lambda a: (a.created_at, a.id), size)


def list_library(
    actor: Principal,
    office_id: int,
    *,
    incomplete: bool = False,
    q: str = "",
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[Asset]:
    """The pictures that the person may choose from, newest first; one statement.

    Neither videos and PDF files nor what is blocked or put aside. ``incomplete`` keeps those without credit or
    alternative text; ``q`` is looked for in every word about the picture.
    """
    statement = select(Asset).where(
        library_of(actor, office_id), Asset.kind == AssetKind.IMAGE, Asset.is_restricted.is_(False),
        Asset.blocked_at.is_(None), Asset.same_as_id.is_(None),
    )  # fmt: skip
    if incomplete:
        statement = statement.where(_INCOMPLETE)
    return _page(_words(statement, q), cursor, size)


def list_attachable(actor: Principal, office_id: int, *, size: int) -> Sequence[Asset]:
    """Videos and PDF files of the library that a publication can carry, newest first; one statement."""
    return db.session.scalars(
        select(Asset)
        .where(
            library_of(actor, office_id), Asset.kind != AssetKind.IMAGE, Asset.is_restricted.is_(False),
            Asset.blocked_at.is_(None), Asset.same_as_id.is_(None),
        )
        .order_by(Asset.created_at.desc(), Asset.id.desc())
        .limit(size)
    ).all()  # fmt: skip


def browse(
    actor: Principal,
    office_id: int,
    wanted: LibraryFilter,
    *,
    today: date,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[Asset]:
    """The library as its page shows it, newest first; one statement. ``today`` is the office's date."""
    conditions: list[tuple[bool, ColumnElement[bool]]] = [
        (wanted.incomplete, _INCOMPLETE),
        (wanted.lacks_credit, Asset.credit == ""),
        (wanted.lacks_alt_text, Asset.alt_text == ""),
        (wanted.consent_ending, ends_soon(Asset.id, today) if wanted.consent_ending else false()),
        (wanted.blocked, Asset.blocked_at.is_not(None)),
        (wanted.unused, not_(usage.is_used(Asset.id)) if wanted.unused else false()),
        (wanted.kind is not None, Asset.kind == wanted.kind),
        (wanted.uploader_id is not None, Asset.uploaded_by == wanted.uploader_id),
    ]
    statement = select(Asset).where(
        library_of(actor, office_id), Asset.same_as_id.is_(None), *(c for asked, c in conditions if asked)
    )
    return _page(_words(statement, wanted.q), cursor, size)


def count_library(actor: Principal, office_id: int) -> LibraryCounts:
    """The numbers on the library's tabs; one statement."""
    total, incomplete = db.session.execute(
        select(func.count(), func.coalesce(func.sum(case((_INCOMPLETE, 1), else_=0)), 0)).where(
            library_of(actor, office_id), Asset.same_as_id.is_(None)
        )
    ).one()
    return LibraryCounts(total=total, incomplete=int(incomplete))


def list_marked(actor: Principal, office_id: int, asset_ids: Sequence[int]) -> Sequence[Asset]:
    """Those of the files that the person's library holds, newest first; others are left out. One statement."""
    if not asset_ids:
        return []
    return db.session.scalars(
        select(Asset)
        .where(library_of(actor, office_id), Asset.id.in_(asset_ids))
        .order_by(Asset.created_at.desc(), Asset.id.desc())
    ).all()


def list_documents(actor: Principal, asset: Asset, *, size: int = 30) -> Sequence[Asset]:
    """Files that may prove a consent: documents used so before, unused PDF files and what this person sent lately.

    What stories or publications show is not offered: their readers would no longer see it.
    """
    fits = or_(Asset.kind == AssetKind.PDF, Asset.is_restricted.is_(True), Asset.uploaded_by == actor.id)
    return db.session.scalars(
        select(Asset)
        .where(
            library_of(actor, asset.office_id), fits, Asset.id != asset.id, Asset.kind != AssetKind.VIDEO,
            Asset.same_as_id.is_(None), or_(Asset.is_restricted.is_(True), not_(usage.is_used(Asset.id))),
        )
        .order_by(Asset.created_at.desc(), Asset.id.desc())
        .limit(size)
    ).all()  # fmt: skip


def list_uploaders(office_id: int) -> Sequence[tuple[int, str]]:
    """Who has files in the library: id and name, by name."""
    has_files = select(Asset.id).where(Asset.uploaded_by == User.id, Asset.office_id == office_id).exists()
    return [
        (row.id, row.name)
        for row in db.session.execute(
            select(User.id, User.name).where(has_files).order_by(User.name, User.id)
        )
    ]
