"""Reading what the head office announced."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, SQLColumnExpression, bindparam, or_, select
from sqlalchemy.orm import aliased, joinedload

from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.scoring.enums import ResultKind, VersionState
from humasflow.scoring.models import Component, OfficialResult, SchemeVersion


@cache
def _not_superseded() -> ColumnElement[bool]:
    later = aliased(OfficialResult)
    return ~select(later.id).where(later.supersedes_id == OfficialResult.id).exists()


def label_at(scheme_id: SQLColumnExpression[Any], key: SQLColumnExpression[str]) -> ScalarSelect[str]:
    """A component's name as a column: as the newest rules of the scheme that have it call it."""
    return (
        select(Component.label)
        .join(SchemeVersion, SchemeVersion.id == Component.version_id)
        .where(
            SchemeVersion.scheme_id == scheme_id, SchemeVersion.state == VersionState.ACTIVE, Component.key == key
        )
        .order_by(SchemeVersion.number.desc())
        .limit(1)
        .scalar_subquery()
    )  # fmt: skip


def official_of(
    office_id: int, scheme_id: int, period_key: str, *, kind: ResultKind = ResultKind.SCORE
) -> dict[str, OfficialResult]:
    """The announced scores of a period (or its ranks) by component key, ``""`` for the total: of corrections the
    newest, without those taken back. Ranks that no component has are not among them. One statement.
    """
    return official_over(office_id, scheme_id, [period_key], kind=kind).get(period_key, {})


def official_over(
    office_id: int, scheme_id: int, period_keys: Sequence[str], *, kind: ResultKind = ResultKind.SCORE
) -> dict[str, dict[str, OfficialResult]]:
    """The same of several periods at once, by period. One statement."""
    asked = {"office_id": office_id, "scheme_id": scheme_id, "periods": list(period_keys), "kind": kind}
    rows = db.session.scalars(_announced(), asked)
    found: dict[str, dict[str, OfficialResult]] = {}
    for row in rows:
        found.setdefault(row.period, {})[row.component_key] = row
    return found


@cache
def _announced() -> Select[OfficialResult]:
    return (
        select(OfficialResult)
        .where(
            OfficialResult.office_id == bindparam("office_id"),
            OfficialResult.scheme_id == bindparam("scheme_id"),
            OfficialResult.period.in_(bindparam("periods", expanding=True)),
            OfficialResult.kind == bindparam("kind"),
            OfficialResult.label == "",
            OfficialResult.value.is_not(None),
            _not_superseded(),
        )
        .order_by(OfficialResult.id)
    )


def list_official(
    office_id: int, scheme_id: int | None, *, cursor: int | None = None, size: int = 50
) -> tuple[Sequence[OfficialResult], int | None]:
    """What is in force, the one entered last first; and where the next page begins. Those taken back are left out.
    With a scheme, what was announced apart from any scheme is among them: it has no other page.
    """
    statement = (
        select(OfficialResult)
        .where(
            OfficialResult.office_id == office_id,
            or_(OfficialResult.scheme_id.is_(None), OfficialResult.scheme_id == scheme_id)
            if scheme_id is not None
            else OfficialResult.scheme_id.is_(None),
            OfficialResult.value.is_not(None),
            _not_superseded(),
        )
        .options(joinedload(OfficialResult.recorder))
        .order_by(OfficialResult.id.desc())
        .limit(size + 1)
    )
    if cursor is not None:
        statement = statement.where(OfficialResult.id < cursor)
    rows = db.session.scalars(statement).all()
    return (rows, None) if len(rows) <= size else (rows[:size], rows[size - 1].id)


def get_official(office_id: int, result_id: int) -> OfficialResult:
    """One of this office, or "not found"."""
    found = db.session.get(OfficialResult, result_id)
    if found is None or found.office_id != office_id:
        raise NotFound
    return found


def _same_thing(result: OfficialResult) -> tuple[ColumnElement[bool], ...]:
    """SQL conditions: about what this one is about."""
    return (
        OfficialResult.office_id == result.office_id,
        OfficialResult.scheme_id.is_(None)
        if result.scheme_id is None
        else OfficialResult.scheme_id == result.scheme_id,
        OfficialResult.component_key == result.component_key,
        OfficialResult.label == result.label,
        OfficialResult.kind == result.kind,
        OfficialResult.period == result.period,
    )


def newest_about(result: OfficialResult) -> OfficialResult | None:
    """The newest row about the same thing, also one that took it back: what a further one supersedes."""
    return db.session.scalar(
        select(OfficialResult).where(*_same_thing(result)).order_by(OfficialResult.id.desc()).limit(1)
    )


def list_history(result: OfficialResult) -> Sequence[OfficialResult]:
    """Everything ever recorded about the same thing, newest first."""
    return db.session.scalars(
        select(OfficialResult)
        .where(*_same_thing(result))
        .options(joinedload(OfficialResult.recorder))
        .order_by(OfficialResult.id.desc())
    ).all()
