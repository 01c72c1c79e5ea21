"""Why something is missing: what is on its way and where it is held up, what did not come out, and what nobody has
proposed yet. Names and links, as far as the reader may know of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select, union_all

from humasflow.accounts.policy import Principal
from humasflow.approvals.queries import WaitingRow, list_asked_about
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core.db import Id, db
from humasflow.core.localtime import zone
from humasflow.core.periods import Period
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.pitches.enums import PitchState
from humasflow.pitches.models import Pitch
from humasflow.planning.models import ContentType
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.scoring.in_progress import STUCK, ComingPost
from humasflow.scoring.models import Component
from humasflow.scoring.selection import PostFacts, counts_for
from humasflow.scoring.standing.facts import ZERO
from humasflow.scoring.standing.office import ComponentStanding, Standing
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to

SHOWN = 5  # names a reason, the rest is counted


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that is not live. ``who``: with whom it lies; ``why``: what somebody said, or the state it is in.
    ``title`` is empty where confidentiality hides it; then there is no address either.
    """

    title: str
    post_id: int
    story_id: int
    since: datetime | None
    who: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One kind of reason, with what it is about; ``number`` is all of it, ``items`` the first."""

    code: str  # scheduled, review, ready, returned, writing, held, stuck, called_off
    number: int
    items: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Why one component is short. ``unproposed``: what is missing beyond everything that is in work."""

    row: ComponentStanding
    reasons: tuple[Reason, ...]
    unproposed: Decimal


@dataclass(frozen=True, slots=True)
class Explained:
    """All of it. ``waiting_pitches``: ideas in the pool that nobody has decided on; ``covered``: publications of the
    period that covered the agenda and count for none of the short components: where the time went.
    """

    shortfalls: tuple[Shortfall, ...]
    waiting_pitches: int
    covered: int


def explain(standing: Standing, reader: Principal) -> Explained | None:
    """The reasons for everything that is missing in a period that is not closed; None when nothing is. Three
    statements, and those of the reviews (eight at most) while something short is in review.
    """
    short = standing.short
    if not short or standing.close is not None:
        return None
    components = [row.component for row in short]
    relevant = [p for p in standing.coming if any(counts_for(c, p.facts) for c in components)]
    ended = _ended(standing.office, standing.period, reader)
    ids = {post.post_id for post, _held in ended}
    relevant = [p for p in relevant if p.post_id not in ids]
    pending = _pending(relevant, components, reader)
    return Explained(
        shortfalls=tuple(_shortfall(row, relevant, ended, pending) for row in short),
        waiting_pitches=_pitches(standing.office.id) if reader.can(Permission.PITCH_TRIAGE) else 0,
        covered=_covered(standing.office, standing.period, components),
    )


@dataclass(frozen=True, slots=True)
class Ended:
    """A post that stopped on its way, or whose story was called off."""

    post_id: int
    facts: PostFacts
    code: str


def _shortfall(
    row: ComponentStanding,
    coming: Sequence[ComingPost],
    ended: Sequence[tuple[Ended, Held]],
    pending: Mapping[int, WaitingRow],
) -> Shortfall:
    found: dict[str, list[Held]] = {}
    on_the_way = ZERO
    for post in coming:
        brings = counts_for(row.component, post.facts)
        if brings:
            found.setdefault(_code(post), []).append(_held(post, pending))
            on_the_way += brings
    for stopped, held in ended:
        brings = counts_for(row.component, stopped.facts)
        if brings:
            found.setdefault(stopped.code, []).append(held)
            on_the_way += brings if stopped.code == "stuck" else ZERO
    order = ("scheduled", "ready", "review", "returned", "writing", "held", "stuck", "called_off")
    reasons = tuple(Reason(c, len(found[c]), tuple(found[c][:SHOWN])) for c in order if c in found)
    return Shortfall(row, reasons, max((row.gap or ZERO) - on_the_way, ZERO))


def _code(post: ComingPost) -> str:
    if post.stage == "review":
        return "ready" if post.approved else "review"
    return post.stage


def _held(post: ComingPost, pending: Mapping[int, WaitingRow]) -> Held:
    waiting = pending.get(post.story_id) if _code(post) == "review" else None
    since: datetime | None
    if waiting is not None:
        who, since = ", ".join(waiting.deciders_names) or waiting.step_label, waiting.step_since
    else:
        who, since = "", post.scheduled_at if post.bucket == "scheduled" else post.since
    told = post.is_readable
    return Held(
        title=post.title if told else "", post_id=post.post_id, story_id=post.story_id, since=since, who=who,
        why=post.reason if told and post.stage == "returned" else "",
    )  # fmt: skip


