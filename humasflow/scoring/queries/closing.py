"""Reading closes, and what speaks of closed periods later."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.paging import PAGE_SIZE, Page, cut, newest_first
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring.enums import Beneficiary, VersionState
from humasflow.scoring.models import LedgerEntry, PeriodClose, PointEvent, SchemeVersion
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to


def closes_in_force(scheme_id: int, period_keys: Sequence[str]) -> dict[str, PeriodClose]:
    """The closes that hold, by period. One statement."""
    rows = db.session.scalars(_IN_FORCE, {"scheme_id": scheme_id, "periods": list(period_keys)})
    return {row.period: row for row in rows}


_IN_FORCE = select(PeriodClose).where(
    PeriodClose.scheme_id == bindparam("scheme_id"),
    PeriodClose.period.in_(bindparam("periods", expanding=True)),
    PeriodClose.reopened_at.is_(None),
)


def list_closes(scheme_id: int, period_key: str) -> Sequence[PeriodClose]:
    """Every close a period ever had, the newest first."""
    return db.session.scalars(
        select(PeriodClose)
        .where(PeriodClose.scheme_id == scheme_id, PeriodClose.period == period_key)
        .options(joinedload(PeriodClose.reopener))
        .order_by(PeriodClose.number.desc())
    ).all()


def get_close(office_id: int, close_id: int) -> PeriodClose:
    """One of this office, or "not found"."""
    found = db.session.get(PeriodClose, close_id)
    if found is None or found.office_id != office_id:
        raise NotFound
    return found


def unfinished_scoring(
    kind: str, office_id: int, version_ids: Iterable[int], bounds: tuple[datetime, datetime]
) -> JobState | None:
    """The state of a job that has still to score publications of a period (``bounds`` in UTC) by one of the versions;
    None where nothing is left to do. What goes live after the job was asked for is scored at once.
    """
    later = aliased(Job)  # which did what an earlier one gave up
    before = (
        select(Delivery.id)
        .join(PointEvent, PointEvent.delivery_id == Delivery.id)
        .where(
            Delivery.office_id == office_id, Delivery.state == DeliveryState.PUBLISHED,
            Delivery.published_at >= bounds[0], Delivery.published_at < bounds[1], PointEvent.at < Job.created_at,
        )
        .exists()
    )  # fmt: skip
    return db.session.scalar(
        select(Job.state)
        .where(
            Job.kind == kind, Job.office_id == office_id, Job.ref.in_([str(id_) for id_ in version_ids]),
            Job.state.in_((JobState.QUEUED, JobState.RUNNING, JobState.DEAD)), before,
            ~select(later.id).where(
                later.kind == Job.kind, later.ref == Job.ref, later.state == JobState.DONE, later.id > Job.id
            ).exists(),
        )
        .order_by(Job.id.desc())
        .limit(1)
    )  # fmt: skip


def first_day_of(scheme_id: int) -> date | None:
    """From which local date on a scheme has rules; None while it has none."""
    return db.session.scalar(
        select(func.min(SchemeVersion.effective_from)).where(
            SchemeVersion.scheme_id == scheme_id, SchemeVersion.state == VersionState.ACTIVE
        )
    )


def list_adjustments(
    office_id: int, scheme_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[LedgerEntry]:
    """Lines of the office that speak of a closed period (found late, taken back, corrected by hand), and every other
    correction by hand; newest first.
    """
    versions = select(SchemeVersion.id).where(SchemeVersion.scheme_id == scheme_id)
    by_hand = and_(LedgerEntry.delivery_id.is_(None), LedgerEntry.measurement_id.is_(None))
    statement: Any = (
        select(LedgerEntry)
        .where(
            LedgerEntry.office_id == office_id,
            LedgerEntry.scheme_version_id.in_(versions),
            LedgerEntry.beneficiary == Beneficiary.OFFICE,
            or_(LedgerEntry.adjusts.is_not(None), by_hand),
        )
        .options(joinedload(LedgerEntry.delivery).lazyload("*"))
    )
    statement = newest_first(statement, LedgerEntry.created_at, LedgerEntry.id, cursor, size)
    rows = db.session.scalars(statement).all()
    return cut(rows, lambda line: (line.created_at, line.id), size)


def list_closed_periods(scheme_id: int, limit: int = 40) -> Sequence[str]:
    """Keys of the periods that are closed, the latest first."""
    return db.session.scalars(
        select(PeriodClose.period)
        .where(PeriodClose.scheme_id == scheme_id, PeriodClose.reopened_at.is_(None))
        .order_by(PeriodClose.period.desc())
        .limit(limit)
    ).all()


def names_of(user_ids: Iterable[int]) -> dict[int, str]:
    """The names of people, in one statement."""
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(set(user_ids))))
    return {row[0]: row[1] for row in rows}


def seen_of(delivery_ids: Iterable[int], reader_id: int) -> set[int]:
    """Those of the publications whose story confidentiality lets a person see. One statement, none without any."""
    wanted = set(delivery_ids)
    if not wanted:
        return set()
    return set(
        db.session.scalars(
            select(Delivery.id)
            .join(Story, Story.id == Delivery.story_id)
            .where(Delivery.id.in_(wanted), visible_to(reader_id))
        )
    )
