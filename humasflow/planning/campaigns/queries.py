"""Reading campaigns: those of an office, those of a span of days, and what became of an offer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import today_at
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.paging import PAGE_SIZE, Page, cut, newest_first
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.planning.campaigns.enums import OfferState, Stage
from humasflow.planning.campaigns.models import Campaign, CampaignOffer
from humasflow.planning.campaigns.policy import can_manage


def get_campaign(actor: Principal, campaign_id: int) -> Campaign:
    """A campaign of an office whose calendar the actor reads, or "not found"."""
    found = db.session.get(Campaign, campaign_id)
    if found is None or not actor.can(Permission.CALENDAR_READ, found.office_id):
        raise NotFound
    return found


def get_campaign_of(office_id: int, campaign_id: int) -> Campaign:
    """A campaign of this office, or "not found"."""
    found = db.session.get(Campaign, campaign_id)
    if found is None or found.office_id != office_id:
        raise NotFound
    return found


def list_campaigns(
    office_id: int,
    *,
    stage: Stage | None = None,
    today: date | None = None,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[Campaign]:
    """Campaigns of an office, the newest first; one statement. ``stage``: only those that stand there on ``today``."""
    statement: Select[Any] = select(Campaign).where(Campaign.office_id == office_id)
    if stage is Stage.RUNNING:
        statement = statement.where(
            Campaign.is_active.is_(True), Campaign.starts_on <= today, Campaign.ends_on >= today
        )
    elif stage is Stage.COMING:
        statement = statement.where(Campaign.is_active.is_(True), Campaign.starts_on > today)
    elif stage is Stage.OVER:
        statement = statement.where(or_(Campaign.is_active.is_(False), Campaign.ends_on < today))
    statement = newest_first(statement, Campaign.created_at, Campaign.id, cursor, size)
    return cut(db.session.scalars(statement).all(), lambda c: (c.created_at, c.id), size)


def list_open_campaigns(office_id: int) -> Sequence[Campaign]:
    """What a story can be filed under: active, and not over on the office's today. By name; one statement besides."""
    today = today_at(get_office(office_id))
    return db.session.scalars(
        select(Campaign)
        .where(Campaign.office_id == office_id, Campaign.is_active.is_(True), Campaign.ends_on >= today)
        .order_by(Campaign.name, Campaign.id)
    ).all()


def names_of(campaign_ids: Iterable[int | None]) -> dict[int, str]:
    """Names by number; at most one statement."""
    wanted = {i for i in campaign_ids if i is not None}
    if not wanted:
        return {}
    rows = db.session.execute(select(Campaign.id, Campaign.name).where(Campaign.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def campaigns_by_id(campaign_ids: Iterable[int | None]) -> dict[int, Campaign]:
    """Campaigns by number; at most one statement."""
    wanted = {i for i in campaign_ids if i is not None}
    if not wanted:
        return {}
    return {c.id: c for c in db.session.scalars(select(Campaign).where(Campaign.id.in_(wanted)))}


def origin_of(campaign: Campaign) -> tuple[Campaign, Unit] | None:
    """The campaign that this one took over, and whose it is; None for an own one. At most two statements."""
    if campaign.adopted_from_id is None:
        return None
    origin = db.session.get_one(Campaign, campaign.adopted_from_id)
    return origin, db.session.get_one(Unit, origin.office_id)


def carried_to(campaign: Campaign | None, office_id: int) -> Campaign | None:
    """The campaign of that office which this one was taken over from, on whatever way; None where it was not."""
    while campaign is not None and campaign.office_id != office_id:
        above = campaign.adopted_from_id
        campaign = db.session.get_one(Campaign, above) if above is not None else None
    return campaign


def list_adopted_from(campaign_id: int) -> Sequence[Campaign]:
    """What offices below made of a campaign, in order; one statement."""
    return db.session.scalars(
        select(Campaign).where(Campaign.adopted_from_id == campaign_id).order_by(Campaign.id)
    ).all()


@dataclass(frozen=True)
class OfferLine:
    """What became of an offer, for the office that made it or the one that was asked."""

    id: int
    campaign_id: int
    campaign: str
    office_id: int
    office: str  # the one that was asked
    giver: str
    state: OfferState
    reason: str
    offered_at: datetime
    decided_at: datetime | None
    decided_by: str
    adopted_id: int | None
    row_version: int


_TAKER, _GIVER, _DECIDER = aliased(Unit), aliased(Unit), aliased(User)
_LINE: Select[*tuple[Any, ...]] = (
    select(
        CampaignOffer.id, Campaign.id, Campaign.name, _TAKER.id, _TAKER.name, _GIVER.name, CampaignOffer.state,
        CampaignOffer.reason, CampaignOffer.offered_at, CampaignOffer.decided_at,
        func.coalesce(_DECIDER.name, ""), CampaignOffer.adopted_id, CampaignOffer.row_version,
    )
    .join(Campaign, Campaign.id == CampaignOffer.campaign_id)
    .join(_TAKER, _TAKER.id == CampaignOffer.office_id)
    .join(_GIVER, _GIVER.id == Campaign.office_id)
    .outerjoin(_DECIDER, _DECIDER.id == CampaignOffer.decided_by)
)  # fmt: skip


def list_offers_of(campaign: Campaign) -> list[OfferLine]:
    """To whom a campaign was handed down, and what they made of it, by office; one statement."""
    rows = db.session.execute(_LINE.where(CampaignOffer.campaign_id == campaign.id).order_by(_TAKER.path))
    return [OfferLine(*row) for row in rows]


def list_offers_to(office_id: int, *, limit: int = 100) -> list[OfferLine]:
    """What an office was asked, the unanswered first, then the newest; what was taken back is left out."""
    rows = db.session.execute(
        _LINE.where(CampaignOffer.office_id == office_id, CampaignOffer.state != OfferState.WITHDRAWN)
        .order_by(CampaignOffer.state != OfferState.OFFERED, CampaignOffer.id.desc())
        .limit(limit)
    )
    return [OfferLine(*row) for row in rows]


def count_open_offers(office_id: int) -> int:
    """How many wait for an answer of this office; one statement."""
    return (
        db.session.scalar(
            select(func.count(CampaignOffer.id)).where(
                CampaignOffer.office_id == office_id, CampaignOffer.state == OfferState.OFFERED
            )
        )
        or 0
    )


def get_offer_to(
    actor: Principal, offer_id: int, *, answering: bool = False
) -> tuple[CampaignOffer, Campaign]:
    """An offer to an office whose campaigns the actor plans, with what is offered, or "not found". One that was taken
    back is gone: the office above may have had its reasons not to show it any longer. Who is ``answering`` gets it all
    the same, to be told so beside what they typed.
    """
    found = db.session.get(CampaignOffer, offer_id)
    if (
        found is None
        or not can_manage(actor, found.office_id)
        or (found.state is OfferState.WITHDRAWN and not answering)
    ):
        raise NotFound
    return found, db.session.get_one(Campaign, found.campaign_id)


def get_offer_of(campaign: Campaign, offer_id: int) -> CampaignOffer:
    """An offer of this campaign, or "not found"."""
    found = db.session.get(CampaignOffer, offer_id)
    if found is None or found.campaign_id != campaign.id:
        raise NotFound
    return found
