"""The office's bot, and one's own chat with it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.core.errors import UserError
from humasflow.core.guards import requires, signed_in
from humasflow.core.permissions import Permission
from humasflow.notifications.telegram import queries, services
from humasflow.notifications.telegram.forms import BotForm
from humasflow.outbox import queries as outbox

blueprint = Blueprint("telegram", __name__)


@blueprint.route("/pengaturan/telegram", methods=["GET", "POST"])
@requires(Permission.OFFICE_MANAGE)
def bot() -> Any:
    """The bot with which the office writes to its people."""
    office = acting_office(current_user)
    form = BotForm()
    if form.validate_on_submit():
        try:
            services.save_bot(office, form.token.data or "", actor=current_user)
        except UserError as error:
            form.fail(form.token, error.message)
        else:
            flash(_("Token tersimpan. Telegram sedang ditanyai."), "success")
            return redirect(url_for("telegram.bot"), code=303)
    page = render_template("notifications/telegram/bot.html", form=form, **_facts(office.id))
    return page, 422 if form.errors else 200


@blueprint.get("/pengaturan/telegram/keadaan")
@requires(Permission.OFFICE_MANAGE)
def bot_state() -> Any:
    """The part of the page that says how the bot is, asked for again while Telegram has not answered."""
    return render_template("notifications/telegram/_state.html", **_facts(acting_office(current_user).id))


@blueprint.post("/pengaturan/telegram/lepas")
@requires(Permission.OFFICE_MANAGE)
def remove_bot() -> Any:
    """Forget the bot and the chats with it."""
    services.remove_bot(acting_office(current_user), actor=current_user)
    flash(_("Bot dilepas. Tidak ada lagi kabar lewat Telegram."), "success")
    return redirect(url_for("telegram.bot"), code=303)


@blueprint.get("/pemberitahuan/telegram")
@signed_in
def chat() -> Any:
    """Whether one's Telegram is linked, and how to link it."""
    return render_template("notifications/telegram/chat.html", code="", **_own())


@blueprint.post("/pemberitahuan/telegram")
@signed_in
def invite() -> Any:
    """A fresh code, shown once. Sent again, it gives another and voids the one before."""
    code = services.invite(current_user)
    return render_template("notifications/telegram/chat.html", code=code, **_own())


@blueprint.get("/pemberitahuan/telegram/keadaan")
@signed_in
def chat_state() -> Any:
    """The part of the page that notices when the chat is linked."""
    return render_template("notifications/telegram/_chat_state.html", code="", waiting=True, **_own())


@blueprint.post("/pemberitahuan/telegram/putus")
@signed_in
def unlink() -> Any:
    """No more news there."""
    found = queries.get_chat(acting_office(current_user).id, current_user.id)
    if found is not None:
        services.unlink(found, actor=current_user)
        flash(_("Telegram diputus."), "success")
    return redirect(url_for("telegram.chat"), code=303)


def _facts(office_id: int) -> dict[str, Any]:
    return {
        "bot": queries.get_bot(office_id),
        "linked": queries.count_linked(office_id),
        "worker_runs": outbox.is_worker_alive(),
    }


def _own() -> dict[str, Any]:
    office = acting_office(current_user)
    return {
        "bot": queries.get_bot(office.id),
        "chat": queries.get_chat(office.id, current_user.id),
        "worker_runs": outbox.is_worker_alive(),
    }
