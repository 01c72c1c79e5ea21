"""Publications of an office with the newest numbers that anybody knows of them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, true

from humasflow.channels.adapters.base import METRICS
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import db
from humasflow.metrics.enums import RateFormula
from humasflow.metrics.models import MetricSnapshot
from humasflow.metrics.rates import rate
from humasflow.planning.models import ContentType, Pillar
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to

BATCH = 1_000  # rows that are read at once


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which publications are asked for; an empty part means all. Codes for what offices name, ids for the rest."""

    account_ids: Collection[int] = ()
    channel_kinds: Collection[str] = ()
    content_types: Collection[str] = ()
    pillar_ids: Collection[int] = ()
    campaign_ids: Collection[int] = ()
    section_ids: Collection[int] = ()


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
) -> list[Received]:
    """What went live from ``start`` to before ``end`` (aware) and is live still, the newest first. Two statements.

    The same address stands once, where it went live first, with the newest numbers that any chosen one under it has: a
    collaboration or a repost has one audience, and a period has the same numbers whatever is asked for beside it.
    ``reader_id``: who looks; nobody in particular where only the numbers are used.
    """
    asked = _live(office_id, chosen or Chosen())
    within = and_(Delivery.published_at >= start, Delivery.published_at < end)
    found = _Gathered()
    for row in _rows(_statement(reader_id).where(asked, within)):
        found.add(row, row[5] or row[0])
    if any(isinstance(key, str) for key in found.posts):
        # What is under these addresses at other times: a step of its own, because no database finds a short way
        # from every publication to those of its address and to its numbers at once.
        addresses = select(Delivery.canonical_url).where(asked, within)
        elsewhere = and_(not_(within), Delivery.canonical_url.in_(addresses))
        for row in _rows(_statement(reader_id).where(asked, elsewhere)):
            found.add(row, row[5])
    return sorted(
        (post for post in found.posts.values() if start <= post.published_at < end),
        key=lambda post: (post.published_at, post.delivery_id),
        reverse=True,
    )


def list_received_of(office_id: int, ids: Sequence[int], *, reader_id: int) -> list[Received]:
    """These publications of an office in the order of ``ids``, live or not; ids that it does not have are left out.
    One statement.
    """
    found = _Gathered()
    for row in _rows(_statement(reader_id).where(Delivery.office_id == office_id, Delivery.id.in_(ids))):
        found.add(row, row[0])
    return [found.posts[ident] for ident in dict.fromkeys(ids) if ident in found.posts]


@dataclass(slots=True)
class _Gathered:
    """Publications by what they have in common (an address, or else their id), while their rows come in."""

    posts: dict[int | str, Received] = field(default_factory=dict)
    told: dict[tuple[int | str, str], tuple[datetime, int]] = field(default_factory=dict)

    def add(self, row: Sequence[Any], key: int | str) -> None:
        """A row of _statement. The first publication stands for all under its key; of each name the newest reading
        counts, whichever of them it was made at.
        """
        post = self.posts.get(key)
        if post is None or (row[6], row[0]) < (post.published_at, post.delivery_id):
            first = _post(row)
            if post is not None:
                first.read_at, first.numbers = post.read_at, post.numbers
            post = self.posts[key] = first
        at, reading_id = row[14], row[15]
        if at is None:
            return
        if post.read_at is None or at > post.read_at:
            post.read_at = at
        for name, value in zip(METRICS, row[16:], strict=True):
            newest = self.told.get((key, name))
            if value is not None and (newest is None or (at, reading_id) > newest):
                self.told[key, name] = (at, reading_id)
                post.numbers[name] = value


