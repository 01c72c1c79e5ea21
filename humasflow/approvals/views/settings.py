"""Pengaturan › Persetujuan: what an edit does to an approval, and what happens as time passes."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.approvals import queries, services
from humasflow.approvals.forms import EditPolicyForm, PatienceForm
from humasflow.approvals.services.settings import SettingsRefused
from humasflow.approvals.views.blueprint import blueprint
from humasflow.core.converters import row_number
from humasflow.core.db import db
from humasflow.core.errors import Conflict
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.stories.models import EditPolicy


@blueprint.route("/pengaturan/persetujuan/sesudah-disetujui", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def edit_policy() -> Any:
    """What an edit after approval does."""
    office = acting_office(current_user)
    policy = db.session.get(EditPolicy, office.id)
    form = EditPolicyForm(policy)

    def page(problem: str = "") -> str:
        return render_template("approvals/edit_policy.html", form=form, policy=policy, problem=problem)

    if not form.validate_on_submit():
        return page(), 422 if form.is_submitted() else 200
    try:
        services.set_edit_policy(
            office.id, actor=current_user, only_marked=form.only_marked, marked=form.chosen,
            row_version=request.form.get("row_version", type=row_number),
        )  # fmt: skip
    except Conflict as conflict:
        return page(conflict.message), 409
    except SettingsRefused as refused:
        form.fail(form[refused.field], refused.message)
        return page(), 422
    flash(_("Aturan tersimpan dan berlaku untuk penyimpanan berikutnya."), "success")
    return redirect(url_for("approvals.chains", _anchor="sesudah"), code=303)


@blueprint.route("/pengaturan/persetujuan/pengingat", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def patience() -> Any:
    """When approvers are reminded, and when somebody else hears of it."""
    office = acting_office(current_user)
    settings = queries.get_settings(office.id)
    form = PatienceForm(settings)

    def page(problem: str = "") -> str:
        return render_template("approvals/patience.html", form=form, settings=settings, problem=problem)

    if not form.validate_on_submit():
        return page(), 422 if form.is_submitted() else 200
    content = form.content()
    if content is None:
        return page(), 422
    try:
        services.set_patience(
            office.id, actor=current_user, content=content,
            row_version=request.form.get("row_version", type=row_number),
        )  # fmt: skip
    except Conflict as conflict:
        return page(conflict.message), 409
    except SettingsRefused as refused:
        form.fail(form[refused.field], refused.message)
        return page(), 422
    flash(_("Pengingat tersimpan."), "success")
    return redirect(url_for("approvals.chains", _anchor="pengingat"), code=303)
