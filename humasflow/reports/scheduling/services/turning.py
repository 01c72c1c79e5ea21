"""A schedule's turn: noticed by the worker or asked for by a person, and put into the outbox once."""

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.localtime import show_date
from humasflow.orgs.queries import get_office
from humasflow.outbox import services as outbox
from humasflow.reports.scheduling import queries
from humasflow.reports.scheduling.enums import DeliveryState
from humasflow.reports.scheduling.models import ReportDelivery, ReportSchedule
from humasflow.reports.scheduling.policy import require_scheduling
from humasflow.reports.scheduling.rhythm import Due

DELIVER_JOB = "reports.deliver"


def enqueue_due() -> int:
    """Put every turn that has come into the outbox. Returns how many. Flushes; the worker calls it every minute.

    Each turn once, whatever is repeated or runs at the same time. After a time without a worker only the newest turn
    of a schedule is delivered; those before it are recorded as passed over, so that nobody gets a pile of mails and
    nothing is missed without a word.
    """
    now, found = clock.now(), 0
    for schedule in queries.list_due(now):
        lock(schedule)
        if schedule.is_active and schedule.removed_at is None and schedule.next_due <= now:
            found += _turn(schedule, now)
    return found


def _turn(schedule: ReportSchedule, now: datetime) -> int:
    office = get_office(schedule.office_id)
    timing = queries.timing_of(schedule, office)
    turns = timing.missed(schedule.next_due, now)
    schedule.next_due = timing.next_after(now).at
    db.session.flush()
    for due in turns[:-1]:
        with force_locale(schedule.owner.locale):
            note = _("Terlewat karena proses latar berhenti; yang lebih baru dikirim sebagai gantinya.")
        _note(schedule, due, DeliveryState.SKIPPED, note)
    return sum(_enqueue(schedule, due) for due in turns[-1:])


def ask_now(schedule: ReportSchedule, *, actor: Principal) -> ReportDelivery:
    """Deliver the newest finished period once more, to the same people. Flushes. Raises NotFound, NotAllowed."""
    require_scheduling(actor, schedule.office_id)
    lock(schedule)
    due = queries.timing_of(schedule, get_office(schedule.office_id)).latest_by(clock.now())
    number = max(queries.next_number(schedule, due.key), 2)
    delivery = ReportDelivery(
        schedule_id=schedule.id, period=due.key, starts_on=due.start, ends_on=due.end, number=number,
        due_at=clock.now(), asked_by=actor.id, state=DeliveryState.WAITING, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(delivery)
    db.session.flush()
    outbox.enqueue(DELIVER_JOB, delivery.id, office_id=schedule.office_id, key=_key(delivery))
    audit.record(
        AuditAction.REPORT_DELIVERY_ASKED, ("report_schedule", schedule.id), office_id=schedule.office_id, actor=actor,
        label=schedule.title, period=due.key,
    )  # fmt: skip
    return delivery


def _enqueue(schedule: ReportSchedule, due: Due) -> int:
    delivery = _note(schedule, due, DeliveryState.WAITING)
    if delivery is None:
        return 0
    outbox.enqueue(DELIVER_JOB, delivery.id, office_id=schedule.office_id, key=_key(delivery))
    return 1


def _key(delivery: ReportDelivery) -> str:
    return f"{DELIVER_JOB}:{delivery.schedule_id}:{delivery.period}:{delivery.number}"


def _note(schedule: ReportSchedule, due: Due, state: DeliveryState, note: str = "") -> ReportDelivery | None:
    """The row of this turn; None where it was there already."""
    there = select(ReportDelivery.id).where(
        ReportDelivery.schedule_id == schedule.id,
        ReportDelivery.period == due.key,
        ReportDelivery.number == 1,
    )
    if db.session.scalar(there) is not None:
        return None
    now = clock.now()
    delivery = ReportDelivery(
        schedule_id=schedule.id, period=due.key, starts_on=due.start, ends_on=due.end, number=1, due_at=due.at,
        state=state, note=note, created_at=now, finished_at=now if state.is_over else None,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(delivery)
    except IntegrityError:
        return None
    return delivery


def days_of(delivery: ReportDelivery) -> str:
    """The days it reports, in the language in force."""
    if delivery.starts_on == delivery.ends_on:
        return show_date(delivery.starts_on)
    return f"{show_date(delivery.starts_on)} – {show_date(delivery.ends_on)}"