def _pending(
    coming: Sequence[ComingPost], short: Iterable[Component], reader: Principal
) -> dict[int, WaitingRow]:
    """The reviews that will be named, by story, as far as the reader may see them."""
    reviews = [post for post in coming if _code(post) == "review"]
    named = {
        post.story_id
        for component in short
        for post in islice((p for p in reviews if counts_for(component, p.facts)), SHOWN)
    }
    return {row.story_id: row for row in list_asked_about(reader, named)}


def _posts(due: ColumnElement[datetime]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Post.id, Post.story_id, Story.title, ContentType.code, ChannelKind.code, Post.account_id,
            Story.pillar_id, Story.campaign_id, Story.section_id, Post.repost_of_id, Delivery.state,
            Story.last_reason, due.label("due"), visible_to(_READER).label("is_seen"),
        )
        .join(Story, Post.story_id == Story.id)
        .join(ContentType, Post.content_type_id == ContentType.id)
        .join(ChannelAccount, Post.account_id == ChannelAccount.id)
        .join(ChannelKind, ChannelAccount.kind_id == ChannelKind.id)
        .where(
            Post.office_id == bindparam("office_id"), Post.removed_at.is_(None),
            due >= bindparam("start"), due < bindparam("end"),
        )
    )  # fmt: skip


_READER = bindparam("reader_id", type_=Id)
_IS_OF_POST = (Delivery.post_id == Post.id) & (Delivery.generation == Post.generation)
# What stopped on its way, and what was called off before it had one. Each by its own short way, from the few that
# stopped and from the few stories that were called off: one condition for both would look at every post of the office.
_ENDED = union_all(
    _posts(func.coalesce(Post.scheduled_at, Delivery.created_at))
    .join(Delivery, _IS_OF_POST)
    .where(Delivery.office_id == bindparam("office_id"), Delivery.state.in_(STUCK)),
    _posts(func.coalesce(Post.scheduled_at, Story.state_since))
    .outerjoin(Delivery, _IS_OF_POST)
    .where(
        Story.office_id == bindparam("office_id"),
        Story.state.in_((StoryState.CANCELLED, StoryState.WITHDRAWN)),
        Delivery.id.is_(None),
    ),
)


def _ended(office: Unit, period: Period, reader: Principal) -> list[tuple[Ended, Held]]:
    """Posts that were due in the period and stopped on their way, or whose story was called off in it; all of them, as
    their numbers are told, the newest first.
    """
    start, end = period.utc_bounds(zone(office.zone_name))
    within = {"office_id": office.id, "start": start, "end": end, "reader_id": reader.id}
    rows = sorted(db.session.execute(_ENDED, within), key=lambda r: (r[12], r[0]), reverse=True)
    found = []
    for r in rows:
        facts = PostFacts(
            content_type=r[3], channel_kind=r[4], account_id=r[5], pillar_id=r[6], campaign_id=r[7],
            section_id=r[8], is_repost=r[9] is not None,
        )  # fmt: skip
        state: DeliveryState | None = r[10]
        why = "" if not r[13] else (r[11] if state is None else state.label)
        held = Held(r[2] if r[13] else "", r[0], r[1], r[12], why=why)
        found.append((Ended(r[0], facts, "called_off" if state is None else "stuck"), held))
    return found


def _pitches(office_id: int) -> int:
    statement = select(func.count()).where(Pitch.office_id == office_id, Pitch.state == PitchState.NEW)
    return db.session.scalar(statement) or 0


_BY = (
    ContentType.code, ChannelKind.code, Delivery.account_id, Story.pillar_id, Story.campaign_id, Story.section_id,
)  # fmt: skip
# Made once: it is always the same but for its values.
_COVERING = (
    select(*_BY, func.count())
    .join(Story, Delivery.story_id == Story.id)
    .join(ContentType, Delivery.content_type_id == ContentType.id)
    .join(ChannelAccount, Delivery.account_id == ChannelAccount.id)
    .join(ChannelKind, ChannelAccount.kind_id == ChannelKind.id)
    .where(
        Delivery.office_id == bindparam("office_id"), Delivery.state == DeliveryState.PUBLISHED,
        Delivery.published_at >= bindparam("start"), Delivery.published_at < bindparam("end"),
        Story.event_id.is_not(None),
    )
    .group_by(*_BY)
)  # fmt: skip


def _covered(office: Unit, period: Period, short: Iterable[Component]) -> int:
    """How many publications of the period covered the agenda without counting for what is short."""
    start, end = period.utc_bounds(zone(office.zone_name))
    within = {"office_id": office.id, "start": start, "end": end}
    rows = db.session.execute(_COVERING, within).all()
    wanted = list(short)
    return sum(
        r[6] for r in rows
        if not any(
            counts_for(c, PostFacts(r[0], r[1], account_id=r[2], pillar_id=r[3], campaign_id=r[4], section_id=r[5]))
            for c in wanted
        )
    )  # fmt: skip
