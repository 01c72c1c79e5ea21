"""What was known of publications at some time, and which publications a table means. For tables of any length."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from humasflow.channels.adapters.base import METRICS
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import db
from humasflow.metrics.models import MetricSnapshot
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to


class Told(NamedTuple):
    """A reading: numbers by the names of METRICS, None where it did not say. ``id`` 0: not written yet."""

    id: int
    captured_at: datetime
    numbers: Mapping[str, int | None]


def told_of(posts: Mapping[int, int]) -> dict[int, list[Told]]:
    """Every reading of these publications (their posts by their ids), the oldest first. One statement."""
    found: dict[int, list[Told]] = {delivery_id: [] for delivery_id in posts}
    if not found:
        return found
    columns = [getattr(MetricSnapshot, name) for name in METRICS]
    rows = db.session.execute(
        select(MetricSnapshot.delivery_id, MetricSnapshot.id, MetricSnapshot.captured_at, *columns)
        .where(
            MetricSnapshot.post_id.in_(set(posts.values())),  # the index begins with it
            MetricSnapshot.delivery_id.in_(found),
        )
        .order_by(MetricSnapshot.captured_at, MetricSnapshot.id)
    )
    for delivery_id, reading_id, at, *values in rows:
        found[delivery_id].append(Told(reading_id, at, dict(zip(METRICS, values, strict=True))))
    return found


def known_at(told: Iterable[Told], at: datetime) -> dict[str, int]:
    """The newest number of each name that was known then; of two at one instant the one that was written later, which
    is the one that comes later in ``told``.
    """
    found: dict[str, tuple[datetime, int]] = {}
    for reading in told:
        if reading.captured_at > at:
            continue
        for name, value in reading.numbers.items():
            if value is not None and (name not in found or reading.captured_at >= found[name][0]):
                found[name] = (reading.captured_at, value)
    return {name: value for name, (_at, value) in found.items()}


class Meant(NamedTuple):
    """A live publication that a table may mean: its canonical address, its title, the code of its kind of channel."""

    delivery_id: int
    post_id: int
    address: str
    title: str
    channel: str
    published_at: datetime


def find_by_address(office_id: int, addresses: Collection[str]) -> dict[str, list[Meant]]:
    """Live publications of the office at these canonical addresses, the first recorded first. One statement."""
    found: dict[str, list[Meant]] = {}
    for row in _live(office_id, Delivery.canonical_url.in_(set(addresses))) if addresses else ():
        found.setdefault(row.address, []).append(row)
    return found


def find_by_title(
    office_id: int, titles: Collection[str], start: datetime, end: datetime, *, reader_id: int
) -> dict[str, list[Meant]]:
    """Live publications with these titles that went live from ``start`` to ``end`` and that the reader may see, by
    :func:`plain_title`. One statement.
    """
    if not titles:
        return {}
    small = {text for title in titles for text in _small_letters(title.strip())}
    found: dict[str, list[Meant]] = {}
    for row in _live(
        office_id, func.lower(Delivery.title).in_(small), Delivery.published_at >= start,
        Delivery.published_at <= end, visible_to(reader_id),
    ):  # fmt: skip
        found.setdefault(plain_title(row.title), []).append(row)
    return found


def plain_title(title: str) -> str:
    """In small letters, with single spaces."""
    return " ".join(title.lower().split())


def _small_letters(text: str) -> set[str]:
    """In small letters, as a database may make them: PostgreSQL of all letters, SQLite of A to Z only."""
    small = text.lower()
    return {
        small,
        "".join(c.lower() if c.isascii() else c for c in text),
        "".join(c if c.isascii() else c.upper() for c in small),
    }


def _live(office_id: int, *conditions: object) -> list[Meant]:
    rows = db.session.execute(
        select(
            Delivery.id, Delivery.post_id, func.coalesce(Delivery.canonical_url, ""), Delivery.title,
            ChannelKind.code, func.coalesce(Delivery.published_at, Delivery.created_at),
        )
        .join(ChannelAccount, Delivery.account_id == ChannelAccount.id)
        .join(ChannelKind, ChannelAccount.kind_id == ChannelKind.id)
        .join(Story, Delivery.story_id == Story.id)
        .where(Delivery.office_id == office_id, Delivery.state == DeliveryState.PUBLISHED, *conditions)  # type: ignore[arg-type]
        .order_by(Delivery.id)
    )  # fmt: skip
    return [Meant(*row) for row in rows]
