"""Reading measurements: what is in force, what it means as facts, and its history."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import aliased

from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.paging import PAGE_SIZE
from humasflow.scoring.calculation import (
    ChecklistFacts,
    Facts,
    GateFacts,
    GrowthFacts,
    RankFacts,
    RateFacts,
    RubricFacts,
)
from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.models import Measurement


def measurements_of(office_id: int, scheme_id: int, period_key: str) -> dict[str, tuple[Measurement, ...]]:
    """What is in force in a period by component key, in the order it was entered: superseded rows and those that take
    one back are left out. One statement. Of a rubric there may be several (a post each), else there is one.
    """
    later = aliased(Measurement)
    superseded = select(later.id).where(later.supersedes_id == Measurement.id).exists()
    rows = db.session.scalars(
        select(Measurement)
        .where(
            Measurement.office_id == office_id,
            Measurement.scheme_id == scheme_id,
            Measurement.period == period_key,
            ~superseded,
        )
        .order_by(Measurement.id)
    )
    found: dict[str, tuple[Measurement, ...]] = {}
    for row in rows:
        if row.facts:
            found[row.component_key] = (*found.get(row.component_key, ()), row)
    return found


def facts_from(kind: ComponentKind, rows: Sequence[Measurement]) -> Facts | None:
    """Measurements in force as the facts of their kind; None without any, and for kinds that nobody measures."""
    stored = [row.facts for row in rows if row.kind is kind]
    if not stored:
        return None
    newest = stored[-1]
    match kind:
        case ComponentKind.CHECKLIST:
            return ChecklistFacts({str(key): int(mark) for key, mark in newest["marks"].items()})
        case ComponentKind.RUBRIC:
            return RubricFacts(tuple(Decimal(facts["mark"]) for facts in stored))
        case ComponentKind.RATE:
            return RateFacts(_number(newest, "numerator"), _number(newest, "denominator"))
        case ComponentKind.GROWTH:
            return GrowthFacts(_number(newest, "previous"), _number(newest, "current"))
        case ComponentKind.RANK:
            return RankFacts(int(newest["position"]), newest.get("out_of"))
        case ComponentKind.GATE:
            return GateFacts(bool(newest["passed"]), str(newest.get("why", "")))
    return None


def _number(facts: Mapping[str, object], name: str) -> Decimal | None:
    value = facts.get(name)
    return None if value is None else Decimal(str(value))


def get_measurement(office_id: int, measurement_id: int) -> Measurement:
    """One of this office, or "not found"."""
    found = db.session.get(Measurement, measurement_id)
    if found is None or found.office_id != office_id:
        raise NotFound
    return found


def in_force(
    office_id: int, scheme_id: int, component_key: str, period_key: str, post_id: int | None
) -> Measurement | None:
    """The newest entry about one subject, also one that took the entry back: what a further one supersedes."""
    return db.session.scalar(
        select(Measurement)
        .where(
            Measurement.office_id == office_id,
            Measurement.scheme_id == scheme_id,
            Measurement.component_key == component_key,
            Measurement.period == period_key,
            Measurement.post_id.is_(None) if post_id is None else Measurement.post_id == post_id,
        )
        .order_by(Measurement.id.desc())
        .limit(1)
    )


def list_measurements(
    office_id: int, scheme_id: int, component_key: str, period_key: str, post_id: int | None = None
) -> Sequence[Measurement]:
    """What was entered about one subject, newest first: at most the last fifty."""
    return db.session.scalars(
        select(Measurement)
        .where(
            Measurement.office_id == office_id,
            Measurement.scheme_id == scheme_id,
            Measurement.component_key == component_key,
            Measurement.period == period_key,
            Measurement.post_id.is_(None) if post_id is None else Measurement.post_id == post_id,
        )
        .order_by(Measurement.id.desc())
        .limit(PAGE_SIZE)
    ).all()
