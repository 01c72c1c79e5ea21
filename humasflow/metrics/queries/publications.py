"""Publications of an office with the newest numbers that anybody knows of them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, and_, func, or_, select, true, union_all
from sqlalchemy.orm import aliased

from humasflow.channels.adapters.base import METRICS
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.metrics.models import MetricSnapshot
from humasflow.metrics.queries.chosen import Chosen, shares_address, stands_first
from humasflow.planning.models import ContentType, Pillar
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to

BATCH = 1_000  # rows that are read at once


@dataclass(slots=True)
class Received:
    """A publication and how it was received.

    ``numbers``: of each name of METRICS the newest that is known, None where nobody ever told; ``read_at``: when the
    newest reading was made, None before the first. ``is_seen``: whether the reader may see its story; the title is a
    neutral one and there is no address where not. ``is_live``: whether it is live still.
    """

    delivery_id: int
    post_id: int
    story_id: int
    title: str
    permalink: str | None
    published_at: datetime
    account_id: int
    account: str
    content_type: str
    pillar_id: int | None
    pillar: str
    is_seen: bool = True
    is_live: bool = True
    read_at: datetime | None = None
    numbers: dict[str, int | None] = field(default_factory=lambda: dict.fromkeys(METRICS))


def list_received(
    office_id: int,
    start: datetime,
    end: datetime,
    chosen: Chosen | None = None,
    *,
    reader_id: int | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[Received]:
    """What went live from ``start`` to before ``end`` (aware) and is live still, the newest first. Two statements.

    The same address stands once, where it went live first, with the newest numbers that any chosen one under it has: a
    collaboration or a repost has one audience, and a period has the same numbers whatever is asked for beside it.
    ``reader_id``: who looks; nobody in particular where only the numbers are used. ``after``: the key (published_at,
    id) of the last one seen; ``limit``: how many at most; ``offset``: how many are left out, for what is no page.
    """
    chosen = chosen or Chosen()
    wanted = stands_first(office_id, start, end, chosen, after=after)

    def cut(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        newest_first = (Delivery.published_at.desc(), Delivery.id.desc())
        return statement.where(wanted).order_by(*newest_first).limit(limit).offset(offset or None)

    posts = {row[0]: _post(row) for row in _rows(cut(_described(reader_id)))}
    _tell(posts, cut(select(Delivery.id)), office_id, chosen)
    return list(posts.values())


def list_received_of(
    office_id: int, ids: Sequence[int], *, reader_id: int, chosen: Chosen | None = None
) -> list[Received]:
    """These publications of an office in the order of ``ids``, live or not; ids that it does not have are left out.
    Each has the newest numbers of itself and of the chosen live ones under its address. Two statements.
    """
    wanted = and_(Delivery.office_id == office_id, Delivery.id.in_(ids))
    found = {row[0]: _post(row) for row in _rows(_described(reader_id).where(wanted))}
    _tell(found, select(Delivery.id).where(wanted), office_id, chosen or Chosen())
    return [found[ident] for ident in dict.fromkeys(ids) if ident in found]


def count_received(office_id: int, start: datetime, end: datetime, chosen: Chosen | None = None) -> int:
    """How many :func:`list_received` has. One statement."""
    wanted = stands_first(office_id, start, end, chosen or Chosen())
    return db.session.scalar(select(func.count(Delivery.id)).where(wanted)) or 0


def _described(reader_id: int | None) -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = (
        select(
            Delivery.id, Delivery.post_id, Delivery.story_id, Delivery.title, Delivery.permalink,
            func.coalesce(Delivery.published_at, Delivery.created_at), Delivery.account_id, ChannelAccount.name,
            ContentType.label, Story.pillar_id, Pillar.name,
            (true() if reader_id is None else visible_to(reader_id)).label("is_seen"), Delivery.state,
        )
        .join(ChannelAccount, Delivery.account_id == ChannelAccount.id)
        .join(ContentType, Delivery.content_type_id == ContentType.id)
        .join(Story, Delivery.story_id == Story.id)
        .outerjoin(Pillar, Story.pillar_id == Pillar.id)
    )  # fmt: skip
    return statement


def _tell(
    posts: dict[int, Received], asked: Select[*tuple[Any, ...]], office_id: int, chosen: Chosen
) -> None:
    """Give each publication its newest numbers: of each name the newest reading counts, whichever of those under the
    address it was made at. ``asked``: the ids of the publications, as a question. One statement.
    """
    other = aliased(Delivery)
    ids = asked.subquery()
    itself = select(Delivery.id.label("head"), Delivery.id, Delivery.post_id).join(
        ids, ids.c.id == Delivery.id
    )
    under_it = (
        select(Delivery.id, other.id, other.post_id)
        .join(ids, ids.c.id == Delivery.id)
        .join(other, shares_address(office_id, chosen, other))
    )
    told = union_all(itself, under_it).subquery()
    columns = [getattr(MetricSnapshot, name) for name in METRICS]
    statement: Select[*tuple[Any, ...]] = select(
        told.c.head, MetricSnapshot.captured_at, MetricSnapshot.id, *columns
    ).join(told, and_(MetricSnapshot.post_id == told.c.post_id, MetricSnapshot.delivery_id == told.c.id))
    newest: dict[tuple[int, str], tuple[datetime, int]] = {}
    for ident, at, reading_id, *values in _rows(statement):
        post = posts.get(ident)
        if post is None:  # came between the two questions
            continue
        if post.read_at is None or at > post.read_at:
            post.read_at = at
        for name, value in zip(METRICS, values, strict=True):
            known = newest.get((ident, name))
            if value is not None and (known is None or (at, reading_id) > known):
                newest[ident, name] = (at, reading_id)
                post.numbers[name] = value


def _rows(statement: Select[*tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    yield from db.session.execute(statement.execution_options(yield_per=BATCH))


def _post(row: Sequence[Any]) -> Received:
    seen = bool(row[11])
    return Received(
        delivery_id=row[0], post_id=row[1], story_id=row[2], title=row[3] if seen else _("Naskah rahasia"),
        permalink=row[4] if seen else None, published_at=row[5], account_id=row[6], account=row[7],
        content_type=row[8], pillar_id=row[9], pillar=row[10] or "", is_seen=seen,
        is_live=row[12] is DeliveryState.PUBLISHED,
    )  # fmt: skip


def titles_of(office_id: int, ids: Collection[int], *, reader_id: int) -> list[str]:
    """Titles of these publications of an office in the order of ids, live or not. One statement."""
    rows = db.session.execute(
        select(Delivery.title, ChannelAccount.name, visible_to(reader_id))
        .join(ChannelAccount, Delivery.account_id == ChannelAccount.id)
        .join(Story, Delivery.story_id == Story.id)
        .where(Delivery.office_id == office_id, Delivery.id.in_(list(ids)))
        .order_by(Delivery.id)
    )
    return [(title or account) if is_seen else _("Naskah rahasia") for title, account, is_seen in rows]


def addresses_of(office_id: int, addresses: Collection[str], ids: Collection[int]) -> dict[int, str | None]:
    """Live publications of an office that have one of these canonical addresses or ids, with their address. One
    statement.
    """
    rows = db.session.execute(
        select(Delivery.id, Delivery.canonical_url)
        .where(
            Delivery.office_id == office_id, Delivery.state == DeliveryState.PUBLISHED,
            or_(Delivery.canonical_url.in_(list(addresses)), Delivery.id.in_(list(ids))),
        )
        .order_by(Delivery.id)
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}
