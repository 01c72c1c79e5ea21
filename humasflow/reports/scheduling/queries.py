"""Reading schedules and what they delivered."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.localtime import zone
from humasflow.orgs.models import Unit
from humasflow.reports.scheduling.models import ReportDelivery, ReportRecipient, ReportSchedule
from humasflow.reports.scheduling.rhythm import Timing

HISTORY = 50


def timing_of(schedule: ReportSchedule, office: Unit) -> Timing:
    """When it is due, on its office's clock."""
    return Timing(schedule.rhythm, schedule.day, schedule.hour, zone(office.zone_name))


def list_schedules(office_id: int) -> Sequence[ReportSchedule]:
    """An office's, with owner and recipients, the next due first. Three statements."""
    return db.session.scalars(
        select(ReportSchedule)
        .where(ReportSchedule.office_id == office_id, ReportSchedule.removed_at.is_(None))
        .options(
            joinedload(ReportSchedule.owner, innerjoin=True),
            selectinload(ReportSchedule.recipients).joinedload(ReportRecipient.user),
        )
        .order_by(ReportSchedule.is_active.desc(), ReportSchedule.next_due, ReportSchedule.id)
    ).all()


def count_schedules(office_id: int) -> int:
    """How many an office has."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(ReportSchedule)
            .where(ReportSchedule.office_id == office_id, ReportSchedule.removed_at.is_(None))
        )
        or 0
    )


def get_schedule(office_id: int, schedule_id: int) -> ReportSchedule:
    """One of this office, or "not found"."""
    found = db.session.get(ReportSchedule, schedule_id)
    if found is None or found.office_id != office_id or found.removed_at is not None:
        raise NotFound
    return found


def get_recipient(schedule: ReportSchedule, recipient_id: int) -> ReportRecipient:
    """One of this schedule, or "not found"."""
    found = db.session.get(ReportRecipient, recipient_id)
    if found is None or found.schedule_id != schedule.id:
        raise NotFound
    return found


def list_due(now: datetime, *, limit: int = 200) -> Sequence[ReportSchedule]:
    """Schedules of all offices whose turn has come."""
    return db.session.scalars(
        select(ReportSchedule)
        .where(
            ReportSchedule.is_active.is_(True),
            ReportSchedule.removed_at.is_(None),
            ReportSchedule.next_due <= now,
        )
        .order_by(ReportSchedule.next_due, ReportSchedule.id)
        .limit(limit)
    ).all()


def list_deliveries(schedule: ReportSchedule) -> Sequence[ReportDelivery]:
    """What it brought, the newest first."""
    return db.session.scalars(
        select(ReportDelivery)
        .where(ReportDelivery.schedule_id == schedule.id)
        .order_by(ReportDelivery.id.desc())
        .limit(HISTORY)
    ).all()


def latest_deliveries(schedule_ids: Sequence[int]) -> dict[int, ReportDelivery]:
    """The newest turn of each schedule that had one. One statement."""
    newest = (
        select(func.max(ReportDelivery.id))
        .where(ReportDelivery.schedule_id.in_(schedule_ids))
        .group_by(ReportDelivery.schedule_id)
    )
    rows = db.session.scalars(select(ReportDelivery).where(ReportDelivery.id.in_(newest)))
    return {row.schedule_id: row for row in rows}


def next_number(schedule: ReportSchedule, period: str) -> int:
    """The number of a further delivery of the same period."""
    highest = db.session.scalar(
        select(func.max(ReportDelivery.number)).where(
            ReportDelivery.schedule_id == schedule.id, ReportDelivery.period == period
        )
    )
    return (highest or 0) + 1
