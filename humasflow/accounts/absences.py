"""Reading absences: who is away when, in words that colleagues may read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from humasflow.accounts.enums import AbsenceKind
from humasflow.accounts.models import Absence
from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import people_ids_of, today_at
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.localtime import show_date
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit

PAST = timedelta(days=90)  # how long what is over stays on the office's page
MANAGING = (Permission.ACCOUNT_MANAGE, Permission.STORY_WRITE)


@dataclass(frozen=True)
class Away:
    """An absence without its note: what everybody in the office may know."""

    id: int
    user_id: int
    kind: AbsenceKind
    starts_on: date
    ends_on: date

    def covers(self, day: date) -> bool:
        """Whether the person is away on this local date."""
        return self.starts_on <= day <= self.ends_on

    @property
    def text(self) -> str:
        """``Cuti 23–27 Nov``: kind and days, no reason."""
        return f"{self.kind.public_label} {show_days(self.starts_on, self.ends_on)}"

    def text_on(self, today: date) -> str:
        """``Cuti sampai 27 Nov`` while it lasts, else :attr:`text`."""
        if self.starts_on <= today <= self.ends_on:
            return _(
                "%(kind)s sampai %(day)s",
                kind=self.kind.public_label,
                day=show_date(self.ends_on, style="d MMM"),
            )
        return self.text


def show_days(first: date, last: date) -> str:
    """``23 Nov``, ``23–27 Nov`` or ``28 Nov–2 Des``; the year only where the two ends differ in it."""
    end = show_date(last, style="d MMM" if first.year == last.year else "d MMM yyyy")
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{show_date(first, style='d MMM' if first.year == last.year else 'd MMM yyyy')}–{end}"


def list_away(user_ids: Iterable[int], first: date, last: date) -> dict[int, list[Away]]:
    """Absences of these people that touch ``first`` … ``last``, by person, earliest first. One statement at most."""
    wanted = set(user_ids)
    found: dict[int, list[Away]] = {}
    if not wanted:
        return found
    rows = db.session.execute(
        select(Absence.id, Absence.user_id, Absence.kind, Absence.starts_on, Absence.ends_on)
        .where(Absence.user_id.in_(wanted), Absence.ends_on >= first, Absence.starts_on <= last)
        .order_by(Absence.starts_on, Absence.id)
    )
    for row in rows:
        found.setdefault(row[1], []).append(Away(*row))
    return found


def list_of_person(user_id: int, *, since: date) -> Sequence[Absence]:
    """A person's own absences that end on ``since`` or later, earliest first."""
    return db.session.scalars(
        select(Absence)
        .where(Absence.user_id == user_id, Absence.ends_on >= since)
        .order_by(Absence.starts_on, Absence.id)
    ).all()


def list_of_office(office: Unit) -> Sequence[Absence]:
    """Absences of the office's people that last, are to come, or ended within :data:`PAST`; with the people."""
    return db.session.scalars(
        select(Absence)
        .where(
            Absence.user_id.in_(people_ids_of(office)), Absence.ends_on >= today_at(office) - PAST,
        )
        .options(joinedload(Absence.user, innerjoin=True))
        .order_by(Absence.starts_on, Absence.id)
    ).all()  # fmt: skip


def can_manage(actor: Principal, office_id: int) -> bool:
    """Whether the person writes down absences of others in this office."""
    return any(actor.can(p, office_id) for p in MANAGING)


def can_open(actor: Principal, absence: Absence) -> bool:
    """Whether the person reads the note and the exact kind, and may change both: for whom it is, for whoever wrote it,
    and for the office's admin. Everybody else knows the days.
    """
    return actor.id in (absence.user_id, absence.written_by) or actor.can(
        Permission.ACCOUNT_MANAGE, absence.office_id
    )


def get_absence(actor: Principal, absence_id: int) -> Absence:
    """One that the actor may change, or "not found"."""
    found = db.session.get(Absence, absence_id)
    if found is None or not can_open(actor, found):
        raise NotFound
    return found
