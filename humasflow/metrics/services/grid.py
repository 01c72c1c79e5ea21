"""The numbers of many publications at once, from a grid, a paste or a spreadsheet. Safe to repeat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels.adapters.base import METRICS
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.metrics.models import MetricSnapshot
from humasflow.metrics.services.recording import BY_HAND, TOLERANCE, NothingRecorded, WrongTime
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.moving import lock_deliveries

MOST: Final = 2_000  # publications at once


@dataclass(frozen=True, slots=True)
class Entry:
    """What was read of one publication: whole numbers by the names of METRICS, None or missing is unknown."""

    delivery_id: int
    numbers: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of the entries: ``written``, ``known`` (the same was known already), ``left_out``
    (ids of publications that are not live in this office, or went live after the numbers were read).
    """

    written: int
    known: int
    left_out: tuple[int, ...]


def record_grid(
    office_id: int, entries: Sequence[Entry], *, actor: Principal, seen_at: datetime, source: str = BY_HAND
) -> Recorded:
    """Append a reading for each publication whose numbers differ from what was known at ``seen_at``.

    Entries without any number write nothing. ``source``: ``manual`` or ``file``. Six statements, and one act in the
    audit a publication. Flushes. Raises NotAllowed, NotFound, WrongTime, NothingRecorded (none, or
    more than :data:`MOST`).
    """
    require(actor, Permission.METRIC_RECORD, office_id)
    if seen_at > clock.now() + TOLERANCE:
        raise WrongTime(_("Waktu ini belum terjadi. Periksa tanggal dan jamnya."))
    filled = {e.delivery_id: e for e in entries if any(e.numbers.get(n) is not None for n in METRICS)}
    if not filled:
        raise NothingRecorded(_("Isi sedikitnya satu angka. Yang tidak terlihat di kanal, biarkan kosong."))
    if len(filled) > MOST:
        raise NothingRecorded(_("Paling banyak %(n)s publikasi sekaligus.", n=MOST))
    live = _live(office_id, list(filled), seen_at)
    known = _known([delivery for delivery, _account in live.values()], seen_at)
    written: list[Delivery] = []
    for ident, (delivery, _account) in live.items():
        numbers = {name: filled[ident].numbers.get(name) for name in METRICS}
        if all(value is None or known.get((ident, name)) == value for name, value in numbers.items()):
            continue
        db.session.add(_row(delivery, numbers, actor, seen_at, source))
        written.append(delivery)
    db.session.flush()
    for delivery in written:
        audit.record(
            AuditAction.METRICS_RECORDED, ("post", delivery.post_id), office_id=office_id, actor=actor,
            context=("story", delivery.story_id), label=live[delivery.id][1],
        )  # fmt: skip
    left_out = tuple(sorted(filled.keys() - live.keys()))
    return Recorded(len(written), len(live) - len(written), left_out)


def _row(
    delivery: Delivery, numbers: Mapping[str, int | None], actor: Principal, seen_at: datetime, source: str
) -> MetricSnapshot:
    return MetricSnapshot(
        office_id=delivery.office_id, post_id=delivery.post_id, delivery_id=delivery.id, captured_at=seen_at,
        source=source, api_version="", recorded_by=actor.id,
        named={name: value for name, value in numbers.items() if value is not None}, **numbers,
    )  # fmt: skip


def _live(office_id: int, ids: list[int], seen_at: datetime) -> dict[int, tuple[Delivery, str]]:
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
            Delivery.id.in_(ids), Delivery.office_id == office_id, Delivery.state == DeliveryState.PUBLISHED,
            Delivery.published_at <= seen_at + TOLERANCE,
        )
        .order_by(Delivery.id)
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip
    return {delivery.id: (delivery, account) for delivery, account in rows}


def _known(deliveries: list[Delivery], seen_at: datetime) -> dict[tuple[int, str], int]:
    """The newest number that was known at that time, by publication and name. One statement."""
    columns = [getattr(MetricSnapshot, name) for name in METRICS]
    found: dict[tuple[int, str], int] = {}
    rows = db.session.execute(
        select(MetricSnapshot.delivery_id, *columns)
        .where(
            MetricSnapshot.post_id.in_([d.post_id for d in deliveries]),
            MetricSnapshot.delivery_id.in_([d.id for d in deliveries]),
            MetricSnapshot.captured_at <= seen_at,
        )
        .order_by(MetricSnapshot.captured_at.desc(), MetricSnapshot.id.desc())
    )
    for ident, *values in rows:
        for name, value in zip(METRICS, values, strict=True):
            if value is not None:
                found.setdefault((ident, name), value)
    return found
