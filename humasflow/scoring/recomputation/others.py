"""Lines that no publication is behind: measurements and adjustments."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import aliased

from humasflow.core.db import db
from humasflow.scoring.enums import PointState
from humasflow.scoring.models import LedgerEntry, Measurement
from humasflow.scoring.recomputation.publications import Seen
from humasflow.scoring.recomputation.rules import Rules

BATCH = 1000


def check_others(rules: Rules, seen: Seen) -> Iterator[str]:
    """Each stands alone; a measurement counts once, only the newest, and that one does."""
    office_id = rules.office.id
    last = 0
    standing: dict[
        tuple[int, str, str], int
    ] = {}  # subject → lines less reversing ones; gone when they are even
    while True:
        rows = db.session.execute(
            select(*LedgerEntry.__table__.columns)
            .where(
                LedgerEntry.delivery_id.is_(None), LedgerEntry.office_id == office_id, LedgerEntry.id > last
            )
            .order_by(LedgerEntry.id)
            .limit(BATCH)
        ).all()  # fmt: skip
        if not rows:
            break
        last = rows[-1].id
        superseded = _superseded({row.measurement_id for row in rows if row.measurement_id})
        for row in rows:
            seen.add(row, PointState.VERIFIED)
            if not row.stands_alone:
                yield f"line {row.id} has neither a publication nor stands alone"
            if row.measurement_id is None:
                if not row.reason:
                    yield f"line {row.id} is an adjustment without a reason"
                continue
            subject = (row.scheme_version_id, row.component_key, row.subject_key)
            number = standing.pop(subject, 0) + (1 if row.reverses_id is None else -1)
            if number:
                standing[subject] = number
            if number == 1 and row.reverses_id is None and row.measurement_id in superseded:
                # Allowed while the line that takes it back is still to come: looked at again below.
                seen.superseded[subject] = row.id
            else:
                seen.superseded.pop(subject, None)
    for subject, number in standing.items():
        if number != 1:
            yield f"{subject[2]} is measured {number} times for {subject[1]}"
        elif subject in seen.superseded:
            yield f"line {seen.superseded[subject]} counts for a measurement that a newer one replaced"
    yield from _without_line(office_id)


def _without_line(office_id: int) -> Iterator[str]:
    """What the standing reads and no line proves. An entry that was taken back says nothing, and has none."""
    newer, line, back = aliased(Measurement), aliased(LedgerEntry), aliased(LedgerEntry)
    rows = db.session.execute(
        select(Measurement.id, Measurement.component_key, Measurement.period, Measurement.facts)
        .where(
            Measurement.office_id == office_id,
            ~select(newer.id).where(newer.supersedes_id == Measurement.id).exists(),
            ~select(line.id)
            .where(
                line.measurement_id == Measurement.id, line.reverses_id.is_(None),
                ~select(back.id).where(back.reverses_id == line.id, back.measurement_id == Measurement.id).exists(),
            )
            .exists(),
        )
        .order_by(Measurement.id)
        .execution_options(yield_per=BATCH)
    )  # fmt: skip
    for id_, key, period, facts in rows:
        if facts:
            yield f"measurement {id_} of {key} in {period} has no line"


def _superseded(ids: set[int]) -> set[int]:
    newer = aliased(Measurement)
    if not ids:
        return set()
    replaced = db.session.scalars(select(newer.supersedes_id).where(newer.supersedes_id.in_(ids)))
    return {id_ for id_ in replaced if id_ is not None}
