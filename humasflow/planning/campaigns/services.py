"""Campaigns: made, changed, switched off; handed down to offices below, which take them over or decline.

Every function checks, changes, records and tells, in this order; it flushes and never commits.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from humasflow.accounts.policy import Principal, require_here
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Refused, UserError
from humasflow.core.events import emit
from humasflow.core.versions import expect_version
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.planning.campaigns.enums import OfferMove
from humasflow.planning.campaigns.events import CampaignAnswered, CampaignChanged, CampaignOffered
from humasflow.planning.campaigns.models import Campaign, CampaignOffer, CampaignShare
from humasflow.planning.campaigns.policy import (
    reasons_not_to_answer,
    reasons_not_to_manage,
    reasons_not_to_offer,
    reasons_not_to_withdraw,
)
from humasflow.planning.campaigns.workflow import OFFER
from humasflow.planning.queries import get_pillar

LIMITS = {"name": 120, "message": 2000, "goal": 300, "audience": 300, "hashtag": 80}
MAX_TARGET = 100_000
FIRST_YEAR, LAST_YEAR = 1990, 2100
WHOLE = 100  # per cent


class CampaignRefused(UserError):
    """What was filled in does not fit. ``part`` names the part of :class:`CampaignContent`."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part


@dataclass(frozen=True)
class CampaignContent:
    """What a campaign says. Days are the office's, both inclusive; ``target`` counts publications; ``shares`` is how
    many per cent of the campaign each pillar should be.
    """

    name: str
    goal: str
    audience: str
    starts_on: date
    ends_on: date
    message: str = ""
    hashtag: str = ""
    target: int | None = None
    shares: Mapping[int, int] = field(default_factory=dict)


def create_campaign(*, actor: Principal | None, office_id: int, content: CampaignContent) -> Campaign:
    """Make a campaign. None as actor is the product itself (the sample office). Raises CampaignRefused, Refused."""
    if actor is not None:
        _may(actor, office_id)
    return _make(actor, office_id, content)


def change_campaign(
    campaign: Campaign, *, actor: Principal, content: CampaignContent, row_version: int | None
) -> None:
    """Change what a campaign says; where nothing changes, nothing is recorded. What was taken over from an office above
    stays credited, whatever is changed. Raises CampaignRefused, Conflict, Refused.
    """
    _may(actor, campaign.office_id)
    lock(campaign)
    expect_version(campaign, row_version)
    content = _checked(content, campaign.office_id, but=campaign.id)
    values = _columns(content)
    changed = [name for name, value in values.items() if getattr(campaign, name) != value]
    shares = {s.pillar_id: s.percent for s in campaign.shares}
    if shares != content.shares:
        changed.append("shares")
    if not changed:
        return
    with _one_name(content.name):
        for name in values:
            setattr(campaign, name, values[name])
        if "shares" in changed:
            _share(campaign, content.shares)
        _touch(campaign)
    dated = {"row_version": campaign.row_version} if {"starts_on", "ends_on"} & set(changed) else {}
    _record(AuditAction.CAMPAIGN_CHANGED, campaign, actor, changed=changed, **dated)
    emit(CampaignChanged(campaign.id, tuple(changed), campaign.is_active, actor.id))


def switch_campaign(campaign: Campaign, *, actor: Principal, is_active: bool) -> None:
    """Stop offering a campaign (stories keep it, offers that nobody answered are taken back), or offer it again."""
    _may(actor, campaign.office_id)
    lock(campaign)
    if campaign.is_active == is_active:
        return
    campaign.is_active = is_active
    db.session.flush()
    action = AuditAction.CAMPAIGN_SWITCHED_ON if is_active else AuditAction.CAMPAIGN_SWITCHED_OFF
    _record(action, campaign, actor)
    emit(CampaignChanged(campaign.id, (), is_active, actor.id))
    if not is_active:
        for offer in _offers_of(campaign):
            if OFFER.allows(offer.state, OfferMove.WITHDRAW):
                lock(offer)
            if OFFER.allows(offer.state, OfferMove.WITHDRAW):  # nobody answered while this waited for the row
                _withdraw(offer, campaign, actor)


