"""Making, changing, pausing and removing schedules, and letting one send to an address outside the office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import list_people_with, require_of_office
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import NotFound, UserError
from humasflow.core.permissions import Permission
from humasflow.core.versions import expect_version
from humasflow.orgs.queries import get_office, get_section
from humasflow.reports.enums import ReportFormat, ReportKind, ReportScope
from humasflow.reports.policy import require_ordering
from humasflow.reports.scheduling import queries
from humasflow.reports.scheduling.enums import Rhythm
from humasflow.reports.scheduling.models import ReportRecipient, ReportSchedule
from humasflow.reports.scheduling.policy import (
    MOST_RECIPIENTS,
    MOST_SCHEDULES,
    may_confirm,
    require_confirming,
    require_scheduling,
)
from humasflow.reports.scheduling.rhythm import LAST_DAY

TITLE_LENGTH = 120


@dataclass(frozen=True)
class ScheduleContent:
    """What a person decides about a schedule. ``confirms``: an admin says that the addresses outside may be written
    to.
    """

    title: str
    scope: ReportScope
    subject_id: int | None
    formats: tuple[ReportFormat, ...]
    rhythm: Rhythm
    day: int
    hour: int
    user_ids: tuple[int, ...]
    addresses: tuple[str, ...] = ()
    confirms: bool = False


class Unfit(UserError):
    """Something about one field. ``field`` is the name of it in :class:`ScheduleContent`."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def create_schedule(office_id: int, *, actor: Principal, content: ScheduleContent) -> ReportSchedule:
    """Begin a schedule in the actor's name. Raises NotFound, NotAllowed, Unfit, UserError. Flushes."""
    require_scheduling(actor, office_id)
    office = get_office(office_id)
    if queries.count_schedules(office_id) >= MOST_SCHEDULES:
        raise UserError(
            _("Kantor ini sudah punya %(most)s jadwal. Hapus yang tidak dipakai.", most=MOST_SCHEDULES)
        )
    _check(content, office_id, actor)
    now = clock.now()
    schedule = ReportSchedule(
        office_id=office_id, owner_id=actor.id, is_active=True, stopped="", next_due=now, created_at=now,
        updated_at=now,
        **_columns(content),
    )  # fmt: skip
    schedule.next_due = queries.timing_of(schedule, office).next_after(now).at
    db.session.add(schedule)
    db.session.flush()
    _address(schedule, content, actor)
    _record(AuditAction.REPORT_SCHEDULE_CREATED, schedule, actor, **_told(content))
    return schedule


def save_schedule(
    schedule: ReportSchedule, *, actor: Principal, content: ScheduleContent, row_version: int | None
) -> None:
    """Change a schedule; from now on it is made in the actor's name. A later time moves the next turn, and what was
    delivered stays delivered. Raises Conflict when somebody saved since ``row_version`` was read. Flushes.
    """
    require_scheduling(actor, schedule.office_id)
    lock(schedule)
    expect_version(schedule, row_version)
    _check(content, schedule.office_id, actor)
    before = (schedule.rhythm, schedule.day, schedule.hour)
    for name, value in _columns(content).items():
        setattr(schedule, name, value)
    schedule.owner_id = actor.id
    if (schedule.rhythm, schedule.day, schedule.hour) != before:
        _plan_ahead(schedule)
    if schedule.stopped and not schedule.is_active:  # the reason was the former owner, or what it reported
        schedule.stopped = ""
        schedule.is_active = True
        _plan_ahead(schedule)
    _address(schedule, content, actor)
    schedule.updated_at = clock.now()  # also where only recipients changed: another form would take them back
    db.session.flush()
    _record(AuditAction.REPORT_SCHEDULE_CHANGED, schedule, actor, **_told(content))


def pause_schedule(schedule: ReportSchedule, *, actor: Principal) -> None:
    """Nothing is sent until it is resumed. Twice is once. Flushes."""
    require_scheduling(actor, schedule.office_id)
    lock(schedule)
    if schedule.is_active:
        schedule.is_active = False
        db.session.flush()
        _record(AuditAction.REPORT_SCHEDULE_PAUSED, schedule, actor)


def resume_schedule(schedule: ReportSchedule, *, actor: Principal) -> None:
    """It goes on with its next turn, in the actor's name; what was paused is not made up for. Twice is once.
    Flushes.
    """
    require_scheduling(actor, schedule.office_id)
    lock(schedule)
    if not schedule.is_active:
        schedule.is_active, schedule.stopped, schedule.owner_id = True, "", actor.id
        _plan_ahead(schedule)
        db.session.flush()
        _record(AuditAction.REPORT_SCHEDULE_RESUMED, schedule, actor)


def remove_schedule(schedule: ReportSchedule, *, actor: Principal) -> None:
    """It sends nothing any more; what it brought stays in the record. Flushes."""
    require_scheduling(actor, schedule.office_id)
    lock(schedule)
    if schedule.removed_at is None:
        schedule.removed_at, schedule.is_active = clock.now(), False
        db.session.flush()
        _record(AuditAction.REPORT_SCHEDULE_REMOVED, schedule, actor)


def confirm_address(recipient: ReportRecipient, schedule: ReportSchedule, *, actor: Principal) -> None:
    """An admin lets reports of this schedule go to this address outside the office. Twice is once. Flushes."""
    require_confirming(actor, schedule.office_id)
    lock(recipient)
    if recipient.address and recipient.confirmed_at is None:
        recipient.confirmed_by, recipient.confirmed_at = actor.id, clock.now()
        db.session.flush()
        _record(AuditAction.REPORT_ADDRESS_CONFIRMED, schedule, actor, address=recipient.address)


