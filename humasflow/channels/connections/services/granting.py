"""Through a platform's own page and back (OAuth 2, authorization code with PKCE).

What begins and what comes back are tied by a random ``state`` that travels in the address: kept as its hash, for one
person of one office and one account, a quarter of an hour, good for one return.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from humasflow.accounts.policy import Principal, require
from humasflow.channels.adapters.base import Authorizing, Grant, Outlet
from humasflow.channels.adapters.errors import AuthRevoked, Unsupported
from humasflow.channels.adapters.variant import AppKeys
from humasflow.channels.connections import queries
from humasflow.channels.connections.enums import AppProvider
from humasflow.channels.connections.models import AppKey, Authorization
from humasflow.channels.connections.policy import Connector, connector_of
from humasflow.channels.connections.services.access import HOST, app_of
from humasflow.channels.models import ChannelAccount
from humasflow.channels.queries import get_account
from humasflow.channels.reaching import PATIENCE, within
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Conflict, UserError
from humasflow.core.permissions import Permission
from humasflow.core.secrets import decrypt, encrypt, hash_token, new_token
from humasflow.core.unit_of_work import let_go, own_transaction

LASTS: Final = timedelta(minutes=15)


class NotOurs(Conflict):
    """What came back was not begun by this person here, was used already, or took too long: one answer for all."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Izin ini sudah dipakai, lewat 15 menit, atau tidak dimulai dari sini. Mulailah lagi dari akunnya."
            )
        )


@dataclass(frozen=True)
class Begun:
    """Where to send the person now."""

    address: str
    host: str


@dataclass(frozen=True)
class Returned:
    """A return that was accepted, to be exchanged once; everything the exchange needs, nothing of the database."""

    id: int
    account_id: int
    authorizing: Authorizing
    app: AppKeys
    verifier: str | None = field(repr=False)


@dataclass(frozen=True)
class Granted:
    """What a grant opened, kept sealed until a person has chosen."""

    id: int
    account_id: int
    app_key_id: int
    grant: Grant
    outlets: tuple[Outlet, ...]
    settings: Mapping[str, Any]


def begin(account: ChannelAccount, key: AppKey, *, actor: Principal, redirect_uri: str) -> Begun:
    """Write down that this person sets out for this account; the address of the platform's page. Flushes.

    Raises NotAllowed, UserError; AuthRevoked when no configured key opens the secret of the app keys.
    """
    require(actor, Permission.CHANNEL_MANAGE, account.office_id)
    authorizing = _authorizing(connector_of(account))
    app = app_of(key.id)
    if app is None or key.office_id != account.office_id or key.provider != authorizing.app_provider:
        raise UserError(_("Kunci aplikasi untuk kanal ini belum diisi."))
    state = new_token()
    verifier = new_token(48) if authorizing.uses_pkce else ""
    now = clock.now()
    db.session.add(
        Authorization(
            office_id=account.office_id, account_id=account.id, user_id=actor.id, app_key_id=key.id,
            state_hash=hash_token(state), verifier=encrypt(verifier) if verifier else "", outlets="",
            created_at=now, expires_at=now + LASTS,
        )
    )  # fmt: skip
    db.session.flush()
    challenge = _challenge(verifier) if verifier else None
    address = authorizing.authorize_url(app, redirect_uri=redirect_uri, state=state, challenge=challenge)
    return Begun(address, address.split("/")[2])


def take_return(state: str, *, actor: Principal) -> Returned:
    """Accept a return, once: commits that it was used before anything is asked. Raises NotOurs."""
    with own_transaction():
        found = queries.find_begun(state) if state else None
        office_id = actor.office.id if actor.office else None
        if found is None or (found.user_id, found.office_id) != (actor.id, office_id):
            raise NotOurs
        used = db.session.execute(
            update(Authorization)
            .where(Authorization.id == found.id, Authorization.used_at.is_(None))
            .values(used_at=clock.now())
        )
        if getattr(used, "rowcount", 0) != 1:
            raise NotOurs  # the same return came twice at the same time, and the other one was faster
        try:
            app = app_of(found.app_key_id)
            verifier = decrypt(found.verifier) if found.verifier else None
        except (AuthRevoked, ValueError):  # sealed with a key that is gone since: to begin anew is what helps
            app = verifier = None
        if app is None:
            raise NotOurs
        return Returned(
            found.id, found.account_id, _authorizing(connector_of(get_account(found.office_id, found.account_id))),
            app, verifier,
        )  # fmt: skip


