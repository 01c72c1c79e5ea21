"""The inbox, and how an office sends mail."""

from typing import Any

from flask import Blueprint, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from humasflow.accounts.policy import acting_office
from humasflow.accounts.signin import current_user, page_they_came_from
from humasflow.core.errors import Conflict, UserError
from humasflow.core.guards import requires, signed_in
from humasflow.core.permissions import Permission
from humasflow.notifications import queries, services
from humasflow.notifications.enums import MailSecurity
from humasflow.notifications.forms import MailSettingsForm
from humasflow.notifications.models import MailSettings
from humasflow.notifications.routing.enums import NoticeTopic
from humasflow.outbox import queries as outbox

blueprint = Blueprint("notifications", __name__)

UNREAD = "belum-dibaca"
LARGEST_ID = 2**63 - 1


@blueprint.get("/pemberitahuan/")
@signed_in
def inbox() -> Any:
    """What the person was told, newest first; narrowed to what is new, or to a topic."""
    unread_only = request.args.get("hanya") == UNREAD
    asked = request.args.get("tentang", "")
    topic = NoticeTopic(asked) if asked in set(NoticeTopic) else None
    page = queries.list_notices(
        current_user.id, unread_only=unread_only, topic=topic, cursor=request.args.get("setelah")
    )
    return render_template(
        "notifications/inbox.html",
        page=page,
        unread_only=unread_only,
        continued=bool(request.args.get("setelah")),
        filter_name=UNREAD,
        topic=topic,
        topics=list(NoticeTopic),
        newest_id=max((n.id for n in page), default=0),
    )


@blueprint.get("/pemberitahuan/jumlah")
@signed_in
def count() -> Any:
    """How many are new, for the bell of an open page. Asking is not being there: the session does not live longer."""
    g.pop("touch_session", None)
    number = queries.count_unread(current_user.id)
    answer = jsonify(count=number)
    answer.set_etag(f"{current_user.id}-{number}")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Cookie"
    return answer.make_conditional(request)


@blueprint.post("/pemberitahuan/<int:notification_id>/baca")
@signed_in
def read(notification_id: int) -> Any:
    """Mark one as read and go where it leads."""
    notice = services.mark_read(current_user.id, notification_id)
    return redirect(queries.url_for_notice(notice), code=303)


@blueprint.post("/pemberitahuan/<int:notification_id>/tandai")
@signed_in
def mark(notification_id: int) -> Any:
    """Mark one as read and stay."""
    services.mark_read(current_user.id, notification_id)
    return redirect(page_they_came_from(url_for("notifications.inbox")), code=303)


@blueprint.post("/pemberitahuan/baca-semua")
@signed_in
def read_all() -> Any:
    """Mark as read what the person saw; what came in meanwhile stays new."""
    up_to = min(request.form.get("up_to", 0, type=int), LARGEST_ID)
    count = services.mark_all_read(current_user.id, up_to_id=up_to)
    if count:
        flash(
            ngettext(
                "%(num)s pemberitahuan ditandai dibaca.", "%(num)s pemberitahuan ditandai dibaca.", count
            ),
            "success",
        )
    return redirect(url_for("notifications.inbox"), code=303)


@blueprint.route("/pengaturan/surel", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def mail_settings() -> Any:
    """How the office sends mail; the last mails and their fate."""
    office = acting_office(current_user)
    settings = queries.get_mail_settings(office.id)
    form = MailSettingsForm(obj=settings)
    if not form.validate_on_submit():
        return _page(form, settings, 422 if form.errors else 200)
    try:
        services.save_mail_settings(
            office, _filled(form), actor=current_user, row_version=form.row_version.data
        )
    except Conflict:
        # What was typed stays in the form, what stands now is shown above it, and a second save decides.
        form.row_version.data = settings.row_version if settings else None
        return _page(form, settings, 409)
    except UserError as error:
        form.fail(form.password, error.message)
        return _page(form, settings, 422)
    flash(_("Pengaturan surel tersimpan. Uji sambungannya sekarang."), "success")
    return redirect(url_for("notifications.mail_settings") + "#uji", code=303)


def _filled(form: MailSettingsForm) -> services.MailForm:
    return services.MailForm(
        host=(form.host.data or "").lower(),
        port=form.port.data or 0,
        security=MailSecurity(form.security.data),
        username=form.username.data or "",
        password=form.password.data or None,
        from_address=form.from_address.data or "",
        from_name=form.from_name.data or "",
    )


def _page(form: MailSettingsForm, settings: MailSettings | None, status: int) -> Any:
    office = acting_office(current_user)
    return (
        render_template(
            "notifications/mail_settings.html",
            form=form,
            settings=settings,
            conflict=status == 409,
            mails=queries.list_mails(office.id),
            has_public_url=bool(current_app.config["PUBLIC_URL"]),
            **_test_facts(office.id),
        ),
        status,
    )


def _test_facts(office_id: int) -> dict[str, Any]:
    settings = queries.get_mail_settings(office_id)
    return {
        "test": queries.get_last_test(office_id),
        "test_problem": queries.explain(settings.test_result) if settings else "",
        "tested_at": settings.tested_at if settings else None,
        "worker_runs": outbox.is_worker_alive(),
    }


@blueprint.post("/pengaturan/surel/uji")
@requires(Permission.OFFICE_MANAGE)
def test_mail() -> Any:
    """Put a real mail to oneself into the outbox."""
    services.queue_test(acting_office(current_user), actor=current_user)
    return redirect(url_for("notifications.mail_settings") + "#uji", code=303)


@blueprint.get("/pengaturan/surel/uji")
@requires(Permission.OFFICE_MANAGE)
def test_status() -> Any:
    """The part of the page that shows how the test went, asked for again while it waits."""
    return render_template("notifications/_test_status.html", **_test_facts(acting_office(current_user).id))


@blueprint.post("/pengaturan/surel/<int:mail_id>/kirim-ulang")
@requires(Permission.OFFICE_MANAGE)
def resend(mail_id: int) -> Any:
    """Try a failed mail again."""
    services.resend(acting_office(current_user), mail_id, actor=current_user)
    flash(_("Surel dimasukkan lagi ke antrean."), "success")
    return redirect(url_for("notifications.mail_settings"), code=303)
