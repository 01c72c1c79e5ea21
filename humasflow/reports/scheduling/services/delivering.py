"""Delivering one turn: order the report in the owner's name, wait for it, and write the mails."""

from datetime import timedelta
from typing import Final

from flask_babel import force_locale
from flask_babel import gettext as _

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import load_principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import UserError
from humasflow.core.permissions import Permission
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import MailSettings
from humasflow.notifications.services import notify
from humasflow.notifications.services.mailing import queue_mail
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.reports.enums import ReportFormat, ReportKind, RunState, SpanKind
from humasflow.reports.facts import gather
from humasflow.reports.facts.gathering import language_of
from humasflow.reports.models import ReportRun
from humasflow.reports.policy import may_name_people, may_read
from humasflow.reports.problems import warning_of
from humasflow.reports.queries import list_open_of
from humasflow.reports.scheduling.composing import Announced, compose_delivery
from humasflow.reports.scheduling.enums import DeliveryState, Rhythm
from humasflow.reports.scheduling.models import ReportDelivery, ReportRecipient, ReportSchedule
from humasflow.reports.scheduling.services.saving import receivers
from humasflow.reports.services import Order, request_run
from humasflow.reports.spans import Span

LOOK_AGAIN: Final = timedelta(seconds=10)
LATE_AFTER: Final = timedelta(hours=6)  # from here on the mail says that it is late
SPANS: Final = {
    Rhythm.DAILY: SpanKind.DAY,
    Rhythm.WEEKLY: SpanKind.WEEK,
    Rhythm.MONTHLY: SpanKind.MONTH,
    Rhythm.QUARTERLY: SpanKind.QUARTER,
}


def deliver(ref: str) -> timedelta | None:
    """Job: order, wait, mail. Returns how long to wait while the report is made; None when it is over. Safe to repeat:
    a delivery has one run, and its mails are written in the transaction that ends it. Flushes.
    """
    delivery = db.session.get(ReportDelivery, int(ref))
    if delivery is None:
        return None
    lock(delivery)
    if delivery.state.is_over:
        return None
    schedule = delivery.schedule
    with force_locale(schedule.owner.locale):
        if delivery.run_id is None:
            return _order(delivery, schedule)
        run = db.session.get_one(ReportRun, delivery.run_id)
        if run.state.is_open:
            return LOOK_AGAIN
        if run.state is RunState.READY:
            _send(delivery, schedule, run)
        else:
            _fail(delivery, schedule, run.error or run.state.label)
    return None


def _order(delivery: ReportDelivery, schedule: ReportSchedule) -> timedelta | None:
    if schedule.removed_at is not None or (not schedule.is_active and delivery.asked_by is None):
        _end(delivery, DeliveryState.SKIPPED, _("Jadwalnya dijeda atau dihapus sebelum giliran ini."))
        return None
    office = get_office(schedule.office_id)
    owner = load_principal(schedule.owner, office_id=office.id)
    if not schedule.owner.is_active or not owner.can(Permission.REPORT_MAKE, office.id):
        _stop(
            delivery, schedule,
            _("%(name)s tidak lagi boleh membuat laporan kantor ini. Simpan ulang jadwalnya atas nama orang lain.",
              name=schedule.owner.name),
        )  # fmt: skip
        return None
    if not _addressees(schedule):
        _stop(delivery, schedule, _("Tidak ada lagi penerima yang boleh menerima laporan ini."))
        return None
    before = {run.id for run in list_open_of(owner.id, office.id)}
    try:
        run = request_run(office.id, actor=owner, order=_order_of(delivery, schedule))
    except UserError as error:
        _fail(delivery, schedule, error.message or _("Yang dilaporkan tidak ada lagi."))
        return None
    if run.id not in before and run.names_people:
        # Whoever gets it must be allowed to open it: with a reader who may not, it leaves the people out.
        run.names_people = all(
            may_name_people(_as(one.user), office.id) for one in _addressees(schedule) if one.user
        )
    delivery.run_id, delivery.state = run.id, DeliveryState.MAKING
    db.session.flush()
    return LOOK_AGAIN


def _order_of(delivery: ReportDelivery, schedule: ReportSchedule) -> Order:
    return Order(
        kind=ReportKind.PACK if ReportFormat.ZIP in schedule.wanted else ReportKind.REPORT,
        span=Span(SPANS[schedule.rhythm], delivery.starts_on, delivery.ends_on), formats=tuple(schedule.wanted),
        scope=schedule.scope, subject_id=schedule.subject_id,
    )  # fmt: skip


