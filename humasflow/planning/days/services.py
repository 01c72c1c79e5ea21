"""Days that are data: seeded, added, changed, confirmed, switched off and on; and which computed ones are shown."""

import csv
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db, lock
from humasflow.core.errors import UserError
from humasflow.core.permissions import Permission
from humasflow.core.versions import expect_version
from humasflow.orgs.queries import get_office
from humasflow.planning.days import queries
from humasflow.planning.days.enums import DayKind
from humasflow.planning.days.models import DaySettings, SpecialDay
from humasflow.planning.offering import DuplicateName

FIRST_YEAR, LAST_YEAR = 1990, 2200
NAME_LENGTH = 120
LONGEST: Final = 60  # days
_LEAP_YEAR: Final = 2024  # in which every day of every year exists


class ImpossibleDate(UserError):
    """A date that no calendar has."""


class ImpossibleEnd(UserError):
    """A last day before the first, or too far from it."""


@dataclass(frozen=True)
class DayContent:
    """A day, or ``lasts`` days from it. ``year`` None: every year. 29 February of every year shows in leap years."""

    name: str
    month: int
    day: int
    year: int | None = None
    lasts: int = 1


@cache
def bundled() -> tuple[tuple[DayContent, bool, str], ...]:
    """The national days in the package: the day, whether a source confirms its date, and that source."""
    text = files("humasflow.planning.days.data").joinpath("national-days.csv").read_text(encoding="utf-8")
    return tuple(
        (
            DayContent(row["name_id"], int(row["month"]), int(row["day"])),
            row["confidence"] == "sourced",
            row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    )


def seed_days(office_id: int) -> None:
    """Give an office the national days; one that has any keeps what it has. Flushes."""
    if any(row.kind is DayKind.NATIONAL for row in queries.list_special_days(office_id)):
        return
    db.session.add_all(
        SpecialDay(
            office_id=office_id, kind=DayKind.NATIONAL, is_confirmed=is_sourced, source=source, is_active=True,
            **asdict(content),
        )
        for content, is_sourced, source in bundled()
    )  # fmt: skip
    db.session.flush()


def create_day(office_id: int, *, actor: Principal, content: DayContent) -> SpecialDay:
    """Add a day of the office's own. Raises NotAllowed, ImpossibleDate, ImpossibleEnd, DuplicateName. Flushes."""
    require(actor, Permission.OFFICE_MANAGE, office_id)
    content = _checked(content)
    _refuse_twin(office_id, content, beside=None)
    made = SpecialDay(
        office_id=office_id,
        kind=DayKind.OFFICE,
        is_confirmed=True,
        source="",
        is_active=True,
        **asdict(content),
    )
    db.session.add(made)
    db.session.flush()
    audit.record(
        AuditAction.DAY_CREATED, ("special_day", made.id), office_id=office_id, actor=actor, label=made.name,
        **_told(content),
    )  # fmt: skip
    return made


def change_day(row: SpecialDay, *, actor: Principal, content: DayContent, row_version: int | None) -> None:
    """Rename a day or put it on another date. Who changes a national day has looked at it: it is confirmed; and its
    bundled source says nothing about another date.

    Raises NotAllowed, ImpossibleDate, ImpossibleEnd, DuplicateName, Conflict. Flushes.
    """
    require(actor, Permission.OFFICE_MANAGE, row.office_id)
    lock(row)
    expect_version(row, row_version)
    content = _checked(content)
    _refuse_twin(row.office_id, content, beside=row)
    stays = (row.month, row.day, row.year) == (content.month, content.day, content.year)
    _change(row, actor, {**asdict(content), "is_confirmed": True, "source": row.source if stays else ""})


def confirm_day(row: SpecialDay, *, actor: Principal) -> None:
    """Somebody looked it up: the bundled date is right. Flushes. Raises NotAllowed."""
    require(actor, Permission.OFFICE_MANAGE, row.office_id)
    lock(row)
    _change(row, actor, {"is_confirmed": True})


def switch_day(row: SpecialDay, *, actor: Principal, is_active: bool) -> None:
    """Take a day off the calendar, or put it back. Flushes. Raises NotAllowed."""
    require(actor, Permission.OFFICE_MANAGE, row.office_id)
    lock(row)
    _change(row, actor, {"is_active": is_active})


def show_pawukon(office_id: int, *, actor: Principal, shows: bool) -> None:
    """Whether the office sees the days of the Pawukon. Flushes. Raises NotAllowed."""
    require(actor, Permission.OFFICE_MANAGE, office_id)
    lock(get_office(office_id))  # two people at once make one row
    settings = db.session.get(DaySettings, office_id)
    if settings is None:
        settings = DaySettings(office_id=office_id, shows_pawukon=False)
        db.session.add(settings)
        db.session.flush()
    if settings.shows_pawukon is shows:
        return
    settings.shows_pawukon = shows
    db.session.flush()
    audit.record(
        AuditAction.DAY_SETTINGS_CHANGED, ("office", office_id), office_id=office_id, actor=actor,
        shows_pawukon=shows,
    )  # fmt: skip


def _checked(content: DayContent) -> DayContent:
    name = " ".join(content.name.split())
    if not name:
        raise UserError(_("Tulis nama harinya."))
    if len(name) > NAME_LENGTH:
        raise UserError(
            _("Paling panjang %(limit)s karakter; sekarang %(size)s.", limit=NAME_LENGTH, size=len(name))
        )
    if content.year is not None and not FIRST_YEAR <= content.year <= LAST_YEAR:
        raise ImpossibleDate(_("Isi tahun dari %(low)s sampai %(high)s.", low=FIRST_YEAR, high=LAST_YEAR))
    try:
        date(content.year or _LEAP_YEAR, content.month, content.day)
    except ValueError as error:
        raise ImpossibleDate(_("Tanggal ini tidak ada di kalender.")) from error
    if not 1 <= content.lasts <= LONGEST:
        raise ImpossibleEnd(
            _("Hari terakhir paling cepat sama dengan hari pertama, paling lama %(n)s hari.", n=LONGEST)
        )
    return DayContent(name, content.month, content.day, content.year, content.lasts)


def _refuse_twin(office_id: int, content: DayContent, *, beside: SpecialDay | None) -> None:
    for row in queries.list_special_days(office_id):
        if row is beside or (row.month, row.day) != (content.month, content.day):
            continue
        same_year = row.year == content.year or row.year is None or content.year is None
        if same_year and row.name.casefold() == content.name.casefold():
            raise DuplicateName(_("“%(name)s” sudah ada pada tanggal itu.", name=row.name))


def _change(row: SpecialDay, actor: Principal, values: dict[str, Any]) -> None:
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(row, name, value)
    db.session.flush()
    audit.record(
        AuditAction.DAY_CHANGED, ("special_day", row.id), office_id=row.office_id, actor=actor,
        **(changed | {"label": row.name, "changed": list(changed)}),
    )  # fmt: skip


def _told(content: DayContent) -> dict[str, Any]:
    return {"month": content.month, "day": content.day, "year": content.year, "lasts": content.lasts}
