"""Who hears of what goes between offices: the editors who can answer it, and whoever asked."""

from collections.abc import Sequence

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.notifications import services
from humasflow.notifications.enums import NoticeKind as K
from humasflow.orgs.models import Unit
from humasflow.planning.campaigns import queries
from humasflow.planning.campaigns.enums import PARTS, OfferState
from humasflow.planning.campaigns.events import CampaignAnswered, CampaignChanged, CampaignOffered
from humasflow.planning.campaigns.models import Campaign, CampaignOffer
from humasflow.stories.enums import HandoverState, SourceChange
from humasflow.stories.events import HandoverDecided, HandoverSourceChanged, StoryHandedOver
from humasflow.stories.models import Story, StoryHandover, StoryVersion
from humasflow.stories.visibility import is_closed

_OFFER_ANSWERS = {OfferState.ADOPTED: K.CAMPAIGN_ADOPTED, OfferState.DECLINED: K.CAMPAIGN_DECLINED}
_HANDOVER_ANSWERS = {
    HandoverState.TAKEN: K.HANDOVER_TAKEN,
    HandoverState.DECLINED: K.HANDOVER_DECLINED,
}
_SOURCE_CHANGES = {
    SourceChange.WITHDRAWN: K.SOURCE_WITHDRAWN,
    SourceChange.CORRECTED: K.SOURCE_CORRECTED,
    SourceChange.RENEWED: K.SOURCE_RENEWED,
    SourceChange.EMBARGOED: K.SOURCE_EMBARGOED,
}


def on_campaign_offered(event: CampaignOffered) -> None:
    """The editors of the office that is asked."""
    offer = db.session.get_one(CampaignOffer, event.offer_id)
    campaign = db.session.get_one(Campaign, event.campaign_id)
    services.notify(
        _editors(offer.office_id), K.CAMPAIGN_OFFERED, office_id=offer.office_id,
        subject=("campaign_offer", offer.id), key=f"campaign_offer:{offer.id}:{offer.row_version}",
        title=campaign.name, actor_name=db.session.get_one(Unit, campaign.office_id).name,
    )  # fmt: skip


def on_campaign_answered(event: CampaignAnswered) -> None:
    """Nobody below is asked any longer; whoever asked hears the answer."""
    services.settle([K.CAMPAIGN_OFFERED], ("campaign_offer", event.offer_id))
    kind = _OFFER_ANSWERS.get(event.state)
    if kind is None:
        return
    offer = db.session.get_one(CampaignOffer, event.offer_id)
    campaign = db.session.get_one(Campaign, event.campaign_id)
    services.notify(
        _askers(campaign.office_id, offer.offered_by), kind, office_id=campaign.office_id,
        subject=("campaign", campaign.id), key=f"campaign_offer:{offer.id}:{offer.row_version}",
        title=campaign.name, actor_name=db.session.get_one(Unit, offer.office_id).name, reason=event.reason,
    )  # fmt: skip


def on_campaign_changed(event: CampaignChanged) -> None:
    """The editors of offices that follow it with a version of their own, which stays as it is."""
    campaign = db.session.get_one(Campaign, event.campaign_id)
    giver = db.session.get_one(Unit, campaign.office_id)
    if event.changed:
        kind, reason = K.CAMPAIGN_CHANGED, ", ".join(str(PARTS[name]) for name in event.changed)
    elif event.is_active:
        return
    else:
        kind, reason = K.CAMPAIGN_STOPPED, ""
    for own in queries.list_adopted_from(campaign.id):
        services.notify(
            _editors(own.office_id), kind, office_id=own.office_id, subject=("campaign", own.id),
            key=f"campaign:{own.id}:{kind}:{campaign.row_version}", title=campaign.name, actor_name=giver.name,
            reason=reason,
        )  # fmt: skip


def on_handed_over(event: StoryHandedOver) -> None:
    """The editors of the office that is given a story."""
    given = db.session.get_one(StoryHandover, event.handover_id)
    services.notify(
        _editors(given.to_office_id), K.HANDOVER_OFFERED, office_id=given.to_office_id,
        subject=("handover", given.id), key=f"handover:{given.id}", title=_title(given),
        actor_name=db.session.get_one(Unit, given.from_office_id).name,
    )  # fmt: skip


def on_handover_decided(event: HandoverDecided) -> None:
    """Nobody there is asked any longer; whoever gave it hears what came of it."""
    services.settle([K.HANDOVER_OFFERED], ("handover", event.handover_id))
    kind = _HANDOVER_ANSWERS.get(event.state)
    if kind is None:
        return
    given = db.session.get_one(StoryHandover, event.handover_id)
    services.notify(
        _askers(given.from_office_id, given.offered_by), kind, office_id=given.from_office_id,
        subject=("story", given.story_id), key=f"handover:{given.id}:{event.state}", title=_title(given),
        actor_name=db.session.get_one(Unit, given.to_office_id).name, reason=event.reason, story_id=given.story_id,
    )  # fmt: skip


def on_source_changed(event: HandoverSourceChanged) -> None:
    """Who took it, as long as they still hold what they made of it; otherwise the office's editors."""
    given = db.session.get_one(StoryHandover, event.handover_id)
    if event.change is SourceChange.WITHDRAWN:
        services.settle([K.HANDOVER_OFFERED], ("handover", given.id))
    own = db.session.get(Story, given.taken_as_id) if given.taken_as_id is not None else None
    services.notify(
        _askers(given.to_office_id, own.owner_id if own is not None else None), _SOURCE_CHANGES[event.change],
        office_id=given.to_office_id, subject=("handover", given.id),
        key=f"handover:{given.id}:{event.change}:{_moment()}", title=_title_there(given),
        actor_name=db.session.get_one(Unit, given.from_office_id).name, reason=event.note,
    )  # fmt: skip


def _moment() -> str:
    """What happens again later is told again."""
    return f"{clock.now():%Y%m%d%H%M%S}"


def _title_there(given: StoryHandover) -> str:
    """For the office it was given to: what nobody there took, and its own office closed since, has no title."""
    source = db.session.get_one(Story, given.story_id)
    return "…" if is_closed(source) and given.state is not HandoverState.TAKEN else _title(given)


def _title(given: StoryHandover) -> str:
    return db.session.get_one(StoryVersion, given.version_id).title


def _editors(office_id: int) -> Sequence[User]:
    return accounts.list_people_with(Permission.STORY_WRITE, db.session.get_one(Unit, office_id))


def _askers(office_id: int, asked_by: int | None) -> Sequence[User]:
    """Who asked, as long as they still work there as an editor; otherwise every editor."""
    editors = _editors(office_id)
    return [u for u in editors if u.id == asked_by] or editors


HANDLERS = [
    (CampaignOffered, on_campaign_offered),
    (CampaignAnswered, on_campaign_answered),
    (CampaignChanged, on_campaign_changed),
    (StoryHandedOver, on_handed_over),
    (HandoverDecided, on_handover_decided),
    (HandoverSourceChanged, on_source_changed),
]
