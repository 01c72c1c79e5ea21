"""Which publications are asked about, and what stands under one address."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, exists, func, not_, or_, select, type_coerce
from sqlalchemy.orm import aliased

from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.planning.models import ContentType
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.stories.models import Story


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which publications are asked for; an empty part means all. Codes for what offices name, ids for the rest."""

    account_ids: Collection[int] = ()
    channel_kinds: Collection[str] = ()
    content_types: Collection[str] = ()
    pillar_ids: Collection[int] = ()
    campaign_ids: Collection[int] = ()
    section_ids: Collection[int] = ()


def stands_first(
    office_id: int,
    start: datetime,
    end: datetime,
    chosen: Chosen,
    *,
    after: tuple[datetime, int] | None = None,
) -> ColumnElement[bool]:
    """Live publications of the office from ``start`` to before ``end``, as a condition on a :class:`Delivery`.

    The same address stands once, where it went live first among what was chosen, at whatever time. ``after``: only
    those that come after this key in the order of newest first.
    """
    other = aliased(Delivery)
    earlier = or_(
        other.published_at < Delivery.published_at,
        and_(other.published_at == Delivery.published_at, other.id < Delivery.id),
    )
    wanted = [
        Delivery.office_id == office_id,
        Delivery.state == DeliveryState.PUBLISHED,
        Delivery.published_at >= start,
        Delivery.published_at < end,
        *_as_chosen(chosen, Delivery.account_id, Delivery.content_type_id, Delivery.story_id),
        not_(exists().where(shares_address(office_id, chosen, other), earlier)),
    ]
    if after is not None:
        at, ident = after
        # The first condition says nothing new; it lets the database enter its index there.
        wanted += [Delivery.published_at <= at, or_(Delivery.published_at < at, Delivery.id < ident)]
    return and_(*wanted)


def shares_address(office_id: int, chosen: Chosen, other: Any, of: Any = Delivery) -> ColumnElement[bool]:
    """Whether ``other``, an alias of :class:`Delivery`, is another publication :func:`under_address` of ``of``."""
    return and_(under_address(office_id, chosen, other, of), other.id != of.id)


def under_address(office_id: int, chosen: Chosen, other: Any, of: Any = Delivery) -> ColumnElement[bool]:
    """Whether ``other``, an alias of :class:`Delivery`, is live, chosen, and under the address of ``of``.

    By the address there are one or two of them. SQLite knows no numbers of rows and would rather go through all of an
    office's or an account's by the state; so everything but the address is written in a way that no index has.
    """
    return and_(
        other.office_id == office_id,
        other.canonical_url == func.nullif(of.canonical_url, ""),
        type_coerce(other.state, String) + "" == DeliveryState.PUBLISHED.value,
        *_as_chosen(chosen, other.account_id + 0, other.content_type_id + 0, other.story_id + 0),
    )


def _as_chosen(
    chosen: Chosen, account_id: Any, content_type_id: Any, story_id: Any
) -> list[ColumnElement[bool]]:
    of_kind = select(ChannelAccount.id).join(ChannelKind, ChannelAccount.kind_id == ChannelKind.id)
    of_type = select(ContentType.id)
    of_story = select(Story.id)
    wanted = (
        (chosen.channel_kinds, account_id, of_kind, ChannelKind.code),
        (chosen.content_types, content_type_id, of_type, ContentType.code),
        (chosen.pillar_ids, story_id, of_story, Story.pillar_id),
        (chosen.campaign_ids, story_id, of_story, Story.campaign_id),
        (chosen.section_ids, story_id, of_story, Story.section_id),
    )
    found = [column.in_(ids.where(name.in_(list(values)))) for values, column, ids, name in wanted if values]
    if chosen.account_ids:
        found.append(account_id.in_(list(chosen.account_ids)))
    return found
