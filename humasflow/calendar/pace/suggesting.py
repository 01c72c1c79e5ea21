"""What could fill the gaps: undated posts with a free slot, and ideas nobody has taken up. Offered, never done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import func, select

from humasflow.accounts.policy import Principal
from humasflow.calendar.pace.free_slots import FreeSlots, find_free_slots
from humasflow.calendar.pace.quarter import AccountPace, QuarterPace
from humasflow.calendar.pace.taken import CURRENT, waits_for_its_time
from humasflow.calendar.pace.weeks import Week
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.localtime import from_local, to_local
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.pitches import queries as pitches
from humasflow.pitches.enums import PitchState
from humasflow.pitches.queries import PitchRow
from humasflow.planning.models import ContentType
from humasflow.posts.models import Post
from humasflow.publishing.models import Delivery
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to

_POSTS_EACH = 3  # an account
_PITCHES_EACH = 4  # a state
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class UndatedPost:
    """A post that waits for a time, and the slot where it would fill a gap (None: its account has none free).

    ``week``: the week of the quarter that the slot is in; of an account without posting times, one that lacks a post.
    ``has_slots``: whether the account has posting times at all.
    """

    post_id: int
    title: str
    account: ChannelAccount
    slot: datetime | None
    week: Week | None
    has_slots: bool


@dataclass(frozen=True, slots=True)
class PitchIdea:
    """A pitch and the gap that it could fill: an account in a week, at that week's next free slot. None of them when
    the posts fill every gap already; ``slot`` alone None when the week has none free.
    """

    pitch: PitchRow
    account: ChannelAccount | None = None
    week: Week | None = None
    slot: datetime | None = None


@dataclass(frozen=True)
class Suggestions:
    """What would fill what is missing; a person decides about each. ``next_free``: the next free slot by account;
    ``without_slots``: accounts that lack something and have no posting times.
    """

    posts: tuple[UndatedPost, ...] = ()
    pitches: tuple[PitchIdea, ...] = ()
    next_free: Mapping[int, datetime] = field(default_factory=dict)
    without_slots: frozenset[int] = frozenset()


def suggest(actor: Principal, office: Unit, pace: QuarterPace, after: datetime) -> Suggestions:
    """Posts and pitches for the gaps of a quarter, as the actor may see them. Nothing is read when nothing is missing.
    A constant number of statements.
    """
    short = pace.short_rows
    if not short:
        return Suggestions()
    free = find_free_slots([r.account for r in short], office, after)
    first = {r.account.id: free.first_free(r.account.id) for r in short}
    waiting = _undated(actor.id, office.id, [r.account.id for r in short])
    lacking = {r.account.id: {c.week.number: c.missing for c in r.gaps} for r in short}
    posts = [found for row in short for found in _posts_for(row, lacking[row.account.id], waiting, free)]
    return Suggestions(
        tuple(posts),
        tuple(_pair(_pitches(actor, office.id), short, lacking, free)),
        {account_id: at for account_id, at in first.items() if at is not None},
        frozenset(account_id for account_id in first if not free.slots.get(account_id)),
    )


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A post without a time."""

    post_id: int
    title: str
    account_id: int
    content_type: str  # code
    embargo_until: datetime | None


def _posts_for(
    row: AccountPace, lacking: dict[int, int], waiting: Sequence[_Waiting], free: FreeSlots
) -> list[UndatedPost]:
    """As many as are missing, at most a few, each with a slot of its own: in a week with a gap where there is one.
    ``lacking`` (by the number of the week) and ``free`` sink with each.
    """
    account = row.account
    wanted = min(max(row.missing, sum(lacking.values())), _POSTS_EACH)
    fitting = [p for p in waiting if p.account_id == account.id and row.quota.counts(p.content_type)][:wanted]
    found = []
    for post in fitting:
        slot, week = _slot_for(row, lacking, free, post.embargo_until)
        if slot is not None:
            free.take(account.id, slot)
        if week is not None:
            lacking[week.number] = lacking.get(week.number, 0) - 1
        has_slots = bool(free.slots.get(account.id))
        found.append(UndatedPost(post.post_id, post.title, account, slot, week, has_slots))
    return found


