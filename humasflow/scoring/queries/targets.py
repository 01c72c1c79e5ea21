"""Reading targets: of several revisions the newest is in force, unless it was taken back."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from humasflow.accounts.models import User
from humasflow.accounts.queries import people_ids_of
from humasflow.core.db import db
from humasflow.core.paging import PAGE_SIZE, Page
from humasflow.core.periods import PeriodError, PeriodType, parse_period
from humasflow.orgs.models import Unit
from humasflow.scoring.enums import TargetScope
from humasflow.scoring.models import ScoreScheme, Target

MIX = (TargetScope.PILLAR, TargetScope.CONTENT_TYPE)


class TargetKey(NamedTuple):
    """Which target: a component's, whose, and of which section, person, pillar or kind of content (0: the office)."""

    component_key: str
    scope: TargetScope = TargetScope.OFFICE
    scope_id: int = 0


class Revision(NamedTuple):
    """One row of the history. ``before``: what it took the place of, None for the first."""

    target: Target
    before: Target | None
    set_by: str  # empty: the product itself


def key_of(target: Target) -> TargetKey:
    """Which target a row is of."""
    return TargetKey(target.component_key, target.scope, target.scope_id)


def targets_of(office_id: int, scheme_id: int, period: str) -> dict[str, Target]:
    """The office's own targets in force in a period (its key), by component key. One statement."""
    found = list_targets(office_id, scheme_id, period, [TargetScope.OFFICE])
    return {t.component_key: t for t in found}


def targets_of_sections(office_id: int, scheme_id: int, period: str) -> dict[int, dict[str, Target]]:
    """Targets of sections in force, by section and component key. One statement."""
    return _by_owner(list_targets(office_id, scheme_id, period, [TargetScope.SECTION]))


def targets_of_persons(
    office_id: int, scheme_id: int, period: str, *, user_ids: Iterable[int] | None = None
) -> dict[int, dict[str, Target]]:
    """Targets of persons in force, by person and component key; of all, or of some. One statement. The caller decides
    who may see them: one's own always, those of others by permission.
    """
    return _by_owner(list_targets(office_id, scheme_id, period, [TargetScope.PERSON], scope_ids=user_ids))


def targets_of_mix(office_id: int, scheme_id: int, period: str) -> dict[str, list[Target]]:
    """What must at least be among a component's publications, by component key: pillars first, then kinds of content,
    each in the order of their ids. One statement.
    """
    return _mixed(list_targets(office_id, scheme_id, period, MIX))


def targets_with_mix(
    office_id: int, scheme_id: int, period: str
) -> tuple[dict[str, Target], dict[str, list[Target]]]:
    """:func:`targets_of` and :func:`targets_of_mix` together. One statement."""
    found = list_targets(office_id, scheme_id, period, (TargetScope.OFFICE, *MIX))
    own = {t.component_key: t for t in found if t.scope is TargetScope.OFFICE}
    return own, _mixed(t for t in found if t.scope is not TargetScope.OFFICE)


def list_targets(
    office_id: int,
    scheme_id: int,
    period: str,
    scopes: Iterable[TargetScope] = tuple(TargetScope),
    *,
    scope_ids: Iterable[int] | None = None,
    up_to: int | None = None,
) -> Sequence[Target]:
    """The targets in force of these scopes, in the order in which they were set. ``up_to``: as they stood when the row
    of that id was the newest. One statement.
    """
    statement = _in_force(tuple(scopes), narrowed=scope_ids is not None, as_of=up_to is not None)
    asked = {
        "office_id": office_id, "scheme_id": scheme_id, "period": period,
        "scope_ids": [] if scope_ids is None else list(scope_ids), "up_to": up_to,
    }  # fmt: skip
    return db.session.scalars(statement, asked).all()


@cache
def _in_force(scopes: tuple[TargetScope, ...], *, narrowed: bool, as_of: bool) -> Select[Target]:
    """The statement of :func:`list_targets`, made once for each way of asking."""
    which = [
        Target.office_id == bindparam("office_id"), Target.scheme_id == bindparam("scheme_id"),
        Target.period == bindparam("period"), Target.scope.in_(scopes),
    ]  # fmt: skip
    if narrowed:
        which.append(Target.scope_id.in_(bindparam("scope_ids", expanding=True)))
    if as_of:
        which.append(Target.id <= bindparam("up_to"))
    newest = (
        select(func.max(Target.id))
        .where(*which)
        .group_by(Target.component_key, Target.scope, Target.scope_id)
    )
    return select(Target).where(Target.id.in_(newest), Target.is_withdrawn.is_(False)).order_by(Target.id)


def newest_target_id(office_id: int, scheme_id: int, period: str) -> int:
    """The id of the row that was written last for a period, 0 before the first: how a form says what it was shown."""
    found = db.session.scalar(select(func.max(Target.id)).where(*_of_period(office_id, scheme_id, period)))
    return found or 0


