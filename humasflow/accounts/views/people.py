"""People and their roles, for the admin of an office."""

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts import nips, policy, queries
from humasflow.accounts.forms import NewPersonForm, PersonForm, RoleForm
from humasflow.accounts.models import User
from humasflow.accounts.policy import acting_office
from humasflow.accounts.services import people as building_blocks
from humasflow.accounts.services import staff
from humasflow.accounts.views.blueprint import blueprint
from humasflow.audit import queries as audit
from humasflow.core.db import db
from humasflow.core.errors import Conflict, Refused, UserError
from humasflow.core.forms import trimmed
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission
from humasflow.orgs import queries as orgs
from humasflow.orgs.models import Unit

INVITATION = (
    "invitation"  # in the admin's own session between the POST that made a link and the page that shows it
)


def _units(office: Unit) -> list[Unit]:
    return [office, *orgs.list_sections(office.id)]


@blueprint.get("/pengaturan/pengguna")
@requires(Permission.ACCOUNT_MANAGE)
def people() -> Any:
    """Everybody of the office with their roles; who cannot sign in any more stands below."""
    office, q = acting_office(current_user), trimmed(request.args.get("q", ""))[:100]
    page = queries.page_of_people(office, q=q, cursor=request.args.get("setelah"))
    found = [(person, queries.grants_in(office, person)) for person in page]
    return render_template(
        "accounts/people.html", active=[pair for pair in found if pair[0].is_active],
        inactive=[pair for pair in found if not pair[0].is_active], page=page, q=q, today=queries.today_at(office),
    )  # fmt: skip


