"""Which component a publication counts for: what a selection looks at, as plain facts of a post."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import bindparam, select

from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import db
from humasflow.planning.models import ContentType
from humasflow.posts.models import Post
from humasflow.publishing.models import Delivery
from humasflow.scoring.calculation.parameters import PointsParameters, read_parameters
from humasflow.scoring.enums import ComponentKind
from humasflow.scoring.models import Component
from humasflow.stories.models import Story


@dataclass(frozen=True, slots=True)
class PostFacts:
    """What selections ask of a post, live or on its way. Codes for what offices name, ids for the rest."""

    content_type: str
    channel_kind: str
    account_id: int | None = None
    pillar_id: int | None = None
    campaign_id: int | None = None
    section_id: int | None = None
    is_repost: bool = False


def matches(component: Component, facts: PostFacts) -> bool:
    """Whether a post with these facts counts for the component: it is selected, and not only to be judged. Whether its
    address counted before is asked when the line is written.
    """
    return component.kind.counts_posts and selects(component, facts)


def selects(component: Component, facts: PostFacts) -> bool:
    """Whether a post with these facts is in each of the lists of a component that counts posts or has them judged. An
    empty list means all; a component that is measured otherwise selects no post. A repost (tayang ulang) is selected
    only where the component says so.
    """
    return (
        component.kind.chooses_posts
        and _is_in(facts.content_type, component.content_types)
        and _is_in(facts.channel_kind, component.channel_kinds)
        and _is_in(facts.account_id, component.account_ids)
        and _is_in(facts.pillar_id, component.pillar_ids)
        and _is_in(facts.campaign_id, component.campaign_ids)
        and _is_in(facts.section_id, component.section_ids)
        and (component.counts_reposts or not facts.is_repost)
    )


def may_match(component: Component, *, content_type: str, channel_kind: str, account_id: int) -> bool:
    """Whether something of this type on this account can count for the component, whatever it will be about."""
    return (
        component.kind.counts_posts
        and _is_in(content_type, component.content_types)
        and _is_in(channel_kind, component.channel_kinds)
        and _is_in(account_id, component.account_ids)
    )


def _is_in(value: object, wanted: Collection[object]) -> bool:
    return not wanted or value in wanted


def quantity_of(component: Component, facts: PostFacts) -> Decimal:
    """What a matching post brings: 1, or its points."""
    if component.kind is not ComponentKind.POINTS:
        return Decimal(1)
    parameters = read_parameters(component.kind, component.parameters)
    assert isinstance(parameters, PointsParameters)  # noqa: S101 - the kind decides the type
    return parameters.points_for(facts.content_type, facts.channel_kind)


def counts_for(component: Component, facts: PostFacts) -> Decimal:
    """What a post brings to a component; 0 when it does not match, or its points are none."""
    return quantity_of(component, facts) if matches(component, facts) else Decimal(0)


def facts_of(delivery_ids: Iterable[int]) -> dict[int, PostFacts]:
    """The facts of publications by id, in one statement."""
    wanted = list(delivery_ids)
    if not wanted:
        return {}
    rows = db.session.execute(_FACTS, {"ids": wanted})
    return {
        r[0]: PostFacts(
            content_type=r[1],
            channel_kind=r[2],
            account_id=r[3],
            pillar_id=r[4],
            campaign_id=r[5],
            section_id=r[6],
            is_repost=r[7] is not None,
        )
        for r in rows
    }


# Made once, as every publication that goes live asks it.
_FACTS = (
    select(
        Delivery.id, ContentType.code, ChannelKind.code, Delivery.account_id, Story.pillar_id,
        Story.campaign_id, Story.section_id, Post.repost_of_id,
    )
    .join(ContentType, Delivery.content_type_id == ContentType.id)
    .join(ChannelAccount, Delivery.account_id == ChannelAccount.id)
    .join(ChannelKind, ChannelAccount.kind_id == ChannelKind.id)
    .join(Story, Delivery.story_id == Story.id)
    .join(Post, Delivery.post_id == Post.id)
    .where(Delivery.id.in_(bindparam("ids", expanding=True)))
)  # fmt: skip
