"""Reading schemes, targets, the ledger and single points. The standing is in :mod:`humasflow.scoring.standing`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, Select, cast, func, select
from sqlalchemy.orm import aliased, selectinload

from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.paging import PAGE_SIZE, Page, cut, newest_first
from humasflow.planning.models import ContentType
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery, Evidence
from humasflow.scoring.enums import PointState
from humasflow.scoring.models import Component, LedgerEntry, PointEvent, SchemeVersion, ScoreScheme, Target


@dataclass(frozen=True)
class CountedRow:
    """A publication that counts, as a list shows it."""

    delivery_id: int
    post_id: int
    title: str
    account: str
    icon: str
    published_at: datetime
    permalink: str | None
    state: PointState
    has_screenshot: bool
    note: str = ""


def list_schemes(office_id: int, *, with_inactive: bool = False) -> Sequence[ScoreScheme]:
    """Schemes of an office with all versions and components, oldest first."""
    statement = (
        select(ScoreScheme)
        .where(ScoreScheme.office_id == office_id)
        .options(selectinload(ScoreScheme.versions).selectinload(SchemeVersion.components))
        .order_by(ScoreScheme.id)
    )
    if not with_inactive:
        statement = statement.where(ScoreScheme.is_active.is_(True))
    return db.session.scalars(statement).all()


def get_scheme(office_id: int, scheme_id: int) -> ScoreScheme:
    """One of this office, or "not found"."""
    found = db.session.scalar(
        select(ScoreScheme)
        .where(ScoreScheme.id == scheme_id, ScoreScheme.office_id == office_id)
        .options(selectinload(ScoreScheme.versions).selectinload(SchemeVersion.components))
    )
    if found is None:
        raise NotFound
    return found


def version_at(scheme: ScoreScheme, day: date) -> SchemeVersion | None:
    """The version in effect on a local date: the newest that has begun; None before the first."""
    begun = [v for v in scheme.versions if v.effective_from <= day]
    return max(begun, key=lambda v: (v.effective_from, v.number), default=None)


def targets_of(office_id: int, scheme_id: int, quarter: str) -> dict[str, Target]:
    """The targets in force in a quarter by component key: of several revisions the newest."""
    rows = db.session.scalars(
        select(Target)
        .where(Target.office_id == office_id, Target.scheme_id == scheme_id, Target.quarter == quarter)
        .order_by(Target.id)
    )
    return {t.component_key: t for t in rows}


def list_target_revisions(office_id: int, scheme_id: int, quarter: str) -> Sequence[Target]:
    """Every target ever set for a quarter, newest first."""
    return db.session.scalars(
        select(Target)
        .where(Target.office_id == office_id, Target.scheme_id == scheme_id, Target.quarter == quarter)
        .order_by(Target.id.desc())
    ).all()


def latest_state() -> Any:
    """SQL: the present state of a ledger line's publication."""
    newest = aliased(PointEvent)
    last = select(func.max(newest.id)).where(newest.delivery_id == LedgerEntry.delivery_id)
    return (
        select(PointEvent.state)
        .where(PointEvent.id == last.correlate(LedgerEntry).scalar_subquery())
        .correlate(LedgerEntry)
        .scalar_subquery()
    )


def lines_of(version_id: int, component_key: str, subject_key: str) -> Sequence[LedgerEntry]:
    """All lines of a subject under a component, in order."""
    return db.session.scalars(
        select(LedgerEntry)
        .where(
            LedgerEntry.scheme_version_id == version_id,
            LedgerEntry.component_key == component_key,
            LedgerEntry.subject_key == subject_key,
        )
        .order_by(LedgerEntry.sequence)
    ).all()


def booked_subjects(delivery_ids: Iterable[int]) -> dict[int, str]:
    """Under which key publications were booked first, in one statement; those that never counted are missing."""
    first = (
        select(func.min(LedgerEntry.id))
        .where(LedgerEntry.delivery_id.in_(list(delivery_ids)))
        .group_by(LedgerEntry.delivery_id)
    )
    rows = db.session.execute(
        select(LedgerEntry.delivery_id, LedgerEntry.subject_key).where(LedgerEntry.id.in_(first))
    )
    return {row[0]: row[1] for row in rows}


def counts_by_address(version_id: int, component_key: str, delivery: Delivery) -> bool:
    """Whether another publication at the address of this one counts under the component, whatever its key."""
    there = select(Delivery.id).where(
        Delivery.office_id == delivery.office_id, Delivery.canonical_url == delivery.canonical_url,
        Delivery.id != delivery.id,
    )  # fmt: skip
    counted = db.session.scalar(
        select(func.sum(LedgerEntry.quantity)).where(
            LedgerEntry.scheme_version_id == version_id, LedgerEntry.component_key == component_key,
            LedgerEntry.delivery_id.in_(there),
        )
    )  # fmt: skip
    return (counted or 0) > 0


def list_lines_of_delivery(delivery_id: int) -> Sequence[LedgerEntry]:
    """Everything the ledger says of one publication, in order."""
    return db.session.scalars(
        select(LedgerEntry).where(LedgerEntry.delivery_id == delivery_id).order_by(LedgerEntry.id)
    ).all()


