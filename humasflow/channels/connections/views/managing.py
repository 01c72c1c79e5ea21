"""Testing, pausing and ending the connection of an account."""

from typing import Any

from flask import flash, render_template
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.channels.connections import queries
from humasflow.channels.connections.awaiting import waiting_on
from humasflow.channels.connections.forms import PauseForm
from humasflow.channels.connections.policy import health_of
from humasflow.channels.connections.services.looking import look
from humasflow.channels.connections.services.managing import disconnect, pause_account, resume_account
from humasflow.channels.connections.views.blueprint import account_here, blueprint, to_account
from humasflow.channels.connections.wording.lateness import late_note
from humasflow.core.errors import NotFound
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission


@blueprint.post("/pengaturan/kanal/<int:account_id>/uji")
@requires(Permission.CHANNEL_MANAGE)
def test(account_id: int) -> Any:
    """Uji sambungan: who we are there, until when, how much it still takes, or what is wrong."""
    account = account_here(account_id)
    error = look(account, actor=current_user)
    if error is None:
        flash(_("Sambungan %(name)s berfungsi.", name=account.name), "success")
    else:
        flash(
            _("Sambungan %(name)s belum berfungsi. Penjelasannya ada di halaman ini.", name=account.name),
            "error",
        )
    return to_account(account_id)


@blueprint.route("/pengaturan/kanal/<int:account_id>/jeda", methods=["GET", "POST"])
@requires(Permission.CHANNEL_MANAGE)
def pause(account_id: int) -> Any:
    """Let an account rest, with a reason that others read."""
    account = account_here(account_id)
    form = PauseForm()
    if form.validate_on_submit():
        pause_account(account, actor=current_user, reason=form.reason.data or "")
        flash(
            _("%(name)s dijeda. Yang jatuh tempo menunggu sampai dilanjutkan.", name=account.name), "success"
        )
        return to_account(account_id)
    page = render_template(
        "channels/connections/pause.html",
        account=account,
        form=form,
        waiting=waiting_on(current_user, account.id),
        late_note=late_note(account.grace_minutes),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/pengaturan/kanal/<int:account_id>/lanjutkan")
@requires(Permission.CHANNEL_MANAGE)
def resume(account_id: int) -> Any:
    """What waited may go out."""
    account = account_here(account_id)
    resume_account(account, actor=current_user)
    if health_of(account, queries.get_connection_of(account.id)).needs_reauth:
        flash(
            _(
                "%(name)s dilanjutkan, tetapi belum ada yang tayang sebelum disambungkan ulang.",
                name=account.name,
            ),
            "warning",
        )
    else:
        said = _("%(name)s dilanjutkan. Yang menunggu segera diproses.", name=account.name)
        flash(f"{said} {late_note(account.grace_minutes)}", "success")
    return to_account(account_id)


@blueprint.get("/pengaturan/kanal/<int:account_id>/putuskan")
@requires(Permission.CHANNEL_MANAGE)
def ending(account_id: int) -> Any:
    """What ending the connection means, with what waits on it by name."""
    account = account_here(account_id)
    found = queries.get_connection_of(account.id)
    if found is None:
        raise NotFound
    return render_template(
        "channels/connections/disconnect.html", account=account, health=health_of(account, found),
        waiting=waiting_on(current_user, account.id),
    )  # fmt: skip


@blueprint.post("/pengaturan/kanal/<int:account_id>/putuskan")
@requires(Permission.CHANNEL_MANAGE)
def end(account_id: int) -> Any:
    """Forget everything that lets us in."""
    account = account_here(account_id)
    disconnect(account, actor=current_user)
    flash(
        _("Sambungan %(name)s diputus. Kata sandi dan izinnya sudah dihapus dari sini.", name=account.name),
        "success",
    )
    return to_account(account_id)
