"""What connections tell higher rooms."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ConnectionMade:
    """An account's channel lets the product in, for the first time or again."""

    account_id: int
    actor_id: int


@dataclass(frozen=True)
class Disconnected:
    """People post on the account by hand from now on."""

    account_id: int
    actor_id: int


@dataclass(frozen=True)
class ConnectionBroken:
    """The channel lets the product in no longer; a person has to connect anew. Told once for each time it breaks."""

    account_id: int
    error_code: str


@dataclass(frozen=True)
class ConnectionExpiring:
    """In so many days (14, 7, 1) the permission ends and cannot be renewed without a person."""

    account_id: int
    days: int


@dataclass(frozen=True)
class AccountPaused:
    """Nothing goes out on the account until it is resumed."""

    account_id: int
    actor_id: int


@dataclass(frozen=True)
class AccountResumed:
    """What waited may go out."""

    account_id: int
    actor_id: int
