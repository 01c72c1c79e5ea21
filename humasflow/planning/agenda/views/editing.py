"""The forms of the agenda: a new event, changing one, and letting one fall through."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.accounts.queries import today_at
from humasflow.core.errors import Conflict, NotFound, Refused, UserError
from humasflow.core.guards import requires
from humasflow.orgs.queries import get_section, list_sections
from humasflow.planning.agenda import policy, queries, services
from humasflow.planning.agenda.forms import NINE, AddForm, EventForm, SettleForm
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.queries import Occurrence, moment
from humasflow.planning.agenda.recurrence import BadRule
from humasflow.planning.agenda.rule_words import describe
from humasflow.planning.agenda.services import BadContent, WouldDrop
from humasflow.planning.agenda.views.blueprint import blueprint
from humasflow.planning.agenda.views.pages import coverage_of, coverage_of_others, day_of, shown_of, when
from humasflow.planning.campaigns.queries import get_campaign_of, list_open_campaigns

_FIELDS = {"starts_at": "starts_on", "ends_at": "ends_on"}  # of the content → of the form


@blueprint.route("/baru", methods=["GET", "POST"])
@requires(policy.MANAGING)
def new() -> Any:
    """A new event; ``hari`` gives its day."""
    office = acting_office(current_user)
    form = EventForm()
    _offer(form, office.id)
    if form.validate_on_submit():
        try:
            made = services.create_event(
                actor=current_user, office_id=office.id, content=form.content(office.zone_name)
            )
        except (BadContent, BadRule) as error:
            _fail(form, error)
        else:
            flash(
                _("Agenda ditambahkan: %(when)s.", when=when(queries.get_occurrence(made, None))), "success"
            )
            return redirect(url_for("agenda.event", event_id=made.id), code=303)
    elif request.method == "GET":
        form.starts_on.data = day_of("hari") or today_at(office)
        form.starts_time.data, form.interval.data = NINE, 1
    return render_template("planning/agenda/edit.html", form=form, event=None), 422 if form.errors else 200


@blueprint.route("/<int:event_id>/sunting", methods=["GET", "POST"])
@requires(policy.MANAGING)
def edit(event_id: int) -> Any:
    """Change an occurrence, it and the later ones, or all; of an event that another calendar keeps, what the office
    adds to it.
    """
    found = queries.get_event(current_user, event_id)
    shown = shown_of(found)
    if found.feed_id is not None:
        return _add(found, shown)
    form = EventForm()
    _offer(form, found.office_id, found)
    more: dict[str, Any] = {}
    status = 200
    if form.validate_on_submit():
        try:
            changed = services.change_event(
                found, actor=current_user, occurrence=shown.occurrence, extent=form.chosen_extent,
                content=form.content(found.zone, found), row_version=form.row_version.data, drop=_drops(),
            )  # fmt: skip
        except (BadContent, BadRule) as error:
            _fail(form, error)
        except Refused as error:  # what is cancelled has no time to move; what was typed stays
            form.fail(form.starts_on, error.message)
        except WouldDrop as error:
            more, status = {"lost": error.lost}, 409
        except Conflict:
            form.row_version.data, more, status = found.row_version, {"saved_meanwhile": True}, 409
        else:
            flash(_("Perubahan tersimpan."), "success")
            return redirect(_address(changed, shown), code=303)
    elif request.method == "GET":
        form.show(found, shown)
    return render_template(
        "planning/agenda/edit.html", form=form, event=found, shown=shown, at=moment(shown.occurrence), when=when,
        repeats=describe(found.rule, found.starts_at, found.zone), **more,
    ), 422 if form.errors else status  # fmt: skip


def _add(found: AgendaEvent, shown: Occurrence) -> Any:
    form = AddForm()
    _offer(form, found.office_id, found)
    meanwhile, status = False, 200
    if form.validate_on_submit():
        try:
            services.add_to_event(
                found, actor=current_user, needs=form.chosen_needs, section_id=form.section_id.data,
                campaign_id=form.campaign_id.data, row_version=form.row_version.data,
            )  # fmt: skip
        except Conflict:
            form.row_version.data, meanwhile, status = found.row_version, True, 409
        else:
            flash(_("Perubahan tersimpan."), "success")
            return redirect(_address(found, shown), code=303)
    elif request.method == "GET":
        form.show(found)
    return render_template(
        "planning/agenda/edit.html", form=form, event=found, shown=shown, at=moment(shown.occurrence), when=when,
        repeats=describe(found.rule, found.starts_at, found.zone), saved_meanwhile=meanwhile,
    ), 422 if form.errors else status  # fmt: skip


@blueprint.route("/<int:event_id>/<any(batal, tunda, pulihkan, hapus):what>", methods=["GET", "POST"])
@requires(policy.MANAGING)
def settle(event_id: int, what: str) -> Any:
    """Cancel, postpone, restore or remove an occurrence, it and the later ones, or all."""
    found = queries.get_event(current_user, event_id)
    shown = shown_of(found)
    form = SettleForm()
    form.offer_extents(repeats=bool(found.rule))
    more: dict[str, Any] = {}
    status = 200
    if form.validate_on_submit():
        try:
            changed = _settle(what, found, shown, form)
        except BadContent as error:
            _fail(form, error)
        except BadRule as error:
            form.fail(form.starts_on, error.message)
        except WouldDrop as error:
            more, status = {"lost": error.lost}, 409
        except Conflict:  # what was typed stays; what the other person did is shown beside it
            form.row_version.data, more, status = found.row_version, {"saved_meanwhile": True}, 409
        else:
            gets_time = what == "tunda" and form.starts_on.data is not None
            flash(_("Waktu barunya tersimpan.") if gets_time else _SAID[what](), "success")
            if changed is None:
                return redirect(url_for("agenda.index"), code=303)
            return redirect(_address(changed, shown), code=303)
    elif request.method == "GET":
        form.row_version.data = found.row_version
    return render_template(
        "planning/agenda/settle.html", form=form, event=found, shown=shown, what=what, at=moment(shown.occurrence),
        when=when, covering=coverage_of(shown), others=coverage_of_others(found, shown), **more,
    ), 422 if form.errors else status  # fmt: skip


def _drops() -> bool:
    return request.form.get("hilangkan") == "1"


_SAID = {
    "batal": lambda: _("Agenda dibatalkan."),
    "tunda": lambda: _("Agenda ditunda."),
    "pulihkan": lambda: _("Agenda berlangsung lagi."),
    "hapus": lambda: _("Agenda dihapus."),
}


def _offer(form: EventForm | AddForm, office_id: int, found: AgendaEvent | None = None) -> None:
    """What is open now, and what the event carries already."""
    sections, campaigns = list(list_sections(office_id)), list(list_open_campaigns(office_id))
    if found is not None and found.section_id and found.section_id not in {s.id for s in sections}:
        sections.append(get_section(office_id, found.section_id))
    if found is not None and found.campaign_id and found.campaign_id not in {c.id for c in campaigns}:
        campaigns.append(get_campaign_of(office_id, found.campaign_id))
    form.offer(sections, campaigns, event=found)


def _settle(what: str, found: AgendaEvent, shown: Occurrence, form: SettleForm) -> AgendaEvent | None:
    actor, key, extent = current_user, shown.occurrence, form.chosen_extent
    reason, version = form.reason.data or "", form.row_version.data
    if what == "batal":
        return services.cancel_event(
            found, actor=actor, occurrence=key, extent=extent, reason=reason, row_version=version
        )
    if what == "tunda":
        return services.postpone_event(
            found, actor=actor, occurrence=key, extent=extent, reason=reason, starts_at=form.new_start(shown),
            row_version=version, drop=_drops(),
        )  # fmt: skip
    if what == "pulihkan":
        return services.restore_event(found, actor=actor, occurrence=key, extent=extent, row_version=version)
    services.remove_event(found, actor=actor, occurrence=key, extent=extent, row_version=version)
    return None


def _address(changed: AgendaEvent, shown: Occurrence) -> str:
    """The page of the occurrence where it still is one, else of the event."""
    try:
        queries.get_occurrence(changed, shown.occurrence)
    except NotFound:
        return url_for("agenda.event", event_id=changed.id)
    saat = moment(shown.occurrence) if changed.rule else None
    return url_for("agenda.event", event_id=changed.id, saat=saat)


def _fail(form: Any, error: UserError) -> None:
    """Put what the service says beside the field it is about."""
    name = error.field if isinstance(error, BadContent) else "repeat"
    if name == "ends_at" and "ends_time" in form and form.ends_time.data and not form.ends_on.data:
        name = "ends_time"
    name = _FIELDS.get(name, name)
    form.fail(form[name if name in form else "starts_on"], error.message)
