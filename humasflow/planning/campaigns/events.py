"""What campaigns tell higher rooms."""

from dataclasses import dataclass

from humasflow.planning.campaigns.enums import OfferState


@dataclass(frozen=True)
class CampaignOffered:
    """An office is asked to take part."""

    offer_id: int
    campaign_id: int
    office_id: int
    actor_id: int


@dataclass(frozen=True)
class CampaignAnswered:
    """It answered, or the question was taken back."""

    offer_id: int
    campaign_id: int
    office_id: int
    state: OfferState
    actor_id: int
    reason: str


@dataclass(frozen=True)
class CampaignChanged:
    """It says something else, or it was switched off or on again. ``changed`` names parts of its content; empty: it was
    switched.
    """

    campaign_id: int
    changed: tuple[str, ...]
    is_active: bool
    actor_id: int
