"""Reading counts of readers, and what channels and people said of posts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from humasflow.accounts.models import User
from humasflow.channels.adapters.base import METRICS
from humasflow.core.db import db
from humasflow.metrics.models import MetricSnapshot, ReaderCount


def readers_of(story_ids: Iterable[int], *, between: tuple[date, date] | None = None) -> dict[int, int]:
    """How often each of these stories was read in the own newsroom since it appeared; 0 where nobody has yet. With
    ``between`` only on the office's days from the first to before the second.

    One statement, none for an empty question.
    """
    found = dict.fromkeys(story_ids, 0)
    if found:
        counts = select(ReaderCount.story_id, func.sum(ReaderCount.readers)).where(
            ReaderCount.story_id.in_(found)
        )
        if between is not None:
            counts = counts.where(ReaderCount.local_date >= between[0], ReaderCount.local_date < between[1])
        rows = db.session.execute(counts.group_by(ReaderCount.story_id))
        found.update({story_id: int(readers) for story_id, readers in rows})
    return found


@dataclass(frozen=True)
class Reading:
    """The numbers of a post at one instant. ``numbers``: by the names of METRICS, None where unknown; ``others``: what
    the channel told beside them, under its own names; ``reader``: who read it there, empty for the channel itself.
    """

    captured_at: datetime
    source: str
    reader: str
    numbers: dict[str, int | None]
    others: dict[str, int | None]


def list_readings(post_id: int, delivery_id: int, *, limit: int = 100) -> list[Reading]:
    """What was said of one publication, the newest first. One statement."""
    rows = db.session.execute(
        select(MetricSnapshot, User.name)
        .outerjoin(User, User.id == MetricSnapshot.recorded_by)
        .where(MetricSnapshot.post_id == post_id, MetricSnapshot.delivery_id == delivery_id)
        .order_by(MetricSnapshot.captured_at.desc(), MetricSnapshot.id.desc())
        .limit(limit)
    ).all()
    return [_reading(row, name or "") for row, name in rows]


def _reading(row: MetricSnapshot, reader: str) -> Reading:
    return Reading(
        captured_at=row.captured_at, source=row.source, reader=reader,
        numbers={name: getattr(row, name) for name in METRICS},
        others={name: value for name, value in row.named.items() if name not in METRICS},
    )  # fmt: skip
