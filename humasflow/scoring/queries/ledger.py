"""Reading the ledger."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import aliased

from humasflow.core.db import db
from humasflow.planning.models import ContentType
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring.enums import Beneficiary, VersionState
from humasflow.scoring.models import Component, LedgerEntry, PointEvent, SchemeVersion, ScoreScheme


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
    """The office's lines of a subject under a component, in order."""
    return db.session.scalars(
        select(LedgerEntry)
        .where(
            LedgerEntry.scheme_version_id == version_id, LedgerEntry.component_key == component_key,
            LedgerEntry.subject_key == subject_key, LedgerEntry.beneficiary == Beneficiary.OFFICE,
        )
        .order_by(LedgerEntry.sequence)
    ).all()  # fmt: skip


def lines_at_address(delivery: Delivery) -> Sequence[LedgerEntry]:
    """The office's lines of a publication, and of all others at its address, in the order they were written."""
    asked = {"office_id": delivery.office_id, "id": delivery.id, "address": delivery.canonical_url}
    return db.session.scalars(_AT_ADDRESS if delivery.canonical_url else _OF_DELIVERY, asked).all()


# Made once, as every publication that goes live asks them: making one takes longer than asking it.
_OF_OFFICE = select(LedgerEntry).where(LedgerEntry.beneficiary == Beneficiary.OFFICE).order_by(LedgerEntry.id)
_OF_DELIVERY = _OF_OFFICE.where(LedgerEntry.delivery_id == bindparam("id"))
_AT_ADDRESS = _OF_OFFICE.where(
    LedgerEntry.delivery_id.in_(
        select(Delivery.id).where(
            Delivery.office_id == bindparam("office_id"), Delivery.canonical_url == bindparam("address")
        )
    )
)
_COMPONENTS_ON = (
    select(Component, SchemeVersion, ScoreScheme)
    .join(SchemeVersion, SchemeVersion.id == Component.version_id)
    .join(ScoreScheme, ScoreScheme.id == SchemeVersion.scheme_id)
    .where(
        ScoreScheme.office_id == bindparam("office_id"), ScoreScheme.is_active.is_(True),
        SchemeVersion.state == VersionState.ACTIVE, SchemeVersion.effective_from <= bindparam("day"),
    )
    .order_by(ScoreScheme.id, Component.position, Component.id)
)  # fmt: skip


def list_live_at_address(delivery: Delivery) -> Sequence[Delivery]:
    """The other live publications of the office at the address of this one, as they are now, in the order recorded."""
    if not delivery.canonical_url:
        return []
    return db.session.scalars(
        select(Delivery)
        .where(
            Delivery.office_id == delivery.office_id, Delivery.canonical_url == delivery.canonical_url,
            Delivery.state == DeliveryState.PUBLISHED, Delivery.id != delivery.id,
        )
        .order_by(Delivery.id)
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip


def list_lines_of_delivery(delivery_id: int) -> Sequence[LedgerEntry]:
    """Everything the ledger says of one publication, in order."""
    return db.session.scalars(
        select(LedgerEntry).where(LedgerEntry.delivery_id == delivery_id).order_by(LedgerEntry.id)
    ).all()


def components_on(office_id: int, day: date) -> list[tuple[Component, SchemeVersion, ScoreScheme]]:
    """The components that publications count for on a local date, of every scheme in use, in one statement: those of
    the newest version that has begun, by scheme and position.
    """
    rows = db.session.execute(_COMPONENTS_ON, {"office_id": office_id, "day": day}).all()
    newest: dict[int, SchemeVersion] = {}
    for _component, version, scheme in rows:
        known = newest.setdefault(scheme.id, version)
        if (version.effective_from, version.number) > (known.effective_from, known.number):
            newest[scheme.id] = version
    return [
        (component, version, scheme)
        for component, version, scheme in rows
        if newest[scheme.id] is version and component.kind.counts_posts
    ]


def standing_lines(delivery_id: int) -> list[LedgerEntry]:
    """The lines of one publication that were not reversed, in order."""
    lines = list_lines_of_delivery(delivery_id)
    reversed_ids = {line.reverses_id for line in lines if line.reverses_id}
    return [line for line in lines if line.reverses_id is None and line.id not in reversed_ids]


def schemes_of_versions(version_ids: Iterable[int]) -> dict[int, int]:
    """Which scheme each version is of."""
    rows = db.session.execute(
        select(SchemeVersion.id, SchemeVersion.scheme_id).where(SchemeVersion.id.in_(set(version_ids)))
    )
    return {row[0]: row[1] for row in rows}


def signed_quantity() -> Any:
    """SQL: +1 for a line and −1 for one that reverses another: how many publications count."""
    return case((LedgerEntry.reverses_id.is_not(None), -1), else_=1)


def content_type_code_of(delivery: Delivery) -> str:
    """The code of what a publication counts as."""
    return db.session.scalars(
        select(ContentType.code).where(ContentType.id == delivery.content_type_id)
    ).one()


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
