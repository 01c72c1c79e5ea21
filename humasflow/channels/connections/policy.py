"""How an account can be connected, and how a connection looks to people."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l

from humasflow.channels.adapters.base import Adapter, Authorizing, Registering, SigningIn
from humasflow.channels.adapters.registry import UnknownAdapter
from humasflow.channels.connections.enums import AppProvider, ConnectionState
from humasflow.channels.connections.models import Connection
from humasflow.channels.models import ChannelAccount
from humasflow.channels.presets.loader import UnknownPlatform, get_platform
from humasflow.channels.reaching import get_adapter
from humasflow.core import clock

WARN_DAYS: Final = (14, 7, 1)  # before the end of what only a person can renew
SHORT_LIFE: Final = timedelta(days=1)  # what lives no longer is renewed by itself all the time


STALE: Final = timedelta(days=1)  # a number of a day, when nobody says when the day ends
LONGEST_IDENTITY: Final = 400
_SERVERS: Final = ("rest_root", "instance", "host")  # settings that name the server, the surest first
_ON_THE_SERVER: Final = ("account_id", "chat_id", "user_id")  # who that is there, which no renaming changes


@dataclass(frozen=True)
class Connector:
    """The ways in that a kind of channel has."""

    key: str
    adapter: Adapter

    @property
    def signing_in(self) -> SigningIn | None:
        """With what a person types."""
        return self.adapter if isinstance(self.adapter, SigningIn) else None

    @property
    def authorizing(self) -> Authorizing | None:
        """On the platform's own page."""
        return self.adapter if isinstance(self.adapter, Authorizing) else None

    @property
    def registering(self) -> Registering | None:
        """Each server hands out app keys by itself."""
        return self.adapter if isinstance(self.adapter, Registering) else None

    @property
    def provider(self) -> AppProvider | None:
        """Whose app keys the office needs."""
        return AppProvider(self.authorizing.app_provider) if self.authorizing else None


def connector_of(account: ChannelAccount) -> Connector | None:
    """How the account's kind can be connected; None where people post by hand whatever one does."""
    try:
        key = get_platform(account.kind.code).connector
        return Connector(key, get_adapter(key)) if key else None
    except (UnknownPlatform, UnknownAdapter):
        return None


def identity_of(connection: Connection) -> str:
    """As whom, and on which server, the connection publishes; to be compared, never shown. At most 400 characters.

    What was published under one identity is never asked for, changed or taken down under another: the same number is
    somebody else's post there.
    """
    return make_identity(
        connection.adapter,
        connection.settings,
        external_id=connection.external_id,
        name=connection.handle or connection.name,
    )


def make_identity(adapter: str, settings: Mapping[str, Any], *, external_id: str, name: str) -> str:
    """The same of what is not stored yet. A name is somebody on one server: on another it is somebody else, and so it
    is on another site of the same server. A number that the platform gave outlives a new name, and is the same
    whichever way in was taken; a DID is the same on every server.
    """
    did = settings.get("did")
    if did:
        text = f"{adapter} {did}"
    else:
        numbers = (settings.get(key) for key in _ON_THE_SERVER)
        known = next((str(number) for number in numbers if number), external_id)
        text = f"{adapter} {server_of(settings)} {known or plain_name(name)}"
    if len(text) <= LONGEST_IDENTITY:
        return text
    return f"{adapter} sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def server_of(settings: Mapping[str, Any]) -> str:
    """The server with the path of the site on it, without how it is spoken to; empty where there is only one."""
    address = next((str(settings[key]) for key in _SERVERS if settings.get(key)), "")
    parts = urlsplit(address)
    return parts.netloc.lower() + parts.path.rstrip("/").removesuffix("/wp-json").removesuffix("/index.php")


def plain_name(name: str) -> str:
    """A name to be compared: without the sign before it, in small letters."""
    return name.strip().lstrip("@").casefold()


class Look(StrEnum):
    """What people see of an account at a glance."""

    CONNECTED = "connected"
    TROUBLED = "troubled"  # connected, and the last try came to nothing, or it works only in part
    ENDING = "ending"  # soon a person has to sign in again
    NEEDS_REAUTH = "needs_reauth"
    PAUSED = "paused"
    BY_HAND = "by_hand"
    OWN = "own"  # the office's own site

    @property
    def label(self) -> str:
        """For people."""
        return str(_LOOKS[self])

    @property
    def tone(self) -> str:
        """The tone of its chip."""
        return _TONES[self][0]

    @property
    def icon(self) -> str:
        """The icon of its chip."""
        return _TONES[self][1]


