"""The office's campaigns, one with its progress, and the form."""

from collections import Counter
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.audit import queries as audit
from humasflow.core.errors import Conflict, NotFound, Refused, UserError
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.orgs import queries as orgs
from humasflow.pages.blueprint import blueprint
from humasflow.pages.campaigns.forms import CampaignForm, OfferForm
from humasflow.pages.campaigns.progress import (
    FEW,
    STORIES_SHOWN,
    audiences_of,
    mix_of,
    progress_of,
    stories_of,
    together,
)
from humasflow.pages.context import handed_over_count
from humasflow.planning import queries as planning
from humasflow.planning.campaigns import queries, services
from humasflow.planning.campaigns.enums import OfferState, Stage
from humasflow.planning.campaigns.models import Campaign
from humasflow.planning.campaigns.policy import can_manage

MANAGING = (Permission.STORY_WRITE, Permission.OFFICE_MANAGE)


@blueprint.get("/kampanye/")
@requires(Permission.CALENDAR_READ)
def campaigns() -> str:
    """Campaigns of the office with how far each is: those that run, or with ``lihat`` those of another stage."""
    office = acting_office(current_user)
    today, wanted = today_at(office), request.args.get("lihat", "")
    stage = next((s for s in Stage if s.value == wanted), Stage.RUNNING)
    page = queries.list_campaigns(office.id, stage=stage, today=today, cursor=request.args.get("setelah"))
    manages = can_manage(current_user, office.id)
    return render_template(
        "pages/campaigns/index.html", page=page, progress=progress_of(page.items), today=today, stage=stage,
        stages=list(Stage), can_manage=manages,
        waiting=queries.count_open_offers(office.id) if manages else 0,
        handed=handed_over_count() if current_user.can(Permission.STORY_READ) else None,
    )  # fmt: skip


@blueprint.route("/kampanye/baru", methods=["GET", "POST"])
@requires(*MANAGING)
def new_campaign() -> Any:
    """Plan one."""
    office = acting_office(current_user)
    form = CampaignForm(pillars=planning.list_pillars(office.id))
    if request.method == "GET":
        return _form_page(form)
    if not form.validate():
        return _form_page(form), 422
    try:
        made = services.create_campaign(actor=current_user, office_id=office.id, content=form.content())
    except services.CampaignRefused as error:
        form.refuse(error.part, error.message)
        return _form_page(form), 422
    flash(_("Kampanye %(name)s tersusun.", name=made.name), "success")
    return redirect(url_for("pages.campaign", campaign_id=made.id), code=303)


@blueprint.get("/kampanye/<int:campaign_id>")
@requires(Permission.CALENDAR_READ)
def campaign(campaign_id: int) -> str:
    """One, with its progress, its mix, its stories, and what offices below made of it."""
    return _page(queries.get_campaign(current_user, campaign_id))


@blueprint.route("/kampanye/<int:campaign_id>/sunting", methods=["GET", "POST"])
@requires(*MANAGING)
def edit_campaign(campaign_id: int) -> Any:
    """Change what it says."""
    found = _managed(campaign_id)
    chosen = {s.pillar_id for s in found.shares}
    pillars = planning.list_pillars(found.office_id, with_inactive=True)
    form = CampaignForm(pillars=[p for p in pillars if p.is_active or p.id in chosen])
    if request.method == "GET":
        form.show(found)
        return _form_page(form, found)
    if not form.validate():
        return _form_page(form, found), 422
    try:
        services.change_campaign(
            found, actor=current_user, content=form.content(), row_version=form.row_version.data
        )
    except services.CampaignRefused as error:
        form.refuse(error.part, error.message)
        return _form_page(form, found), 422
    except Conflict:
        form.row_version.data = found.row_version
        return _form_page(form, found, saved_meanwhile=True), 409
    flash(_("Perubahan tersimpan."), "success")
    return redirect(url_for("pages.campaign", campaign_id=found.id), code=303)


