"""Readings of many publications, each at its own time, and taking back those that an import brought. Whoever records
through a grid, a spreadsheet or an import records here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete, select

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels.adapters.base import METRICS
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db, insert_many
from humasflow.core.permissions import Permission
from humasflow.metrics.models import MetricSnapshot
from humasflow.metrics.queries.told import Told, known_at, told_of
from humasflow.metrics.services.recording import TOLERANCE
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.moving import lock_deliveries


class Seen(NamedTuple):
    """What was read of a publication, and when (aware): whole numbers by the names of METRICS, None is unknown."""

    delivery_id: int
    numbers: Mapping[str, int | None]
    seen_at: datetime


class Kept(NamedTuple):
    """``reading_id``: the reading that was written; None where all of it was known then, or ``is_left_out``: the
    publication is not live in this office, or went live after its numbers were read. ``before``: what was known.
    """

    reading_id: int | None
    before: Mapping[str, int]
    is_left_out: bool = False


def record_readings(office_id: int, wanted: Sequence[Seen], *, actor: Principal, source: str) -> list[Kept]:
    """Append a reading for each that says something else than what was known at its time, in their order; a later one
    of the same publication is compared with the earlier. A fixed number of statements. Flushes. Raises NotAllowed,
    NotFound.
    """
    require(actor, Permission.METRIC_RECORD, office_id)
    live = _live(office_id, {w.delivery_id for w in wanted})
    told = told_of({d.id: d.post_id for d, _account in live.values()})
    rows: list[dict[str, Any]] = []
    acts: list[audit.Act] = []
    kept: list[Kept | None] = []  # None: the next one of the rows
    before: list[Mapping[str, int]] = []
    for seen in wanted:
        delivery, account = live.get(seen.delivery_id, (None, ""))
        if (
            delivery is None
            or delivery.published_at is None
            or delivery.published_at > seen.seen_at + TOLERANCE
        ):
            kept.append(Kept(None, {}, is_left_out=True))
            continue
        known = known_at(told[delivery.id], seen.seen_at)
        numbers = {name: seen.numbers.get(name) for name in METRICS}
        if all(value is None or known.get(name) == value for name, value in numbers.items()):
            kept.append(Kept(None, known))
            continue
        told[delivery.id].append(Told(0, seen.seen_at, numbers))
        rows.append(_row(delivery, numbers, actor, seen.seen_at, source))
        before.append(known)
        kept.append(None)
        acts.append(
            audit.Act(
                AuditAction.METRICS_RECORDED, ("post", delivery.post_id), actor, ("story", delivery.story_id),
                detail={"label": account},
            )
        )  # fmt: skip
    written = iter(zip(insert_many(MetricSnapshot, rows), before, strict=True) if rows else ())
    audit.record_many(acts, office_id=office_id)
    return [k if k is not None else Kept(*next(written)) for k in kept]


def _row(
    delivery: Delivery, numbers: Mapping[str, int | None], actor: Principal, seen_at: datetime, source: str
) -> dict[str, Any]:
    return {
        "office_id": delivery.office_id, "post_id": delivery.post_id, "delivery_id": delivery.id,
        "captured_at": seen_at, "source": source, "api_version": "", "recorded_by": actor.id,
        "named": {name: value for name, value in numbers.items() if value is not None}, **numbers,
    }  # fmt: skip


def _live(office_id: int, ids: set[int]) -> dict[int, tuple[Delivery, str]]:
    """Live publications of the office with the account's name. They are locked, so that the same grid sent twice at
    the same moment is compared with what the first one wrote; with their stories, as everywhere, so that nobody who
    withdraws one of them waits for this while this waits for the record.
    """
    lock_deliveries(
        db.session.scalars(select(Delivery.id).where(Delivery.id.in_(ids), Delivery.office_id == office_id))
    )
    rows = db.session.execute(
        select(Delivery, ChannelAccount.name)
        .join(ChannelAccount, Delivery.account_id == ChannelAccount.id)
        .where(
            Delivery.id.in_(ids), Delivery.office_id == office_id, Delivery.state == DeliveryState.PUBLISHED
        )
        .order_by(Delivery.id)
        .execution_options(populate_existing=True)
    ).all()
    return {delivery.id: (delivery, account) for delivery, account in rows}


def take_back_readings(
    office_id: int, wanted: Sequence[tuple[int, datetime]], *, actor: Principal, reason: str
) -> dict[int, str]:
    """Remove readings (id, when it was read) that should never have come in, the newest first; what each of them said
    stays on record. One after which a newer one came stays, for that one was compared with it. What is gone already is
    left at that. Returns why, by the id of each that stays. A fixed number of statements. Flushes. Raises NotAllowed,
    NotFound.
    """
    require(actor, Permission.METRIC_RECORD, office_id)
    at = dict(wanted)
    readings = {
        row.id: row
        for row in db.session.scalars(
            select(MetricSnapshot).where(MetricSnapshot.id.in_(at), MetricSnapshot.office_id == office_id)
        )
        if row.captured_at == at[row.id]  # SQLite gives the number of the last one again once it is gone
    }
    lock_deliveries({row.delivery_id for row in readings.values()})
    deliveries = {
        delivery.id: (delivery, account)
        for delivery, account in db.session.execute(
            select(Delivery, ChannelAccount.name)
            .join(ChannelAccount, Delivery.account_id == ChannelAccount.id)
            .where(Delivery.id.in_({row.delivery_id for row in readings.values()}))
        )
    }
    told = told_of({d.id: d.post_id for d, _account in deliveries.values()})
    stays: dict[int, str] = {}
    gone: list[int] = []
    acts: list[audit.Act] = []
    for reading_id, _at in wanted:
        row = readings.get(reading_id)
        if row is None:
            continue
        others = told[row.delivery_id]
        if any(t.id > row.id and t.captured_at >= row.captured_at for t in others):
            stays[row.id] = _("sesudahnya sudah dicatat angka yang lebih baru")
            continue
        told[row.delivery_id] = [t for t in others if t.id != row.id]
        gone.append(row.id)
        delivery, account = deliveries[row.delivery_id]
        acts.append(
            audit.Act(
                AuditAction.METRICS_TAKEN_BACK, ("post", delivery.post_id), actor, ("story", delivery.story_id),
                detail={
                    "label": account, "reason": reason, "captured_at": row.captured_at.isoformat(),
                    "numbers": dict(row.named),
                },
            )
        )  # fmt: skip
    if gone:
        db.session.execute(delete(MetricSnapshot).where(MetricSnapshot.id.in_(gone)))
    audit.record_many(acts, office_id=office_id)
    return stays
