"""Who is away when: one's own days on the profile, and the office's list for editors and admins."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts import absences, queries
from humasflow.accounts.enums import AbsenceKind
from humasflow.accounts.forms import AbsenceForm
from humasflow.accounts.models import Absence
from humasflow.accounts.policy import acting_office
from humasflow.accounts.services import absences as services
from humasflow.accounts.views.blueprint import blueprint
from humasflow.core.errors import Conflict, UserError
from humasflow.core.guards import requires, signed_in
from humasflow.core.permissions import Permission


@blueprint.route("/profil/ketidakhadiran", methods=["GET", "POST"])
@signed_in
def own_absences() -> Any:
    """One's own absences, and a form to add one."""
    office = acting_office(current_user)
    form = AbsenceForm()
    form.offer()
    if form.validate_on_submit() and _recorded(form, current_user.id):
        return redirect(url_for("accounts.own_absences"), code=303)
    listed = absences.list_of_person(current_user.id, since=queries.today_at(office))
    page = render_template(
        "accounts/own_absences.html", form=form, listed=listed, today=queries.today_at(office)
    )
    return page, 422 if form.errors else 200


@blueprint.route("/pengguna/ketidakhadiran", methods=["GET", "POST"])
@requires(*absences.MANAGING)
def office_absences() -> Any:
    """Who of the office is away, and a form to write it down for somebody."""
    office = acting_office(current_user)
    form = AbsenceForm()
    form.offer(queries.list_people_with(Permission.PITCH_CREATE, office))
    if form.validate_on_submit():
        if form.user_id.data is None:
            form.fail(form.user_id, _("Pilih orangnya."))
        elif _recorded(form, form.user_id.data):
            return redirect(url_for("accounts.office_absences"), code=303)
    today = queries.today_at(office)
    every = absences.list_of_office(office)
    page = render_template(
        "accounts/office_absences.html", form=form, today=today, show_days=absences.show_days,
        away=[a for a in every if a.covers(today)], ahead=[a for a in every if a.starts_on > today],
        past=[a for a in reversed(every) if a.ends_on < today],
        can_open=lambda a: absences.can_open(current_user, a),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@blueprint.route("/ketidakhadiran/<int:absence_id>", methods=["GET", "POST"])
@signed_in
def absence(absence_id: int) -> Any:
    """Change one, or remove it."""
    found = absences.get_absence(current_user, absence_id)
    form = AbsenceForm(obj=found)
    form.offer()
    template = "accounts/absence.html"
    if not form.validate_on_submit():
        form.kind.data = form.kind.data or found.kind.value
        return render_template(
            template, form=form, absence=found, back=_list_of(found)
        ), 422 if form.errors else 200
    first, last = form.days()
    try:
        services.change_absence(
            found, actor=current_user, kind=AbsenceKind(form.kind.data), starts_on=first, ends_on=last,
            note=form.note.data or "", row_version=form.row_version.data,
        )  # fmt: skip
    except Conflict:
        form.row_version.data = found.row_version
        return render_template(
            template, form=form, absence=found, back=_list_of(found), saved_meanwhile=True
        ), 409
    except (services.Overlap, services.BadDays) as error:
        form.fail(form.starts_on, error.message)
        return render_template(template, form=form, absence=found, back=_list_of(found)), 422
    flash(_("Perubahan tersimpan."), "success")
    return redirect(_list_of(found), code=303)


@blueprint.post("/ketidakhadiran/<int:absence_id>/hapus")
@signed_in
def remove_absence(absence_id: int) -> Any:
    """The person comes to work after all."""
    found = absences.get_absence(current_user, absence_id)
    back = _list_of(found)
    services.remove_absence(found, actor=current_user)
    flash(_("Catatan ketidakhadiran dihapus."), "success")
    return redirect(back, code=303)


def _list_of(found: Absence) -> str:
    own = found.user_id == current_user.id
    return url_for("accounts.own_absences" if own else "accounts.office_absences")


def _recorded(form: AbsenceForm, user_id: int) -> bool:
    """Whether it stands in the database; otherwise the form says why not."""
    first, last = form.days()
    try:
        made = services.record_absence(
            actor=current_user, office=acting_office(current_user), user_id=user_id,
            kind=AbsenceKind(form.kind.data), starts_on=first, ends_on=last, note=form.note.data or "",
        )  # fmt: skip
    except UserError as error:
        form.fail(form.starts_on, error.message)
        return False
    days = absences.show_days(made.absence.starts_on, made.absence.ends_on)
    flash(
        _("Digabung dengan %(earlier)s menjadi %(days)s.", earlier=", ".join(made.merged), days=days)
        if made.merged
        else _("Tercatat: %(kind)s %(days)s.", kind=made.absence.kind.label, days=days),
        "success",
    )
    return True
