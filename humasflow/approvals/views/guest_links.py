"""Asking somebody without an account about one package, and who may be asked at all."""

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.approvals import policy, queries, services
from humasflow.approvals.forms.guests import AskGuestForm, GuestForm, LinkHoursForm
from humasflow.approvals.models import GuestApprover, Package
from humasflow.approvals.services.guests import GuestRefused
from humasflow.approvals.services.guests.register import count_uses
from humasflow.approvals.views.blueprint import blueprint
from humasflow.core.converters import row_number
from humasflow.core.errors import Conflict, UserError
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.orgs.queries import get_office

SHOWN_ONCE = (
    "guest_link"  # in the editor's own session between the POST that made a link and the page that shows it
)


@blueprint.route("/persetujuan/<int:package_id>/tautan", methods=["GET", "POST"])
@requires(Permission.STORY_WRITE)
def guest_links(package_id: int) -> Any:
    """Make a link for a guest; see those that were made."""
    package = queries.get_package(current_user, package_id)
    form = AskGuestForm(queries.list_guests(package.office_id), policy.open_seats(package))
    if not form.validate_on_submit():
        return _links_page(package, form), 422 if form.is_submitted() else 200
    guest = queries.get_guest(package.office_id, int(form.guest.data or 0))
    askee, seat = form.place()
    try:
        made = services.ask_guest(package, guest, actor=current_user, askee=askee, seat=seat)
    except UserError as error:
        if error.status not in (409, 422):
            raise
        return _links_page(
            queries.get_package(current_user, package_id), form, problem=error.message
        ), error.status
    session[SHOWN_ONCE] = [made.link.id, made.url]
    flash(_("Tautan untuk %(name)s sudah dibuat.", name=guest.name), "success")
    return redirect(url_for("approvals.guest_links", package_id=package.id), code=303)


@blueprint.post("/persetujuan/<int:package_id>/tautan/<int:link_id>/cabut")
@requires(Permission.STORY_WRITE)
def revoke_guest_link(package_id: int, link_id: int) -> Any:
    """The link is good no longer."""
    package = queries.get_package(current_user, package_id)
    services.revoke_link(queries.get_link(package, link_id), actor=current_user)
    flash(_("Tautan dicabut."), "success")
    return redirect(url_for("approvals.guest_links", package_id=package.id), code=303)


def _links_page(package: Package, form: AskGuestForm, *, problem: str = "") -> str:
    made = session.pop(SHOWN_ONCE, None) if request.method == "GET" else None
    lines = queries.list_links(package)
    fresh = next((line.link for line in lines if made and line.link.id == made[0]), None)
    return render_template(
        "approvals/guest_links.html", package=package, form=form, lines=lines, problem=problem, fresh=fresh,
        url=made[1] if made and fresh else "", where=get_office(package.office_id),
        by_hand=policy.waits_for_a_hand(package),
        reasons=policy.reasons_not_to_use_links(current_user, package), hours=queries.link_hours(package.office_id),
    )  # fmt: skip


@blueprint.route("/pengaturan/penyetuju-tamu", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def guests() -> Any:
    """Who may be asked without an account, and how long their links are good for."""
    office = acting_office(current_user)
    form = LinkHoursForm(queries.link_hours(office.id))
    if form.validate_on_submit():
        services.set_link_hours(office.id, actor=current_user, hours=form.hours.data or 0)
        flash(_("Masa berlaku tautan tersimpan."), "success")
        return redirect(url_for("approvals.guests"), code=303)
    found = queries.list_guests(office.id, with_inactive=True)
    page = render_template("approvals/guests.html", guests=found, form=form)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/pengaturan/penyetuju-tamu/baru", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def new_guest() -> Any:
    """Note somebody down."""
    return _edit(None)


@blueprint.route("/pengaturan/penyetuju-tamu/<int:guest_id>", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def guest(guest_id: int) -> Any:
    """Change somebody's data, or switch them off."""
    return _edit(queries.get_guest(acting_office(current_user).id, guest_id))


def _edit(found: GuestApprover | None) -> Any:
    office = acting_office(current_user)
    form = GuestForm(found)

    def page(problem: str = "") -> str:
        uses = count_uses(found) if found else 0
        return render_template("approvals/guest.html", form=form, guest=found, uses=uses, problem=problem)

    if not form.validate_on_submit():
        return page(), 422 if form.is_submitted() else 200
    try:
        if found is None:
            services.add_guest(office.id, actor=current_user, content=form.content())
        else:
            services.change_guest(
                found, actor=current_user, content=form.content(), is_active=bool(form.is_active.data),
                row_version=request.form.get("row_version", type=row_number),
            )  # fmt: skip
    except Conflict as conflict:
        return page(conflict.message), 409
    except GuestRefused as refused:
        form.fail(form[refused.field], refused.message)
        return page(), 422
    flash(_("Data penyetuju tamu tersimpan."), "success")
    return redirect(url_for("approvals.guests"), code=303)
