"""A period by pillar and kind of content, with what a required mix asks for beside the total."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.periods import Period
from humasflow.orgs.models import Unit
from humasflow.planning.models import ContentType, Pillar
from humasflow.scoring import queries
from humasflow.scoring.enums import TargetScope
from humasflow.scoring.models import Component, SchemeVersion, Target
from humasflow.scoring.queries.contributions import Dimension, counts_by
from humasflow.scoring.standing.tally import EMPTY, Cell, counting, tallies

_SCOPES = {Dimension.PILLAR: TargetScope.PILLAR, Dimension.CONTENT_TYPE: TargetScope.CONTENT_TYPE}


@dataclass(frozen=True)
class PartOfPeriod:
    """A pillar or a kind of content; ``id`` None: has none, or an adjustment."""

    id: int | None
    name: str
    cells: tuple[Cell, ...]

    def cell(self, key: str) -> Cell:
        """The cell of a component."""
        return next(c for c in self.cells if c.component.key == key)


@dataclass(frozen=True)
class ByPart:
    """A period by one dimension. Rows without any number or target are left out."""

    components: tuple[Component, ...]
    rows: tuple[PartOfPeriod, ...]


def by_part(office: Unit, version: SchemeVersion, period: Period, dimension: Dimension) -> ByPart:
    """Read it: three statements, whatever the number of publications. The names are the office's own."""
    components = counting(version)
    counted = tallies(
        ((r.part_id, r.component_key), r.state, r.quantity)
        for r in counts_by(office.id, version.scheme_id, period.key, dimension)
    )
    mix = queries.targets_of_mix(office.id, version.scheme_id, period.key)
    goals: dict[tuple[int | None, str], Target] = {
        (target.scope_id, key): target
        for key, targets in mix.items()
        for target in targets
        if target.scope is _SCOPES[dimension]
    }
    names = _names(office.id, dimension)
    rows = [
        PartOfPeriod(
            id_,
            names.get(id_, "") if id_ is not None else "",
            tuple(Cell(c, counted.get((id_, c.key), EMPTY), goals.get((id_, c.key))) for c in components),
        )
        for id_ in [*names, None]
    ]
    return ByPart(tuple(components), tuple(r for r in rows if any(c.tally or c.target for c in r.cells)))


def _names(office_id: int, dimension: Dimension) -> Mapping[int, str]:
    """In the order in which the office keeps them."""
    if dimension is Dimension.PILLAR:
        rows = db.session.execute(
            select(Pillar.id, Pillar.name)
            .where(Pillar.office_id == office_id)
            .order_by(Pillar.name, Pillar.id)
        )
    else:
        rows = db.session.execute(
            select(ContentType.id, ContentType.label)
            .where(ContentType.office_id == office_id)
            .order_by(ContentType.position, ContentType.id)
        )
    return {row[0]: row[1] for row in rows}
