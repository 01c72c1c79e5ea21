"""How many posts of each account stand in each week: counted in the database, whatever their number."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, literal, select, union_all

from humasflow.calendar.pace.weeks import Week, instants_of
from humasflow.core.db import db
from humasflow.planning.models import ContentType
from humasflow.posts.models import Post
from humasflow.publishing.embargo import due_at, due_between
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring.in_progress import ENDED
from humasflow.stories.enums import OPEN, StoryState
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to


@dataclass(frozen=True, slots=True)
class Tally:
    """So many posts of one account and kind of content in one week; ``is_live``: they went out already."""

    account_id: int
    content_type: str  # code
    week: int
    is_live: bool
    number: int


@dataclass(frozen=True, slots=True)
class Within:
    """Only posts of stories like these; empty means all."""

    pillar_ids: Sequence[int] = field(default=())
    campaign_ids: Sequence[int] = field(default=())
    section_ids: Sequence[int] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.pillar_ids or self.campaign_ids or self.section_ids)

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions on :class:`Story`."""
        pairs = (
            (Story.pillar_id, self.pillar_ids), (Story.campaign_id, self.campaign_ids),
            (Story.section_id, self.section_ids),
        )  # fmt: skip
        return [column.in_(wanted) for column, wanted in pairs if wanted]


def list_tallies(
    reader_id: int, office_id: int, zone: str, weeks: Sequence[Week], *, today: datetime, within: Within
) -> list[Tally]:
    """What went out in the weeks, and what is to go out in them from ``today`` (its midnight) on, where an embargo lets
    it go out later than at its own time, then. A day that passed
    without the post going out fills nothing. One statement; what the reader may not see is not counted.
    """
    edges = instants_of(weeks, zone)
    start, end = edges[0], edges[-1]
    current = and_(Delivery.post_id == Post.id, Delivery.generation == Post.generation)
    planned = (
        select(
            Post.account_id, Post.content_type_id, due_at().label("at"), literal(0).label("live")
        )
        .join(Story, Story.id == Post.story_id)
        .outerjoin(Delivery, current)
        .where(
            Post.office_id == office_id, Post.removed_at.is_(None), visible_to(reader_id),
            due_between(max(start, today), end),
            Story.state.in_([*OPEN, StoryState.PUBLISHED]),
            Delivery.id.is_(None) | Delivery.state.not_in(ENDED), *within.conditions,
        )
    )  # fmt: skip
    live = (
        select(
            Delivery.account_id, Delivery.content_type_id, Delivery.published_at.label("at"),
            literal(1).label("live"),
        )
        .join(Story, Story.id == Delivery.story_id)
        .where(
            Delivery.office_id == office_id, Delivery.state == DeliveryState.PUBLISHED,
            Delivery.published_at >= start, Delivery.published_at < end, visible_to(reader_id),
            *within.conditions,
        )
    )  # fmt: skip
    posts = union_all(planned, live).subquery()
    week = case(
        *((posts.c.at < edge, number) for number, edge in enumerate(edges[1:-1], start=1)), else_=len(weeks)
    ).label("week")
    # The week is named in an inner statement: with bound values an expression does not equal itself in GROUP BY.
    by_week = select(posts.c.account_id, posts.c.content_type_id, posts.c.live, week).subquery()
    rows = db.session.execute(
        select(by_week.c.account_id, ContentType.code, by_week.c.week, by_week.c.live, func.count())
        .join(ContentType, ContentType.id == by_week.c.content_type_id)
        .group_by(by_week.c.account_id, ContentType.code, by_week.c.week, by_week.c.live)
    )
    return [Tally(r[0], r[1], r[2], bool(r[3]), r[4]) for r in rows]