@blueprint.post("/kampanye/<int:campaign_id>/<any(nonaktifkan, aktifkan):what>")
@requires(*MANAGING)
def switch_campaign(campaign_id: int, what: str) -> Any:
    """Stop offering it, or offer it again."""
    found = _managed(campaign_id)
    services.switch_campaign(found, actor=current_user, is_active=what == "aktifkan")
    said = _("%(name)s dapat dipilih lagi.") if found.is_active else _("%(name)s tidak ditawarkan lagi.")
    flash(said % {"name": found.name}, "success")
    return redirect(url_for("pages.campaign", campaign_id=found.id), code=303)


@blueprint.post("/kampanye/<int:campaign_id>/ajak")
@requires(*MANAGING)
def offer_campaign(campaign_id: int) -> Any:
    """Ask offices below to take part."""
    found = _managed(campaign_id)
    form = OfferForm()
    form.offer(orgs.list_offices_below(orgs.get_office(found.office_id)))
    if not form.validate():
        raise NotFound
    try:
        made = services.offer_campaign(found, actor=current_user, office_ids=form.chosen())
    except Refused:
        raise
    except UserError as error:
        form.fail(form.office_ids, error.message)
        return _page(found, form), error.status
    if made:
        flash(_("%(n)s kantor diajak mengikuti kampanye ini.", n=len(made)), "success")
    else:
        flash(_("Kantor itu sudah diajak; tidak ada yang dikirim lagi."), "info")
    return redirect(url_for("pages.campaign", campaign_id=found.id, _anchor="kantor"), code=303)


@blueprint.post("/kampanye/<int:campaign_id>/ajakan/<int:offer_id>/tarik")
@requires(*MANAGING)
def withdraw_campaign_offer(campaign_id: int, offer_id: int) -> Any:
    """Take an unanswered offer back."""
    found = _managed(campaign_id)
    services.withdraw_offer(queries.get_offer_of(found, offer_id), actor=current_user)
    flash(_("Ajakan ditarik."), "success")
    return redirect(url_for("pages.campaign", campaign_id=found.id, _anchor="kantor"), code=303)


def _managed(campaign_id: int) -> Campaign:
    """A campaign of the office that the person acts in."""
    return queries.get_campaign_of(acting_office(current_user).id, campaign_id)


def _form_page(form: CampaignForm, found: Campaign | None = None, **more: Any) -> str:
    return render_template("pages/campaigns/form.html", form=form, campaign=found, **more)


def _page(found: Campaign, form: OfferForm | None = None) -> str:
    office = orgs.get_office(found.office_id)
    manages = can_manage(current_user, office.id) and acting_office(current_user).id == office.id
    offers = queries.list_offers_of(found)
    asked = {line.office_id for line in offers if line.state in (OfferState.OFFERED, OfferState.ADOPTED)}
    below = [o for o in orgs.list_offices_below(office) if o.id not in asked] if manages else []
    asking = form or OfferForm(formdata=None)
    asking.offer(below)
    adopted = queries.campaigns_by_id(line.adopted_id for line in offers)
    progress = progress_of([found, *adopted.values()])
    stories = stories_of(current_user, found)
    return render_template(
        "pages/campaigns/detail.html", campaign=found, progress=progress[found.id], mix=mix_of(found), FEW=FEW,
        audiences=audiences_of(current_user, found), stories=stories[:STORIES_SHOWN],
        more=len(stories) > STORIES_SHOWN, offers=offers, counts=Counter(line.state for line in offers),
        theirs={i: progress[i] for i in adopted},
        everywhere=together([progress[found.id], *(progress[i] for i in adopted)]), below=below, form=asking,
        can_manage=manages, origin=queries.origin_of(found), where=office, today=today_at(office),
        pillars={p.id: p.name for p in planning.list_pillars(office.id, with_inactive=True)},
        timeline=audit.list_timeline(("campaign", found.id)) if manages else [],
    )  # fmt: skip
