"""The sums beside the ledger: ``ScoreCount`` and ``Point``. Nobody else writes them.

They are written in the transaction of the line or the state they follow, and ``flask scoring verify`` adds everything
up again from the lines and events alone.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, cast

from sqlalchemy import Table, bindparam, literal, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.sql.dml import ReturningInsert

from humasflow.core.db import db
from humasflow.publishing.models import Delivery
from humasflow.scoring.enums import Beneficiary, PointState
from humasflow.scoring.models import LedgerEntry, Point, ScoreCount


class Key(NamedTuple):
    """Of one sum. Sorts, so that two workers never wait for each other's rows crosswise."""

    office_id: int
    scheme_version_id: int
    period: str
    component_key: str
    beneficiary: Beneficiary
    beneficiary_id: int
    state: PointState


class Sum(NamedTuple):
    """``number``: publications, one a line; ``quantity``: what they bring, shares taken into account."""

    number: int
    quantity: Decimal

    def plus(self, other: "Sum", sign: int = 1) -> "Sum":
        """Both together."""
        return Sum(self.number + sign * other.number, self.quantity + sign * other.quantity)


NOTHING = Sum(0, Decimal(0))


def key_of(line: LedgerEntry, state: PointState) -> Key:
    """Under which sum a line falls while its point is in that state."""
    return Key(
        line.office_id, line.scheme_version_id, line.period, line.component_key, line.beneficiary,
        line.beneficiary_id, PointState.VERIFIED if line.stands_alone else state,
    )  # fmt: skip


def sum_of(line: LedgerEntry) -> Sum:
    """What one line brings; a reversing line takes as much away."""
    sign = (line.quantity > 0) - (line.quantity < 0)
    return Sum(sign, line.quantity * line.share / 100)


def add_up(lines: Iterable[tuple[LedgerEntry, PointState]]) -> dict[Key, Sum]:
    """Lines with the present state of their point, as sums."""
    sums: dict[Key, Sum] = {}
    for line, state in lines:
        key = key_of(line, state)
        sums[key] = sums.get(key, NOTHING).plus(sum_of(line))
    return sums


def kept_by(lines: Iterable[LedgerEntry]) -> set[int]:
    """Which of a publication's lines count as verified for good: those that a line standing alone took back, in a later
    period than theirs. Both together are nothing; each alone must stay what it was.
    """
    return {line.reverses_id for line in lines if line.stands_alone and line.reverses_id is not None}


def apply(lines: Iterable[LedgerEntry], state: PointState) -> None:
    """Add new lines, whose point is in ``state``. Flushes."""
    _bump(add_up((line, state) for line in lines))


def keep(lines: Iterable[LedgerEntry], state: PointState) -> None:
    """Lines whose point is in ``state`` are taken back by lines that stand alone: see :func:`kept_by`. Flushes."""
    _shift(lines, state, PointState.VERIFIED)


def begin(delivery: Delivery, state: PointState, *, at: datetime) -> None:
    """Note the first state of a publication's point. Flushes."""
    db.session.add(Point(
        delivery_id=delivery.id, office_id=delivery.office_id, state=state, since=at,
        live_at=delivery.published_at or at,
    ))  # fmt: skip
    db.session.flush()


def move(delivery: Delivery, state: PointState, *, at: datetime) -> None:
    """Note the new state of a publication's point, and take its lines to the sums of that state. Flushes."""
    db.session.flush()
    point = db.session.scalar(select(Point).where(Point.delivery_id == delivery.id).with_for_update())
    if point is None:
        begin(delivery, state, at=at)
        return
    before, point.state, point.since = point.state, state, at
    point.live_at = delivery.published_at or point.live_at
    db.session.flush()
    if before is state:
        return
    lines = db.session.scalars(select(LedgerEntry).where(LedgerEntry.delivery_id == delivery.id)).all()
    shift_all(lines, before, state)


def shift_all(lines: Sequence[LedgerEntry], before: PointState, after: PointState) -> None:
    """Take lines to the sums of another state, apart from those that count as verified for good. Flushes."""
    kept = kept_by(lines)
    _shift([line for line in lines if line.id not in kept], before, after)


def _shift(lines: Iterable[LedgerEntry], before: PointState, after: PointState) -> None:
    changes: dict[Key, Sum] = {}
    for line in lines:
        for key, sign in ((key_of(line, before), -1), (key_of(line, after), 1)):
            changes[key] = changes.get(key, NOTHING).plus(sum_of(line), sign)
    _bump(changes)


def state_of(delivery_id: int) -> PointState | None:
    """The present state of a publication's point; None while it has none."""
    return db.session.scalar(_STATE, {"id": delivery_id})


_STATE = select(Point.state).where(Point.delivery_id == bindparam("id"))


def _adding() -> ReturningInsert[int]:
    sums = ScoreCount.__table__
    row = pg_insert(cast(Table, sums))
    return row.on_conflict_do_update(
        index_elements=list(Key._fields),
        set_={
            "number": sums.c.number + row.excluded.number,
            # The column's Python type is text, for which + would join: here it is a number.
            "quantity": sums.c.quantity.op("+")(row.excluded.quantity),
        },
    ).returning(literal(1))  # so that all rows go in one statement


_ADD = _adding()  # made once


def _bump(changes: dict[Key, Sum]) -> None:
    wanted = [(key, changes[key]) for key in sorted(changes) if changes[key] != NOTHING]
    if not wanted:
        return
    if db.engine.dialect.name == "postgresql":
        rows = [key._asdict() | {"number": s.number, "quantity": s.quantity} for key, s in wanted]
        db.session.execute(_ADD, rows)
        return
    # SQLite keeps exact decimals as text, so they are added here; nobody else writes meanwhile.
    known = {
        Key(*(getattr(row, name) for name in Key._fields)): row
        for row in _rows([key for key, _sum in wanted])
    }
    for key, change in wanted:
        found = known.get(key)
        if found is None:
            db.session.add(ScoreCount(**key._asdict(), number=change.number, quantity=change.quantity))
        else:
            found.number += change.number
            found.quantity += change.quantity
    db.session.flush()


def _rows(keys: Sequence[Key]) -> Sequence[ScoreCount]:
    """The sums of these keys, in one statement; it may find a few more."""
    wanted = {name: list({getattr(key, name) for key in keys}) for name in Key._fields}
    return db.session.scalars(_KNOWN, wanted).all()


_KNOWN = (
    select(ScoreCount)
    .where(*(getattr(ScoreCount, name).in_(bindparam(name, expanding=True)) for name in Key._fields))
    .execution_options(populate_existing=True)
)
