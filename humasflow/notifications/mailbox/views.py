"""The office's mailbox and what came in; stopping mail and confirming a pitch by the address in a mail."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from humasflow.accounts.models import User
from humasflow.accounts.policy import acting_office
from humasflow.accounts.signin import current_user
from humasflow.core import rate_limit
from humasflow.core.csrf import csrf
from humasflow.core.errors import Conflict, TooMany, UserError
from humasflow.core.guards import public, requires
from humasflow.core.permissions import Permission
from humasflow.notifications.enums import MailSecurity
from humasflow.notifications.mailbox import queries, services
from humasflow.notifications.mailbox.enums import Outcome
from humasflow.notifications.mailbox.forms import MailboxForm
from humasflow.notifications.mailbox.models import MailboxSettings
from humasflow.notifications.queries import get_mail_settings
from humasflow.notifications.services.holding import release
from humasflow.orgs.queries import get_office
from humasflow.outbox import queries as outbox

blueprint = Blueprint("mailbox", __name__)

PRESSES, AN_HOUR = 60, 3600  # of one network address


@blueprint.app_context_processor
def _held() -> dict[str, Any]:
    """What pages about people ask for; computed only where it is asked for."""
    return {"held_addresses": lambda: queries.held_addresses(acting_office(current_user).id)}


@blueprint.route("/pengaturan/surel/kotak-masuk", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def settings() -> Any:
    """The mailbox that is read for bounces and, where wanted, pitches."""
    office = acting_office(current_user)
    kept = queries.get_settings(office.id)
    form = MailboxForm(obj=kept)
    if not form.validate_on_submit():
        return _page(form, kept, 422 if form.errors else 200)
    try:
        services.save_mailbox(office, _filled(form), actor=current_user, row_version=form.row_version.data)
    except Conflict:
        # What was typed stays in the form, what stands now is shown above it, and a second save decides.
        form.row_version.data = kept.row_version if kept else None
        return _page(form, kept, 409)
    except UserError as error:
        form.fail(form.password, error.message)
        return _page(form, kept, 422)
    flash(_("Kotak masuk tersimpan dan sedang diuji."), "success")
    return redirect(url_for("mailbox.settings") + "#uji", code=303)


def _filled(form: MailboxForm) -> services.MailboxForm:
    return services.MailboxForm(
        host=(form.host.data or "").lower(),
        port=form.port.data or 0,
        security=MailSecurity(form.security.data),
        username=form.username.data or "",
        password=form.password.data or None,
        folder=form.folder.data or "",
        takes_pitches=bool(form.takes_pitches.data),
        trusted_server=form.trusted_server.data or "",
    )


def _page(form: MailboxForm, kept: MailboxSettings | None, status: int) -> Any:
    office = acting_office(current_user)
    sender = get_mail_settings(office.id)
    return (
        render_template(
            "notifications/mailbox/settings.html",
            form=form,
            kept=kept,
            conflict=status == 409,
            sender=sender,
            has_public_url=bool(current_app.config["PUBLIC_URL"]),
            worker_runs=outbox.is_worker_alive(),
        ),
        status,
    )


@blueprint.get("/pengaturan/surel/kotak-masuk/uji")
@requires(Permission.OFFICE_MANAGE)
def test_status() -> Any:
    """The part of the page that shows how the test went, asked for again while it waits."""
    kept = queries.get_settings(acting_office(current_user).id)
    return render_template(
        "notifications/mailbox/_status.html", kept=kept, worker_runs=outbox.is_worker_alive()
    )


@blueprint.post("/pengaturan/surel/kotak-masuk/uji")
@requires(Permission.OFFICE_MANAGE)
def test() -> Any:
    """Have a job sign in and open the folder."""
    services.queue_check(acting_office(current_user), actor=current_user)
    return redirect(url_for("mailbox.settings") + "#uji", code=303)


@blueprint.post("/pengaturan/surel/kotak-masuk/lepas")
@requires(Permission.OFFICE_MANAGE)
def remove() -> Any:
    """Read it no more."""
    services.remove_mailbox(acting_office(current_user), actor=current_user)
    flash(_("Kotak masuk dilepas. Surelnya sendiri tidak disentuh."), "success")
    return redirect(url_for("mailbox.settings"), code=303)


@blueprint.get("/pengaturan/surel/masuk")
@requires(Permission.OFFICE_MANAGE)
def incoming() -> Any:
    """What came in and what became of it."""
    wanted = request.args.get("hasil", "")
    outcome = Outcome(wanted) if wanted in set(Outcome) else None
    office = acting_office(current_user)
    page = queries.list_incoming(office.id, outcome=outcome, cursor=request.args.get("setelah"))
    return render_template(
        "notifications/mailbox/incoming.html",
        page=page,
        outcome=outcome,
        outcomes=list(Outcome),
        kept=queries.get_settings(office.id),
        continued=bool(request.args.get("setelah")),
    )


@blueprint.post("/pengaturan/surel/alamat/<int:hold_id>/coba-lagi")
@requires(Permission.OFFICE_MANAGE)
def release_address(hold_id: int) -> Any:
    """Send to a held address again."""
    found = release(acting_office(current_user), hold_id, actor=current_user)
    flash(_("Surel ke %(address)s dicoba lagi.", address=found.address), "success")
    return redirect(url_for("notifications.mail_settings") + "#ditahan", code=303)


@blueprint.get("/surel/berhenti/<token>")
@public
def unsubscribe(token: str) -> Any:
    """What pressing the button does; a GET changes nothing."""
    wish, user = services.read_token(token)
    topic = services.topic_named(wish.topic)
    return render_template(
        "notifications/mailbox/unsubscribe.html",
        token=token,
        topic=topic,
        address=_masked(user),
        all_stopped=services.is_stopped(user),
        topic_stopped=services.is_stopped(user, topic),
    )


@csrf.exempt  # a mail program presses it (RFC 8058): no session stands behind it, the signed token decides
@blueprint.post("/surel/berhenti/<token>")
@public
def stop(token: str) -> Any:
    """Stop, or start again. Whatever presses it without saying which stops."""
    wish, user = services.read_token(token)
    if rate_limit.count("mail.unsubscribe", request.remote_addr or "", per_seconds=AN_HOUR) > PRESSES:
        raise TooMany(_("Terlalu banyak percobaan. Coba lagi dalam satu jam."), retry_after=AN_HOUR)
    topic, asked = services.topic_named(wish.topic), request.form.get("pilihan", "")
    if asked == "nyalakan":
        services.start_again(user, topic)
    else:
        services.stop(user, None if asked == "semua" else topic)
    if "List-Unsubscribe" in request.form:
        return render_template("notifications/mailbox/one_click.txt"), 200, {"Content-Type": "text/plain"}
    return redirect(url_for("mailbox.unsubscribe", token=token), code=303)


def _masked(user: User) -> str:
    """Enough to recognise one's own address, too little to learn another's."""
    name, _at, domain = user.email.partition("@")
    return f"{name[:1]}…@{domain}"


@blueprint.get("/surel/usulan/<token>")
@public
def confirm(token: str) -> Any:
    """Which mail it is about, and the button that says it was one's own."""
    found = queries.get_waiting(token) if len(token) <= 100 else None
    return render_template(
        "notifications/mailbox/confirm.html",
        token=token,
        found=found,
        waits=found is not None and found.outcome is Outcome.WAITING,
        where=get_office(found.office_id) if found else None,
    ), (200 if found else 404)


@blueprint.post("/surel/usulan/<token>")
@public
def confirmed(token: str) -> Any:
    """It was."""
    services.confirm(token[:100])
    return redirect(url_for("mailbox.confirm", token=token), code=303)