def offer_campaign(campaign: Campaign, *, actor: Principal, office_ids: Iterable[int]) -> list[CampaignOffer]:
    """Ask offices below to take part. One that is asked already or has taken it over is left as it is; one that
    declined is asked anew. Returns the offers made now. Raises Refused where one is not below: then none is asked.
    """
    require_here(actor, campaign.office_id)
    lock(campaign)
    giver = get_office(campaign.office_id)
    wanted = [get_office(i) for i in dict.fromkeys(office_ids)]
    if not wanted:
        raise UserError(_("Pilih kantor yang diajak."))
    reasons = [r for taker in wanted for r in reasons_not_to_offer(actor, campaign, giver, taker)]
    if reasons:
        raise Refused(list({r.message: r for r in reasons}.values()))
    known = {o.office_id: o for o in _offers_of(campaign)}
    audit.await_turn([giver.id, *(taker.id for taker in wanted)])
    made = [_offer(campaign, taker, known.get(taker.id), actor) for taker in wanted]
    return [offer for offer in made if offer is not None]


def adopt_offer(offer: CampaignOffer, *, actor: Principal, content: CampaignContent) -> Campaign:
    """Take the campaign over as one of the office's own, with its own words and days; the office above stays credited.

    Raises CampaignRefused, NotFound, Refused.
    """
    origin = _answering(offer, actor)
    audit.await_turn([offer.office_id, origin.office_id])
    own = _make(actor, offer.office_id, content, adopted_from=origin)
    _decide(offer, OfferMove.ADOPT, actor)
    offer.adopted_id = own.id
    db.session.flush()
    # The office above reads in its own record what became of it.
    _record_for(origin, AuditAction.CAMPAIGN_ADOPTED, offer, actor)
    _tell(offer, actor)
    return own


def decline_offer(offer: CampaignOffer, *, actor: Principal, reason: str) -> None:
    """Say no, and why. Raises NotFound, Refused, UserError."""
    origin = _answering(offer, actor)
    reason = reason.strip()
    if not reason:
        raise UserError(_("Tuliskan alasannya, supaya kantor di atas dapat menimbang."))
    if len(reason) > 300:
        raise UserError(_("Alasan paling panjang 300 karakter; sekarang %(size)s.", size=len(reason)))
    audit.await_turn([offer.office_id, origin.office_id])
    _decide(offer, OfferMove.DECLINE, actor, reason)
    db.session.flush()
    _record_below(AuditAction.CAMPAIGN_DECLINED, offer, origin, actor, reason=reason)
    _record_for(origin, AuditAction.CAMPAIGN_DECLINED, offer, actor, reason=reason)
    _tell(offer, actor)


def withdraw_offer(offer: CampaignOffer, *, actor: Principal) -> None:
    """Take an unanswered offer back. Raises NotFound, Refused."""
    campaign = db.session.get_one(Campaign, offer.campaign_id)
    require_here(actor, campaign.office_id)
    lock(campaign)
    lock(offer)
    reasons = reasons_not_to_withdraw(actor, offer, campaign)
    if reasons:
        raise Refused(reasons)
    _withdraw(offer, campaign, actor)


def _may(actor: Principal, office_id: int) -> None:
    require_here(actor, office_id)
    reasons = reasons_not_to_manage(actor, office_id)
    if reasons:
        raise Refused(reasons)


def _make(
    actor: Principal | None, office_id: int, content: CampaignContent, *, adopted_from: Campaign | None = None
) -> Campaign:
    content = _checked(content, office_id)
    campaign = Campaign(
        office_id=office_id, is_active=True, created_by=actor.id if actor else None, created_at=clock.now(),
        adopted_from_id=adopted_from.id if adopted_from else None, **_columns(content),
    )  # fmt: skip
    with _one_name(content.name):
        db.session.add(campaign)
    _share(campaign, content.shares)
    db.session.flush()
    if adopted_from is None:
        _record(AuditAction.CAMPAIGN_CREATED, campaign, actor)
    else:
        credited = get_office(adopted_from.office_id).name
        _record(AuditAction.CAMPAIGN_ADOPTED, campaign, actor, credited=credited)
    return campaign


