"""Stories that go between offices: what waits for an answer, what was given, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.paging import PAGE_SIZE, Page, cut, newest_first
from humasflow.core.permissions import Permission
from humasflow.media.services.copying import Passing, passing_to
from humasflow.orgs.models import Unit
from humasflow.planning.campaigns.enums import OfferState
from humasflow.planning.campaigns.models import Campaign, CampaignOffer
from humasflow.planning.campaigns.queries import carried_to
from humasflow.stories.enums import GONE, HandoverKind, HandoverState, StoryState
from humasflow.stories.handover_policy import is_open_to_taker
from humasflow.stories.models import Story, StoryHandover, StoryVersion
from humasflow.stories.queries.changes import get_prepared_change
from humasflow.stories.queries.story import get_current_version, get_version
from humasflow.stories.visibility import visible_to, visible_to_all


@dataclass(frozen=True)
class HandoverLine:
    """One handover in a list. ``title`` is that of the version that was given."""

    id: int
    kind: HandoverKind
    state: HandoverState
    title: str
    story_id: int
    taken_as_id: int | None
    taken_state: StoryState | None  # how far the other office is; nothing of what it keeps confidential
    giver: str
    taker: str
    note: str
    reason: str
    offered_by: str
    offered_at: datetime
    decided_by: str
    decided_at: datetime | None
    row_version: int


_GIVER, _TAKER = aliased(Unit), aliased(Unit)
_TAKEN = aliased(Story)
_OFFERER, _DECIDER = aliased(User), aliased(User)


def _lines() -> Select[StoryHandover, str, str, str, str, str, StoryState | None]:
    return (
        select(
            StoryHandover, StoryVersion.title, _GIVER.name, _TAKER.name, func.coalesce(_OFFERER.name, ""),
            func.coalesce(_DECIDER.name, ""), _TAKEN.state,
        )
        .join(StoryVersion, StoryVersion.id == StoryHandover.version_id)
        .join(Story, Story.id == StoryHandover.story_id)
        .join(_GIVER, _GIVER.id == StoryHandover.from_office_id)
        .join(_TAKER, _TAKER.id == StoryHandover.to_office_id)
        .outerjoin(_OFFERER, _OFFERER.id == StoryHandover.offered_by)
        .outerjoin(_DECIDER, _DECIDER.id == StoryHandover.decided_by)
        .outerjoin(_TAKEN, and_(_TAKEN.id == StoryHandover.taken_as_id, _TAKEN.is_confidential.is_(False)))
    )  # fmt: skip


def _line(
    given: StoryHandover,
    title: str,
    giver: str,
    taker: str,
    offerer: str,
    decider: str,
    taken_state: StoryState | None,
) -> HandoverLine:
    return HandoverLine(
        given.id, given.kind, given.state, title, given.story_id, given.taken_as_id, taken_state, giver, taker,
        given.note, given.reason, offerer, given.offered_at, decider, given.decided_at, given.row_version,
    )  # fmt: skip


def list_waiting(office_id: int, *, limit: int = 100) -> Sequence[HandoverLine]:
    """What waits for this office's answer, what has waited longest first; one statement. What its own office closed or
    took down since is left out.
    """
    rows = db.session.execute(_lines().where(_waits(office_id)).order_by(StoryHandover.id).limit(limit))
    return [_line(*row) for row in rows]


def list_answered(office_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Page[HandoverLine]:
    """What this office took or declined, newest first; one statement."""
    statement = _lines().where(
        StoryHandover.to_office_id == office_id,
        StoryHandover.state.in_([HandoverState.TAKEN, HandoverState.DECLINED]),
        visible_to_all(),
    )
    return _page(statement, cursor, size)


def list_given(
    actor: Principal, office_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[HandoverLine]:
    """What this office gave, newest first, as far as the actor may know of the stories; one statement."""
    statement = _lines().where(StoryHandover.from_office_id == office_id, visible_to(actor.id))
    return _page(statement, cursor, size)


def list_handovers_of(story: Story) -> Sequence[HandoverLine]:
    """To whom a story was given, newest first; one statement."""
    rows = db.session.execute(
        _lines().where(StoryHandover.story_id == story.id).order_by(StoryHandover.id.desc())
    )
    return [_line(*row) for row in rows]


def _page(statement: Select[*tuple[Any, ...]], cursor: str | None, size: int) -> Page[HandoverLine]:
    statement = newest_first(statement, StoryHandover.offered_at, StoryHandover.id, cursor, size)
    lines = [_line(*row) for row in db.session.execute(statement)]
    return cut(lines, lambda line: (line.offered_at, line.id), size)


def waiting_in(office_id: int) -> Select[int]:
    """The statement behind :func:`count_waiting`, to be asked together with others."""
    return (
        select(func.count(StoryHandover.id))
        .join(Story, Story.id == StoryHandover.story_id)
        .where(_waits(office_id))
    )


def _waits(office_id: int) -> ColumnElement[bool]:
    return and_(
        StoryHandover.to_office_id == office_id, StoryHandover.state == HandoverState.OFFERED, visible_to_all(),
        Story.state.not_in(sorted(GONE)),
    )  # fmt: skip


def count_waiting(office_id: int) -> int:
    """How many :func:`list_waiting` would have; one statement."""
    return db.session.scalar(waiting_in(office_id)) or 0


def get_incoming(actor: Principal, handover_id: int, *, answering: bool = False) -> StoryHandover:
    """What was given to an office whose stories the actor reads, or "not found". What was taken back is gone; who is
    ``answering`` gets it all the same, to be told so beside what they typed.
    """
    found = db.session.get(StoryHandover, handover_id)
    if (
        found is None
        or not actor.can(Permission.STORY_READ, found.to_office_id)
        or (found.state is HandoverState.WITHDRAWN and not answering)
    ):
        raise NotFound
    return found


def get_outgoing(actor: Principal, handover_id: int) -> StoryHandover:
    """What an office whose stories the actor reads gave, or "not found"."""
    found = db.session.get(StoryHandover, handover_id)
    if found is None or not actor.can(Permission.STORY_READ, found.from_office_id):
        raise NotFound
    return found


def version_to_give(story: Story) -> StoryVersion:
    """What another office is given: what stands, or, while a correction is prepared, what readers see."""
    prepared = get_prepared_change(story.id)
    if prepared is not None and prepared.base_version_id is not None:
        return get_version(prepared.base_version_id)
    return get_current_version(story)


def source_of(handover: StoryHandover) -> Story:
    """The story that was given. Whoever shows something of it to the taking office asks whether it still may."""
    return db.session.get_one(Story, handover.story_id)


def taken_as(handover: StoryHandover) -> Story | None:
    """The story that came of it."""
    return db.session.get(Story, handover.taken_as_id) if handover.taken_as_id is not None else None


def taken_earlier(handover: StoryHandover) -> Story | None:
    """What this office made of an earlier version of the same story, the newest; one statement."""
    return db.session.scalar(
        select(Story)
        .join(StoryHandover, StoryHandover.taken_as_id == Story.id)
        .where(
            StoryHandover.story_id == handover.story_id, StoryHandover.to_office_id == handover.to_office_id,
            StoryHandover.state == HandoverState.TAKEN, StoryHandover.id != handover.id,
        )
        .order_by(StoryHandover.id.desc())
        .limit(1)
    )  # fmt: skip


def pictures_of(handover: StoryHandover) -> Passing:
    """The pictures that would come along now, and why not the others; none of what its office closed or took down."""
    source = source_of(handover)
    if not is_open_to_taker(source):
        return Passing()
    assets = [p.asset for p in get_version(handover.version_id).pictures]
    return passing_to(assets, handover.to_office_id)


def offer_of(handover: StoryHandover) -> CampaignOffer | None:
    """How the office that was given it was asked to take part in the campaign that it belongs to."""
    if handover.campaign_offer_id is None:
        return None
    return db.session.get_one(CampaignOffer, handover.campaign_offer_id)


def campaign_of(handover: StoryHandover, source: Story) -> Campaign | None:
    """The campaign it belongs to, as far as the office that was given it knows it: the giver's that it is asked to
    follow, or, for what comes up, its own.
    """
    if handover.kind is HandoverKind.SUBMISSION:
        return campaign_there(handover, source)
    offer = offer_of(handover)
    return db.session.get_one(Campaign, offer.campaign_id) if offer is not None else None


def campaign_there(handover: StoryHandover, source: Story) -> Campaign | None:
    """The campaign of the office that was given it: its own version of the giver's, or, for what comes up, the one that
    the giver follows.
    """
    if handover.kind is HandoverKind.SUBMISSION:
        own = db.session.get_one(Campaign, source.campaign_id) if source.campaign_id is not None else None
        return carried_to(own, handover.to_office_id)
    offer = offer_of(handover)
    if offer is None or offer.state is not OfferState.ADOPTED or offer.adopted_id is None:
        return None
    return db.session.get_one(Campaign, offer.adopted_id)
