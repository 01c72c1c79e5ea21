"""The next posting time of an account that nothing stands in the way of."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice

from sqlalchemy import select, union_all

from humasflow.calendar.pace.taken import CURRENT, takes_its_time
from humasflow.channels.models import ChannelAccount
from humasflow.channels.queries import slots_of
from humasflow.core.db import db
from humasflow.core.localtime import from_local, to_local
from humasflow.orgs.models import Unit
from humasflow.planning.days.queries import list_days
from humasflow.posts.models import Post
from humasflow.publishing.embargo import due_at, due_between
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.stories.models import Story

LOOK_AHEAD = timedelta(days=92)
OFFERED = 3  # of the next times, one after the other


@dataclass
class FreeSlots:
    """Posting times of some accounts from an instant on, with what is taken already.

    ``busy`` holds confidential posts too: a time that is taken is taken, and what takes it is not told.
    """

    zone: str
    after: datetime
    gaps: Mapping[int, timedelta]
    slots: Mapping[int, Sequence[tuple[int, time]]]
    closed: frozenset[date]
    busy: dict[int, list[datetime]] = field(default_factory=dict)

    def list_free(self, account_id: int, *, after: datetime | None = None) -> Iterator[datetime]:
        """Free times of an account in order, later than ``after``, until the look-ahead ends."""
        begin = max(after or self.after, self.after)
        end = self.after + LOOK_AHEAD
        slots = self.slots.get(account_id, ())
        day = to_local(begin, self.zone).date()
        while slots and from_local(day, time(), self.zone) < end:
            if day not in self.closed:
                for weekday, clock_time in slots:
                    at = from_local(day, clock_time, self.zone)
                    if weekday == day.weekday() and begin < at < end and self._is_free(account_id, at):
                        yield at
            day += timedelta(days=1)

    def first_free(self, account_id: int, *, after: datetime | None = None) -> datetime | None:
        """The first of :meth:`list_free`."""
        return next(self.list_free(account_id, after=after), None)

    def take(self, account_id: int, at: datetime) -> None:
        """From now on this time is spoken for."""
        self.busy.setdefault(account_id, []).append(at)

    def _is_free(self, account_id: int, at: datetime) -> bool:
        """A time is taken by a post at that very minute, or nearer than the account's least distance."""
        gap = max(self.gaps[account_id], timedelta(minutes=1))
        return all(abs(at - taken) >= gap for taken in self.busy.get(account_id, ()))


def find_free_slots(
    accounts: Iterable[ChannelAccount], office: Unit, after: datetime, *, besides: Collection[int] = ()
) -> FreeSlots:
    """Free times of several accounts. ``besides``: posts that are to move, so that they take no time.

    Statements: slots, posts and, where there are slots, what the days of the office need.
    """
    known = list(accounts)
    slots = slots_of(a.id for a in known)
    end = after + LOOK_AHEAD
    first = to_local(after, office.zone_name).date()
    last = to_local(end, office.zone_name).date()
    days = list_days(office.id, first, last + timedelta(days=1)) if slots else {}
    return FreeSlots(
        zone=office.zone_name,
        after=after,
        gaps={a.id: timedelta(minutes=a.min_gap_minutes) for a in known},
        slots=slots,
        closed=frozenset(day for day, marks in days.items() if any(mark.is_closed for mark in marks)),
        busy=_busy(
            office.id, [a.id for a in known], after - timedelta(days=1), end + timedelta(days=1), besides
        ),
    )


def _busy(
    office_id: int, account_ids: Sequence[int], start: datetime, end: datetime, besides: Collection[int]
) -> dict[int, list[datetime]]:
    """When something goes out or went out on these accounts. One statement."""
    if not account_ids:
        return {}
    planned = (
        select(Post.account_id, due_at().label("at"))
        .join(Story, Story.id == Post.story_id)
        .outerjoin(Delivery, CURRENT)
        .where(
            Post.office_id == office_id, Post.account_id.in_(account_ids), due_between(start, end),
            Post.id.not_in(besides), *takes_its_time(),
        )
    )  # fmt: skip
    live = select(Delivery.account_id, Delivery.published_at.label("at")).where(
        Delivery.account_id.in_(account_ids), Delivery.state == DeliveryState.PUBLISHED,
        Delivery.published_at >= start, Delivery.published_at < end,
    )  # fmt: skip
    found: dict[int, list[datetime]] = {}
    for account_id, at in db.session.execute(union_all(planned, live)):
        if at is not None:
            found.setdefault(account_id, []).append(at)
    return found


@dataclass(frozen=True)
class SlotOffer:
    """The next free posting times for a post. ``has_slots``: whether its account has posting times at all."""

    times: tuple[datetime, ...] = ()
    has_slots: bool = False

    @property
    def first(self) -> datetime | None:
        """The next one."""
        return self.times[0] if self.times else None


def offer_slots(post: Post, office: Unit, after: datetime, *, count: int = OFFERED) -> SlotOffer:
    """Where a post could go: the next free posting times of its account, later than ``after`` and not before its story
    may go out. The time it has now is none of them. Nothing is changed.
    """
    begin = _not_before(post, after)
    free = find_free_slots([post.account], office, begin, besides=[post.id])
    times = (at for at in free.list_free(post.account_id) if at != post.scheduled_at)
    return SlotOffer(tuple(islice(times, count)), bool(free.slots))


def _not_before(post: Post, after: datetime) -> datetime:
    """Later than this: a time at the very end of the embargo is one."""
    until = post.story.embargo_until
    return max(after, until - timedelta(microseconds=1)) if until else after
