"""The wizard of the first start, and the end of the sample office."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_user, logout_user

from humasflow.accounts.loopback import is_local_request
from humasflow.accounts.policy import acting_office
from humasflow.accounts.services import sessions
from humasflow.accounts.services.devices import describe_device
from humasflow.accounts.services.invitations import WeakPassword
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.guards import enforce, public, requires
from humasflow.core.permissions import Permission
from humasflow.setup import queries, services
from humasflow.setup.forms import ArchiveForm, WipeForm, WizardForm

blueprint = Blueprint("setup", __name__)

# What answers before there is anybody: the wizard, its language and theme, static files, and whether we are alive.
_OPEN = frozenset({
    "setup.wizard", "setup.create_sample", "setup.archive", "accounts.set_language", "accounts.set_theme", "static",
    "pages.healthz", "pages.readyz",
})  # fmt: skip


def _lead_to_wizard() -> Any:
    """With nobody to sign in as, every page leads to the wizard."""
    if request.endpoint in _OPEN:
        return None
    # Signing in is where everybody ends up who has no session; only there is the remembered answer checked again.
    if queries.is_set_up(afresh=request.endpoint == "accounts.sign_in"):
        return None
    return redirect(url_for("setup.wizard"), code=303)


@blueprint.record_once
def _before_the_guards(state: BlueprintSetupState) -> None:
    hooks = state.app.before_request_funcs.setdefault(None, [])
    # Ahead of the guards, which would send everybody to a sign-in page that cannot let anybody in.
    hooks.insert(hooks.index(enforce) if enforce in hooks else len(hooks), _lead_to_wizard)


def _may_set_up() -> bool:
    key = request.values.get("kunci", "")
    return is_local_request(request) or services.is_link_key(key)


def _done_already() -> Any:
    if current_user.is_authenticated:
        return redirect(url_for("pages.home"), code=303)
    flash(_("Kantor sudah disiapkan. Silakan masuk."))
    return redirect(url_for("accounts.sign_in"), code=303)


@blueprint.route("/siapkan", methods=["GET", "POST"])
@public
def wizard() -> Any:
    """The first page of an empty installation. Closed for good once somebody exists."""
    if queries.is_set_up(afresh=True):
        return _done_already()
    if not _may_set_up():
        return render_template("setup/locked.html"), 403
    form = WizardForm()
    form.offer()
    if request.method == "GET":
        form.kunci.data = request.args.get("kunci", "")
    if not form.validate_on_submit():
        return render_template("setup/wizard.html", form=form), 422 if form.errors else 200
    try:
        user = services.set_up(form.office(), form.admin())
    except services.AlreadySetUp:
        return _done_already()
    except WeakPassword as error:
        form.fail(form.password, error.message)
        return render_template("setup/wizard.html", form=form), 422
    session.clear()
    session.permanent = True
    login_user(sessions.open_session(user, device=describe_device(request.user_agent.string)))
    flash(_("Kantor siap dipakai."), "success")
    return redirect(url_for("setup.next_steps"), code=303)


@blueprint.post("/siapkan/kantor-contoh")
@public
def create_sample() -> Any:
    """Build the sample office and lead to its sign-in buttons."""
    if queries.is_set_up(afresh=True):
        return _done_already()
    if not _may_set_up():
        return render_template("setup/locked.html"), 403
    try:
        services.start_sample()
    except services.AlreadySetUp:
        return _done_already()
    flash(_("Kantor contoh siap. Pilih sebagai siapa Anda ingin masuk."), "success")
    return redirect(url_for("accounts.sign_in"), code=303)


@blueprint.route("/siapkan/arsip", methods=["GET", "POST"])
@public
def archive() -> Any:
    """Read the archive of an office instead, and lead its admin to a new password."""
    if queries.is_set_up(afresh=True):
        return _done_already()
    if not _may_set_up():
        return render_template("setup/locked.html"), 403
    form = ArchiveForm()
    if request.method == "GET":
        form.kunci.data = request.args.get("kunci", "")
    if not form.validate_on_submit():
        return render_template("setup/archive.html", form=form), 422 if form.errors else 200
    try:
        found = services.read_uploaded(form.file.data)
    except UserError as error:
        db.session.rollback()
        form.fail(form.file, error.message)
        return render_template("setup/archive.html", form=form), error.status
    flash(
        _("%(office)s sudah dibaca kembali: %(rows)s catatan dan %(files)s berkas.",
          office=found.office.name, rows=found.rows, files=found.files), "success",
    )  # fmt: skip
    if found.lost:
        flash(
            ngettext("%(num)s berkas sudah hilang sebelum arsip itu dibuat.",
                     "%(num)s berkas sudah hilang sebelum arsip itu dibuat.", len(found.lost)),
        )  # fmt: skip
    return redirect(url_for("accounts.accept_invitation", token=found.token), code=303)


@blueprint.get("/siapkan/langkah-berikut")
@requires(Permission.ACCOUNT_MANAGE)
def next_steps() -> Any:
    """What an office needs after the first start."""
    return render_template("setup/next_steps.html", steps=queries.list_next_steps())


@blueprint.route("/siapkan/hapus-contoh", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def wipe() -> Any:
    """Remove the sample office; afterwards the wizard is back."""
    office = acting_office(current_user)
    if not office.is_sample:
        abort(404)
    form = WipeForm()
    confirmation = services.confirmation_for(office)
    if form.validate_on_submit():
        try:
            services.wipe_sample(office, actor=current_user, typed=form.typed.data or "")
        except UserError as error:
            form.fail(form.typed, error.message)
        else:
            logout_user()
            session.clear()
            flash(_("Kantor contoh sudah dihapus. Sekarang siapkan kantor Anda."), "success")
            return redirect(url_for("setup.wizard"), code=303)
    page = render_template("setup/wipe.html", form=form, confirmation=confirmation)
    return page, 422 if form.errors else 200
