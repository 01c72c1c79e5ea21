"""What an adapter is given of an account: who it is, and what lets it in."""

import json
from collections.abc import Mapping
from typing import Any

from humasflow.channels.adapters.errors import AuthRevoked
from humasflow.channels.adapters.variant import Account, AppKeys
from humasflow.channels.connections import queries
from humasflow.channels.connections.models import AppKey, Connection
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.secrets import decrypt, encrypt

HOST = "host"  # the setting that names the server, where people typed one


def account_of(account: ChannelAccount) -> Account:
    """The account as its adapter sees it, secrets opened. Without a connection it has none.

    Raises AuthRevoked when no configured key opens them: a person has to connect anew (or bring the key back).
    """
    found = queries.get_connection_of(account.id)
    if found is None:
        return Account(account.id, account.kind.code, account.handle, account.url)
    return Account(
        account.id, account.kind.code, found.handle or account.handle, str(found.settings.get(HOST) or account.url),
        settings=dict(found.settings), secrets=secrets_of(found), app=app_of(found.app_key_id),
    )  # fmt: skip


def account_with(
    account: ChannelAccount,
    *,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    app_key_id: int | None = None,
) -> Account:
    """The account as it would be with these settings and secrets, before anything of it is stored."""
    return Account(
        account.id, account.kind.code, str(settings.get("handle") or account.handle),
        str(settings.get(HOST) or account.url), settings=dict(settings), secrets=dict(secrets), app=app_of(app_key_id),
    )  # fmt: skip


def secrets_of(connection: Connection) -> dict[str, str]:
    """The secrets by name. Raises AuthRevoked when no configured key opens them."""
    if not connection.secrets:
        return {}
    found: dict[str, str] = json.loads(_opened(connection.secrets))
    return found


def sealed(secrets: Mapping[str, str]) -> str:
    """Secrets as they are stored."""
    return encrypt(json.dumps(dict(secrets), sort_keys=True))


def app_of(app_key_id: int | None) -> AppKeys | None:
    """The app keys as adapters see them. Raises AuthRevoked when no configured key opens their secret."""
    key = db.session.get(AppKey, app_key_id) if app_key_id is not None else None
    if key is None:
        return None
    secret = _opened(key.client_secret) if key.client_secret else ""
    return AppKeys(key.client_id, secret, key.instance)


def _opened(value: str) -> str:
    try:
        return decrypt(value)
    except ValueError as error:
        raise AuthRevoked("secrets cannot be opened") from error