def _slot_for(
    row: AccountPace, lacking: Mapping[int, int], free: FreeSlots, embargo: datetime | None
) -> tuple[datetime | None, Week | None]:
    """Not before the embargo ends; a time at its very end is one."""
    first = None
    for slot in free.list_free(row.account.id, after=embargo - _INSTANT if embargo else None):
        day = to_local(slot, free.zone).date()
        week = next((c.week for c in row.cells if day in c.week), None)
        if week is None:
            continue  # outside the quarter it fills nothing
        if lacking.get(week.number, 0) > 0:
            return slot, week
        first = first or (slot, week)
    if first is None and not free.slots.get(row.account.id):
        until = to_local(embargo, free.zone).date() if embargo else None
        open_weeks = (c.week for c in row.gaps if until is None or c.week.end > until)
        week = next((w for w in open_weeks if lacking.get(w.number, 0) > 0), None)
        return None, week  # no posting times: a person picks one in that week
    return first or (None, None)


def _pair(
    ideas: Sequence[PitchRow],
    rows: Sequence[AccountPace],
    lacking: Mapping[int, dict[int, int]],
    free: FreeSlots,
) -> list[PitchIdea]:
    """Each pitch with a gap that the posts leave: in the week in which it happens where that one lacks something, else
    in the first that does; a week without a free slot only where there is no other.
    """
    found: dict[int, PitchIdea] = {}
    happening = {c.week for row in rows for c in row.gaps}
    # What happens in a week that lacks something comes first, or what fits anywhere would take its place.
    for pitch in sorted(ideas, key=lambda p: not any(p.happened_on in week for week in happening)):
        gaps = [
            (row.account, cell.week)
            for row in rows
            for cell in row.gaps
            if lacking[row.account.id].get(cell.week.number, 0) > 0
        ]
        gaps.sort(key=lambda gap: (pitch.happened_on not in gap[1], gap[1].number))
        fitting = ((a, w, _slot_in(a, w, free)) for a, w in gaps)
        best = next((g for g in fitting if g[2] or not free.slots.get(g[0].id)), None)
        if best is None and gaps:
            best = (*gaps[0], None)
        if best is None:
            found[pitch.id] = PitchIdea(pitch)
            continue
        account, week, slot = best
        lacking[account.id][week.number] -= 1
        if slot is not None:
            free.take(account.id, slot)
        found[pitch.id] = PitchIdea(pitch, account, week, slot)
    return [found[pitch.id] for pitch in ideas]


def _slot_in(account: ChannelAccount, week: Week, free: FreeSlots) -> datetime | None:
    """The account's next free slot of that week."""
    begin = from_local(week.start, time(), free.zone) - _INSTANT
    slot = free.first_free(account.id, after=begin)
    return slot if slot is not None and to_local(slot, free.zone).date() in week else None


def _undated(reader_id: int, office_id: int, account_ids: Sequence[int]) -> list[_Waiting]:
    """Posts that wait for a time, the newest first: of each account and kind of content as many as are offered at most,
    so that what waits on one channel hides nothing of another. One statement.
    """
    place = func.row_number().over(
        partition_by=(Post.account_id, Post.content_type_id),
        order_by=(Post.created_at.desc(), Post.id.desc()),
    )
    waiting = (
        select(
            Post.id, Story.title, Post.account_id, ContentType.code, Story.embargo_until, Post.created_at,
            place.label("place"),
        )
        .join(Story, Story.id == Post.story_id)
        .join(ContentType, ContentType.id == Post.content_type_id)
        .outerjoin(Delivery, CURRENT)
        .where(
            Post.office_id == office_id, Post.account_id.in_(account_ids), visible_to(reader_id),
            *waits_for_its_time(),
        )
        .subquery()
    )  # fmt: skip
    c = waiting.c
    rows = db.session.execute(
        select(c.id, c.title, c.account_id, c.code, c.embargo_until)
        .where(c.place <= _POSTS_EACH)
        .order_by(c.created_at.desc(), c.id.desc())
    )
    return [_Waiting(r[0], r[1], r[2], r[3], r[4]) for r in rows]


def _pitches(actor: Principal, office_id: int) -> list[PitchRow]:
    """Ideas nobody decided about yet, then those put aside; for whoever may read the pool."""
    if not actor.can(Permission.PITCH_READ_ALL, office_id):
        return []
    states = (PitchState.NEW, PitchState.PARKED)
    return [
        row
        for state in states
        for row in pitches.list_pool(actor, office_id, state=state, size=_PITCHES_EACH).items
    ]
