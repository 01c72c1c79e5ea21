"""Reading connections, app keys and authorizations under way."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from humasflow.channels.adapters.errors import AuthRevoked, Forbidden, QuotaExceeded
from humasflow.channels.adapters.oauth import OF_THE_APP
from humasflow.channels.connections.enums import AppProvider, ConnectionState
from humasflow.channels.connections.models import AppKey, Authorization, Connection
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.secrets import hash_token


def get_connection_of(account_id: int) -> Connection | None:
    """The connection of an account; None where people post by hand, and for the own newsroom."""
    return db.session.scalar(select(Connection).where(Connection.account_id == account_id))


def lock_connection_of(account_id: int) -> Connection | None:
    """The same, as it is now and held until the transaction ends. One statement."""
    return db.session.scalar(
        select(Connection)
        .where(Connection.account_id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def connections_of(account_ids: Iterable[int]) -> dict[int, Connection]:
    """The connections of these accounts by account; one statement."""
    wanted = set(account_ids)
    found = db.session.scalars(select(Connection).where(Connection.account_id.in_(wanted))) if wanted else ()
    return {c.account_id: c for c in found}


def list_ending_before(instant: datetime) -> Sequence[Connection]:
    """Connections at work of which a token ends before the instant, of accounts in use; the first to end first."""
    return db.session.scalars(
        select(Connection)
        .join(ChannelAccount, ChannelAccount.id == Connection.account_id)
        .where(
            Connection.state == ConnectionState.CONNECTED, ChannelAccount.is_active.is_(True),
            (Connection.expires_at < instant) | (Connection.refresh_expires_at < instant),
        )
        .order_by(Connection.expires_at, Connection.id)
    ).all()  # fmt: skip


def list_with_adapter(office_id: int, adapter: str) -> list[tuple[Connection, str]]:
    """The office's connections made with an adapter, each with the name of its account; one statement."""
    rows = db.session.execute(
        select(Connection, ChannelAccount.name)
        .join(ChannelAccount, ChannelAccount.id == Connection.account_id)
        .where(Connection.office_id == office_id, Connection.adapter == adapter)
        .order_by(ChannelAccount.position, ChannelAccount.id)
    )
    return [(connection, name) for connection, name in rows]


def list_at_work() -> Sequence[Connection]:
    """Connections at work, of accounts in use."""
    return db.session.scalars(
        select(Connection)
        .join(ChannelAccount, ChannelAccount.id == Connection.account_id)
        .where(Connection.state == ConnectionState.CONNECTED, ChannelAccount.is_active.is_(True))
        .order_by(Connection.id)
    ).all()


def list_not_asked_since(instant: datetime, most: int) -> list[int]:
    """Accounts in use and at work that were not asked who they are since the instant, the longest ago first, so many
    at most; those that gave no answer lately come last.
    """
    return list(
        db.session.scalars(
            select(Connection.account_id)
            .join(ChannelAccount, ChannelAccount.id == Connection.account_id)
            .where(
                Connection.state == ConnectionState.CONNECTED, ChannelAccount.is_active.is_(True),
                (Connection.checked_at.is_(None)) | (Connection.checked_at < instant),
            )
            .order_by(Connection.failed_at.is_not(None), Connection.failed_at, Connection.checked_at, Connection.id)
            .limit(most)
        )
    )  # fmt: skip


def list_refused() -> list[int]:
    """Accounts at work to which their channel forbade something since they were last tested. Wrong app keys of the
    office are no reason to ask: the account could not tell.
    """
    return list(
        db.session.scalars(
            select(Connection.account_id)
            .where(
                Connection.state == ConnectionState.CONNECTED,
                Connection.error_code.in_((Forbidden.code, AuthRevoked.code)),
                Connection.error_detail.not_in(OF_THE_APP),
                (Connection.checked_at.is_(None)) | (Connection.checked_at < Connection.failed_at),
            )
            .order_by(Connection.id)
        )
    )  # fmt: skip


def list_with_used_quota() -> list[int]:
    """Accounts at work whose number something was taken from since it was last asked for."""
    return list(
        db.session.scalars(
            select(Connection.account_id)
            .where(
                Connection.state == ConnectionState.CONNECTED, Connection.quota_total.is_not(None),
                Connection.error_code.in_(("", QuotaExceeded.code)),
                (Connection.checked_at < Connection.succeeded_at) | (Connection.checked_at < Connection.failed_at),
            )
            .order_by(Connection.id)
        )
    )  # fmt: skip


# App keys


def list_app_keys(office_id: int) -> Sequence[AppKey]:
    """The office's registrations, by provider and server."""
    return db.session.scalars(
        select(AppKey).where(AppKey.office_id == office_id).order_by(AppKey.provider, AppKey.instance)
    ).all()


def find_app_key(office_id: int, provider: AppProvider, instance: str = "") -> AppKey | None:
    """The office's registration with a provider (of that server), if there is one."""
    return db.session.scalar(
        select(AppKey).where(
            AppKey.office_id == office_id, AppKey.provider == provider, AppKey.instance == instance
        )
    )


def accounts_using(app_key_ids: Iterable[int]) -> dict[int, list[str]]:
    """The names of the accounts connected with each of these app keys; one statement."""
    wanted = set(app_key_ids)
    found: dict[int, list[str]] = {}
    if not wanted:
        return found
    rows = db.session.execute(
        select(Connection.app_key_id, ChannelAccount.name)
        .join(ChannelAccount, ChannelAccount.id == Connection.account_id)
        .where(Connection.app_key_id.in_(wanted))
        .order_by(ChannelAccount.position, ChannelAccount.id)
    )
    for key_id, name in rows:
        if key_id is not None:
            found.setdefault(key_id, []).append(name)
    return found


# Authorizations


def find_begun(state: str) -> Authorization | None:
    """The way through a platform's page that this state began and nobody has come back from, while it lasts."""
    return db.session.scalar(
        select(Authorization).where(
            Authorization.state_hash == hash_token(state), Authorization.used_at.is_(None),
            Authorization.expires_at > clock.now(),
        )
    )  # fmt: skip


def get_returned(user_id: int, office_id: int, authorization_id: int) -> Authorization:
    """One that this person came back from and has to choose in, while it lasts. Raises NotFound."""
    found = db.session.get(Authorization, authorization_id)
    is_theirs = found is not None and (found.user_id, found.office_id) == (user_id, office_id)
    if found is None or not is_theirs or not found.outlets or found.expires_at <= clock.now():
        raise NotFound
    return found
