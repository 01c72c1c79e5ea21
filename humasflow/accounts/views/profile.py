"""One's own profile, password and devices."""

from typing import Any

from flask import flash, redirect, render_template, session, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from humasflow.accounts import absences, nips, phones, queries
from humasflow.accounts.forms import ChangePasswordForm, ProfileForm
from humasflow.accounts.services import profile as services
from humasflow.accounts.services import sessions
from humasflow.accounts.services.invitations import WeakPassword
from humasflow.accounts.services.profile import NoPassword, WrongPassword
from humasflow.accounts.signin import device, enter
from humasflow.accounts.views.blueprint import blueprint
from humasflow.core import unit_of_work
from humasflow.core.errors import TooMany
from humasflow.core.guards import signed_in


def _page(form: ProfileForm | None = None, password_form: ChangePasswordForm | None = None) -> str:
    user = current_user.user
    return render_template(
        "accounts/profile.html",
        form=form or ProfileForm(formdata=None, obj=user),
        password_form=password_form or ChangePasswordForm(name=user.name, email=user.email, formdata=None),
        devices=queries.list_sessions(user.id), held=current_user.held,
        absences=absences.list_of_person(user.id, since=queries.today_at(current_user.office))
        if current_user.office
        else (),
    )  # fmt: skip


@blueprint.route("/profil", methods=["GET", "POST"])
@signed_in
def profile() -> Any:
    """Name, language, theme, mail and shortcuts."""
    form = ProfileForm(obj=current_user.user)
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    try:
        services.change_profile(
            current_user, name=form.name.data, locale=form.locale.data, theme=form.theme.data,
            wants_email=form.wants_email.data, shortcuts=form.shortcuts.data,
            phone=phones.to_e164(form.phone.data or "") or "", nip=nips.to_nip(form.nip.data or ""),
        )  # fmt: skip
    except nips.NipTaken as error:
        form.fail(form.nip, error.message)
        return _page(form), 422
    with force_locale(form.locale.data):
        flash(_("Profil tersimpan."), "success")
    return redirect(url_for("accounts.profile"), code=303)


@blueprint.post("/profil/kata-sandi")
@signed_in
def change_password() -> Any:
    """A new password; every other device is signed out."""
    user = current_user.user
    form = ChangePasswordForm(name=user.name, email=user.email)
    if not form.validate_on_submit():
        return _page(password_form=form), 422
    unit_of_work.keep()  # the count of tries outlives the refusal
    try:
        principal = services.change_password(
            current_user, old=form.old.data or "", new=form.password.data or "", device=device()
        )
    except (WrongPassword, NoPassword, TooMany) as error:
        form.fail(form.old, error.message)
        return _page(password_form=form), error.status
    except WeakPassword as error:
        form.fail(form.password, error.message)
        return _page(password_form=form), error.status
    enter(principal)
    flash(_("Kata sandi diganti. Perangkat lain sudah dikeluarkan."), "success")
    return redirect(url_for("accounts.profile"), code=303)


@blueprint.post("/profil/perangkat/<int:session_id>/keluar")
@signed_in
def revoke_session(session_id: int) -> Any:
    """Sign one device out; for this very one it is an ordinary sign-out."""
    sessions.revoke_session(current_user, session_id)
    if session_id == current_user.session_id:
        return _left(_("Anda sudah keluar."))
    flash(_("Perangkat itu sudah dikeluarkan."), "success")
    return redirect(url_for("accounts.profile") + "#perangkat", code=303)


@blueprint.post("/profil/perangkat/keluar-semua")
@signed_in
def sign_out_everywhere() -> Any:
    """Sign out on every device, this one too."""
    office = current_user.office
    sessions.revoke_sessions(current_user.user, actor=current_user, office_id=office.id if office else 0)
    return _left(_("Anda sudah keluar di semua perangkat."))


def _left(message: str) -> Any:
    logout_user()
    session.clear()
    flash(message, "success")
    return redirect(url_for("accounts.sign_in"), code=303)
