"""Writing down who is away when. Days of one kind that touch become one absence; two kinds never share a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.absences import can_manage, can_open, show_days
from humasflow.accounts.enums import AbsenceKind
from humasflow.accounts.events import AbsenceEnded, AbsenceRecorded
from humasflow.accounts.models import Absence, User
from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import people_ids_of, today_at
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import NotAllowed, NotFound, UserError
from humasflow.core.events import emit
from humasflow.core.versions import expect_version
from humasflow.orgs.models import Unit

LONGEST = timedelta(
    days=2 * 366
)  # out-of-duty leave is granted for longer, but then the account is switched off
BACK = timedelta(days=366)
_DAY = timedelta(days=1)


class Overlap(UserError):
    """The person is away for another reason on one of these days."""


class BadDays(UserError):
    """The days cannot be meant like this."""


@dataclass(frozen=True)
class Recorded:
    """What stands now; ``merged``: the earlier absences that became part of it, in words."""

    absence: Absence
    merged: Sequence[str] = ()


def record_absence(
    *,
    actor: Principal,
    office: Unit,
    user_id: int,
    kind: AbsenceKind,
    starts_on: date,
    ends_on: date,
    note: str = "",
) -> Recorded:
    """Write down that somebody is away: oneself, or, for editors and admins, anybody of the office. Flushes.

    Touching or overlapping days of the same kind become one. Raises :class:`Overlap`, :class:`BadDays`, NotFound,
    NotAllowed.
    """
    person = _person(actor, office, user_id)
    _check_days(office, starts_on, ends_on)
    lock(person)  # two records about one person wait for each other
    near = _near(person.id, starts_on, ends_on)
    _refuse_other_kinds(near, kind, starts_on, ends_on)
    same = [a for a in near if a.kind is kind]
    if not same:
        made = Absence(
            user_id=person.id, office_id=office.id, kind=kind, starts_on=starts_on, ends_on=ends_on,
            note=note.strip(), written_by=actor.id, created_at=clock.now(),
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        _record(AuditAction.ABSENCE_RECORDED, made, actor)
        _tell(made, actor)
        return Recorded(made)
    kept = same[0]
    before = [(a.starts_on, a.ends_on) for a in same]
    words = [f"{a.kind.label} {show_days(a.starts_on, a.ends_on)}" for a in same]
    kept.starts_on = min([starts_on, *(a.starts_on for a in same)])
    kept.ends_on = max([ends_on, *(a.ends_on for a in same)])
    if any(a.note and not can_open(actor, a) for a in same):
        kept.written_by = person.id  # the joined note holds what was not meant for the actor
    elif note.strip():
        kept.written_by = actor.id
    kept.note = _joined([*(a.note for a in same), note])
    for other in same[1:]:
        db.session.delete(other)
    if db.session.is_modified(kept) or same[1:]:
        db.session.flush()
        _record(AuditAction.ABSENCE_CHANGED, kept, actor)
    if (kept.starts_on, kept.ends_on) != before[0]:
        for days in before:
            _tell_ended(kept, days, actor)
        _tell(kept, actor)
    return Recorded(kept, words)


def change_absence(
    absence: Absence,
    *,
    actor: Principal,
    kind: AbsenceKind,
    starts_on: date,
    ends_on: date,
    note: str,
    row_version: int | None = None,
) -> None:
    """Other days, another kind or note. Raises :class:`Overlap`, :class:`BadDays`, Conflict, NotFound. Flushes."""
    if not can_open(actor, absence):
        raise NotFound
    expect_version(absence, row_version)
    office = db.session.get_one(Unit, absence.office_id)
    _check_days(office, starts_on, ends_on)
    lock(db.session.get_one(User, absence.user_id))
    others = [a for a in _near(absence.user_id, starts_on, ends_on) if a.id != absence.id]
    clash = next((a for a in others if a.starts_on <= ends_on and a.ends_on >= starts_on), None)
    if clash is not None:
        raise Overlap(_overlaps(clash))
    days = (absence.starts_on, absence.ends_on)
    absence.kind, absence.starts_on, absence.ends_on = kind, starts_on, ends_on
    absence.note = note.strip()
    if not db.session.is_modified(absence):
        return
    db.session.flush()
    _record(AuditAction.ABSENCE_CHANGED, absence, actor)
    if (starts_on, ends_on) != days:
        _tell_ended(absence, days, actor)
        _tell(absence, actor)


def remove_absence(absence: Absence, *, actor: Principal) -> None:
    """A mistake, or the person comes to work after all. The record keeps the days, not the note."""
    if not can_open(actor, absence):
        raise NotFound
    _record(AuditAction.ABSENCE_REMOVED, absence, actor)
    db.session.delete(absence)
    db.session.flush()
    _tell_ended(absence, (absence.starts_on, absence.ends_on), actor)


def _person(actor: Principal, office: Unit, user_id: int) -> User:
    if user_id != actor.id and not can_manage(actor, office.id):
        raise NotAllowed(_("Ketidakhadiran orang lain dicatat oleh redaktur atau admin kantor."))
    found = db.session.scalar(select(User).where(User.id == user_id, User.id.in_(people_ids_of(office))))
    if found is None:
        raise NotFound
    return found


def _check_days(office: Unit, starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise BadDays(_("Hari terakhir lebih awal daripada hari pertama. Periksa tanggalnya."))
    if ends_on - starts_on > LONGEST:
        raise BadDays(_("Lamanya lebih dari dua tahun. Periksa tahunnya."))
    if ends_on < today_at(office) - BACK:
        raise BadDays(_("Tanggal ini sudah lebih dari setahun lalu. Periksa tahunnya."))


def _near(user_id: int, starts_on: date, ends_on: date) -> Sequence[Absence]:
    """What overlaps these days or touches them, earliest first."""
    return db.session.scalars(
        select(Absence)
        .where(
            Absence.user_id == user_id,
            Absence.ends_on >= starts_on - _DAY,
            Absence.starts_on <= ends_on + _DAY,
        )
        .order_by(Absence.starts_on, Absence.id)
    ).all()


def _refuse_other_kinds(near: Sequence[Absence], kind: AbsenceKind, starts_on: date, ends_on: date) -> None:
    for other in near:
        if other.kind is not kind and other.starts_on <= ends_on and other.ends_on >= starts_on:
            raise Overlap(_overlaps(other))


def _overlaps(other: Absence) -> str:
    return _(
        "Sudah tercatat %(kind)s %(days)s. Ubah catatan itu dahulu, atau pilih hari lain.",
        kind=other.kind.public_label.lower(), days=show_days(other.starts_on, other.ends_on),
    )  # fmt: skip


def _joined(notes: Sequence[str]) -> str:
    """Every different note, in order."""
    return "\n".join(dict.fromkeys(n.strip() for n in notes if n.strip()))


def _record(action: AuditAction, absence: Absence, actor: Principal) -> None:
    # Neither the note nor that somebody is ill: the record outlives both.
    audit.record(
        action, ("user", absence.user_id), office_id=absence.office_id, actor=actor, absence_id=absence.id,
        label=f"{absence.kind.public_label} {show_days(absence.starts_on, absence.ends_on)}",
        starts_on=absence.starts_on.isoformat(), ends_on=absence.ends_on.isoformat(),
    )  # fmt: skip


def _tell(absence: Absence, actor: Principal) -> None:
    emit(
        AbsenceRecorded(
            absence_id=absence.id, user_id=absence.user_id, office_id=absence.office_id,
            starts_on=absence.starts_on, ends_on=absence.ends_on, actor_id=actor.id,
        )
    )  # fmt: skip


def _tell_ended(absence: Absence, days: tuple[date, date], actor: Principal) -> None:
    emit(
        AbsenceEnded(
            user_id=absence.user_id, office_id=absence.office_id, starts_on=days[0], ends_on=days[1],
            actor_id=actor.id,
        )
    )  # fmt: skip
