"""Scoring many publications from before at once: the same lines, states and sums as one after the other
(:mod:`humasflow.scoring.services.ledger`), without asking anything for each of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select, update

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, table_of
from humasflow.core.localtime import to_local
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.enums import Beneficiary, PointState
from humasflow.scoring.models import LedgerEntry, Point, PointEvent
from humasflow.scoring.selection import counts_for, facts_of
from humasflow.scoring.services import adding_up
from humasflow.scoring.services.booking import Booking, book, closed_periods, hold_open
from humasflow.scoring.services.ledger import WHOLE, late_reason, new_lines, score_delivery, standing_among

LIVE = PointState.LIVE_UNVERIFIED


class _Row(NamedTuple):
    """A publication as it is read for scoring."""

    id: int
    post_id: int
    story_id: int
    address: str | None
    day: date


def score_past(office_id: int, delivery_ids: Sequence[int]) -> int:
    """Write the lines of live publications that nobody scored yet and that nobody is known to have made: as recorded
    from a list. Any other among them is scored by itself. Safe to repeat. Returns how many office lines. Flushes.
    """
    office = get_office(office_id)
    audit.await_turn([office_id])
    rows, others = _sorted_out(office, delivery_ids)
    written = sum(len(score_delivery(db.session.get_one(Delivery, id_))) for id_ in others)
    if not rows:
        return written
    now = clock.now()
    live_at = {row.id: row for row in rows}
    db.session.execute(
        insert(table_of(PointEvent)), [{"delivery_id": id_, "state": LIVE, "at": now} for id_ in live_at]
    )
    published = {row.id: row.published_at for row in db.session.execute(_published(live_at))}
    db.session.execute(
        insert(table_of(Point)),
        [
            {
                "delivery_id": id_,
                "office_id": office_id,
                "state": LIVE,
                "since": now,
                "live_at": published[id_],
            }
            for id_ in live_at
        ],
    )
    lines = _lines(office, rows)
    if lines:
        made = db.session.scalars(new_lines(db.engine.dialect.name), lines).all()
        adding_up.apply(made, LIVE)
        _record(office_id, made, live_at)
        written += len(made)
    return written


def _published(ids: Iterable[int]) -> Any:
    return select(Delivery.id, Delivery.published_at).where(Delivery.id.in_(list(ids)))


def _sorted_out(office: Unit, delivery_ids: Sequence[int]) -> tuple[list[_Row], list[int]]:
    """Those to be written at once, and those that have something about them already: a point, or an address that
    another publication has as well.
    """
    ids = sorted(set(delivery_ids))
    found = db.session.execute(
        select(
            Delivery.id, Delivery.post_id, Delivery.story_id, Delivery.canonical_url, Delivery.published_at,
            Point.delivery_id.is_(None),
        )
        .outerjoin(Point, Point.delivery_id == Delivery.id)
        .where(
            Delivery.id.in_(ids), Delivery.office_id == office.id, Delivery.state == DeliveryState.PUBLISHED,
            Delivery.published_at.is_not(None),
        )
        .order_by(Delivery.id)
    ).all()  # fmt: skip
    addresses = {row[3] for row in found if row[3]}
    shared = set(
        db.session.scalars(
            select(Delivery.canonical_url)
            .where(Delivery.office_id == office.id, Delivery.canonical_url.in_(addresses))
            .group_by(Delivery.canonical_url)
            .having(func.count() > 1)
        )
    )
    rows, others = [], []
    for id_, post_id, story_id, address, at, is_fresh in found:
        if not is_fresh or at is None or not address or address in shared:
            others.append(id_)
        else:
            rows.append(_Row(id_, post_id, story_id, address, to_local(at, office.zone_name).date()))
    return rows, others


def _lines(office: Unit, rows: Sequence[_Row]) -> list[dict[str, Any]]:
    """The office's lines. Beside them stand none: of what comes from a list nobody is known to have made it."""
    facts, now = facts_of([row.id for row in rows]), clock.now()
    components: dict[date, Any] = {}
    bookings: dict[tuple[int, date], Booking] = {}
    lines = []
    for row in rows:
        if row.day not in components:
            components[row.day] = queries.components_on(office.id, row.day)
        for component, version, scheme in components[row.day]:
            quantity = counts_for(component, facts[row.id])
            if not quantity:
                continue
            key = (scheme.id, row.day)
            if key not in bookings:
                bookings[key] = book(scheme, office, row.day)
            booking = bookings[key]
            lines.append({
                "office_id": office.id, "scheme_version_id": version.id, "component_key": component.key,
                "delivery_id": row.id, "subject_key": row.address, "beneficiary": Beneficiary.OFFICE,
                "beneficiary_id": office.id, "role": "", "share": WHOLE, "quantity": quantity, "sequence": 1,
                "deciding_date": row.day, "period": booking.period.key,
                "adjusts": booking.adjusts.key if booking.adjusts else None, "stands_alone": False,
                "created_at": now, "reason": late_reason(booking),
            })  # fmt: skip
    return lines


