"""Reading a month: plain rows, a constant number of statements, times put on the office's clock once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, select, union_all

from humasflow.accounts.policy import Principal
from humasflow.calendar.days import NationalDay, list_days
from humasflow.calendar.policy import is_movable
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import db
from humasflow.core.localtime import from_local, to_local
from humasflow.posts.models import Post
from humasflow.publishing import queries as publishing
from humasflow.publishing.enums import DeliveryState, PostState
from humasflow.publishing.models import Delivery
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to

TRAY_SIZE = 60
_OPEN = (StoryState.DRAFT, StoryState.IN_REVIEW, StoryState.APPROVED, StoryState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Item:
    """A post on the calendar. ``at`` is when it went out, else when it is to; ``clock`` that instant at the office."""

    id: int
    title: str
    account_id: int
    account_name: str
    icon: str
    generation: int
    row_version: int
    scheduled_at: datetime | None
    published_at: datetime | None
    state: PostState = PostState.DRAFT
    clock: str = ""
    movable: bool = False

    @property
    def at(self) -> datetime | None:
        """The instant under which it stands."""
        return self.published_at or self.scheduled_at


@dataclass(frozen=True)
class Day:
    """A cell of the grid."""

    date: date
    in_month: bool
    is_today: bool
    is_past: bool
    notes: tuple[NationalDay, ...]
    items: Sequence[Item]


@dataclass(frozen=True)
class Month:
    """A month with its weeks, Monday first, and the tray of posts without a time."""

    first: date
    days: Sequence[Day]
    tray: Sequence[Item]

    @property
    def previous(self) -> date:
        """The first of the month before."""
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def next(self) -> date:
        """The first of the month after."""
        return (self.first + timedelta(days=31)).replace(day=1)

    def count(self, *states: PostState) -> int:
        """How many posts of the month itself are in one of these states."""
        return sum(1 for d in self.days if d.in_month for i in d.items if i.state in states)


_CURRENT = and_(Delivery.post_id == Post.id, Delivery.generation == Post.generation)


def _rows(reader_id: int, office_id: int, account_id: int | None) -> Select[*tuple[Any, ...]]:
    statement = (
        select(
            Post.id, func.coalesce(func.nullif(Delivery.title, ""), Story.title).label("title"),
            Post.account_id, ChannelAccount.name.label("account_name"), ChannelKind.icon, Post.generation,
            Post.row_version, Post.scheduled_at, Delivery.published_at,
        )
        .join(Story, Story.id == Post.story_id)
        .join(ChannelAccount, ChannelAccount.id == Post.account_id)
        .join(ChannelKind, ChannelKind.id == ChannelAccount.kind_id)
        .where(visible_to(reader_id), Post.office_id == office_id, Post.removed_at.is_(None))
    )  # fmt: skip
    return statement if account_id is None else statement.where(Post.account_id == account_id)


def _between(
    reader_id: int, office_id: int, start: datetime, end: datetime, account_id: int | None
) -> list[Item]:
    """What went out in the span, and what is (or was) to go out in it and has not. One statement, two indexes."""
    rows = _rows(reader_id, office_id, account_id)
    planned = rows.outerjoin(Delivery, _CURRENT).where(
        Post.scheduled_at >= start, Post.scheduled_at < end, Delivery.published_at.is_(None)
    )
    live = rows.join(Delivery, _CURRENT).where(
        Delivery.office_id == office_id,
        Delivery.state.in_((DeliveryState.PUBLISHED, DeliveryState.RETRACTED)),
        Delivery.published_at >= start,
        Delivery.published_at < end,
    )
    return [Item(**row) for row in db.session.execute(union_all(planned, live)).mappings()]


def _undated(reader_id: int, office_id: int, account_id: int | None) -> list[Item]:
    """Posts that wait for a time, the newest first."""
    statement = (
        _rows(reader_id, office_id, account_id)
        .outerjoin(Delivery, _CURRENT)
        .where(
            Post.scheduled_at.is_(None),
            Story.state.in_(_OPEN),
            (Delivery.id.is_(None)) | Delivery.state.in_((DeliveryState.QUEUED, DeliveryState.CANCELLED)),
        )
        .order_by(Post.created_at.desc(), Post.id.desc())
        .limit(TRAY_SIZE)
    )
    return [Item(**row) for row in db.session.execute(statement).mappings()]


def get_month(
    actor: Principal,
    office_id: int,
    zone: str,
    first: date,
    today: date,
    *,
    account_id: int | None = None,
    mine: bool = True,
) -> Month:
    """The grid of a month on the office's clock, as the actor may see it. ``mine``: whether they move posts at all.

    At most six statements, whatever the number of posts.
    """
    start, end = grid_of(first)
    span = from_local(start, time(), zone), from_local(end, time(), zone)
    found = _between(actor.id, office_id, *span, account_id)
    tray = _undated(actor.id, office_id, account_id)
    states = publishing.states_of([*found, *tray])
    by_day: dict[date, list[Item]] = defaultdict(list)
    for item in sorted(found, key=_order):
        if item.at is None:
            raise LookupError(f"post {item.id} has no time")
        local = to_local(item.at, zone)
        by_day[local.date()].append(_shown(item, states[item.id], local.strftime("%H:%M"), mine=mine))
    notes = list_days(start, end)
    days = [
        Day(day, day.month == first.month, day == today, day < today, notes.get(day, ()), by_day.get(day, ()))
        for day in (date.fromordinal(n) for n in range(start.toordinal(), end.toordinal()))
    ]
    return Month(first, days, [_shown(i, states[i.id], "", mine=mine) for i in tray])


def _order(item: Item) -> tuple[datetime, int, int]:
    if item.at is None:
        raise LookupError(f"post {item.id} has no time")
    return item.at, item.account_id, item.id


def _shown(item: Item, state: PostState, clock: str, *, mine: bool) -> Item:
    return replace(item, state=state, clock=clock, movable=mine and is_movable(state))


def grid_of(first: date) -> tuple[date, date]:
    """First and following day of the weeks that a month touches, Monday first."""
    following = (first + timedelta(days=31)).replace(day=1)
    start = first - timedelta(days=first.weekday())
    return start, following + timedelta(days=-following.weekday() % 7)
