"""The offices below one, by the scheme that they took over from above: the same components beside each other.

Only offices are compared, never people. What a child has changed in its copy of the rules is said beside its name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from humasflow.core.db import db
from humasflow.core.paging import Page
from humasflow.core.periods import Period
from humasflow.orgs.enums import UnitKind
from humasflow.orgs.models import Unit
from humasflow.scoring.enums import ComponentKind, ResultKind
from humasflow.scoring.models import Component, OfficialResult, SchemeVersion, ScoreScheme
from humasflow.scoring.standing.copies import copies_of
from humasflow.scoring.standing.many import Result, Wanted, work_out

SIZE = 25  # offices a page, which is worked out within five times an empty page
_PATH_LENGTH = 200  # of the column


@dataclass(frozen=True)
class ChildRow:
    """An office below. ``result`` None: it has not taken the scheme over, or (``begins_later``) its rules do not count
    in this period. ``differs``: its rules are not those of the office above.
    """

    office: Unit
    result: Result | None
    official: OfficialResult | None
    differs: bool
    value: Decimal | None = None  # the total, rounded once
    subtotal: Decimal | None = None  # what is known of it so far, while there is none; None: nothing is
    begins_later: bool = False


@dataclass(frozen=True)
class Children:
    """A page of the offices below, in the order of the tree."""

    components: tuple[Component, ...]
    rows: Page[ChildRow]

    @property
    def with_result(self) -> list[ChildRow]:
        """Those that count by the scheme."""
        return [row for row in self.rows.items if row.result is not None]

    @property
    def counted(self) -> set[str]:
        """Keys of the components whose number is one of publications or points; the others show their value."""
        amounts = (ComponentKind.COUNT_RATIO, ComponentKind.POINTS)
        return {c.key for c in self.components if c.kind in amounts}

    @property
    def without(self) -> list[ChildRow]:
        """Those that have not taken it over."""
        return [row for row in self.rows.items if row.result is None and not row.begins_later]

    @property
    def later(self) -> list[ChildRow]:
        """Those that have, and whose rules do not count in this period."""
        return [row for row in self.rows.items if row.begins_later]


def children_of(
    office: Unit, scheme: ScoreScheme, version: SchemeVersion, period: Period, *, cursor: str | None = None
) -> Children:
    """Read a page of them: twelve statements at most, whatever the number of offices and publications (but see
    :mod:`humasflow.scoring.standing.many`).
    """
    below = _offices(office, cursor)
    ids, family = [unit.id for unit in below.items], _family(scheme.id)
    copies = copies_of(ids, family, period.end, like=version.id)
    having = _having(ids, family)
    wanted = [
        Wanted(unit, copy.scheme_id, copy.rules, period)
        for unit in below.items
        if (copy := copies.get(unit.id)) is not None
    ]
    results = {result.wanted.office.id: result for result in work_out(wanted)}
    officials = _officials([w.scheme_id for w in wanted], period.key)
    rows = []
    for unit in below.items:
        copy, result = copies.get(unit.id), results.get(unit.id)
        value = result.total.value if result else None
        rows.append(
            ChildRow(
                unit,
                result,
                officials.get(copy.scheme_id) if copy else None,
                copy is not None and copy.differs,
                value,
                result.total.subtotal if result and value is None and result.total.counted_weight else None,
                copy is None and unit.id in having,
            )
        )
    return Children(tuple(version.components), Page(rows, below.next))


def has_children(office: Unit) -> bool:
    """Whether any active office stands below. One statement."""
    return db.session.scalar(_below(office).limit(1)) is not None


def _below(office: Unit) -> Select[Unit]:
    return select(Unit).where(
        Unit.kind == UnitKind.OFFICE, Unit.is_active.is_(True), Unit.id != office.id,
        Unit.path.startswith(office.path, autoescape=True),
    )  # fmt: skip


def _offices(office: Unit, cursor: str | None) -> Page[Unit]:
    statement = _below(office)
    if (
        cursor and cursor.isprintable() and len(cursor) <= _PATH_LENGTH
    ):  # a damaged cursor starts from the top
        statement = statement.where(Unit.path > cursor)
    found: Sequence[Unit] = db.session.scalars(statement.order_by(Unit.path).limit(SIZE + 1)).all()
    return Page(found[:SIZE], found[SIZE - 1].path if len(found) > SIZE else None)


def _having(office_ids: Sequence[int], family: set[int]) -> set[int]:
    """The offices with a copy in use, or in preparation. One statement."""
    return set(
        db.session.scalars(
            select(ScoreScheme.office_id).where(
                ScoreScheme.office_id.in_(office_ids),
                ScoreScheme.id.in_(family),
                ScoreScheme.is_active.is_(True),
            )
        )
    )


def _family(scheme_id: int) -> set[int]:
    """A scheme and all that come from the same one, at whatever distance. One statement over the schemes that
    were taken over.
    """
    origins = {
        row.id: row.origin_id
        for row in db.session.execute(
            select(ScoreScheme.id, ScoreScheme.origin_id).where(ScoreScheme.origin_id.is_not(None))
        )
    }
    root = _root(scheme_id, origins)
    return {root, scheme_id, *(id_ for id_ in origins if _root(id_, origins) == root)}


def _root(scheme_id: int, origins: dict[int, int | None]) -> int:
    seen = {scheme_id}
    while (above := origins.get(scheme_id)) is not None and above not in seen:
        seen.add(above)
        scheme_id = above
    return scheme_id


def _officials(scheme_ids: Sequence[int], period: str) -> dict[int, OfficialResult]:
    """The announced scores of a period by scheme, of the total: of corrections the newest. One statement."""
    later = aliased(OfficialResult)
    rows = db.session.scalars(
        select(OfficialResult)
        .where(
            OfficialResult.scheme_id.in_(scheme_ids), OfficialResult.period == period,
            OfficialResult.kind == ResultKind.SCORE, OfficialResult.component_key == "", OfficialResult.label == "",
            OfficialResult.value.is_not(None),
            ~select(later.id).where(later.supersedes_id == OfficialResult.id).exists(),
        )
        .order_by(OfficialResult.id)
    )  # fmt: skip
    return {row.scheme_id: row for row in rows if row.scheme_id is not None}
