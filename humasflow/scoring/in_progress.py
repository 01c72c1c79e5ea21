"""Posts that are not live yet but on their way in a quarter, as plain rows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select, true

from humasflow.approvals.queries import approval_of
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import db
from humasflow.planning.models import ContentType
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.stories.enums import OPEN, StoryState
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to

ENDED = (DeliveryState.PUBLISHED, DeliveryState.RETRACTED, DeliveryState.CANCELLED)


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
    is_repost: bool = False

    @property
    def bucket(self) -> str:
        """``scheduled``, ``review`` (in review, or agreed and without a time), or nothing yet."""
        if self.approved and self.scheduled_at:
            return "scheduled"
        return "review" if self.approved or self.in_review else ""


def list_coming(
    office_id: int, start: datetime, end: datetime, *, with_undated: bool, reader_id: int | None = None
) -> list[ComingPost]:
    """Posts due in ``[start, end)``; with ``with_undated`` also those of open stories that have no time yet."""
    readable = visible_to(reader_id) if reader_id is not None else true()
    within = and_(Post.scheduled_at >= start, Post.scheduled_at < end)
    when = or_(within, Post.scheduled_at.is_(None)) if with_undated else within
    ended = (
        select(Delivery.id)
        .where(Delivery.post_id == Post.id, Delivery.state.in_(ENDED))
        .correlate(Post)
        .exists()
    )
    rows = db.session.execute(
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
        )
        .join(Story, Post.story_id == Story.id)
        .join(ChannelAccount, Post.account_id == ChannelAccount.id)
        .join(ChannelKind, ChannelAccount.kind_id == ChannelKind.id)
        .join(ContentType, Post.content_type_id == ContentType.id)
        .where(
            Post.office_id == office_id,
            Post.removed_at.is_(None),
            Story.state.in_([*OPEN, StoryState.PUBLISHED]),
            when,
            ~ended,
            readable,
        )
        .order_by(Post.scheduled_at.is_(None), Post.scheduled_at, Post.id)
    ).all()
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
        )
        for r in rows
    ]
