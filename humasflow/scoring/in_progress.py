"""Posts that are not live yet but on their way in a quarter, as plain rows."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select, true

from humasflow.approvals.queries import approval_of
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import Id, db
from humasflow.planning.models import ContentType
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring.selection import PostFacts
from humasflow.stories.enums import OPEN, StoryState
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to, visible_to_all

ENDED = (DeliveryState.PUBLISHED, DeliveryState.RETRACTED, DeliveryState.CANCELLED)
# Came due and did not go out: somebody has to do something first, so nothing may be promised of them.
STUCK = (
    DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.HELD, DeliveryState.LATE, DeliveryState.PAUSED,
    DeliveryState.NEEDS_REAUTH, DeliveryState.QUOTA_WAIT, DeliveryState.MANUAL_DUE,
)  # fmt: skip


@dataclass(frozen=True)
class ComingPost:
    """One post on its way."""

    post_id: int
    story_id: int
    title: str
    account: str
    icon: str
    content_type: str  # code
    channel_kind: str  # code
    scheduled_at: datetime | None
    approved: bool
    in_review: bool
    account_id: int
    pillar_id: int | None
    campaign_id: int | None
    section_id: int | None
    is_repost: bool
    state: StoryState
    returns: int  # how often its story was sent back
    reason: str  # why it was sent back the last time
    since: datetime  # when the story came into its state
    is_readable: bool  # whether whoever asked may know what it is about
    is_stuck: bool = False  # came due and did not go out

    @cached_property
    def facts(self) -> PostFacts:
        """What selections ask of it."""
        return PostFacts(
            content_type=self.content_type, channel_kind=self.channel_kind, account_id=self.account_id,
            pillar_id=self.pillar_id, campaign_id=self.campaign_id, section_id=self.section_id,
            is_repost=self.is_repost,
        )  # fmt: skip

    @cached_property
    def bucket(self) -> str:
        """``scheduled``, ``review`` (in review, or agreed and without a time), or nothing yet. What stopped on its way,
        or whose story is put off, is in neither.
        """
        if self.is_stuck or self.state is StoryState.ON_HOLD:
            return ""
        if self.approved and self.scheduled_at:
            return "scheduled"
        return "review" if self.approved or self.in_review else ""

    @property
    def stage(self) -> str:
        """:attr:`bucket`, and for what is in neither: ``stuck``, ``held``, ``returned``, or ``writing``."""
        if self.is_stuck:
            return "stuck"
        if self.state is StoryState.ON_HOLD:
            return "held"
        if self.bucket:
            return self.bucket
        return "returned" if self.returns and self.state is StoryState.DRAFT else "writing"


def list_coming(
    office_id: int,
    start: datetime,
    end: datetime,
    *,
    with_undated: bool,
    reader_id: int | None = None,
    viewer_id: int | None = None,
) -> list[ComingPost]:
    """Posts due in ``[start, end)``; with ``with_undated`` also those of open stories that have no time yet.

    ``reader_id``: only what this person may know of. ``viewer_id``: all of it, each saying whether that person may.
    """
    statement = _coming(
        with_undated=with_undated, only_readable=reader_id is not None, for_viewer=viewer_id is not None
    )
    asked: dict[str, Any] = {"office_id": office_id, "start": start, "end": end}
    if reader_id is not None:
        asked["reader_id"] = reader_id
    if viewer_id is not None:
        asked["viewer_id"] = viewer_id
    rows = db.session.execute(statement, asked).all()
    approvals = approval_of([r[0] for r in rows])
    return [
        ComingPost(
            post_id=r[0],
            story_id=r[1],
            title=r[2],
            account=r[3],
            icon=r[4],
            content_type=r[5],
            channel_kind=r[6],
            scheduled_at=r[7],
            approved=approvals[r[0]].approved,
            in_review=approvals[r[0]].pending,
            is_repost=r[9] is not None,
            account_id=r[10],
            pillar_id=r[11],
            campaign_id=r[12],
            section_id=r[13],
            state=r[8],
            returns=r[14],
            reason=r[15],
            since=r[16],
            is_readable=bool(r[17]),
            is_stuck=bool(r[18]),
        )
        for r in rows
    ]


READER, VIEWER = bindparam("reader_id", type_=Id), bindparam("viewer_id", type_=Id)


@cache
def _coming(*, with_undated: bool, only_readable: bool, for_viewer: bool) -> Select[*tuple[Any, ...]]:
    """The statement, made once for each way of asking: making it takes longer than asking it."""
    readable = visible_to(READER) if only_readable else true()
    known = visible_to(VIEWER) if for_viewer else visible_to_all()
    within = and_(Post.scheduled_at >= bindparam("start"), Post.scheduled_at < bindparam("end"))
    when = or_(within, Post.scheduled_at.is_(None)) if with_undated else within
    ended = (
        select(Delivery.id)
        .where(
            Delivery.post_id == Post.id, Delivery.state.in_(ENDED),
            # Taken off and planned again, it is on its way once more.
            or_(Delivery.generation == Post.generation, Delivery.state == DeliveryState.PUBLISHED),
        )
        .correlate(Post)
        .exists()
    )  # fmt: skip
    stuck = (
        select(Delivery.id)
        .where(Delivery.post_id == Post.id, Delivery.generation == Post.generation, Delivery.state.in_(STUCK))
        .correlate(Post)
        .exists()
    )
    return (
        select(
            Post.id,
            Post.story_id,
            Story.title,
            ChannelAccount.name,
            ChannelKind.icon,
            ContentType.code,
            ChannelKind.code,
            Post.scheduled_at,
            Story.state,
            Post.repost_of_id,
            Post.account_id,
            Story.pillar_id,
            Story.campaign_id,
            Story.section_id,
            Story.returns,
            Story.last_reason,
            Story.state_since,
            known,
            stuck,
        )
        .join(Story, Post.story_id == Story.id)
        .join(ChannelAccount, Post.account_id == ChannelAccount.id)
        .join(ChannelKind, ChannelAccount.kind_id == ChannelKind.id)
        .join(ContentType, Post.content_type_id == ContentType.id)
        .where(
            Post.office_id == bindparam("office_id"),
            Post.removed_at.is_(None),
            Story.state.in_([*OPEN, StoryState.PUBLISHED]),
            when,
            ~ended,
            readable,
        )
        .order_by(Post.scheduled_at.is_(None), Post.scheduled_at, Post.id)
    )
