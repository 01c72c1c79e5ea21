"""A period by person: for oneself, and for whoever may read the contributions of others. Nobody is ranked."""

from collections.abc import Sequence
from dataclasses import dataclass

from humasflow.accounts.models import User
from humasflow.core.paging import Page
from humasflow.core.periods import Period
from humasflow.orgs.models import Unit
from humasflow.scoring import queries
from humasflow.scoring.models import Component, SchemeVersion
from humasflow.scoring.queries.contributions import (
    counts_of_people,
    page_of_people,
    publications_of_people,
)
from humasflow.scoring.standing.tally import EMPTY, Cell, Tally, counting, tallies


@dataclass(frozen=True, slots=True)
class PersonCell:
    """``count``: publications a person had a part in, each once, against the person's target. ``share``: what of them
    is put down to the person by the office's policy, in publications or points, by state as well.
    """

    count: Cell
    share: Tally


@dataclass(frozen=True)
class PersonRow:
    """A person in a period."""

    person: User
    cells: tuple[PersonCell, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the person had no part in anything yet."""
        return not any(c.count.tally for c in self.cells)


@dataclass(frozen=True)
class ByPerson:
    """A page of people."""

    components: tuple[Component, ...]
    rows: tuple[PersonRow, ...]
    next: str | None


def by_person(
    office: Unit, version: SchemeVersion, period: Period, *, q: str = "", cursor: str | None = None
) -> ByPerson:
    """A page of the office's people by name: four statements."""
    page: Page[User] = page_of_people(office, version.scheme_id, period.key, q=q, cursor=cursor)
    return ByPerson(tuple(counting(version)), tuple(_rows(office, version, period, page.items)), page.next)


def one_person(office: Unit, version: SchemeVersion, period: Period, person: User) -> PersonRow:
    """What one person brought: three statements."""
    return _rows(office, version, period, [person])[0]


def _rows(office: Unit, version: SchemeVersion, period: Period, people: Sequence[User]) -> list[PersonRow]:
    ids = [person.id for person in people]
    numbers = tallies(
        ((r.user_id, r.component_key), r.state, r.number)
        for r in publications_of_people(office.id, version.scheme_id, period.key, ids)
    )
    shares = tallies(
        ((r.beneficiary_id, r.component_key), r.state, r.quantity)
        for r in counts_of_people(office.id, version.scheme_id, period.key, ids)
    )
    goals = queries.targets_of_persons(office.id, version.scheme_id, period.key, user_ids=ids)
    return [
        PersonRow(
            person,
            tuple(
                PersonCell(
                    Cell(c, numbers.get((person.id, c.key), EMPTY), goals.get(person.id, {}).get(c.key)),
                    shares.get((person.id, c.key), EMPTY),
                )
                for c in counting(version)
            ),
        )
        for person in people
    ]
