"""One office: its publications, its other lines, its sums and its closes."""

from collections.abc import Iterator

from sqlalchemy import func, select

from humasflow.core.db import db
from humasflow.orgs.queries import get_office
from humasflow.scoring.models import LedgerEntry, Point, ScoreCount
from humasflow.scoring.recomputation.closes import check_closes
from humasflow.scoring.recomputation.others import check_others
from humasflow.scoring.recomputation.publications import Seen, check_publications
from humasflow.scoring.recomputation.rules import Rules
from humasflow.scoring.services import adding_up


def differences_of(office_id: int) -> Iterator[str]:
    """Everything of one office that does not agree."""
    rules = Rules(get_office(office_id))
    seen = Seen()
    yield from check_publications(rules, seen)
    yield from check_others(rules, seen)
    yield from _check_counts(office_id, seen)
    yield from _check_sums(office_id, seen.sums)
    yield from check_closes(office_id)


def _check_counts(office_id: int, seen: Seen) -> Iterator[str]:
    """Lines and points of what was never live would otherwise not be looked at."""
    for model, number, what in ((LedgerEntry, seen.lines, "lines"), (Point, seen.points, "points")):
        there = db.session.scalar(select(func.count()).select_from(model).where(model.office_id == office_id))
        if there != number:
            yield f"there are {there} {what}, of which {number} belong to something that was live or measured"


def _check_sums(office_id: int, sums: dict[adding_up.Key, adding_up.Sum]) -> Iterator[str]:
    columns = [getattr(ScoreCount, name) for name in adding_up.Key._fields]
    rows = db.session.execute(
        select(*columns, ScoreCount.number, ScoreCount.quantity)
        .where(ScoreCount.office_id == office_id)
        .execution_options(yield_per=1000)
    )
    kept = {adding_up.Key(*row[:-2]): adding_up.Sum(row[-2], row[-1]) for row in rows}
    for key in sorted(sums.keys() | kept.keys()):
        want, have = sums.get(key, adding_up.NOTHING), kept.get(key, adding_up.NOTHING)
        if want != have:
            yield (
                f"{key.component_key} {key.period}, {key.beneficiary} {key.beneficiary_id}, {key.state}: "
                f"the sum is {have.number} ({have.quantity:f}), the lines give {want.number} ({want.quantity:f})"
            )
