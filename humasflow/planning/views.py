"""What an office offers to choose from, for its admin: content types, pillars and production roles.

Each is added, renamed, put in order, switched off and on again, never deleted.
"""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import StringField

from humasflow.accounts.policy import acting_office
from humasflow.core.errors import Conflict
from humasflow.core.forms import BaseForm
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.planning import offering, queries, services
from humasflow.planning.forms import ContentTypeForm, PillarForm, ProductionRoleForm
from humasflow.planning.models import ContentType, Pillar, ProductionRole
from humasflow.planning.offered import Offered
from humasflow.planning.production_roles import services as roles

blueprint = Blueprint("planning", __name__, url_prefix="/pengaturan")

# The word in the address → what it lists, and the page of the list.
LISTS: Final[dict[str, tuple[type[Offered], str]]] = {
    "jenis-konten": (ContentType, "planning.content_types"),
    "pilar": (Pillar, "planning.pillars"),
    "peran-produksi": (ProductionRole, "planning.production_roles"),
}


@blueprint.route("/jenis-konten", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def content_types() -> Any:
    """All content types of the office, and a form to add one."""
    form = ContentTypeForm()
    form.offer()

    def add(office_id: int) -> Offered:
        return services.create_content_type(
            office_id, actor=current_user, label=form.label.data or "", on_newsroom=form.on_newsroom.data,
            template=form.chosen_template,
        )  # fmt: skip

    return _list("jenis-konten", "planning/content_types.html", form, form.label, add)


@blueprint.route("/jenis-konten/<int:content_type_id>", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def content_type(content_type_id: int) -> Any:
    """Rename one, take it off the newsroom's sections, or change what its texts start from."""
    found = queries.get_content_type(acting_office(current_user).id, content_type_id)
    form = ContentTypeForm(obj=found)
    form.offer()

    def save() -> None:
        services.change_content_type(
            found, actor=current_user, label=form.label.data or "", on_newsroom=form.on_newsroom.data,
            template=form.chosen_template, body_template=form.skeleton,
            credit_template=form.credit_template.data or "", row_version=form.row_version.data,
        )  # fmt: skip

    return _edit("jenis-konten", "planning/content_type.html", form, form.label, save, content_type=found)


@blueprint.route("/pilar", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def pillars() -> Any:
    """All pillars of the office, and a form to add one."""
    form = PillarForm()

    def add(office_id: int) -> Offered:
        name, description = form.name.data or "", form.description.data or ""
        return services.create_pillar(office_id, actor=current_user, name=name, description=description)

    return _list("pilar", "planning/pillars.html", form, form.name, add)


@blueprint.route("/pilar/<int:pillar_id>", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def pillar(pillar_id: int) -> Any:
    """Rename or describe one."""
    found = queries.get_pillar(acting_office(current_user).id, pillar_id)
    form = PillarForm(obj=found)

    def save() -> None:
        services.change_pillar(
            found, actor=current_user, name=form.name.data or "", description=form.description.data or "",
            row_version=form.row_version.data,
        )  # fmt: skip

    return _edit("pilar", "planning/pillar.html", form, form.name, save, pillar=found)


@blueprint.route("/peran-produksi", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def production_roles() -> Any:
    """All production roles of the office, and a form to add one."""
    form = ProductionRoleForm()

    def add(office_id: int) -> Offered:
        label, hint = form.label.data or "", form.hint.data or ""
        return roles.create_production_role(office_id, actor=current_user, label=label, hint=hint)

    return _list("peran-produksi", "planning/production_roles.html", form, form.label, add)


@blueprint.route("/peran-produksi/<int:production_role_id>", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def production_role(production_role_id: int) -> Any:
    """Rename one, or say better what is expected."""
    found = queries.get_offered(ProductionRole, acting_office(current_user).id, production_role_id)
    form = ProductionRoleForm(obj=found)

    def save() -> None:
        roles.change_production_role(
            found, actor=current_user, label=form.label.data or "", hint=form.hint.data or "",
            row_version=form.row_version.data,
        )  # fmt: skip

    return _edit("peran-produksi", "planning/production_role.html", form, form.label, save, role=found)


@blueprint.post(
    '/<any("jenis-konten", pilar, "peran-produksi"):kind>/<int:row_id>/<any(naik, turun, nonaktifkan, aktifkan):what>'
)
@requires(Permission.OFFICE_MANAGE)
def arrange(kind: str, row_id: int, what: str) -> Any:
    """Move one up or down, stop offering it (what carries it stays as it is), or offer it again."""
    listed, back = LISTS[kind]
    found = queries.get_offered(listed, acting_office(current_user).id, row_id)
    if what in ("naik", "turun"):
        offering.move(found, actor=current_user, up=what == "naik")
    else:
        offering.switch(found, actor=current_user, is_active=what == "aktifkan")
        if found.is_active:
            flash(_("%(name)s dapat dipilih lagi.", name=found.called), "success")
        else:
            flash(_("%(name)s tidak ditawarkan lagi.", name=found.called), "success")
    return redirect(url_for(back), code=303)


def _list(kind: str, template: str, form: BaseForm, named: StringField, add: Callable[[int], Offered]) -> Any:
    """The page of a list with its form to add; ``add`` adds what the form holds, ``named`` is the field of its name."""
    office = acting_office(current_user)
    listed, back = LISTS[kind]
    if form.validate_on_submit():
        try:
            created = add(office.id)
        except offering.DuplicateName as error:
            form.fail(named, error.message)
        else:
            flash(_("%(name)s ditambahkan.", name=created.called), "success")
            return redirect(url_for(back), code=303)
    known = queries.list_offered(listed, office.id, with_inactive=True)
    page = render_template(
        template, form=form, kind=kind, active=[row for row in known if row.is_active],
        inactive=[row for row in known if not row.is_active],
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _edit(
    kind: str, template: str, form: Any, named: StringField, save: Callable[[], None], **page: Offered
) -> Any:
    """The page of one row; ``save`` saves what the form holds, ``page`` names the row for the template."""
    if not form.validate_on_submit():
        return render_template(template, form=form, **page), 422 if form.errors else 200
    try:
        save()
    except offering.DuplicateName as error:
        form.fail(named, error.message)
        return render_template(template, form=form, **page), 422
    except Conflict:
        (form.row_version.data,) = (row.row_version for row in page.values())
        return render_template(template, form=form, **page, saved_meanwhile=True), 409
    flash(_("Perubahan tersimpan."), "success")
    return redirect(url_for(LISTS[kind][1]), code=303)