def _record(office_id: int, made: Sequence[LedgerEntry], rows: dict[int, _Row]) -> None:
    keys: dict[int, list[str]] = {}
    for line in sorted(made, key=lambda line: line.id):
        if line.delivery_id is not None:
            keys.setdefault(line.delivery_id, []).append(line.component_key)
    audit.record_many(
        [
            audit.Act(
                AuditAction.LEDGER_LINE_WRITTEN, ("post", rows[id_].post_id), None, ("story", rows[id_].story_id),
                detail={"components": components},
            )
            for id_, components in keys.items()
        ],
        office_id=office_id,
    )  # fmt: skip


def confirm_past(
    office_id: int, delivery_ids: Sequence[int], *, actor: audit.Actor, label: str, document: str
) -> set[int]:
    """Verify what nobody has judged yet, for somebody who takes responsibility and names a document. What is in closed
    periods only, disputed or reversed stays. Returns the ids of those verified now. Flushes.
    """
    audit.await_turn([office_id])
    waiting = {
        row.id: row
        for row in db.session.execute(
            select(Delivery.id, Delivery.post_id, Delivery.story_id)
            .join(Point, Point.delivery_id == Delivery.id)
            .where(Delivery.id.in_(set(delivery_ids)), Delivery.office_id == office_id, Point.state == LIVE)
            .order_by(Delivery.id)
        )
    }
    lines: dict[int, list[LedgerEntry]] = {id_: [] for id_ in waiting}
    for line in db.session.scalars(select(LedgerEntry).where(LedgerEntry.delivery_id.in_(waiting))):
        lines[line.delivery_id or 0].append(line)
    settled = settled_among(office_id, lines)
    ids = [id_ for id_ in waiting if id_ not in settled]
    if not ids:
        return set()
    now = clock.now()
    db.session.execute(
        insert(table_of(PointEvent)),
        [
            {
                "delivery_id": id_, "state": PointState.VERIFIED, "at": now, "actor_id": actor.id,
                "actor_label": label, "document": document,
            }
            for id_ in ids
        ],
    )  # fmt: skip
    db.session.execute(
        update(table_of(Point)).where(Point.delivery_id.in_(ids)).values(state=PointState.VERIFIED, since=now)
    )
    adding_up.shift_all([line for id_ in ids for line in lines[id_]], LIVE, PointState.VERIFIED)
    audit.record_many(
        [
            audit.Act(
                AuditAction.POINT_VERIFIED, ("post", waiting[id_].post_id), actor,
                ("story", waiting[id_].story_id), acting_as=label, detail={"document": document},
            )
            for id_ in ids
        ],
        office_id=office_id,
    )  # fmt: skip
    db.session.expire_all()
    return set(ids)


def settled_among(office_id: int, lines: Mapping[int, Sequence[LedgerEntry]]) -> set[int]:
    """Those publications, by their lines, that count in closed periods only."""
    counting = {
        id_: [
            line for line in standing_among(found)
            if line.beneficiary is Beneficiary.OFFICE and not line.stands_alone
        ]
        for id_, found in lines.items()
    }  # fmt: skip
    versions = {line.scheme_version_id for found in counting.values() for line in found}
    schemes = queries.schemes_of_versions(versions)
    closed: dict[int, set[str]] = {}
    for scheme_id in sorted(set(schemes.values())):
        hold_open(office_id, scheme_id)
        closed[scheme_id] = closed_periods(scheme_id)
    return {
        id_
        for id_, found in counting.items()
        if found and all(line.period in closed[schemes[line.scheme_version_id]] for line in found)
    }
