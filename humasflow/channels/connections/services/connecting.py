"""Connecting an account: what was typed or granted is tried on the channel first, and stored only when it works."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from flask_babel import get_locale
from flask_babel import gettext as _

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels.adapters.base import AccountInfo, Adapter, Grant, Quota, SigningIn
from humasflow.channels.adapters.errors import AdapterError, AuthRevoked
from humasflow.channels.adapters.variant import Account
from humasflow.channels.connections import queries
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.events import ConnectionMade
from humasflow.channels.connections.models import Connection
from humasflow.channels.connections.policy import (
    connector_of,
    identity_of,
    make_identity,
    plain_name,
    server_of,
)
from humasflow.channels.connections.services import server_limits
from humasflow.channels.connections.services.access import account_with, sealed, secrets_of
from humasflow.channels.connections.services.granting import Granted
from humasflow.channels.connections.services.health import keep_quota
from humasflow.channels.models import ChannelAccount
from humasflow.channels.presets.loader import get_platform
from humasflow.channels.reaching import PATIENCE, within
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import UserError
from humasflow.core.events import emit
from humasflow.core.permissions import Permission
from humasflow.core.unit_of_work import let_go
from humasflow.core.urls import is_http_url

LONGEST_NAME: Final = 200


class OtherIdentity(UserError):
    """It works, but as somebody else than this account was so far: a person has to say that this is meant."""

    def __init__(self, before: str, after: str) -> None:
        super().__init__(
            _(
                "Yang masuk adalah %(after)s, padahal akun ini selama ini %(before)s. "
                "Bila memang diganti, centang “Ya, ganti akunnya” lalu kirim lagi.",
                after=after, before=before,
            )
        )  # fmt: skip
        self.before, self.after = before, after


class Taken(UserError):
    """Another account of the office publishes there already: whatever is made for both would stand there twice."""

    def __init__(self, who: str, name: str) -> None:
        self.what = _("%(who)s sudah tersambung di akun kanal %(name)s.", who=who, name=name)
        self.next = _(
            "Pilih yang lain, atau putuskan dahulu sambungan %(name)s, supaya naskah tidak tayang dua kali di sana.",
            name=name,
        )
        super().__init__(f"{self.what} {self.next}")


@dataclass(frozen=True)
class Arrival:
    """What works, before anything of it is stored. ``external_id``: what was chosen, where there was a choice."""

    grant: Grant
    info: AccountInfo
    quota: Quota | None
    settings: Mapping[str, Any]
    secrets: Mapping[str, str] = field(repr=False)
    app_key_id: int | None = None
    external_id: str = ""

    def identity(self, adapter: str) -> str:
        """Who this is on the channel, to be compared."""
        name = self.info.handle or self.info.name
        return make_identity(adapter, self.settings, external_id=self.external_id, name=name)

    @property
    def shown(self) -> str:
        """Who this is, for people."""
        return f"@{self.info.handle.lstrip('@')}" if self.info.handle else self.info.name


def try_typed(
    account: ChannelAccount, *, actor: Principal, settings: Mapping[str, Any], secrets: Mapping[str, str]
) -> Arrival:
    """Sign in with what was typed. Asks the channel with the database let go; what the caller had loaded is read anew.

    Raises NotAllowed, AdapterError.
    """
    require(actor, Permission.CHANNEL_MANAGE, account.office_id)
    connector = connector_of(account)
    if connector is None or connector.signing_in is None:
        raise UserError(_("Kanal ini tidak disambungkan dengan mengetik kata sandi."))
    return _typed(
        connector.adapter, connector.signing_in, account_with(account, settings=settings, secrets=secrets)
    )


def _typed(adapter: Adapter, door: SigningIn, given: Account) -> Arrival:
    get_locale()  # asked of the database once, before it is let go
    with let_go(), within(PATIENCE):
        grant = door.sign_in(given)
        info, quota = _look(adapter, given, grant.secrets)
    return Arrival(grant, info, quota, {**given.settings, **info.settings}, grant.secrets)


def try_granted(account: ChannelAccount, *, actor: Principal, arrived: Granted, index: int) -> Arrival:
    """Look at what a grant opened, with the outlet that a person chose. Asks the channel with the database let go.

    Raises NotAllowed, AdapterError, UserError.
    """
    require(actor, Permission.CHANNEL_MANAGE, account.office_id)
    connector = connector_of(account)
    if connector is None:
        raise UserError(_("Kanal ini tidak dapat disambungkan."))
    try:
        outlet = arrived.outlets[index]
    except IndexError:
        raise UserError(_("Pilihan ini tidak tersedia. Pilih salah satu dari daftar.")) from None
    secrets = {**arrived.grant.secrets, **outlet.secrets}
    given = account_with(
        account,
        settings={**arrived.settings, **outlet.settings},
        secrets=secrets,
        app_key_id=arrived.app_key_id,
    )
    get_locale()
    with let_go(), within(PATIENCE):
        info, quota = _look(connector.adapter, given, secrets)
    settings = {**given.settings, **info.settings}
    return Arrival(arrived.grant, info, quota, settings, secrets, arrived.app_key_id, outlet.external_id)


def _look(adapter: Adapter, given: Account, secrets: Mapping[str, str]) -> tuple[AccountInfo, Quota | None]:
    """Who we are there, and how much it still takes; a channel that will not say how much is connected all the same."""
    known = Account(
        given.account_id, given.platform, given.handle, given.host, given.settings, dict(secrets), given.app
    )
    info = adapter.verify(known)
    known = Account(
        given.account_id, given.platform, info.handle or given.handle, given.host, {**given.settings, **info.settings},
        dict(secrets), given.app,
    )  # fmt: skip
    try:
        return info, adapter.quota(known)
    except AdapterError:
        return info, None


def connect(
    account: ChannelAccount, arrival: Arrival, *, actor: Principal, accepts_other: bool = False
) -> Connection:
    """Store what works: from now on the product publishes on the account by itself. Flushes.

    What the new grant does not bring of the same identity stays (a platform hands out some things only the first time).
    Raises NotAllowed, OtherIdentity, Taken.
    """
    require(actor, Permission.CHANNEL_MANAGE, account.office_id)
    connector = connector_of(account)
    if connector is None:
        raise UserError(_("Kanal ini tidak dapat disambungkan."))
    lock(account)
    lock(account.kind)  # two accounts of a kind, connected to the same at the same time: one after the other
    user = identities_of_others(account, connector.key).get(arrival.identity(connector.key))
    if user is not None:
        raise Taken(arrival.shown, user)
    found = queries.lock_connection_of(account.id)
    if not accepts_other:
        _expect_same(account, found, arrival, connector.key)
    before = identity_of(found) if found is not None else None
    limits_before = server_limits.told_in(found.settings) if found is not None else {}
    secrets = {name: value for name, value in arrival.secrets.items() if value}
    settings = dict(arrival.settings)
    if found is not None and before == arrival.identity(connector.key):
        secrets = _kept(found) | secrets
        settings = {**found.settings, **settings}
    told = server_limits.follow(account, limits_before, arrival.info.limits)
    settings = server_limits.remembered(settings, told)
    now, actor_id = clock.now(), actor.id
    if found is None:
        found = Connection(account_id=account.id, office_id=account.office_id)
    found.adapter, found.state, found.app_key_id = (
        connector.key,
        ConnectionState.CONNECTED,
        arrival.app_key_id,
    )
    found.secrets, found.settings, found.external_id = (
        sealed(secrets),
        settings,
        arrival.external_id[:LONGEST_NAME],
    )
    found.name, found.handle = (
        arrival.info.name[:LONGEST_NAME],
        arrival.info.handle.lstrip("@")[:LONGEST_NAME],
    )
    found.scopes, found.warnings = " ".join(arrival.grant.scopes)[:1000], list(arrival.info.warnings)
    found.connected_by, found.connected_at = actor_id, now
    found.expires_at = arrival.grant.expires_at or arrival.info.expires_at
    found.refresh_expires_at = arrival.grant.refresh_expires_at
    found.refreshed_at = found.warned_days = found.failed_at = None
    found.lease_token = found.lease_until = None
    found.error_code = found.error_detail = ""
    found.checked_at = found.succeeded_at = now
    keep_quota(found, arrival.quota)
    db.session.add(found)
    db.session.flush()
    is_other = accepts_other and before != identity_of(found)
    _settle(account, connector.key, arrival, is_other=is_other)
    audit.record(
        AuditAction.CHANNEL_CONNECTED, ("channel_account", account.id), office_id=account.office_id, actor=actor,
        adapter=connector.key, name=found.name, handle=found.handle,
    )  # fmt: skip
    emit(ConnectionMade(account.id, actor_id))
    return found


def taken_outlets(account: ChannelAccount, arrived: Granted) -> list[str | None]:
    """For each of the things that a grant opened: the other account of the office that is connected to it already."""
    connector = connector_of(account)
    if connector is None:
        return [None for _outlet in arrived.outlets]
    others = identities_of_others(account, connector.key)
    return [
        others.get(
            make_identity(
                connector.key, {**arrived.settings, **outlet.settings}, external_id=outlet.external_id,
                name=outlet.handle or outlet.name,
            )
        )
        for outlet in arrived.outlets
    ]  # fmt: skip


def identities_of_others(account: ChannelAccount, key: str) -> dict[str, str]:
    """As whom the office's other accounts are connected with this adapter, with the account's name. One statement."""
    return {
        identity_of(connection): name
        for connection, name in queries.list_with_adapter(account.office_id, key)
        if connection.account_id != account.id
    }


def _expect_same(account: ChannelAccount, found: Connection | None, arrival: Arrival, key: str) -> None:
    """The one that was connected before or, the first time, the one whose name or site the account carries."""
    if found is not None:
        if identity_of(found) != arrival.identity(key):
            raise OtherIdentity(f"@{found.handle}" if found.handle else found.name, arrival.shown)
        return
    if _names_people(account):
        if account.handle and arrival.info.handle and not _is_same_name(account.handle, arrival.info.handle):
            raise OtherIdentity(f"@{account.handle}", arrival.shown)
        return
    server = server_of(arrival.settings)
    if account.url and server and _host(account.url) != _host(f"//{server}"):
        raise OtherIdentity(account.url, server)


def _is_same_name(known: str, arrived: str) -> bool:
    """Whether it is one: "kantor" and "kantor@server" are, written shorter; two names on two servers are not."""
    one, other = plain_name(known), plain_name(arrived)
    if "@" in one and "@" in other:
        return one == other
    return one.split("@")[0] == other.split("@")[0]


def _names_people(account: ChannelAccount) -> bool:
    return get_platform(account.kind.code).handle_pattern is not None


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _settle(account: ChannelAccount, key: str, arrival: Arrival, *, is_other: bool) -> None:
    """The account publishes by itself now. What it did not say of itself is taken over; of somebody else than before,
    name and address are replaced, so that its links are known as the account's own.

    A name is kept as it stands in the account's addresses: without its server.
    """
    info = arrival.info
    account.adapter = key
    handle = info.handle.lstrip("@").split("@")[0][:120]
    if _names_people(account) and handle and (is_other or not account.handle):
        account.handle = handle
    if (is_other or not account.url) and len(info.url) <= 300 and is_http_url(info.url):
        account.url = info.url
    db.session.flush()


def _kept(found: Connection) -> dict[str, str]:
    try:
        return secrets_of(found)
    except AuthRevoked:
        return {}  # no configured key opens them: they are lost, and what came now has to do