def _check(content: ScheduleContent, office_id: int, actor: Principal) -> None:
    _check_subject(content, office_id, actor)
    if not content.title:
        raise Unfit("title", _("Beri nama jadwal ini."))
    if len(content.title) > TITLE_LENGTH:
        size = len(content.title)
        raise Unfit(
            "title", _("Paling panjang %(limit)s karakter; sekarang %(size)s.", limit=TITLE_LENGTH, size=size)
        )
    if not content.formats:
        raise Unfit("formats", _("Pilih sedikitnya satu bentuk berkas."))
    if not 1 <= content.day <= LAST_DAY[content.rhythm] or not 0 <= content.hour <= 23:
        high = LAST_DAY[content.rhythm]
        raise Unfit("day", _("Isi dengan bilangan bulat dari %(low)s sampai %(high)s.", low=1, high=high))
    if not content.user_ids and not content.addresses:
        raise Unfit("user_ids", _("Pilih sedikitnya satu penerima."))
    if content.addresses and content.scope is ReportScope.PERSON:
        raise Unfit("addresses", _("Laporan seorang pegawai tidak dikirim ke luar kantor."))
    if len(content.user_ids) + len(content.addresses) > MOST_RECIPIENTS:
        raise Unfit("user_ids", _("Paling banyak %(most)s penerima.", most=MOST_RECIPIENTS))
    allowed = {person.id for person in receivers(office_id)}
    if content.scope is ReportScope.PERSON:
        able = {person.id for person in list_people_with(Permission.CONTRIBUTION_READ, get_office(office_id))}
        allowed &= able | {content.subject_id or 0}
    if not set(content.user_ids) <= allowed:
        raise Unfit(
            "user_ids", _("Ada penerima yang tidak lagi boleh membaca laporan kantor ini. Pilih lagi.")
        )


def _check_subject(content: ScheduleContent, office_id: int, actor: Principal) -> None:
    try:
        if content.scope is ReportScope.SECTION:
            get_section(office_id, content.subject_id or 0)
        elif content.scope is ReportScope.PERSON:
            require_of_office(get_office(office_id), content.subject_id or 0)
        require_ordering(actor, office_id, ReportKind.REPORT, content.scope, content.subject_id)
    except NotFound:
        raise Unfit("subject_id", _("Seksi atau pegawai ini tidak ada di kantor ini.")) from None


def receivers(office_id: int) -> Sequence[Any]:
    """The people of an office who may read its reports."""
    return list_people_with(Permission.REPORT_MAKE, get_office(office_id))


def _columns(content: ScheduleContent) -> dict[str, Any]:
    wanted = (
        set(ReportFormat) if ReportFormat.ZIP in content.formats else set(content.formats)
    )  # a pack holds them
    return {
        "title": content.title, "scope": content.scope, "subject_id": content.subject_id,
        "formats": [form.value for form in ReportFormat if form in wanted], "rhythm": content.rhythm,
        "day": 1 if content.rhythm is Rhythm.DAILY else content.day, "hour": content.hour,
    }  # fmt: skip


def _plan_ahead(schedule: ReportSchedule) -> None:
    """The next turn is the first one from now on."""
    timing = queries.timing_of(schedule, get_office(schedule.office_id))
    schedule.next_due = timing.next_after(clock.now() - timedelta(microseconds=1)).at


def _address(schedule: ReportSchedule, content: ScheduleContent, actor: Principal) -> None:
    """Who gets it. An address that stays keeps its confirmation; a new one has none but by an admin's own word."""
    wanted_people, wanted_addresses = set(content.user_ids), set(content.addresses)
    confirmed = content.confirms and may_confirm(actor, schedule.office_id)
    for one in list(schedule.recipients):
        if one.user_id in wanted_people:
            wanted_people.discard(one.user_id)
        elif one.address in wanted_addresses:
            wanted_addresses.discard(one.address)
            if confirmed and one.confirmed_at is None:
                one.confirmed_by, one.confirmed_at = actor.id, clock.now()
        else:
            schedule.recipients.remove(one)
            db.session.delete(one)
    db.session.flush()
    for user_id in sorted(wanted_people):
        schedule.recipients.append(ReportRecipient(schedule_id=schedule.id, user_id=user_id))
    for address in sorted(wanted_addresses):
        schedule.recipients.append(
            ReportRecipient(
                schedule_id=schedule.id, address=address, confirmed_by=actor.id if confirmed else None,
                confirmed_at=clock.now() if confirmed else None,
            )
        )  # fmt: skip
    db.session.flush()


def _told(content: ScheduleContent) -> dict[str, Any]:
    return {
        "scope": content.scope.value, "subject_id": content.subject_id,
        "formats": [form.value for form in content.formats],
        "rhythm": content.rhythm.value, "day": content.day, "hour": content.hour,
        "people": list(content.user_ids), "addresses": list(content.addresses), "confirms": content.confirms,
    }  # fmt: skip


def _record(action: AuditAction, schedule: ReportSchedule, actor: Principal, **detail: Any) -> None:
    audit.record(
        action, ("report_schedule", schedule.id), office_id=schedule.office_id, actor=actor, label=schedule.title,
        **detail,
    )  # fmt: skip
