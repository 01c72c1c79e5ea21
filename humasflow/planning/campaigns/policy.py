"""Who steers campaigns, and what may be made of one that is handed down."""

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.core.errors import Reason
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import is_above
from humasflow.planning.campaigns.enums import OfferMove
from humasflow.planning.campaigns.models import Campaign, CampaignOffer
from humasflow.planning.campaigns.workflow import OFFER


def can_manage(actor: Principal, office_id: int) -> bool:
    """Editors plan campaigns, and admins, who keep the office's lists."""
    return actor.can(Permission.STORY_WRITE, office_id) or actor.can(Permission.OFFICE_MANAGE, office_id)


def reasons_not_to_manage(actor: Principal, office_id: int) -> list[Reason]:
    """Why the actor cannot make or change campaigns of this office."""
    if can_manage(actor, office_id):
        return []
    return [Reason("permission", _("Kampanye disusun oleh redaktur atau admin kantor."))]


def reasons_not_to_move(actor: Principal, campaign: Campaign) -> list[Reason]:
    """Why the campaign cannot get other days from this person."""
    return reasons_not_to_manage(actor, campaign.office_id) + _inactive(campaign)


def _inactive(campaign: Campaign) -> list[Reason]:
    if campaign.is_active:
        return []
    return [Reason("inactive", _("Kampanye ini sudah dinonaktifkan. Aktifkan dahulu."))]


def reasons_not_to_offer(actor: Principal, campaign: Campaign, giver: Unit, taker: Unit) -> list[Reason]:
    """Why the campaign cannot be handed down to that office. Only an office above may."""
    reasons = reasons_not_to_move(actor, campaign)
    if not is_above(giver, taker) or not taker.is_active:
        reasons.append(
            Reason("not_below", _("%(office)s bukan kantor di bawah kantor ini.", office=taker.name))
        )
    return reasons


def reasons_not_to_answer(actor: Principal, offer: CampaignOffer) -> list[Reason]:
    """Why the actor cannot adopt or decline it now, for the office that was asked."""
    return reasons_not_to_manage(actor, offer.office_id) + _over(offer, OfferMove.ADOPT)


def reasons_not_to_withdraw(actor: Principal, offer: CampaignOffer, campaign: Campaign) -> list[Reason]:
    """Why the actor cannot take the offer back, for the office that made it. What was adopted stays adopted."""
    return reasons_not_to_manage(actor, campaign.office_id) + _over(offer, OfferMove.WITHDRAW)


def _over(offer: CampaignOffer, move: OfferMove) -> list[Reason]:
    if OFFER.allows(offer.state, move):
        return []
    return [Reason("state", _("Tawaran ini sudah dijawab atau ditarik: %(state)s.", state=offer.state.label))]
