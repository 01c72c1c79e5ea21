"""Connecting an account on the platform's own page, and coming back from there."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.channels.adapters.errors import AdapterError, AuthRevoked
from humasflow.channels.connections import queries
from humasflow.channels.connections.forms import ChooseForm, ServerForm
from humasflow.channels.connections.policy import Connector
from humasflow.channels.connections.services import granting
from humasflow.channels.connections.services.connecting import (
    OtherIdentity,
    Taken,
    connect,
    taken_outlets,
    try_granted,
)
from humasflow.channels.connections.views.blueprint import (
    blueprint,
    connectable,
    private,
    return_address,
    sent_on,
    to_account,
)
from humasflow.channels.connections.views.connecting import page_of
from humasflow.channels.connections.wording.troubles import (
    Trouble,
    trouble_on_return,
    trouble_while_connecting,
)
from humasflow.channels.models import ChannelAccount
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission


@blueprint.post("/pengaturan/kanal/<int:account_id>/sambungkan/masuk")
@requires(Permission.CHANNEL_MANAGE)
def begin(account_id: int) -> Any:
    """Set out for the platform's page.

    The answer is a page with a link, not a redirect: our policy lets a form lead nowhere but here, and Chromium holds
    redirects of its answer to that too.
    """
    account, connector = connectable(account_id)
    form = ServerForm()
    if connector.registering is not None and not form.validate():
        return page_of(account, connector, server=form, status=422)
    try:
        if connector.registering is not None:
            key = granting.own_key_for(
                account, form.server.data or "", actor=current_user, redirect_uri=return_address()
            )
        else:
            known = granting.key_for(account)
            if known is None:
                return redirect(url_for("connections.app_key", provider=connector.provider), code=303)
            key = known
    except AdapterError as error:
        said = trouble_while_connecting(connector.key, error)
        return page_of(account, connector, server=form, trouble=said, status=422)
    try:
        begun = granting.begin(account, key, actor=current_user, redirect_uri=return_address())
    except AuthRevoked:
        flash(
            _("Kunci rahasia aplikasi ini tidak dapat dibuka lagi. Tulis lagi kunci rahasianya."), "warning"
        )
        return redirect(url_for("connections.app_key", provider=connector.provider), code=303)
    return private(render_template("channels/connections/departing.html", account=account, begun=begun))


@blueprint.get("/pengaturan/kanal/sambungan/kembali")
@requires(Permission.CHANNEL_MANAGE)
def come_back() -> Any:
    """Back from the platform's page. Good once; what it brought is kept sealed until the person has chosen."""
    try:
        returned = granting.take_return(request.args.get("state", ""), actor=current_user)
    except granting.NotOurs as refused:
        return _not_connected(None, Trouble(refused.message, ""), 409)
    account, connector = connectable(returned.account_id)
    code = request.args.get("code", "")
    if not code or request.args.get("error"):
        return _not_connected(account, trouble_on_return(request.args.get("error", "")))
    try:
        granting.exchange(returned, code=code, redirect_uri=return_address())
    except AdapterError as error:
        return _not_connected(account, trouble_while_connecting(connector.key, error))
    return redirect(url_for("connections.choose", authorization_id=returned.id), code=303)


def _not_connected(account: ChannelAccount | None, trouble: Trouble, status: int = 200) -> Any:
    page = render_template("channels/connections/not_connected.html", account=account, trouble=trouble)
    return private(page, status)


@blueprint.route("/pengaturan/kanal/sambungan/<int:authorization_id>/pilih", methods=["GET", "POST"])
@requires(Permission.CHANNEL_MANAGE)
def choose(authorization_id: int) -> Any:
    """Which of the things that the grant opened is this account."""
    begun = queries.get_returned(current_user.id, acting_office(current_user).id, authorization_id)
    granted = granting.opened_by(begun)
    account, connector = connectable(granted.account_id)
    form = ChooseForm()
    form.offer([f"{o.name} · @{o.handle.lstrip('@')}" if o.handle else o.name for o in granted.outlets])
    if not form.validate_on_submit():
        return _choose_page(form, account, connector, granted, 422 if form.errors else 200)
    try:
        arrival = try_granted(account, actor=current_user, arrived=granted, index=form.outlet.data)
        made = connect(account, arrival, actor=current_user, accepts_other=form.accepts_other.data)
    except OtherIdentity as other:
        return _choose_page(form, account, connector, granted, 422, other=other)
    except Taken as taken:
        said = Trouble(taken.what, taken.next)
        return _choose_page(form, account, connector, granted, 422, trouble=said)
    except AdapterError as error:
        said = trouble_while_connecting(connector.key, error)
        return _choose_page(form, account, connector, granted, 422, trouble=said)
    granting.forget(granted.id)
    flash(
        _("%(name)s tersambung sebagai %(who)s.", name=account.name, who=made.name or made.handle), "success"
    )
    return to_account(account.id)


def _choose_page(
    form: ChooseForm, account: ChannelAccount, connector: Connector, granted: granting.Granted, status: int, *,
    trouble: Trouble | None = None, other: OtherIdentity | None = None,
) -> Any:  # fmt: skip
    page = render_template(
        "channels/connections/choose.html", form=form, account=account, connector=connector, granted=granted,
        trouble=trouble, other=other, sent=sent_on(account) if other else (), taken=taken_outlets(account, granted),
    )  # fmt: skip
    return private(page, status)
