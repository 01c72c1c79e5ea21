"""In and out: sign-in, the buttons of a sample office, invitations, sign-out."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from humasflow.accounts import queries
from humasflow.accounts.forms import AcceptInvitationForm, SignInForm
from humasflow.accounts.loopback import is_local_request
from humasflow.accounts.services import invitations, sessions
from humasflow.accounts.services.invitations import WeakPassword
from humasflow.accounts.signin import device, enter
from humasflow.accounts.views.blueprint import blueprint
from humasflow.core import unit_of_work
from humasflow.core.errors import TooMany
from humasflow.core.guards import public


@blueprint.route("/masuk", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    """The sign-in page. A wrong address and a wrong password get the same answer in the same time."""
    form = SignInForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
        if current_user.is_authenticated and not current_user.good_for:
            return redirect(form.target(), code=303)
        return _sign_in_page(form)
    if not form.validate_on_submit():
        return _sign_in_page(form), 422
    unit_of_work.keep()  # the count of tries outlives the refusal
    try:
        principal = sessions.sign_in(
            form.email.data or "",
            form.password.data or "",
            address=request.remote_addr or "",
            device=device(),
        )
    except TooMany as error:
        form.fail(form.password, error.message)
        return _sign_in_page(form), error.status, {"Retry-After": str(error.retry_after)}
    except sessions.WrongCredentials as error:
        form.fail(form.password, error.message)
        return _sign_in_page(form), error.status
    enter(principal)
    return redirect(form.target(), code=303)


def _sign_in_page(form: SignInForm) -> str:
    samples = queries.list_sample_sign_ins() if is_local_request(request) else []
    return render_template("accounts/sign_in.html", form=form, samples=samples)


@blueprint.post("/masuk/contoh")
@public
def sign_in_sample() -> Any:
    """Sign in as one of the people of a sample office: only on this very machine, and only those on the buttons."""
    if not is_local_request(request):
        abort(404)
    wanted = request.form.get("role", "")
    grant = next((g for g in queries.list_sample_sign_ins() if g.role.value == wanted), None)
    if grant is None:
        abort(404)
    enter(sessions.open_session(grant.user, device=device()))
    return redirect(url_for("pages.home"), code=303)


@blueprint.post("/keluar")
@public
def sign_out() -> Any:
    """End this device's session. For somebody whose session is over already it ends the same way."""
    if current_user.is_authenticated:
        sessions.close_session(current_user)
        logout_user()
    session.clear()
    flash(_("Anda sudah keluar."), "success")
    return redirect(url_for("accounts.sign_in"), code=303)


@blueprint.route("/undangan/<token>", methods=["GET", "POST"])
@public
def accept_invitation(token: str) -> Any:
    """A person sets a password with the link from their admin, and is signed in."""
    user = invitations.get_invited(token)
    is_new = user.password_hash is None
    form = AcceptInvitationForm(name=user.name, email=user.email)
    if form.validate_on_submit():
        try:
            invitations.accept(token, form.password.data or "")
        except WeakPassword as error:
            form.fail(form.password, error.message)
        else:
            enter(sessions.open_session(user, device=device()))
            flash(
                _("Selamat datang, %(name)s. Kata sandi Anda sudah tersimpan.", name=user.name)
                if is_new
                else _("Kata sandi baru sudah tersimpan."),
                "success",
            )
            return redirect(url_for("pages.home"), code=303)
    page = render_template("accounts/accept_invitation.html", form=form, person=user)
    return page, 422 if form.errors else 200
