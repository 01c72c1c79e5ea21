"""Connecting an account with what a person types."""

from typing import Any
from urllib.parse import urlsplit

from flask import flash, render_template
from flask_babel import gettext as _
from flask_login import current_user

from humasflow.channels.adapters.errors import AdapterError, AuthRevoked
from humasflow.channels.connections import queries
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.forms import ASKED, ServerForm, TypedForm, typed_form
from humasflow.channels.connections.models import Connection
from humasflow.channels.connections.policy import Connector, health_of
from humasflow.channels.connections.services.access import HOST, secrets_of
from humasflow.channels.connections.services.connecting import OtherIdentity, Taken, connect, try_typed
from humasflow.channels.connections.services.granting import key_for
from humasflow.channels.connections.views.blueprint import (
    blueprint,
    connectable,
    guide_of,
    private,
    return_address,
    sent_on,
    to_account,
)
from humasflow.channels.connections.wording.lateness import late_note
from humasflow.channels.connections.wording.troubles import Trouble, trouble_while_connecting
from humasflow.channels.models import ChannelAccount
from humasflow.core.guards import requires
from humasflow.core.permissions import Permission


@blueprint.route("/pengaturan/kanal/<int:account_id>/sambungkan", methods=["GET", "POST"])
@requires(Permission.CHANNEL_MANAGE)
def connect_account(account_id: int) -> Any:
    """What to do on the platform, and the way in: a form to type in, a way to its own page, or both."""
    account, connector = connectable(account_id)
    found = queries.get_connection_of(account.id)
    kept = _kept(found)
    form = _typed(account, connector, found, kept)
    if form is None or not form.validate_on_submit():
        return page_of(
            account, connector, typed=form, status=422 if form is not None and form.errors else 200
        )
    try:
        arrival = try_typed(
            account, actor=current_user, settings=form.typed_settings, secrets=form.typed_secrets(kept)
        )
        made = connect(account, arrival, actor=current_user, accepts_other=form.accepts_other.data)
    except OtherIdentity as other:
        return page_of(account, connector, typed=form, other=other, status=422)
    except Taken as taken:
        return page_of(account, connector, typed=form, trouble=Trouble(taken.what, taken.next), status=422)
    except AdapterError as error:
        said = trouble_while_connecting(connector.key, error)
        return page_of(account, connector, typed=form, trouble=said, status=422)
    flash(
        _("%(name)s tersambung sebagai %(who)s.", name=account.name, who=made.name or made.handle), "success"
    )
    return to_account(account.id)


def page_of(
    account: ChannelAccount, connector: Connector, *, typed: TypedForm | None = None, server: ServerForm | None = None,
    trouble: Trouble | None = None, other: OtherIdentity | None = None, status: int = 200,
) -> Any:  # fmt: skip
    """The page of an account's ways in."""
    found = queries.get_connection_of(account.id)
    if typed is None and server is not None:
        typed = _typed(account, connector, found, _kept(found), fresh=True)
    needs_key = connector.authorizing is not None and connector.registering is None
    page = render_template(
        "channels/connections/connect.html", account=account, connector=connector, guide=guide_of(connector),
        health=health_of(account, found), typed=typed, asked=ASKED.get(connector.key, ()), trouble=trouble, other=other,
        server=server or _server(account, found), return_address=return_address(),
        lacks_key=needs_key and key_for(account) is None, kept=_kept(found).keys(),
        late_note=late_note(account.grace_minutes), sent=sent_on(account) if other else (),
    )  # fmt: skip
    return private(page, status)


def _typed(
    account: ChannelAccount,
    connector: Connector,
    found: Connection | None,
    kept: dict[str, str],
    *,
    fresh: bool = False,
) -> TypedForm | None:
    """The form of what is typed, filled with what is known; None where nothing is."""
    if connector.signing_in is None or connector.key not in ASKED:
        return None
    known = dict(found.settings) if found is not None else _guessed(account)
    shape = typed_form(connector.key)
    return shape(stored=known, kept=kept, formdata=None) if fresh else shape(stored=known, kept=kept)


def _guessed(account: ChannelAccount) -> dict[str, str]:
    """What the account says of itself already."""
    parts = urlsplit(account.url)
    found = {"chat": f"@{account.handle}"} if account.handle else {}
    if "." in account.handle:
        found["handle"] = account.handle
    if account.kind.code in ("website_portal", "mastodon") and parts.netloc:
        path = parts.path.rstrip("/") if account.kind.code == "website_portal" else ""
        found[HOST] = f"{parts.scheme}://{parts.netloc}{path}"
    return found


def _server(account: ChannelAccount, found: Connection | None) -> ServerForm:
    known = found.settings if found is not None else _guessed(account)
    return ServerForm(formdata=None, server=str(known.get(HOST) or ""))


def _kept(found: Connection | None) -> dict[str, str]:
    """The secrets that need not be typed again: none that the channel has refused."""
    if found is None or found.state is ConnectionState.NEEDS_REAUTH:
        return {}
    try:
        return secrets_of(found)
    except AuthRevoked:
        return {}  # no configured key opens them; they have to be typed again
