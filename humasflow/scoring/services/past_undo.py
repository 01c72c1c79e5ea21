"""Taking back what many publications counted for at once: the same lines, states and sums as one after the other
(:func:`humasflow.scoring.services.ledger.reverse_delivery`), without asking anything for each of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select, update

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, table_of
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.enums import PointState
from humasflow.scoring.models import LedgerEntry, Point, PointEvent
from humasflow.scoring.services import adding_up
from humasflow.scoring.services.booking import closed_periods, hold_open
from humasflow.scoring.services.holding import hold_many
from humasflow.scoring.services.ledger import reverse_delivery, standing_among
from humasflow.scoring.services.past import settled_among


class _Gone(NamedTuple):
    """A publication that was taken back, with all its lines and the present state of its point."""

    id: int
    post_id: int
    story_id: int
    state: PointState
    lines: Sequence[LedgerEntry]


def closed_among(office_id: int, delivery_ids: Iterable[int]) -> set[int]:
    """Those that count in closed periods only (:func:`humasflow.scoring.services.booking.closed_for`)."""
    return settled_among(office_id, _lines_of(set(delivery_ids)))


def reverse_past(
    office_id: int, delivery_ids: Sequence[int], *, actor: audit.Actor | None, reason: str
) -> None:
    """Take back what publications of an office counted for, at whose addresses nothing else is live. One that counts in
    a closed period is taken back by itself. Safe to repeat. Flushes.
    """
    hold_many(delivery_ids)
    lines = _lines_of(set(delivery_ids))
    standing = {id_: found for id_, every in lines.items() if (found := standing_among(every))}
    schemes = queries.schemes_of_versions(
        {line.scheme_version_id for found in standing.values() for line in found}
    )
    closed: dict[int, set[str]] = {}
    for scheme_id in sorted(set(schemes.values())):
        hold_open(office_id, scheme_id)
        closed[scheme_id] = closed_periods(scheme_id)
    gone: list[_Gone] = []
    states = queries.point_state_of(standing)
    for id_, post_id, story_id in _described(standing):
        is_open = all(line.period not in closed[schemes[line.scheme_version_id]] for line in standing[id_])
        if is_open and id_ in states:
            gone.append(_Gone(id_, post_id, story_id, states[id_], lines[id_]))
        else:
            reverse_delivery(db.session.get_one(Delivery, id_), actor=actor, reason=reason)
    if gone:
        _reverse(office_id, gone, standing, actor=actor, reason=reason)


def _lines_of(delivery_ids: set[int]) -> dict[int, list[LedgerEntry]]:
    found: dict[int, list[LedgerEntry]] = {id_: [] for id_ in delivery_ids}
    for line in db.session.scalars(
        select(LedgerEntry).where(LedgerEntry.delivery_id.in_(delivery_ids)).order_by(LedgerEntry.id)
    ):
        found[line.delivery_id or 0].append(line)
    return found


def _described(delivery_ids: Iterable[int]) -> list[tuple[int, int, int]]:
    rows = db.session.execute(
        select(Delivery.id, Delivery.post_id, Delivery.story_id)
        .where(Delivery.id.in_(set(delivery_ids)))
        .order_by(Delivery.id)
    )
    return [(row.id, row.post_id, row.story_id) for row in rows]


def _reverse(
    office_id: int, gone: Sequence[_Gone], standing: Mapping[int, Sequence[LedgerEntry]], *,
    actor: audit.Actor | None, reason: str,
) -> None:  # fmt: skip
    now = clock.now()
    wanted = [_reversing(line, actor, reason) for one in gone for line in standing[one.id]]
    made = db.session.scalars(insert(LedgerEntry).returning(LedgerEntry), wanted).all()
    written: dict[int, list[LedgerEntry]] = {one.id: [] for one in gone}
    for line in made:
        written[line.delivery_id or 0].append(line)
    for state in sorted({one.state for one in gone}):
        of_state = [one for one in gone if one.state is state]
        adding_up.apply([line for one in of_state for line in written[one.id]], state)
        if state is not PointState.REVERSED:
            every = [line for one in of_state for line in (*one.lines, *written[one.id])]
            adding_up.shift_all(every, state, PointState.REVERSED)
    ids = [one.id for one in gone]
    db.session.execute(
        insert(table_of(PointEvent)),
        [
            {
                "delivery_id": id_, "state": PointState.REVERSED, "at": now, "actor_id": actor.id if actor else None,
                "actor_label": actor.name if actor else "", "note": reason,
            }
            for id_ in ids
        ],
    )  # fmt: skip
    points = table_of(Point)
    live_at = select(Delivery.published_at).where(Delivery.id == points.c.delivery_id).scalar_subquery()
    db.session.execute(
        update(points)
        .where(points.c.delivery_id.in_(ids))
        .values(state=PointState.REVERSED, since=now, live_at=func.coalesce(live_at, points.c.live_at))
    )
    audit.record_many(
        [
            audit.Act(
                AuditAction.LEDGER_LINE_REVERSED, ("post", one.post_id), actor, ("story", one.story_id),
                detail={"reason": reason},
            )
            for one in gone
        ],
        office_id=office_id,
    )  # fmt: skip
    db.session.expire_all()


def _reversing(line: LedgerEntry, actor: audit.Actor | None, reason: str) -> dict[str, Any]:
    """What takes back a line whose period is open, in that period."""
    return {
        "office_id": line.office_id, "scheme_version_id": line.scheme_version_id,
        "component_key": line.component_key, "delivery_id": line.delivery_id, "subject_key": line.subject_key,
        "beneficiary": line.beneficiary, "beneficiary_id": line.beneficiary_id, "role": line.role,
        "share": line.share, "quantity": -line.quantity, "sequence": line.sequence + 1,
        "deciding_date": line.deciding_date, "period": line.period, "adjusts": line.adjusts,
        "stands_alone": False, "reverses_id": line.id, "reason": reason,
        "actor_id": actor.id if actor else None, "created_at": clock.now(),
    }  # fmt: skip