def point_state_of(delivery_ids: Iterable[int]) -> dict[int, PointState]:
    """The present state of publications, in one statement; those that never counted are missing."""
    wanted = list(delivery_ids)
    if not wanted:
        return {}
    last = (
        select(func.max(PointEvent.id))
        .where(PointEvent.delivery_id.in_(wanted))
        .group_by(PointEvent.delivery_id)
    )
    rows = db.session.execute(select(PointEvent.delivery_id, PointEvent.state).where(PointEvent.id.in_(last)))
    return {row[0]: row[1] for row in rows}


def _counted(office_id: int) -> Select[*tuple[Any, ...]]:
    has_screenshot = (
        select(Evidence.id)
        .where(Evidence.delivery_id == Delivery.id, Evidence.screenshot_id.is_not(None))
        .correlate(Delivery)
        .exists()
    )
    newest = aliased(PointEvent)
    last = (
        select(func.max(newest.id))
        .where(newest.delivery_id == Delivery.id)
        .correlate(Delivery)
        .scalar_subquery()
    )
    return (
        select(
            Delivery.id,
            Delivery.post_id,
            Delivery.title,
            ChannelAccount.name,
            ChannelAccount.id,
            Delivery.published_at,
            Delivery.permalink,
            PointEvent.state,
            has_screenshot,
            PointEvent.note,
        )
        .join(ChannelAccount, Delivery.account_id == ChannelAccount.id)
        .join(PointEvent, PointEvent.id == last)
        .where(Delivery.office_id == office_id)
    )


def _rows(statement: Select[*tuple[Any, ...]], cursor: str | None, size: int) -> Page[CountedRow]:
    statement = newest_first(statement, Delivery.published_at, Delivery.id, cursor, size)
    rows = db.session.execute(statement).all()
    icons = _icons(r[4] for r in rows)
    made = [
        CountedRow(
            delivery_id=r[0],
            post_id=r[1],
            title=r[2],
            account=r[3],
            icon=icons.get(r[4], "send"),
            published_at=r[5],
            permalink=r[6],
            state=r[7],
            has_screenshot=bool(r[8]),
            note=r[9],
        )
        for r in rows
    ]
    return cut(made, lambda r: (r.published_at, r.delivery_id), size)


def _icons(account_ids: Iterable[int]) -> dict[int, str]:
    accounts = db.session.scalars(select(ChannelAccount).where(ChannelAccount.id.in_(set(account_ids))))
    return {a.id: a.kind.icon for a in accounts}


def list_counted(
    office_id: int,
    version_id: int,
    component_key: str,
    quarter: str,
    *,
    state: PointState | None = None,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[CountedRow]:
    """The publications behind a number, newest first: those with a line that was not reversed."""
    counted = (
        select(LedgerEntry.delivery_id)
        .where(
            LedgerEntry.office_id == office_id,
            LedgerEntry.scheme_version_id == version_id,
            LedgerEntry.component_key == component_key,
            LedgerEntry.quarter == quarter,
        )
        .group_by(LedgerEntry.delivery_id)
        .having(func.sum(signed_quantity()) > 0)
    )
    statement = _counted(office_id).where(Delivery.id.in_(counted))
    if state is not None:
        statement = statement.where(PointEvent.state == state)
    return _rows(statement, cursor, size)


def list_unverified(office_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[CountedRow]:
    """Live publications that wait for somebody to confirm them."""
    statement = _counted(office_id).where(
        PointEvent.state == PointState.LIVE_UNVERIFIED, Delivery.state == DeliveryState.PUBLISHED
    )
    return _rows(statement, cursor, size)


def list_disputed(office_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[CountedRow]:
    """Live publications that somebody, or a link that is gone, has questioned; each with why. The newest first."""
    return _rows(_disputed(office_id), cursor, size)


def count_disputed(office_id: int) -> int:
    """How many these are, also beyond the first page."""
    return db.session.scalar(select(func.count()).select_from(_disputed(office_id).subquery())) or 0


def _disputed(office_id: int) -> Select[*tuple[Any, ...]]:
    return _counted(office_id).where(
        PointEvent.state == PointState.DISPUTED, Delivery.state == DeliveryState.PUBLISHED
    )


def signed_quantity() -> Any:
    """SQL: +1 or −1 of a line as a whole number (quantities are exact decimals, stored as text on SQLite)."""
    return cast(LedgerEntry.quantity, Integer)


def content_type_code_of(delivery: Delivery) -> str:
    """The code of what a publication counts as."""
    return db.session.scalars(
        select(ContentType.code).where(ContentType.id == delivery.content_type_id)
    ).one()


def list_component_keys(scheme: ScoreScheme) -> list[Component]:
    """The components of the newest version, in order."""
    return list(scheme.versions[-1].components) if scheme.versions else []


def list_published_ids(office_id: int, start: datetime, *, after: int, limit: int) -> Sequence[int]:
    """Ids of live publications from an instant on, in order of id, after ``after``: for going through all of them."""
    return db.session.scalars(
        select(Delivery.id)
        .where(
            Delivery.office_id == office_id,
            Delivery.state == DeliveryState.PUBLISHED,
            Delivery.published_at >= start,
            Delivery.id > after,
        )
        .order_by(Delivery.id)
        .limit(limit)
    ).all()
