"""One person's report: what they made in the reported days, by role, and how far they are in the scheme's period."""

from decimal import Decimal

from humasflow.accounts.models import User
from humasflow.accounts.queries import get_person, grants_in, today_at
from humasflow.core.db import db
from humasflow.orgs.models import Unit
from humasflow.reports.facts.publications import Stretch
from humasflow.reports.facts.shapes import PersonFacts, RoleCount
from humasflow.scoring.models import LedgerEntry
from humasflow.scoring.standing import Standing
from humasflow.scoring.standing.by_person import one_person


def person_facts(
    office: Unit, user_id: int, stretch: Stretch, standing: Standing | None
) -> tuple[PersonFacts, int | None]:
    """The facts, and the section the person belongs to. Raises NotFound for who never had a role in the office."""
    person = get_person(office, user_id)
    section, position = _place(office, person)
    roles = _roles(stretch)
    cells: tuple[tuple[str, Decimal, Decimal | None], ...] = ()
    if standing is not None:
        row = one_person(office, standing.version, standing.period, person)
        cells = tuple((c.count.component.label, c.count.tally.live, c.count.wanted) for c in row.cells)
    facts = PersonFacts(
        user_id=person.id, name=person.name, position=position, section=section.name if section else "",
        number=person.nip, roles=roles, quantity=sum((r.quantity for r in roles), Decimal(0)), cells=cells,
        period_label=standing.period.label if standing is not None else "",
    )  # fmt: skip
    return facts, section.id if section else None


def _place(office: Unit, person: User) -> tuple[Unit | None, str]:
    """The section and the position of the roles in force; the last ones of who has none any more."""
    today = today_at(office)
    grants = grants_in(office, person)
    grants = [g for g in grants if g.in_force(today)] or grants
    section = next((g.unit for g in grants if g.unit_id != office.id), None)
    position = next((g.capacity for g in grants if g.position_title), "")
    return section, position


def _roles(stretch: Stretch) -> tuple[RoleCount, ...]:
    """What the person did, by role: each publication once, and what of it is theirs."""
    rows = db.session.execute(
        stretch.lines_of_person(
            LedgerEntry.delivery_id, LedgerEntry.role, LedgerEntry.share, LedgerEntry.quantity
        )
        .where(LedgerEntry.delivery_id.in_(stretch.listed()))
        .order_by(LedgerEntry.id)
    )
    once: dict[tuple[int, str], Decimal] = {}
    for delivery_id, role, share, quantity in rows:
        once.setdefault((delivery_id, role), quantity * share / 100)
    found: dict[str, tuple[int, Decimal]] = {}
    for (_delivery_id, role), brings in once.items():
        number, total = found.get(role, (0, Decimal(0)))
        found[role] = number + 1, total + brings
    return tuple(RoleCount(stretch.role(role), number, total) for role, (number, total) in found.items())
