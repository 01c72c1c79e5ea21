"""Content types and pillars, for the office's admin: added, renamed, switched off and on again, never deleted."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core.errors import Conflict
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.planning import queries, services
from humasflow.planning.forms import ContentTypeForm, PillarForm
from humasflow.planning.production_roles import views as production_roles

blueprint = Blueprint("planning", __name__)
production_roles.add_routes(blueprint)


@blueprint.route("/pengaturan/jenis-konten", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def content_types() -> Any:
    """All content types of the office, and a form to add one."""
    office = acting_office(current_user)
    form = ContentTypeForm()
    form.offer()
    if form.validate_on_submit():
        try:
            created = services.create_content_type(
                office.id, actor=current_user, label=form.label.data or "", on_newsroom=form.on_newsroom.data,
                template=form.chosen_template,
            )  # fmt: skip
        except services.DuplicateName as error:
            form.fail(form.label, error.message)
        else:
            flash(_("%(name)s ditambahkan.", name=created.label), "success")
            return redirect(url_for("planning.content_types"), code=303)
    known = queries.list_content_types(office.id, with_inactive=True)
    page = render_template(
        "planning/content_types.html", form=form, active=[t for t in known if t.is_active],
        inactive=[t for t in known if not t.is_active],
    )  # fmt: skip
    return page, 422 if form.errors else 200


@blueprint.route("/pengaturan/jenis-konten/<int:content_type_id>", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def content_type(content_type_id: int) -> Any:
    """Rename one, take it off the newsroom's sections, or change what its texts start from."""
    found = queries.get_content_type(acting_office(current_user).id, content_type_id)
    form = ContentTypeForm(obj=found)
    form.offer()
    template = "planning/content_type.html"
    if not form.validate_on_submit():
        return render_template(template, form=form, content_type=found), 422 if form.errors else 200
    try:
        services.change_content_type(
            found, actor=current_user, label=form.label.data or "", on_newsroom=form.on_newsroom.data,
            is_active=found.is_active, row_version=form.row_version.data, template=form.chosen_template,
            body_template=form.skeleton, credit_template=form.credit_template.data or "",
        )  # fmt: skip
    except services.DuplicateName as error:
        form.fail(form.label, error.message)
        return render_template(template, form=form, content_type=found), 422
    except Conflict:
        form.row_version.data = found.row_version
        return render_template(template, form=form, content_type=found, saved_meanwhile=True), 409
    flash(_("Perubahan tersimpan."), "success")
    return redirect(url_for("planning.content_types"), code=303)


@blueprint.post("/pengaturan/jenis-konten/<int:content_type_id>/<any(nonaktifkan, aktifkan):what>")
@requires(Permission.OFFICE_MANAGE)
def switch_content_type(content_type_id: int, what: str) -> Any:
    """Stop offering one (what carries it stays as it is), or offer it again."""
    found = queries.get_content_type(acting_office(current_user).id, content_type_id)
    services.change_content_type(
        found, actor=current_user, label=found.label, on_newsroom=found.on_newsroom, is_active=what == "aktifkan",
        row_version=None,
    )  # fmt: skip
    _say_switched(found.label, active=found.is_active)
    return redirect(url_for("planning.content_types"), code=303)


@blueprint.route("/pengaturan/pilar", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def pillars() -> Any:
    """All pillars of the office, and a form to add one."""
    office = acting_office(current_user)
    form = PillarForm()
    if form.validate_on_submit():
        try:
            created = services.create_pillar(
                office.id,
                actor=current_user,
                name=form.name.data or "",
                description=form.description.data or "",
            )
        except services.DuplicateName as error:
            form.fail(form.name, error.message)
        else:
            flash(_("%(name)s ditambahkan.", name=created.name), "success")
            return redirect(url_for("planning.pillars"), code=303)
    known = queries.list_pillars(office.id, with_inactive=True)
    page = render_template(
        "planning/pillars.html", form=form, active=[p for p in known if p.is_active],
        inactive=[p for p in known if not p.is_active],
    )  # fmt: skip
    return page, 422 if form.errors else 200


@blueprint.route("/pengaturan/pilar/<int:pillar_id>", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def pillar(pillar_id: int) -> Any:
    """Rename or describe one."""
    found = queries.get_pillar(acting_office(current_user).id, pillar_id)
    form = PillarForm(obj=found)
    template = "planning/pillar.html"
    if not form.validate_on_submit():
        return render_template(template, form=form, pillar=found), 422 if form.errors else 200
    try:
        services.change_pillar(
            found, actor=current_user, name=form.name.data or "", description=form.description.data or "",
            is_active=found.is_active, row_version=form.row_version.data,
        )  # fmt: skip
    except services.DuplicateName as error:
        form.fail(form.name, error.message)
        return render_template(template, form=form, pillar=found), 422
    except Conflict:
        form.row_version.data = found.row_version
        return render_template(template, form=form, pillar=found, saved_meanwhile=True), 409
    flash(_("Perubahan tersimpan."), "success")
    return redirect(url_for("planning.pillars"), code=303)


@blueprint.post("/pengaturan/pilar/<int:pillar_id>/<any(nonaktifkan, aktifkan):what>")
@requires(Permission.OFFICE_MANAGE)
def switch_pillar(pillar_id: int, what: str) -> Any:
    """Stop offering one, or offer it again."""
    found = queries.get_pillar(acting_office(current_user).id, pillar_id)
    services.change_pillar(
        found, actor=current_user, name=found.name, description=found.description, is_active=what == "aktifkan",
        row_version=None,
    )  # fmt: skip
    _say_switched(found.name, active=found.is_active)
    return redirect(url_for("planning.pillars"), code=303)


def _say_switched(name: str, *, active: bool) -> None:
    flash(
        _("%(name)s dapat dipilih lagi.", name=name)
        if active
        else _("%(name)s tidak ditawarkan lagi.", name=name),
        "success",
    )
