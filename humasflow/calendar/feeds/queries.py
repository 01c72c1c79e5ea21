"""Finding subscriptions, and reading what they carry: as many statements for one entry as for thousands."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, or_, select
from sqlalchemy.orm import selectinload

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.calendar.enums import FeedKind
from humasflow.calendar.models import CalendarFeed
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.permissions import Permission
from humasflow.core.secrets import hash_token
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.production_roles.models import ProductionRole
from humasflow.posts.models import Post
from humasflow.stories.enums import GONE, OPEN_ASSIGNMENT, AssignmentState
from humasflow.stories.models import Assignment, Story
from humasflow.stories.visibility import visible_to, visible_to_all

BACK, AHEAD = timedelta(days=90), timedelta(days=400)
MOST = 5_000  # of a kind; the furthest ahead
IN_CHUNKS = 500
_WORKING = (AssignmentState.OFFERED, AssignmentState.ACCEPTED, AssignmentState.DONE)
_AGENDA_KINDS = (FeedKind.OFFICE, FeedKind.PERSON)


def find_feed(token: str) -> tuple[CalendarFeed, Principal]:
    """A feed that is still good, with its owner as they are today. Raises NotFound, whatever the reason."""
    feed = db.session.scalar(
        select(CalendarFeed).where(
            CalendarFeed.token_hash == hash_token(token), CalendarFeed.revoked_at.is_(None)
        )
    )
    owner = db.session.get(User, feed.owner_id) if feed else None
    if feed is None or owner is None or not owner.is_active:
        raise NotFound
    principal = accounts.load_principal(owner, office_id=feed.office_id)
    if not principal.can(Permission.CALENDAR_READ, feed.office_id):
        raise NotFound
    return feed, principal


def list_feeds(owner_id: int, office_id: int) -> Sequence[CalendarFeed]:
    """A person's feeds that are still good, the newest first."""
    return db.session.scalars(
        select(CalendarFeed)
        .where(
            CalendarFeed.owner_id == owner_id, CalendarFeed.office_id == office_id, CalendarFeed.revoked_at.is_(None)
        )
        .order_by(CalendarFeed.id.desc())
    ).all()  # fmt: skip


def get_feed(owner_id: int, feed_id: int) -> CalendarFeed:
    """One's own, or "not found"."""
    found = db.session.get(CalendarFeed, feed_id)
    if found is None or found.owner_id != owner_id or found.revoked_at is not None:
        raise NotFound
    return found


def planned_posts(feed: CalendarFeed, start: datetime, end: datetime) -> Sequence[Row[Any]]:
    """Posts with a time in the span that the feed's readers may know of: id, title, account, state of the story,
    embargo, time. The furthest ahead first. One statement.
    """
    return db.session.execute(
        _posts_of(feed)
        .where(
            Post.removed_at.is_(None), Post.scheduled_at >= start, Post.scheduled_at < end,
            Story.state.not_in(sorted(GONE)),
        )
        .order_by(Post.scheduled_at.desc(), Post.id)
        .limit(MOST)
    ).all()  # fmt: skip


def posts_by_id(feed: CalendarFeed, ids: Collection[int]) -> list[Row[Any]]:
    """The same of posts that were told of and may have no time any more, as far as the readers may know of them."""
    return [
        row
        for some in _chunks(ids)
        for row in db.session.execute(_posts(feed).where(Post.id.in_(some)))
    ]  # fmt: skip


def _posts(feed: CalendarFeed) -> Select[*tuple[Any, ...]]:
    """Confidential ones only for the person named, never in a feed that an office or a channel shares."""
    seen = visible_to(feed.owner_id) if feed.kind is FeedKind.PERSON else visible_to_all()
    return (
        select(Post.id, Story.title, ChannelAccount.name, Story.state, Story.embargo_until, Post.scheduled_at)
        .select_from(Post)
        .join(Story, Story.id == Post.story_id)
        .join(ChannelAccount, ChannelAccount.id == Post.account_id)
        .where(Post.office_id == feed.office_id, seen)
    )


def _posts_of(feed: CalendarFeed) -> Select[*tuple[Any, ...]]:
    statement = _posts(feed)
    if feed.kind is FeedKind.CHANNEL:
        return statement.where(Post.account_id == feed.account_id)
    if feed.kind is FeedKind.PERSON:
        return statement.where(or_(_works_on(feed), ChannelAccount.assignee_id == feed.owner_id))
    return statement