def _checked(content: CampaignContent, office_id: int, *, but: int | None = None) -> CampaignContent:
    """The content as it is stored, or CampaignRefused."""
    texts = {name: str(getattr(content, name)).strip() for name in LIMITS}
    for name, limit in LIMITS.items():
        if len(texts[name]) > limit:
            size = len(texts[name])
            raise CampaignRefused(
                name, _("Paling panjang %(limit)s karakter; sekarang %(size)s.", limit=limit, size=size)
            )
    if not texts["name"]:
        raise CampaignRefused("name", _("Beri kampanye ini nama."))
    if not texts["goal"]:
        raise CampaignRefused("goal", _("Tuliskan tujuannya: apa yang berubah bila kampanye ini berhasil."))
    if not texts["audience"]:
        raise CampaignRefused("audience", _("Tuliskan khalayaknya: siapa yang ingin dijangkau."))
    check_days(content.starts_on, content.ends_on)
    if content.target is not None and not 0 < content.target <= MAX_TARGET:
        raise CampaignRefused(
            "target", _("Sasaran diisi bilangan dari 1 sampai %(most)s publikasi.", most=MAX_TARGET)
        )
    shares = {pillar: percent for pillar, percent in content.shares.items() if percent}
    _check_shares(office_id, shares)
    beside = db.session.execute(select(Campaign.id, Campaign.name).where(Campaign.office_id == office_id))
    if any(row.id != but and row.name.casefold() == texts["name"].casefold() for row in beside):
        raise _twin(texts["name"])
    return CampaignContent(
        starts_on=content.starts_on, ends_on=content.ends_on, target=content.target, shares=shares, **texts
    )


def _twin(name: str) -> CampaignRefused:
    return CampaignRefused("name", _("Kampanye “%(name)s” sudah ada.", name=name))


@contextmanager
def _one_name(name: str) -> Iterator[None]:
    """What is written here is written together; where somebody has just taken the name, none of it is."""
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as taken:
        raise _twin(name) from taken