@dataclass(frozen=True)
class Health:
    """How an account is doing. ``ends_at``: then a person has to sign in again; ``quota_left``: publications the
    channel still takes. None where nobody knows.
    """

    look: Look
    connection: Connection | None
    ends_at: datetime | None = None
    quota_left: int | None = None

    @property
    def needs_reauth(self) -> bool:
        """Whether a person has to connect anew, also while the account is paused."""
        return self.connection is not None and self.connection.state is ConnectionState.NEEDS_REAUTH

    @property
    def is_of_reading(self) -> bool:
        """Whether what ends is only that numbers may be read."""
        return (
            self.connection is not None
            and self.ends_at is not None
            and self.ends_at == reading_ends_at(self.connection)
        )

    @property
    def days_left(self) -> int | None:
        """Whole days until a person has to sign in again; 0 when that is past."""
        return None if self.ends_at is None else max(0, (self.ends_at - clock.now()).days)


def health_of(account: ChannelAccount, connection: Connection | None) -> Health:
    """How the account is doing now. Pure: what is given is looked at, nothing is asked."""
    if connection is None:
        look = Look.OWN if account.adapter == "web" else Look.BY_HAND
        return Health(Look.PAUSED if account.paused_at else look, None)
    ends = ends_at(connection)
    quota = quota_left(connection)
    if account.paused_at is not None:
        look = Look.PAUSED
    elif connection.state is ConnectionState.NEEDS_REAUTH:
        look = Look.NEEDS_REAUTH
    elif connection.error_code or connection.warnings:
        look = Look.TROUBLED
    elif ends is not None and ends - clock.now() <= timedelta(days=WARN_DAYS[0]):
        look = Look.ENDING
    else:
        look = Look.CONNECTED
    return Health(look, connection, ends, quota)


def ends_at(connection: Connection) -> datetime | None:
    """When a person has to sign in again unless something is renewed before; None when no end is known.

    A token of a short life is renewed all the time and is no end; one of a long life is, until it has been renewed.
    What the channel wants confirmed by a person from time to time has an end, too.
    """
    ends = [end for end in (connection.refresh_expires_at, reading_ends_at(connection)) if end is not None]
    if connection.expires_at is not None and life_of(connection) > SHORT_LIFE:
        ends.append(connection.expires_at)
    return min(ends, default=None)


def reading_ends_at(connection: Connection) -> datetime | None:
    """When the application may read no longer unless a person confirms it (Meta, ninety days); None where nobody asks
    for that.
    """
    told = connection.settings.get("data_access_until")
    try:
        found = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def life_of(connection: Connection) -> timedelta:
    """How long the token in use lives from its making to its end; zero when it has no end."""
    if connection.expires_at is None:
        return timedelta(0)
    return connection.expires_at - (connection.refreshed_at or connection.connected_at)


def is_renewal_due(connection: Connection) -> bool:
    """In the last quarter of the token's life, or from a day before its end when its life is not known."""
    if connection.expires_at is None:
        return False
    life = life_of(connection)
    ahead = life / 4 if life > timedelta(0) else timedelta(days=1)
    return connection.expires_at - clock.now() <= ahead


def quota_left(connection: Connection) -> int | None:
    """How many publications the channel still takes; None when it says nothing, or when that is over since. Where it
    does not say when it counts anew, what it said a day ago is over.
    """
    if connection.quota_total is None or connection.quota_used is None:
        return None
    if connection.quota_resets_at is not None and connection.quota_resets_at <= clock.now():
        return None
    asked = max((at for at in (connection.checked_at, connection.failed_at) if at is not None), default=None)
    if connection.quota_resets_at is None and asked is not None and clock.now() - asked > STALE:
        return None
    return max(0, connection.quota_total - connection.quota_used)


_LOOKS = {
    Look.CONNECTED: _l("Tersambung"),
    Look.TROUBLED: _l("Tersambung, ada kendala"),
    Look.ENDING: _l("Izin segera habis"),
    Look.NEEDS_REAUTH: _l("Perlu disambungkan ulang"),
    Look.PAUSED: _l("Dijeda"),
    Look.BY_HAND: _l("Diunggah orang"),
    Look.OWN: _l("Tayang sendiri"),
}
_TONES = {
    Look.CONNECTED: ("live", "check"),
    Look.TROUBLED: ("review", "warn"),
    Look.ENDING: ("review", "clock"),
    Look.NEEDS_REAUTH: ("fail", "link"),
    Look.PAUSED: ("park", "pause"),
    Look.BY_HAND: ("muted", "upload"),
    Look.OWN: ("live", "world"),
}