def _works_on(feed: CalendarFeed) -> ColumnElement[bool]:
    """A story that the owner holds or has a task in."""
    has_task = exists().where(
        Assignment.story_id == Story.id, Assignment.person_id == feed.owner_id, Assignment.state.in_(_WORKING)
    )
    return or_(Story.owner_id == feed.owner_id, has_task)


def open_deadlines(feed: CalendarFeed, start: datetime, end: datetime) -> Sequence[Row[Any]]:
    """A person's open tasks with a time in the span: id, role, title, brief, state, time. None in other feeds."""
    if feed.kind is not FeedKind.PERSON:
        return []
    return db.session.execute(
        _tasks(feed)
        .where(
            Assignment.state.in_(OPEN_ASSIGNMENT), Story.state.not_in(sorted(GONE)), Assignment.due_at >= start,
            Assignment.due_at < end,
        )
        .order_by(Assignment.due_at.desc(), Assignment.id)
        .limit(MOST)
    ).all()  # fmt: skip


def deadlines_by_id(feed: CalendarFeed, ids: Collection[int]) -> list[Row[Any]]:
    """The same of tasks that were told of, whatever became of them, as far as the person may still know of them."""
    return [
        row
        for some in _chunks(ids)
        for row in db.session.execute(_tasks(feed).where(Assignment.id.in_(some)))
    ]  # fmt: skip


def _tasks(feed: CalendarFeed) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Assignment.id, ProductionRole.label, Story.title, Assignment.brief, Assignment.state, Assignment.due_at
        )
        .join(Story, Story.id == Assignment.story_id)
        .join(ProductionRole, ProductionRole.id == Assignment.role_id)
        .where(
            Assignment.office_id == feed.office_id, Assignment.person_id == feed.owner_id,
            visible_to(feed.owner_id),
        )
    )  # fmt: skip


def agenda_events(
    feed: CalendarFeed, start: datetime, end: datetime
) -> list[tuple[AgendaEvent, int | None, datetime | None]]:
    """The office's agenda; for a person the events they are to cover, each with the story and the occurrence that it
    is about; none for a channel. The furthest ahead first. Two statements.
    """
    if feed.kind not in _AGENDA_KINDS:
        return []
    mine = feed.kind is FeedKind.PERSON
    found: Select[*tuple[Any, ...]] = select(AgendaEvent)
    if mine:
        found = (
            select(AgendaEvent, Story.id, Story.occurrence)
            .join(Story, Story.event_id == AgendaEvent.id)
            .where(_works_on(feed), visible_to(feed.owner_id), Story.state.not_in(sorted(GONE)))
        )
    rows = db.session.execute(
        found.where(
            AgendaEvent.office_id == feed.office_id, AgendaEvent.removed_at.is_(None), AgendaEvent.starts_at < end,
            or_(AgendaEvent.until_at.is_(None), AgendaEvent.until_at >= start),
        )
        .options(selectinload(AgendaEvent.exceptions))
        .order_by(AgendaEvent.starts_at.desc(), AgendaEvent.id)
        .limit(MOST)
    ).all()  # fmt: skip
    return [(row[0], row[1] if mine else None, row[2] if mine else None) for row in rows]


def events_by_id(feed: CalendarFeed, ids: Collection[int]) -> list[AgendaEvent]:
    """Events that were told of, removed ones among them."""
    return [
        event
        for some in _chunks(ids)
        for event in db.session.scalars(
            select(AgendaEvent)
            .where(AgendaEvent.office_id == feed.office_id, AgendaEvent.id.in_(some))
            .options(selectinload(AgendaEvent.exceptions))
        )
    ]


def titles_covered(feed: CalendarFeed, story_ids: Collection[int]) -> dict[int, str]:
    """What the events are called that these stories are about, where the person may still know of the story."""
    seen = visible_to(feed.owner_id)
    return {
        row[0]: row[1]
        for some in _chunks(story_ids)
        for row in db.session.execute(
            select(Story.id, AgendaEvent.title)
            .join(AgendaEvent, AgendaEvent.id == Story.event_id)
            .where(Story.id.in_(some), AgendaEvent.office_id == feed.office_id, seen)
        )
    }


def _chunks(ids: Collection[int]) -> list[list[int]]:
    ordered = sorted(ids)
    return [ordered[n : n + IN_CHUNKS] for n in range(0, len(ordered), IN_CHUNKS)]
