"""A period by section: what each section's stories brought, against its own target and the office's."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.periods import Period
from humasflow.orgs.enums import UnitKind
from humasflow.orgs.models import Unit
from humasflow.scoring import queries
from humasflow.scoring.enums import Beneficiary, ComponentKind
from humasflow.scoring.models import Component, SchemeVersion
from humasflow.scoring.queries.contributions import counts_of, whole_points_of_sections
from humasflow.scoring.standing.tally import EMPTY, NONE, Cell, Tally, counting, tallies


@dataclass(frozen=True)
class SectionRow:
    """A section; without one: what no section owns, and adjustments."""

    section: Unit | None
    cells: tuple[Cell, ...]

    def cell(self, key: str) -> Cell:
        """The cell of a component."""
        return next(c for c in self.cells if c.component.key == key)


@dataclass(frozen=True)
class BySection:
    """All sections of an office in a period."""

    components: tuple[Component, ...]
    rows: tuple[SectionRow, ...]
    office: SectionRow

    def divided(self, key: str) -> Decimal | None:
        """What the sections' targets of a component sum to; None when no section has one."""
        wanted = [row.cell(key).wanted for row in self.rows]
        known = [w for w in wanted if w is not None]
        return sum(known, NONE) if known else None


def by_section(office: Unit, version: SchemeVersion, period: Period) -> BySection:
    """Read it: five statements at most, whatever the number of sections and publications."""
    components = counting(version)
    rows = counts_of(office.id, version.scheme_id, period.key, [Beneficiary.OFFICE, Beneficiary.SECTION])
    of_office = tallies(
        (r.component_key, r.state, r.quantity) for r in rows if r.beneficiary is Beneficiary.OFFICE
    )
    by_points = [c.key for c in components if c.kind is ComponentKind.POINTS]
    of_sections = tallies(
        ((r.beneficiary_id, r.component_key), r.state, r.number)
        for r in rows
        if r.beneficiary is Beneficiary.SECTION and r.component_key not in by_points
    )
    if by_points:
        of_sections |= tallies(
            ((r.beneficiary_id, r.component_key), r.state, r.quantity)
            for r in whole_points_of_sections(office.id, version.scheme_id, period.key, by_points)
        )
    goals = queries.targets_of_sections(office.id, version.scheme_id, period.key)
    own = queries.targets_of(office.id, version.scheme_id, period.key)
    sections = _sections(office.id, {id_ for id_, _key in of_sections} | set(goals))
    made = [
        SectionRow(
            section,
            tuple(
                Cell(c, of_sections.get((section.id, c.key), EMPTY), goals.get(section.id, {}).get(c.key))
                for c in components
            ),
        )
        for section in sections
    ]
    total = SectionRow(None, tuple(Cell(c, of_office.get(c.key, EMPTY), own.get(c.key)) for c in components))
    rest = SectionRow(None, tuple(Cell(c, _left(c, total, made)) for c in components))
    if any(cell.tally for cell in rest.cells):
        made.append(rest)
    return BySection(tuple(components), tuple(made), total)


def _left(component: Component, total: SectionRow, sections: list[SectionRow]) -> Tally:
    left = total.cell(component.key).tally
    for row in sections:
        left = left.plus(row.cell(component.key).tally, -1)
    return left


def _sections(office_id: int, named: set[int]) -> list[Unit]:
    """Active sections, and those that are no more but have numbers or targets; by name."""
    found = db.session.scalars(
        select(Unit)
        .where(Unit.office_id == office_id, Unit.kind == UnitKind.SECTION)
        .order_by(Unit.name, Unit.id)
    )
    return [unit for unit in found if unit.is_active or unit.id in named]