def check_days(starts_on: date, ends_on: date) -> None:
    """Raise CampaignRefused where the days are no span the product knows."""
    for part, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise CampaignRefused(
                part, _("Isi tahun dari %(first)s sampai %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
            )
    if ends_on < starts_on:
        raise CampaignRefused("ends_on", _("Kampanye berakhir sebelum dimulai. Periksa tanggalnya."))


def _check_shares(office_id: int, shares: Mapping[int, int]) -> None:
    for pillar_id, percent in shares.items():
        get_pillar(office_id, pillar_id)
        if not 0 < percent <= WHOLE:
            raise CampaignRefused("shares", _("Bagian tiap pilar diisi dari 0 sampai 100 persen."))
    total = sum(shares.values())
    if total > WHOLE:
        raise CampaignRefused(
            "shares", _("Jumlah bagian semua pilar %(total)s persen; paling banyak 100 persen.", total=total)
        )


def _columns(content: CampaignContent) -> dict[str, Any]:
    names = (*LIMITS, "starts_on", "ends_on", "target")
    return {name: getattr(content, name) for name in names}


def _share(campaign: Campaign, shares: Mapping[int, int]) -> None:
    kept = {s.pillar_id: s for s in campaign.shares}
    for pillar_id, share in kept.items():
        if pillar_id in shares:
            share.percent = shares[pillar_id]
    campaign.shares = [
        kept.get(pillar_id) or CampaignShare(pillar_id=pillar_id, percent=percent)
        for pillar_id, percent in sorted(shares.items())
    ]


def _touch(campaign: Campaign) -> None:
    """Shares stand in rows of their own: whoever has the form open must learn of them all the same."""
    flag_modified(campaign, "name")


def _offer(
    campaign: Campaign, taker: Unit, known: CampaignOffer | None, actor: Principal
) -> CampaignOffer | None:
    if known is not None and not OFFER.allows(known.state, OfferMove.RENEW):
        return None
    offer = known or CampaignOffer(campaign_id=campaign.id, office_id=taker.id)
    offer.state, offer.reason, offer.adopted_id = OFFER.initial, "", None
    offer.offered_by, offer.offered_at = actor.id, clock.now()
    offer.decided_by, offer.decided_at = None, None
    db.session.add(offer)
    db.session.flush()
    _record_for(campaign, AuditAction.CAMPAIGN_OFFERED, offer, actor)
    _record_below(AuditAction.CAMPAIGN_OFFERED, offer, campaign, actor)
    emit(
        CampaignOffered(
            offer_id=offer.id, campaign_id=campaign.id, office_id=taker.id, actor_id=actor.id
        )
    )  # fmt: skip
    return offer


def _offers_of(campaign: Campaign) -> Sequence[CampaignOffer]:
    """As they are by now, for who holds the campaign."""
    return db.session.scalars(
        select(CampaignOffer)
        .where(CampaignOffer.campaign_id == campaign.id)
        .order_by(CampaignOffer.id)
        .execution_options(populate_existing=True)
    ).all()


def _withdraw(offer: CampaignOffer, campaign: Campaign, actor: Principal) -> None:
    audit.await_turn([offer.office_id, campaign.office_id])
    _decide(offer, OfferMove.WITHDRAW, actor)
    db.session.flush()
    _record_for(campaign, AuditAction.CAMPAIGN_OFFER_WITHDRAWN, offer, actor)
    _record_below(AuditAction.CAMPAIGN_OFFER_WITHDRAWN, offer, campaign, actor)
    _tell(offer, actor)


def _answering(offer: CampaignOffer, actor: Principal) -> Campaign:
    """The campaign that is answered about. Locks it and then the offer, as its own office does: of two answers at once,
    and of an answer and a withdrawal, one holds.
    """
    require_here(actor, offer.office_id)
    origin = db.session.get_one(Campaign, offer.campaign_id)
    lock(origin)
    lock(offer)
    reasons = reasons_not_to_answer(actor, offer)
    if reasons:
        raise Refused(reasons)
    return origin


def _decide(offer: CampaignOffer, move: OfferMove, actor: Principal, reason: str = "") -> None:
    offer.state, offer.reason = OFFER.target(offer.state, move), reason
    offer.decided_by, offer.decided_at = actor.id, clock.now()


def _tell(offer: CampaignOffer, actor: Principal) -> None:
    emit(
        CampaignAnswered(
            offer_id=offer.id, campaign_id=offer.campaign_id, office_id=offer.office_id, state=offer.state,
            actor_id=actor.id, reason=offer.reason,
        )
    )  # fmt: skip


def _record(action: AuditAction, campaign: Campaign, actor: Principal | None, **detail: Any) -> None:
    audit.record(
        action, ("campaign", campaign.id), office_id=campaign.office_id, actor=actor, label=campaign.name,
        **detail,
    )  # fmt: skip


def _record_for(
    campaign: Campaign, action: AuditAction, offer: CampaignOffer, actor: Principal, **detail: Any
) -> None:
    """In the record of the office above, on its campaign's own timeline."""
    audit.record(
        action, ("campaign", campaign.id), office_id=campaign.office_id, actor=actor,
        label=get_office(offer.office_id).name, **detail,
    )  # fmt: skip


def _record_below(
    action: AuditAction, offer: CampaignOffer, campaign: Campaign, actor: Principal, **detail: Any
) -> None:
    """In the record of the office that was asked."""
    audit.record(
        action,
        ("campaign_offer", offer.id),
        office_id=offer.office_id,
        actor=actor,
        label=campaign.name,
        **detail,
    )
