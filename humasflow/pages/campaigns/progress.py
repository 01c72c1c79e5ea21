"""How far campaigns are: what is live and planned against the target, and the mix against the wish.

Counted from what carries the campaign: stories, and their publications. A constant number of statements.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Result, Row, Select, and_, func, select

from humasflow.accounts.policy import Principal
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.planning import queries as planning
from humasflow.planning.campaigns.models import Campaign
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState, PostState
from humasflow.publishing.models import Delivery
from humasflow.publishing.queries import states_of
from humasflow.scoring.enums import PointState
from humasflow.scoring.in_progress import ENDED
from humasflow.scoring.models import PointEvent
from humasflow.stories.enums import GONE, StoryState
from humasflow.stories.models import Story, StoryVersion
from humasflow.stories.queries import readable

STORIES_SHOWN = 50
AUDIENCES_SHOWN = 8
# Out of the office's hands in a moment, or in the hands of who posts it.
UNDER_WAY = frozenset({PostState.SENDING, PostState.MANUAL_DUE})
FEW = 5  # stories; with fewer, a share in per cent jumps with each


@dataclass(frozen=True)
class Progress:
    """Publications of a campaign: live and verified, live, sure to go out (approved with a time to come, or under
    way), prepared without that, and failed. ``target`` None: none was set.
    """

    verified: int = 0
    live: int = 0
    scheduled: int = 0
    prepared: int = 0
    failed: int = 0
    target: int | None = None

    @property
    def unverified(self) -> int:
        """Live ones that nobody has verified."""
        return self.live - self.verified

    @property
    def missing(self) -> int:
        """How many more are needed than are live or sure to go out."""
        return max((self.target or 0) - self.live - self.scheduled, 0)

    @property
    def percent(self) -> int | None:
        """Live ones of the target, in whole per cent."""
        return None if not self.target else self.live * 100 // self.target


@dataclass(frozen=True)
class MixLine:
    """One pillar: how many stories, how many per cent of all of the campaign, and how many per cent are wished for."""

    name: str
    count: int
    percent: int
    wished: int | None

    @property
    def gap(self) -> int:
        """Percentage points above (positive) or below the wish; 0 without one."""
        return 0 if self.wished is None else self.percent - self.wished


@dataclass(frozen=True)
class AudienceLine:
    """For whom so many stories of a campaign are."""

    name: str
    count: int


@dataclass(frozen=True)
class Audiences:
    """For whom stories of a campaign are: those meant for most, how many audiences more there are, and how many stories
    do not say.
    """

    lines: Sequence[AudienceLine]
    others: int
    unwritten: int


@dataclass(frozen=True)
class StoryLine:
    """A story of a campaign, with what it is for and for whom."""

    id: int
    title: str
    state: StoryState
    pillar_id: int | None
    goal: str
    audience: str


def progress_of(campaigns: Sequence[Campaign]) -> dict[int, Progress]:
    """Progress by campaign; at most six statements, however many there are."""
    ids = [c.id for c in campaigns]
    if not ids:
        return {}
    newest = (
        select(func.max(PointEvent.id)).where(PointEvent.delivery_id == Delivery.id).correlate(Delivery)
    ).scalar_subquery()
    rows = db.session.execute(
        select(Story.campaign_id, func.count(Delivery.id), func.count(PointEvent.id))
        .join(Story, Story.id == Delivery.story_id)
        .outerjoin(
            PointEvent, and_(PointEvent.id == newest, PointEvent.state == PointState.VERIFIED)
        )
        .where(Story.campaign_id.in_(ids), Delivery.state == DeliveryState.PUBLISHED)
        .group_by(Story.campaign_id)
    )  # fmt: skip
    live = {row[0]: (row[1], row[2]) for row in rows}
    coming = _coming(ids)
    return {
        c.id: Progress(
            verified=live.get(c.id, (0, 0))[1], live=live.get(c.id, (0, 0))[0], scheduled=coming[c.id, "scheduled"],
            prepared=coming[c.id, "prepared"], failed=coming[c.id, "failed"], target=c.target,
        )
        for c in campaigns
    }  # fmt: skip


def _coming(campaign_ids: Sequence[int]) -> Counter[tuple[int, str]]:
    """How many posts that are not out yet stand where, by campaign: as the product shows each of them."""
    ended = select(Delivery.id).where(
        Delivery.post_id == Post.id, Delivery.generation == Post.generation, Delivery.state.in_(ENDED),
    )  # fmt: skip
    posts = db.session.execute(
        select(
            Post.id, Post.generation, Post.scheduled_at, Story.embargo_until, Story.campaign_id,
            ChannelAccount.grace_minutes,
        )
        .join(Story, Story.id == Post.story_id)
        .join(ChannelAccount, ChannelAccount.id == Post.account_id)
        .where(
            Story.campaign_id.in_(campaign_ids), Post.removed_at.is_(None), Story.state.not_in(sorted(GONE)),
            ~ended.exists(),
        )
    ).all()  # fmt: skip
    states = states_of(posts)
    now = clock.now()
    found: Counter[tuple[int, str]] = Counter()
    for post in posts:
        state = states[post.id]
        if state in UNDER_WAY or (state is PostState.SCHEDULED and _is_in_time(post, now)):
            found[post.campaign_id, "scheduled"] += 1
        else:
            found[post.campaign_id, "failed" if state is PostState.FAILED else "prepared"] += 1
    return found


def _is_in_time(post: Row[*tuple[Any, ...]], now: datetime) -> bool:
    """Whether the time of a post is to come, or so recent that it still goes out by itself."""
    due: datetime = max(post.scheduled_at, post.embargo_until or post.scheduled_at)
    return due + timedelta(minutes=post.grace_minutes) >= now


def together(every: Sequence[Progress]) -> Progress:
    """Several campaigns as one, without a target of their own."""
    return Progress(
        sum(p.verified for p in every), sum(p.live for p in every), sum(p.scheduled for p in every),
        sum(p.prepared for p in every), sum(p.failed for p in every),
    )  # fmt: skip


def mix_of(campaign: Campaign) -> list[MixLine]:
    """Stories by pillar, those that were given up left out, beside what is wished for; three statements."""
    counts: dict[int | None, int] = {
        row[0]: int(row[1])
        for row in db.session.execute(
            select(Story.pillar_id, func.count(Story.id))
            .where(Story.campaign_id == campaign.id, Story.state.not_in(sorted(GONE)))
            .group_by(Story.pillar_id)
        )
    }
    percent = shares_of(counts)
    wished = {s.pillar_id: s.percent for s in campaign.shares}
    pillars = planning.list_pillars(campaign.office_id, with_inactive=True)
    lines = [
        MixLine(p.name, counts.get(p.id, 0), percent.get(p.id, 0), wished.get(p.id))
        for p in pillars
        if p.id in counts or p.id in wished
    ]
    if None in counts:
        lines.append(MixLine("", counts[None], percent[None], None))
    return lines


def shares_of(counts: Mapping[int | None, int]) -> dict[int | None, int]:
    """Whole per cent that add up to 100. What rounding down leaves over goes to where most was cut off."""
    total = sum(counts.values())
    if not total:
        return dict.fromkeys(counts, 0)
    found = {key: count * 100 // total for key, count in counts.items()}
    cut_off = sorted(counts, key=lambda key: -(counts[key] * 100 % total))
    for key in cut_off[: 100 - sum(found.values())]:
        found[key] += 1
    return found


def audiences_of(actor: Principal, campaign: Campaign) -> Audiences:
    """For whom the stories are that the actor may read, at most AUDIENCES_SHOWN; the same words in other letters are
    one. Two statements.
    """
    trimmed = func.trim(StoryVersion.audience)
    words = func.lower(trimmed)

    def stories(statement: Select[*tuple[Any, ...]]) -> Result[*tuple[Any, ...]]:
        statement = statement.join(StoryVersion, StoryVersion.id == Story.current_version_id)
        statement = statement.where(Story.campaign_id == campaign.id, Story.state.not_in(sorted(GONE)))
        return db.session.execute(readable(statement, actor, campaign.office_id))

    rows = stories(
        select(func.min(trimmed), func.count(Story.id), func.count().over())
        .where(words != "")
        .group_by(words)
        .order_by(func.count(Story.id).desc(), words)
        .limit(AUDIENCES_SHOWN)
    ).all()
    unwritten = stories(select(func.count(Story.id)).where(words == "")).scalar_one()
    lines = [AudienceLine(row[0], int(row[1])) for row in rows]
    return Audiences(lines, rows[0][2] - len(rows) if rows else 0, unwritten)


def stories_of(actor: Principal, campaign: Campaign) -> list[StoryLine]:
    """The newest stories that the actor may read, each with its goal and audience; one statement."""
    statement = (
        select(Story.id, Story.title, Story.state, Story.pillar_id, StoryVersion.goal, StoryVersion.audience)
        .join(StoryVersion, StoryVersion.id == Story.current_version_id)
        .where(Story.campaign_id == campaign.id)
        .order_by(Story.id.desc())
        .limit(STORIES_SHOWN + 1)
    )
    rows = db.session.execute(readable(statement, actor, campaign.office_id))
    return [StoryLine(*row) for row in rows]
