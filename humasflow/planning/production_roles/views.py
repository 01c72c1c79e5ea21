"""Settings of the production roles, for the office's admin: added, renamed, reordered, switched off, never deleted."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core.errors import Conflict
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.planning.production_roles import queries, services
from humasflow.planning.production_roles.forms import ProductionRoleForm


def add_routes(blueprint: Blueprint) -> None:
    """Put these pages under the room's blueprint."""
    base = "/pengaturan/peran-produksi"
    blueprint.add_url_rule(base, view_func=production_roles, methods=["GET", "POST"])
    blueprint.add_url_rule(
        f"{base}/<int:production_role_id>", view_func=production_role, methods=["GET", "POST"]
    )
    blueprint.add_url_rule(
        f"{base}/<int:production_role_id>/<any(nonaktifkan, aktifkan):what>",
        view_func=switch_production_role,
        methods=["POST"],
    )
    blueprint.add_url_rule(
        f"{base}/<int:production_role_id>/<any(naik, turun):what>",
        view_func=move_production_role,
        methods=["POST"],
    )


@requires(Permission.OFFICE_MANAGE)
def production_roles() -> Any:
    """All roles of the office, and a form to add one."""
    office = acting_office(current_user)
    form = ProductionRoleForm()
    if form.validate_on_submit():
        try:
            created = services.create_production_role(
                office.id, actor=current_user, label=form.label.data or "", hint=form.hint.data or ""
            )
        except services.DuplicateRole as error:
            form.fail(form.label, error.message)
        else:
            flash(_("%(name)s ditambahkan.", name=created.label), "success")
            return redirect(url_for("planning.production_roles"), code=303)
    known = queries.list_production_roles(office.id, with_inactive=True)
    page = render_template(
        "planning/production_roles.html", form=form, active=[r for r in known if r.is_active],
        inactive=[r for r in known if not r.is_active],
    )  # fmt: skip
    return page, 422 if form.errors else 200


@requires(Permission.OFFICE_MANAGE)
def production_role(production_role_id: int) -> Any:
    """Rename one, or say better what is expected."""
    found = queries.get_production_role(acting_office(current_user).id, production_role_id)
    form = ProductionRoleForm(obj=found)
    template = "planning/production_role.html"
    if not form.validate_on_submit():
        return render_template(template, form=form, role=found), 422 if form.errors else 200
    try:
        services.change_production_role(
            found, actor=current_user, label=form.label.data or "", hint=form.hint.data or "",
            is_active=found.is_active, row_version=form.row_version.data,
        )  # fmt: skip
    except services.DuplicateRole as error:
        form.fail(form.label, error.message)
        return render_template(template, form=form, role=found), 422
    except Conflict:
        form.row_version.data = found.row_version
        return render_template(template, form=form, role=found, saved_meanwhile=True), 409
    flash(_("Perubahan tersimpan."), "success")
    return redirect(url_for("planning.production_roles"), code=303)


@requires(Permission.OFFICE_MANAGE)
def switch_production_role(production_role_id: int, what: str) -> Any:
    """Stop offering one (tasks that carry it stay as they are), or offer it again."""
    found = queries.get_production_role(acting_office(current_user).id, production_role_id)
    services.change_production_role(
        found, actor=current_user, label=found.label, hint=found.hint, is_active=what == "aktifkan",
        row_version=None,
    )  # fmt: skip
    flash(
        _("%(name)s dapat dipilih lagi.", name=found.label)
        if found.is_active
        else _("%(name)s tidak ditawarkan lagi.", name=found.label),
        "success",
    )
    return redirect(url_for("planning.production_roles"), code=303)


@requires(Permission.OFFICE_MANAGE)
def move_production_role(production_role_id: int, what: str) -> Any:
    """One place up or down in the list that people choose from."""
    found = queries.get_production_role(acting_office(current_user).id, production_role_id)
    services.move_production_role(found, actor=current_user, up=what == "naik")
    return redirect(url_for("planning.production_roles"), code=303)
