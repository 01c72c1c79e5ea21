"""What the pages about connecting share: the blueprint, the account at hand, where a platform sends people back to."""

from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, request, url_for
from flask_login import current_user

from humasflow.accounts.policy import acting_office
from humasflow.channels.connections.awaiting import Stage, Waiting, waiting_on
from humasflow.channels.connections.policy import Connector, connector_of
from humasflow.channels.connections.wording.guides import ACCOUNT_GUIDES, NOTHING, Guide
from humasflow.channels.models import ChannelAccount
from humasflow.channels.queries import get_account
from humasflow.core.errors import NotFound

blueprint = Blueprint("connections", __name__)


def account_here(account_id: int) -> ChannelAccount:
    """One of the office the person is acting in, or "not found"."""
    return get_account(acting_office(current_user).id, account_id)


def connectable(account_id: int) -> tuple[ChannelAccount, Connector]:
    """The same, of a kind that can be connected; "not found" otherwise."""
    account = account_here(account_id)
    connector = connector_of(account)
    if connector is None:
        raise NotFound
    return account, connector


def sent_on(account: ChannelAccount) -> list[Waiting]:
    """What was sent on it and may be there or not: to become somebody else keeps it from being asked for."""
    return waiting_on(current_user, account.id).of(Stage.SENT)


def guide_of(connector: Connector) -> Guide:
    """What to do on the platform first."""
    return ACCOUNT_GUIDES.get(connector.key, NOTHING)


def public_url() -> str:
    """Where the product is reached from outside, without a slash at the end."""
    return str(current_app.config["PUBLIC_URL"]).rstrip("/") or request.host_url.rstrip("/")


def return_address() -> str:
    """The one address to which every platform sends people back. It has to be registered there, letter by letter."""
    return f"{public_url()}{url_for('connections.come_back')}"


def to_account(account_id: int) -> Any:
    """Back to the account, where its connection is shown."""
    return redirect(url_for("channels.account", account_id=account_id, _anchor="sambungan"), code=303)


def private(page: str, status: int = 200) -> Response:
    """A page whose address or content is a secret for a while: kept nowhere, its address told to nobody."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