def _as(user: User) -> Principal:
    return load_principal(user)


def _addressees(schedule: ReportSchedule) -> list[ReportRecipient]:
    """Who gets it now: people who may read the office's reports today, and addresses that an admin confirmed."""
    allowed = {person.id for person in receivers(schedule.office_id)}
    return [
        one
        for one in schedule.recipients
        if (one.user_id in allowed if one.user_id else one.confirmed_at is not None)
    ]


def _send(delivery: ReportDelivery, schedule: ReportSchedule, run: ReportRun) -> None:
    settings = db.session.get(MailSettings, schedule.office_id)
    if settings is None:
        _fail(delivery, schedule, _("Surel kantor belum diatur. Laporannya sudah jadi di halaman Laporan."))
        return
    people = [one for one in _addressees(schedule) if one.user is None or may_read(_as(one.user), run)]
    if not people:
        _stop(delivery, schedule, _("Tidak ada lagi penerima yang boleh menerima laporan ini."))
        return
    office = get_office(schedule.office_id)
    is_late = delivery.asked_by is None and clock.now() - delivery.due_at >= LATE_AFTER
    with force_locale(language_of(run)):
        facts = gather(run)
    announced = Announced(
        schedule=schedule.title, owner=schedule.owner.name, run_id=run.id, facts=facts,
        warning=warning_of(run), late_since=delivery.due_at if is_late else None, expires_at=run.expires_at,
    )  # fmt: skip
    mails = sum(_mail(settings, one, announced, delivery, office) for one in people)
    delivery.mails, schedule.last_run = mails, clock.now()
    note = _("Terlambat karena proses latar sempat berhenti.") if is_late else ""
    left_out = len(schedule.recipients) - len(people)
    if left_out:
        skipped = _("%(number)s penerima dilewati: tidak lagi berhak atau belum dibolehkan.", number=left_out)
        note = f"{note} {skipped}".strip()
    _end(delivery, DeliveryState.SENT, note)
    audit.record(
        AuditAction.REPORT_DELIVERED, ("report_schedule", schedule.id), office_id=schedule.office_id, actor=None,
        label=schedule.title, period=delivery.period, run=run.id, mails=mails, is_late=is_late,
        to=[one.address or one.user_id for one in people],
    )  # fmt: skip


def _mail(
    settings: MailSettings, one: ReportRecipient, announced: Announced, delivery: ReportDelivery, office: Unit
) -> int:
    """How many mails were written: none to a person of the sample office, who has no mailbox."""
    if one.user is not None and one.user.is_sample:
        return 0
    to = one.user.email if one.user is not None else one.address or ""
    queue_mail(
        settings, to=to, user_id=one.user_id, key=f"report-delivery:{delivery.id}:{one.id}",
        letter=compose_delivery(announced, office=office, user=one.user),
    )  # fmt: skip
    return 1


def _stop(delivery: ReportDelivery, schedule: ReportSchedule, why: str) -> None:
    """It cannot go on by itself: it rests until a person has seen to it."""
    lock(schedule)
    schedule.is_active, schedule.stopped = False, why
    _fail(delivery, schedule, why)


def _fail(delivery: ReportDelivery, schedule: ReportSchedule, why: str) -> None:
    _end(delivery, DeliveryState.FAILED, why)
    audit.record(
        AuditAction.REPORT_DELIVERY_FAILED, ("report_schedule", schedule.id), office_id=schedule.office_id, actor=None,
        label=schedule.title, period=delivery.period, why=why,
    )  # fmt: skip
    notify(
        _who_hears(schedule), NoticeKind.REPORT_DELIVERY_FAILED, office_id=schedule.office_id,
        subject=("report_schedule", schedule.id), key=f"report-delivery:{delivery.id}", title=schedule.title,
        reason=why,
    )  # fmt: skip


def _who_hears(schedule: ReportSchedule) -> list[User]:
    """The owner while they work here, and everybody else who may see to the schedule when not."""
    able = list(receivers(schedule.office_id))
    return [person for person in able if person.id == schedule.owner_id] or able


def _end(delivery: ReportDelivery, state: DeliveryState, note: str) -> None:
    delivery.state, delivery.note, delivery.finished_at = state, note, clock.now()
    db.session.flush()
