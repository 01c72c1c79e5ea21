"""The office and its sections, for its admin. Both pages are settings: nothing here needs a restart."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.core.db import db
from humasflow.core.errors import Conflict
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.orgs import queries, services
from humasflow.orgs.enums import OfficeKind
from humasflow.orgs.forms import OfficeForm, SectionForm
from humasflow.orgs.models import Unit

blueprint = Blueprint("orgs", __name__)


def _office() -> Unit:
    """The office the person is acting in. The guard let only somebody in who holds a role there."""
    office: Unit = current_user.office
    return office


@blueprint.route("/pengaturan/kantor", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def office() -> Any:
    """Name, kind, zone and the four-eyes rule."""
    unit = _office()
    form = OfficeForm(obj=unit)
    form.offer()
    if not form.validate_on_submit():
        return render_template("orgs/office.html", form=form, unit=unit), 422 if form.errors else 200
    try:
        services.change_office(
            unit, actor=current_user, name=form.name.data or "", short_name=form.short_name.data or "",
            office_kind=OfficeKind(form.office_kind.data), timezone=form.timezone.data,
            four_eyes=form.four_eyes.data, row_version=form.row_version.data,
        )  # fmt: skip
    except Conflict:
        form.row_version.data = unit.row_version
        return render_template("orgs/office.html", form=form, unit=unit, saved_meanwhile=True), 409
    flash(_("Data kantor tersimpan."), "success")
    return redirect(url_for("orgs.office"), code=303)


@blueprint.route("/pengaturan/seksi", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def sections() -> Any:
    """The sections of the office, and a form to add one."""
    unit = _office()
    form = SectionForm()
    if form.validate_on_submit():
        try:
            created = services.create_section(
                unit, actor=current_user, name=form.name.data or "", short_name=form.short_name.data or ""
            )
        except services.DuplicateName as error:
            form.fail(form.name, error.message)
        else:
            flash(_("%(name)s ditambahkan.", name=created.name), "success")
            return redirect(url_for("orgs.sections"), code=303)
    known = queries.list_sections(unit.id, with_inactive=True)
    page = render_template(
        "orgs/sections.html", form=form, open_sections=[s for s in known if s.is_active],
        closed_sections=[s for s in known if not s.is_active], names={s.id: s.name for s in known},
    )  # fmt: skip
    return page, 422 if form.errors else 200


@blueprint.route("/pengaturan/seksi/<int:section_id>", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def section(section_id: int) -> Any:
    """Rename a section; from here it is also closed and reopened."""
    unit = _office()
    found = queries.get_section(unit.id, section_id)
    form = SectionForm(obj=found)
    if not form.validate_on_submit():
        return render_template("orgs/section.html", form=form, section=found), 422 if form.errors else 200
    try:
        services.change_section(
            found, unit, actor=current_user, name=form.name.data or "", short_name=form.short_name.data or "",
            is_active=found.is_active, row_version=form.row_version.data,
        )  # fmt: skip
    except services.DuplicateName as error:
        form.fail(form.name, error.message)
        return render_template("orgs/section.html", form=form, section=found), 422
    except Conflict:
        form.row_version.data = found.row_version
        return render_template("orgs/section.html", form=form, section=found, saved_meanwhile=True), 409
    flash(_("Perubahan tersimpan."), "success")
    return redirect(url_for("orgs.sections"), code=303)


@blueprint.post("/pengaturan/seksi/<int:section_id>/tutup")
@requires(Permission.OFFICE_MANAGE)
def close_section(section_id: int) -> Any:
    """Close a section; its people, stories and scores stay."""
    return _set_open(section_id, is_open=False, done=_("Seksi ditutup."))


@blueprint.post("/pengaturan/seksi/<int:section_id>/buka")
@requires(Permission.OFFICE_MANAGE)
def reopen_section(section_id: int) -> Any:
    """Open a closed section again."""
    return _set_open(section_id, is_open=True, done=_("Seksi dibuka kembali."))


def _set_open(section_id: int, *, is_open: bool, done: str) -> Any:
    unit = _office()
    found = queries.get_section(unit.id, section_id)
    try:
        with (
            db.session.begin_nested()
        ):  # the answer is a redirect, which commits: nothing half-done may be left
            services.change_section(
                found, unit, actor=current_user, name=found.name, short_name=found.short_name, is_active=is_open,
                row_version=None,
            )  # fmt: skip
    except services.DuplicateName as error:
        flash(error.message, "error")
    else:
        flash(done, "success")
    return redirect(url_for("orgs.sections"), code=303)