def exchange(returned: Returned, *, code: str, redirect_uri: str) -> None:
    """Turn the code into a grant and keep what it opens, sealed, until the person has chosen. Asks the platform with
    no transaction open. Commits. Raises AdapterError; ``Unsupported`` when nothing could publish.
    """
    get_locale()
    with let_go(), within(PATIENCE):
        grant = returned.authorizing.exchange(
            returned.app, code=code, redirect_uri=redirect_uri, verifier=returned.verifier
        )
        outlets = returned.authorizing.outlets(returned.app, grant)
    if not outlets:
        raise Unsupported("no outlet")
    with own_transaction():
        found = db.session.get(Authorization, returned.id)
        if found is None:
            raise NotOurs
        found.outlets, found.verifier = encrypt(_to_text(grant, outlets)), ""
        found.expires_at = clock.now() + LASTS


def opened_by(authorization: Authorization) -> Granted:
    """What the grant opened. Raises NotOurs when no configured key opens it."""
    try:
        told = json.loads(decrypt(authorization.outlets))
    except ValueError:
        raise NotOurs from None
    grant = told["grant"]
    key = db.session.get_one(AppKey, authorization.app_key_id)
    return Granted(
        authorization.id, authorization.account_id, authorization.app_key_id,
        Grant(grant["secrets"], _instant(grant["expires_at"]), _instant(grant["refresh_expires_at"]),
              tuple(grant["scopes"])),
        tuple(Outlet(**outlet) for outlet in told["outlets"]),
        {HOST: key.instance} if key.instance else {},
    )  # fmt: skip


def forget(authorization_id: int) -> None:
    """It has served. Flushes."""
    db.session.execute(delete(Authorization).where(Authorization.id == authorization_id))


def forget_old() -> int:
    """Throw away what nobody came back from or chose in. Returns how many."""
    gone = db.session.execute(
        delete(Authorization).where(Authorization.expires_at <= clock.now()).returning(Authorization.id)
    ).all()
    return len(gone)


def key_for(account: ChannelAccount, instance: str = "") -> AppKey | None:
    """The office's app keys that the account's way in needs (of that server)."""
    connector = connector_of(account)
    provider = connector.provider if connector else None
    return queries.find_app_key(account.office_id, provider, instance) if provider else None


def own_key_for(account: ChannelAccount, instance: str, *, actor: Principal, redirect_uri: str) -> AppKey:
    """App keys of a server that hands them out by itself. Those of the last quarter of an hour are used again; older
    ones are made anew, since the server may have forgotten them and they are bound to the address that this product had
    then. Nobody loses anything by it: a token that was granted works on without them. Asks the server with the database
    let go. Flushes. Raises NotAllowed, AdapterError, UserError.
    """
    require(actor, Permission.CHANNEL_MANAGE, account.office_id)
    connector, office_id = connector_of(account), account.office_id
    if connector is None or connector.registering is None or connector.provider is None:
        raise UserError(_("Kanal ini tidak dapat disambungkan."))
    known = queries.find_app_key(office_id, connector.provider, instance)
    if known is not None and known.updated_at > clock.now() - LASTS and _opens(known):
        return known
    get_locale()
    website = str(current_app.config["PUBLIC_URL"])
    with let_go(), within(PATIENCE):
        made = connector.registering.register_app(instance, redirect_uri=redirect_uri, website=website)
    provider: AppProvider = connector.provider
    now = clock.now()
    known = queries.find_app_key(office_id, provider, instance)
    if known is not None:
        lock(known)
        known.client_id, known.client_secret, known.updated_at = (
            made.client_id,
            encrypt(made.client_secret),
            now,
        )
        db.session.flush()
        return known
    key = AppKey(
        office_id=office_id, provider=provider, instance=instance, client_id=made.client_id,
        client_secret=encrypt(made.client_secret), created_at=now, updated_at=now,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(key)
            db.session.flush()
    except IntegrityError:  # somebody else was faster; theirs are as good
        known = queries.find_app_key(office_id, provider, instance)
        if known is None:
            raise
        return known
    return key


def _opens(key: AppKey) -> bool:
    try:
        return app_of(key.id) is not None
    except AuthRevoked:
        return False


def _authorizing(connector: Connector | None) -> Authorizing:
    if connector is None or connector.authorizing is None:
        raise UserError(_("Kanal ini tidak disambungkan lewat halaman kanalnya."))
    return connector.authorizing


def _challenge(verifier: str) -> str:
    """S256 of RFC 7636."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _to_text(grant: Grant, outlets: tuple[Outlet, ...]) -> str:
    return json.dumps({
        "grant": {
            "secrets": dict(grant.secrets), "scopes": list(grant.scopes), "expires_at": _text(grant.expires_at),
            "refresh_expires_at": _text(grant.refresh_expires_at),
        },
        "outlets": [
            {
                "external_id": o.external_id, "name": o.name, "handle": o.handle, "url": o.url,
                "secrets": dict(o.secrets), "settings": dict(o.settings),
            }
            for o in outlets
        ],
    })  # fmt: skip


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
