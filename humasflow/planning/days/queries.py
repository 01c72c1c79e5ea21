"""Reading days: what is computed (holidays, joint leave, Pawukon) and what is the office's own, day by day."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, Final, Protocol

from flask_babel import gettext as _
from sqlalchemy import Integer, Row, cast, literal, null, or_, select, true, union_all

from humasflow.core.db import EnumText, db
from humasflow.core.errors import NotFound
from humasflow.planning.days.enums import DayKind
from humasflow.planning.days.models import DaySettings, SpecialDay
from humasflow.planning.days.pawukon import holy_day_on

_ESTIMATE: Final = "(perkiraan)"  # how the package marks a date that is reckoned from the moon
# Public holidays that need no decree to have a date: of the solar year, or so many days from Easter.
_KNOWN_WITHOUT_DECREE: Final = frozenset({
    "Tahun Baru Masehi", "Wafat Yesus Kristus", "Kebangkitan Yesus Kristus", "Hari Buruh Internasional",
    "Kenaikan Yesus Kristus", "Hari Lahir Pancasila", "Hari Kemerdekaan Republik Indonesia", "Hari Raya Natal",
})  # fmt: skip
_A_DECREED_YEAR: Final = 2026
_ORDER: Final = tuple(DayKind)
_CLOSED: Final = frozenset({DayKind.HOLIDAY, DayKind.JOINT_LEAVE})


class Doubtful(Protocol):
    """A day whose date may be in doubt."""

    @property
    def is_estimate(self) -> bool: ...
    @property
    def is_confirmed(self) -> bool: ...


def doubt_about(mark: Doubtful) -> str:
    """What stands after the day's name wherever it is told; empty when its date is sure."""
    if mark.is_estimate:
        return _("(perkiraan)")
    return "" if mark.is_confirmed else _("(perlu dipastikan)")


@dataclass(frozen=True, slots=True)
class DayMark:
    """What a day is. ``is_estimate``: the date may still change. Not ``is_confirmed``: the office has not looked at the
    bundled date yet.
    """

    name: str
    kind: DayKind
    is_estimate: bool = False
    is_confirmed: bool = True

    @property
    def is_closed(self) -> bool:
        """Whether offices are closed."""
        return self.kind in _CLOSED

    @property
    def doubt(self) -> str:
        """What is said after its name."""
        return doubt_about(self)


@cache
def _named(year: int, category: str) -> Mapping[date, str]:
    # Imported on first use: the package takes half a second, and most processes never show a calendar.
    from holidays import country_holidays  # noqa: PLC0415

    return MappingProxyType(dict(country_holidays("ID", years=year, language="id", categories=(category,))))


@cache
def last_decreed_year() -> int:
    """The last year whose holidays and joint leave the government has settled, as far as the package knows.

    Joint leave exists by decree alone: a year that has some is settled.
    """
    year = _A_DECREED_YEAR
    while _named(year + 1, "government"):
        year += 1
    return year


@cache
def _closed_days(year: int) -> Mapping[date, tuple[DayMark, ...]]:
    found: dict[date, tuple[DayMark, ...]] = {}
    for category, kind in (("public", DayKind.HOLIDAY), ("government", DayKind.JOINT_LEAVE)):
        for day, names in _named(year, category).items():
            marks = [_mark(name.strip(), kind, year) for name in names.split(";") if name.strip()]
            found[day] = (*found.get(day, ()), *marks)
    return MappingProxyType(found)


def _mark(name: str, kind: DayKind, year: int) -> DayMark:
    plain = name.removesuffix(_ESTIMATE).rstrip()
    open_still = year > last_decreed_year() and plain not in _KNOWN_WITHOUT_DECREE
    return DayMark(plain, kind, is_estimate=open_still or plain != name)


def list_days(office_id: int, start: date, end: date) -> dict[date, tuple[DayMark, ...]]:
    """The marks of each day that has any, ``start`` ≤ day < ``end``; holidays first, each name once a day.

    One statement, however long the span: what is computed costs none.
    """
    own: dict[int, list[DayMark]] = defaultdict(list)
    pawukon = False
    for row in _rows_between(office_id, start, end):
        if row.kind is DayKind.PAWUKON:
            pawukon = True
            continue
        mark = DayMark(row.name, row.kind, is_confirmed=row.is_confirmed)
        for ordinal in _ordinals(row, start, end):
            own[ordinal].append(mark)
    found: dict[date, tuple[DayMark, ...]] = {}
    for ordinal in range(start.toordinal(), end.toordinal()):
        day = date.fromordinal(ordinal)
        marks = [*_closed_days(day.year).get(day, ()), *own.get(ordinal, ())]
        holy = holy_day_on(day) if pawukon else None
        if holy is not None:
            marks.append(DayMark(holy, DayKind.PAWUKON))
        if marks:
            found[day] = _each_once(marks)
    return found


def _each_once(marks: Sequence[DayMark]) -> tuple[DayMark, ...]:
    found: dict[str, DayMark] = {}
    for mark in sorted(marks, key=lambda mark: _ORDER.index(mark.kind)):
        found.setdefault(mark.name.casefold(), mark)
    return tuple(found.values())


def _rows_between(office_id: int, start: date, end: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """The office's days that may stand in the span, and a row of kind Pawukon if the office wants to see those."""
    last = end - timedelta(days=1) if end > start else start
    own = select(
        SpecialDay.id.label("id"), SpecialDay.kind.label("kind"), SpecialDay.month.label("month"),
        SpecialDay.day.label("day"), SpecialDay.year.label("year"), SpecialDay.lasts.label("lasts"),
        SpecialDay.name.label("name"), SpecialDay.is_confirmed.label("is_confirmed"),
    ).where(
        SpecialDay.office_id == office_id, SpecialDay.is_active,
        # One that began last year may reach into this one.
        or_(SpecialDay.year.is_(None), SpecialDay.year.between(start.year - 1, last.year)),
    )  # fmt: skip
    chosen = select(
        literal(0), literal(DayKind.PAWUKON, EnumText(DayKind)), literal(0), literal(0), cast(null(), Integer),
        literal(0), literal(""), true(),
    ).where(DaySettings.office_id == office_id, DaySettings.shows_pawukon)  # fmt: skip
    return db.session.execute(union_all(own, chosen).order_by("id")).all()


def _ordinals(row: Row[*tuple[Any, ...]], start: date, end: date) -> Iterator[int]:
    """The days of a row that stand in the span, as ordinals."""
    for year in range(start.year - 1, end.year + 1) if row.year is None else (row.year,):
        try:
            first = date(year, row.month, row.day).toordinal()
        except ValueError:  # 29 February of an ordinary year, or before the first one
            continue
        yield from range(max(first, start.toordinal()), min(first + row.lasts, end.toordinal()))


def list_special_days(office_id: int) -> Sequence[SpecialDay]:
    """Every row of the office, switched off or not, in the order of the year."""
    return db.session.scalars(
        select(SpecialDay)
        .where(SpecialDay.office_id == office_id)
        .order_by(SpecialDay.month, SpecialDay.day, SpecialDay.year, SpecialDay.id)
    ).all()


def get_special_day(office_id: int, day_id: int) -> SpecialDay:
    """One of this office, or "not found"."""
    found = db.session.get(SpecialDay, day_id)
    if found is None or found.office_id != office_id:
        raise NotFound
    return found


def get_day_settings(office_id: int) -> DaySettings:
    """What the office chose; one that never chose sees no Pawukon days (a row that is not in the database)."""
    kept = db.session.get(DaySettings, office_id)
    return kept if kept is not None else DaySettings(office_id=office_id, shows_pawukon=False)