def list_target_revisions(office_id: int, scheme_id: int, period: str) -> Sequence[Target]:
    """Every target of the office itself ever set for a period, newest first."""
    return db.session.scalars(
        select(Target)
        .where(*_of_period(office_id, scheme_id, period), Target.scope == TargetScope.OFFICE)
        .order_by(Target.id.desc())
    ).all()


def page_of_revisions(
    office_id: int,
    scheme_id: int,
    period: str,
    *,
    with_persons: bool,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[Revision]:
    """Who set, revised or took back what in a period, newest first, each with what stood before. One statement.

    ``with_persons``: whether the reader may see the targets of others.
    """
    earlier = aliased(Target)
    before_id = (
        select(func.max(earlier.id))
        .where(
            earlier.office_id == Target.office_id, earlier.scheme_id == Target.scheme_id,
            earlier.period == Target.period, earlier.component_key == Target.component_key,
            earlier.scope == Target.scope, earlier.scope_id == Target.scope_id, earlier.id < Target.id,
        )
        .correlate(Target)
        .scalar_subquery()
    )  # fmt: skip
    before = aliased(Target)
    statement = (
        select(Target, before, User.name)
        .select_from(Target)
        .outerjoin(before, before.id == before_id)
        .outerjoin(User, User.id == Target.set_by)
        .where(*_of_period(office_id, scheme_id, period))
    )
    if not with_persons:
        statement = statement.where(Target.scope != TargetScope.PERSON)
    last = _number(cursor)
    if last is not None:
        statement = statement.where(Target.id < last)
    rows = db.session.execute(statement.order_by(Target.id.desc()).limit(size + 1)).all()
    found = [Revision(row[0], row[1], row[2] or "") for row in rows[:size]]
    return Page(found, str(found[-1].target.id) if len(rows) > size else None)


def page_of_people(
    office: Unit,
    scheme_id: int,
    period: str,
    *,
    q: str = "",
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[User]:
    """The people whose targets can be set: active in the office today, or with a target in the period already; by name.
    ``q`` narrows by a part of the name. One statement.
    """
    having = select(Target.scope_id).where(
        *_of_period(office.id, scheme_id, period), Target.scope == TargetScope.PERSON
    )
    name = func.lower(User.name)
    statement = select(User).where(or_(User.id.in_(people_ids_of(office)), User.id.in_(having)))
    for word in q.split()[:5]:
        statement = statement.where(User.name.icontains(word, autoescape=True))
    last = _number(cursor)
    if last is not None:
        passed = select(func.lower(User.name)).where(User.id == last).scalar_subquery()
        statement = statement.where(or_(name > passed, (name == passed) & (User.id > last)))
    rows = db.session.scalars(statement.order_by(name, User.id).limit(size + 1)).all()
    return Page(rows[:size], str(rows[size - 1].id) if len(rows) > size else None)


def newest_period_before(scheme: ScoreScheme, period: str) -> str | None:
    """The key of the last period before this one, of the scheme's own type, with a target in force; None without."""
    newest = (
        select(func.max(Target.id))
        .where(Target.office_id == scheme.office_id, Target.scheme_id == scheme.id, Target.period < period)
        .group_by(Target.period, Target.component_key, Target.scope, Target.scope_id)
    )
    keys = db.session.scalars(
        select(Target.period)
        .where(Target.id.in_(newest), Target.is_withdrawn.is_(False))
        .distinct()
        .order_by(Target.period.desc())
    )
    # Keys of one type sort by time; the scheme may have counted by another type before.
    return next((key for key in keys if _is_of(key, scheme.period_type)), None)


def _of_period(office_id: int, scheme_id: int, period: str) -> list[ColumnElement[bool]]:
    return [Target.office_id == office_id, Target.scheme_id == scheme_id, Target.period == period]


def _mixed(targets: Iterable[Target]) -> dict[str, list[Target]]:
    found: dict[str, list[Target]] = {}
    for target in sorted(targets, key=lambda t: (MIX.index(t.scope), t.scope_id)):
        found.setdefault(target.component_key, []).append(target)
    return found


def _by_owner(targets: Iterable[Target]) -> dict[int, dict[str, Target]]:
    found: dict[int, dict[str, Target]] = {}
    for target in targets:
        found.setdefault(target.scope_id, {})[target.component_key] = target
    return found


def _number(cursor: str | None) -> int | None:
    """The id in a cursor; a damaged one starts from the top."""
    if not cursor or not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        return None
    return int(cursor)


def _is_of(key: str, type_: PeriodType) -> bool:
    try:
        parse_period(key, type_)
    except PeriodError:
        return False
    return True