@blueprint.route("/pengaturan/pengguna/baru", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def new_person() -> Any:
    """Add a person; leads to the page that shows the invitation link."""
    office = acting_office(current_user)
    units = _units(office)
    form = NewPersonForm()
    form.offer(units)
    if form.validate_on_submit():
        try:
            user, link = staff.add_person(
                office, actor=current_user, name=form.name.data or "", email=form.email.data or "",
                wanted=form.wanted(units), nip=nips.to_nip(form.nip.data or "") or "",
            )  # fmt: skip
        except building_blocks.EmailTaken as error:
            form.fail(form.email, error.message)
        except nips.NipTaken as error:
            form.fail(form.nip, error.message)
        except UserError as error:
            _only_about_the_form(error)
            form.fail(form.role, error.message)
        else:
            session[INVITATION] = [user.id, link]
            flash(_("%(name)s sudah ditambahkan.", name=user.name), "success")
            return redirect(url_for("accounts.person", user_id=user.id), code=303)
    page = render_template("accounts/new_person.html", form=form, today=queries.today_at(office))
    return page, 422 if form.errors else 200


@blueprint.route("/pengaturan/pengguna/<int:user_id>", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def person(user_id: int) -> Any:
    """One person: name and address, roles, invitation, activation, and what happened to the account."""
    office = acting_office(current_user)
    user = queries.get_person(office, user_id)
    form = PersonForm(obj=user)
    if not form.validate_on_submit():
        return _person_page(user, office, form=form), 422 if form.errors else 200
    try:
        staff.change_person(
            user, office, actor=current_user, name=form.name.data or "", email=form.email.data or "",
            row_version=form.row_version.data, nip=nips.to_nip(form.nip.data or ""),
        )  # fmt: skip
    except nips.NipTaken as error:
        form.fail(form.nip, error.message)
        return _person_page(user, office, form=form), 422
    except (building_blocks.EmailTaken, Refused) as error:
        form.fail(form.email, error.message)
        return _person_page(user, office, form=form), 422
    except Conflict:
        form.row_version.raw_data = None
        form.row_version.data = user.row_version
        return _person_page(user, office, form=form, saved_meanwhile=True), 409
    flash(_("Perubahan tersimpan."), "success")
    return redirect(url_for("accounts.person", user_id=user.id), code=303)


def _person_page(
    user: User, office: Unit, *, form: PersonForm | None = None, saved_meanwhile: bool = False
) -> str:
    made = session.pop(INVITATION, None) if request.method == "GET" else None
    elsewhere = queries.works_elsewhere(user, office)
    return render_template(
        "accounts/person.html",
        person=user, grants=queries.grants_in(office, user), today=queries.today_at(office),
        form=form or PersonForm(formdata=None, obj=user), saved_meanwhile=saved_meanwhile,
        link=made[1] if made and made[0] == user.id else "",
        elsewhere=policy.reasons_not_to_manage_account(user, office, works_elsewhere=elsewhere),
        entries=[e for e in audit.list_timeline(("user", user.id), limit=60) if e.office_id == office.id],
    )  # fmt: skip


@blueprint.route("/pengaturan/pengguna/<int:user_id>/peran", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def add_role(user_id: int) -> Any:
    """Give one more role."""
    office = acting_office(current_user)
    user, units = queries.get_person(office, user_id), _units(office)
    form = RoleForm()
    form.offer(units)
    if form.validate_on_submit():
        try:
            staff.add_role(user, office, actor=current_user, wanted=form.wanted(units))
        except UserError as error:
            _only_about_the_form(error)
            form.fail(form.role, error.message)
        else:
            flash(_("Peran ditambahkan."), "success")
            return redirect(url_for("accounts.person", user_id=user.id), code=303)
    page = render_template("accounts/add_role.html", form=form, person=user, today=queries.today_at(office))
    return page, 422 if form.errors else 200


@blueprint.post("/pengaturan/pengguna/<int:user_id>/peran/<int:grant_id>/akhiri")
@requires(Permission.ACCOUNT_MANAGE)
def end_role(user_id: int, grant_id: int) -> Any:
    """End a role; it stays in the record."""
    office = acting_office(current_user)
    user = queries.get_person(office, user_id)
    return _act(
        user, lambda: staff.end_role(user, grant_id, office, actor=current_user), _("Peran diakhiri.")
    )


@blueprint.post("/pengaturan/pengguna/<int:user_id>/undang")
@requires(Permission.ACCOUNT_MANAGE)
def invite_person(user_id: int) -> Any:
    """A new link for somebody who lost the first or forgot the password."""
    office = acting_office(current_user)
    user = queries.get_person(office, user_id)

    def invite() -> None:
        session[INVITATION] = [user.id, staff.invite_again(user, office, actor=current_user)]

    return _act(user, invite, _("Tautan baru sudah dibuat. Tautan sebelumnya tidak berlaku lagi."))


@blueprint.post("/pengaturan/pengguna/<int:user_id>/nonaktifkan")
@requires(Permission.ACCOUNT_MANAGE)
def disable_person(user_id: int) -> Any:
    """Keep a person out, on every device at once."""
    office = acting_office(current_user)
    user = queries.get_person(office, user_id)
    return _act(
        user,
        lambda: staff.set_active(user, office, actor=current_user, active=False),
        _("Akun dinonaktifkan dan semua perangkatnya dikeluarkan."),
    )


@blueprint.post("/pengaturan/pengguna/<int:user_id>/aktifkan")
@requires(Permission.ACCOUNT_MANAGE)
def enable_person(user_id: int) -> Any:
    """Let a person in again."""
    office = acting_office(current_user)
    user = queries.get_person(office, user_id)
    return _act(
        user,
        lambda: staff.set_active(user, office, actor=current_user, active=True),
        _("Akun diaktifkan kembali."),
    )


def _act(user: User, act: Any, done: str) -> Any:
    """Do it, or say why not on the person's page: nothing was typed that could be lost."""
    try:
        with (
            db.session.begin_nested()
        ):  # the answer is a redirect, which commits: nothing half-done may be left
            act()
    except UserError as error:
        _only_about_the_form(error)
        flash(error.message, "error")
    else:
        flash(done, "success")
    return redirect(url_for("accounts.person", user_id=user.id), code=303)


def _only_about_the_form(error: UserError) -> None:
    """A missing object or a missing permission is no matter of the form: let it become the page it is."""
    if error.status in (403, 404):
        raise error
