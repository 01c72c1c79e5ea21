"""What offices above ask: read, take over with one's own words, or decline with a reason."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core.errors import Refused
from humasflow.core.forms import RefusalForm
from humasflow.core.guards import requires
from humasflow.orgs import queries as orgs
from humasflow.pages.blueprint import blueprint
from humasflow.pages.campaigns.forms import CampaignForm
from humasflow.pages.campaigns.views import MANAGING
from humasflow.planning import queries as planning
from humasflow.planning.campaigns import queries, services
from humasflow.planning.campaigns.enums import OfferState
from humasflow.planning.campaigns.models import Campaign, CampaignOffer
from humasflow.planning.campaigns.policy import reasons_not_to_answer


@blueprint.get("/kampanye/tawaran")
@requires(*MANAGING)
def campaign_offers() -> str:
    """Everything this office was asked."""
    lines = queries.list_offers_to(acting_office(current_user).id)
    return render_template("pages/campaigns/offers.html", lines=lines)


@blueprint.get("/kampanye/tawaran/<int:offer_id>")
@requires(*MANAGING)
def campaign_offer(offer_id: int) -> str:
    """One, with the form to take it over and the one to decline it."""
    offer, origin = queries.get_offer_to(current_user, offer_id)
    return _page(offer, origin, _adopting(offer, origin), RefusalForm())


@blueprint.post("/kampanye/tawaran/<int:offer_id>/ikuti")
@requires(*MANAGING)
def adopt_campaign(offer_id: int) -> Any:
    """Take it over as a campaign of this office."""
    offer, origin = queries.get_offer_to(current_user, offer_id, answering=True)
    form = _adopting(offer, origin)
    if not form.validate():
        return _page(offer, origin, form, RefusalForm(formdata=None)), 422
    try:
        own = services.adopt_offer(offer, actor=current_user, content=form.content())
    except services.CampaignRefused as error:
        form.refuse(error.part, error.message)
        return _page(offer, origin, form, RefusalForm(formdata=None)), 422
    except Refused as refused:
        return _page(offer, origin, form, RefusalForm(formdata=None), refused=refused, typed="ikuti"), 409
    flash(_("Kantor ini mengikuti kampanye tersebut dengan versinya sendiri."), "success")
    return redirect(url_for("pages.campaign", campaign_id=own.id), code=303)


@blueprint.post("/kampanye/tawaran/<int:offer_id>/tolak")
@requires(*MANAGING)
def decline_campaign(offer_id: int) -> Any:
    """Say no, and why."""
    offer, origin = queries.get_offer_to(current_user, offer_id, answering=True)
    form = RefusalForm()
    if not form.validate():
        return _page(offer, origin, _adopting(offer, origin, fresh=True), form), 422
    try:
        services.decline_offer(offer, actor=current_user, reason=form.reason.data or "")
    except Refused as refused:
        adopting = _adopting(offer, origin, fresh=True)
        return _page(offer, origin, adopting, form, refused=refused, typed="tolak"), 409
    flash(_("Jawaban tersimpan. Kantor di atas membaca alasannya."), "success")
    return redirect(url_for("pages.campaign_offers"), code=303)


def _adopting(offer: CampaignOffer, origin: Campaign, *, fresh: bool = False) -> CampaignForm:
    """The form, which begins with what is offered; shares of pillars go by their names."""
    pillars = planning.list_pillars(offer.office_id)
    if request.method == "POST" and not fresh:
        return CampaignForm(pillars=pillars)
    form = CampaignForm(formdata=None, pillars=pillars)
    form.show(origin)
    form.row_version.data = form.target.data = None  # the target is for the office itself to set
    theirs = {p.id: p.name.casefold() for p in planning.list_pillars(origin.office_id, with_inactive=True)}
    wished = {theirs[s.pillar_id]: s.percent for s in origin.shares}
    named = {p.id: wished.get(p.name.casefold()) for p in pillars}
    form.typed_shares = {ident: str(percent) for ident, percent in named.items() if percent}
    return form


def _page(
    offer: CampaignOffer,
    origin: Campaign,
    form: CampaignForm,
    declining: RefusalForm,
    *,
    refused: Refused | None = None,
    typed: str = "",
) -> str:
    """``typed``: the form whose answer came too late; what stands in it stays readable. What was taken back is not."""
    return render_template(
        "pages/campaigns/offer.html", offer=offer, giver=orgs.get_office(origin.office_id), form=form,
        campaign=origin if offer.state is not OfferState.WITHDRAWN else None, declining=declining,
        wished=_wished(origin), typed=typed,
        reasons=refused.reasons if refused else reasons_not_to_answer(current_user, offer),
    )  # fmt: skip


def _wished(origin: Campaign) -> str:
    """The mix that is wished for, in the words of the office that asks."""
    names = {p.id: p.name for p in planning.list_pillars(origin.office_id, with_inactive=True)}
    return ", ".join(f"{names[s.pillar_id]} {s.percent}%" for s in origin.shares)