def _statement(reader_id: int | None) -> Select[*tuple[Any, ...]]:
    """A row a reading, and one without for a publication that nobody has read anything of."""
    columns = [getattr(MetricSnapshot, name) for name in METRICS]
    statement: Select[*tuple[Any, ...]] = (
        select(
            Delivery.id, Delivery.post_id, Delivery.story_id, Delivery.title, Delivery.permalink,
            Delivery.canonical_url, func.coalesce(Delivery.published_at, Delivery.created_at), Delivery.account_id,
            ChannelAccount.name, ContentType.label, Story.pillar_id, Pillar.name,
            (true() if reader_id is None else visible_to(reader_id)).label("is_seen"), Delivery.state,
            MetricSnapshot.captured_at, MetricSnapshot.id, *columns,
        )
        .join(ChannelAccount, Delivery.account_id == ChannelAccount.id)
        .join(ContentType, Delivery.content_type_id == ContentType.id)
        .join(Story, Delivery.story_id == Story.id)
        .outerjoin(Pillar, Story.pillar_id == Pillar.id)
        .outerjoin(
            MetricSnapshot,
            and_(MetricSnapshot.post_id == Delivery.post_id, MetricSnapshot.delivery_id == Delivery.id),
        )
    )  # fmt: skip
    return statement


def _live(office_id: int, chosen: Chosen) -> ColumnElement[bool]:
    """Live publications of the office that were chosen, as a condition on a :class:`Delivery`."""
    of_kind = select(ChannelAccount.id).join(ChannelKind, ChannelAccount.kind_id == ChannelKind.id)
    of_type = select(ContentType.id)
    of_story = select(Story.id)
    wanted = (
        (chosen.channel_kinds, Delivery.account_id, of_kind, ChannelKind.code),
        (chosen.content_types, Delivery.content_type_id, of_type, ContentType.code),
        (chosen.pillar_ids, Delivery.story_id, of_story, Story.pillar_id),
        (chosen.campaign_ids, Delivery.story_id, of_story, Story.campaign_id),
        (chosen.section_ids, Delivery.story_id, of_story, Story.section_id),
    )
    found: list[ColumnElement[bool]] = [
        Delivery.office_id == office_id,
        Delivery.state == DeliveryState.PUBLISHED,
    ]
    if chosen.account_ids:
        found.append(Delivery.account_id.in_(list(chosen.account_ids)))
    for values, column, ids, name in wanted:
        if values:
            found.append(column.in_(ids.where(name.in_(list(values)))))
    return and_(*found)


def _rows(statement: Select[*tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    yield from db.session.execute(statement.execution_options(yield_per=BATCH))


def _post(row: Sequence[Any]) -> Received:
    seen = bool(row[12])
    return Received(
        delivery_id=row[0], post_id=row[1], story_id=row[2], title=row[3] if seen else _("Naskah rahasia"),
        permalink=row[4] if seen else None, published_at=row[6], account_id=row[7], account=row[8],
        content_type=row[9], pillar_id=row[10], pillar=row[11] or "", is_seen=seen,
        is_live=row[13] is DeliveryState.PUBLISHED,
    )  # fmt: skip


def rate_facts(  # noqa: PLR0913 - a selection by name, as components have it
    office_id: int,
    start: datetime,
    end: datetime,
    *,
    account_ids: Collection[int] = (),
    channel_kinds: Collection[str] = (),
    content_types: Collection[str] = (),
    pillar_ids: Collection[int] = (),
    campaign_ids: Collection[int] = (),
    section_ids: Collection[int] = (),
    formula: RateFormula,
    requires_all: bool = False,
) -> tuple[Fraction | None, int | None, tuple[str, ...]]:
    """Numerator, denominator and the names of what is unknown, over publications that went live in the time.

    Both are None where no post has numbers for the formula. With ``requires_all`` the caller computes nothing as soon
    as a name is unknown, so that a part never stands for the whole. Two statements.
    """
    chosen = Chosen(account_ids, channel_kinds, content_types, pillar_ids, campaign_ids, section_ids)
    posts = list_received(office_id, start, end, chosen)
    found = rate(formula, (p.numbers for p in posts), requires_all=requires_all)
    return found.numerator, found.denominator, found.unknown


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
