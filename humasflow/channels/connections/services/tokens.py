"""Renewing what lets us in, one worker at a time.

A refresh token is often good once: two workers that use the same one at the same time lose the account. So whoever
renews holds a lease in the connection's row while the channel is asked, with no transaction open; whoever comes second
waits and takes what the first one got. What comes back empty never replaces what is there, and what may pass
(no network, a server in trouble) never ends a connection.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from flask import current_app

from humasflow.channels.adapters.base import Tokens
from humasflow.channels.adapters.errors import (
    AdapterError,
    AuthExpired,
    AuthRevoked,
    Forbidden,
    OutcomeUnknown,
    RateLimited,
    Transient,
)
from humasflow.channels.adapters.oauth import OF_THE_APP
from humasflow.channels.adapters.registry import UnknownAdapter
from humasflow.channels.adapters.variant import Account
from humasflow.channels.connections import queries
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.models import Connection
from humasflow.channels.connections.services.access import account_of, sealed, secrets_of
from humasflow.channels.connections.services.health import break_off, remember
from humasflow.channels.models import ChannelAccount
from humasflow.channels.reaching import call_timeout, get_adapter
from humasflow.core.db import database_now, db
from humasflow.core.secrets import new_token

ACCESS, REFRESH = "access_token", "refresh_token"  # the names under which adapters keep what Tokens renews
FRESH: Final = timedelta(seconds=60)  # renewed by somebody so lately that doing it again would be for nothing
LOOK_AGAIN: Final = 0.2  # seconds between two looks at what another worker is doing
REFUSALS: Final = (AuthExpired, AuthRevoked, Forbidden)
# What a renewal that works puts an end to: it was about the way in or passing, not about a post or a number.
_OVER_WITH_IT: Final = frozenset({
    AuthExpired.code, Forbidden.code, Transient.code, RateLimited.code, OutcomeUnknown.code,
})  # fmt: skip


@dataclass(frozen=True)
class _Claim:
    """Ours until the lease ends. ``connected_at`` tells whether a person connected anew meanwhile."""

    account_id: int
    token: str
    adapter: str
    account: Account = field(repr=False)
    connected_at: datetime


def renew(account_id: int, *, early: bool = False, mending: bool = False) -> bool:
    """Refresh the tokens now. True when there are usable ones, also because another worker has just done it.

    False with the connection in NEEDS_REAUTH: the channel refused, or there is nothing to refresh what has ended with.
    False otherwise: it may work later, also once an admin has put the office's app keys right. ``early``: nothing has
    been refused yet, the tokens are only about to end. ``mending``: a person asks, so a broken connection is tried too.
    Commits; asks the channel with no transaction open; the caller must hold none with work in it.
    """
    claim = _claim(account_id, mending=mending)
    if isinstance(claim, bool):
        return claim
    if claim is None:
        return _await_other(account_id)
    try:
        tokens = get_adapter(claim.adapter).refresh(claim.account)
    except REFUSALS as error:
        if isinstance(error, Forbidden) and error.detail in OF_THE_APP:
            return _passed(
                claim, error, early=early
            )  # the office's keys are wrong, and the grant is as good as ever
        return _refused(claim, error)
    except AdapterError as error:
        return _passed(claim, error, early=early)
    except UnknownAdapter:
        return False
    else:
        return _received(claim, tokens, early=early)
    finally:
        _release(claim)


def _claim(account_id: int, *, mending: bool) -> _Claim | bool | None:
    """Take the lease and commit. None: another worker holds it. A bool: nothing to do, and this is the answer."""
    now = database_now()
    found = queries.lock_connection_of(account_id)
    if found is None or not (mending or found.state is ConnectionState.CONNECTED):
        db.session.rollback()
        return False
    if found.lease_until is not None and found.lease_until > now:
        db.session.rollback()
        return None
    if found.refreshed_at is not None and now - found.refreshed_at < FRESH and _is_usable(found, now):
        db.session.rollback()
        return True
    try:
        account = account_of(db.session.get_one(ChannelAccount, account_id))
    except AuthRevoked as error:
        break_off(found, error)
        db.session.commit()
        return False
    token = new_token(18)
    found.lease_token, found.lease_until = token, now + current_app.config["OUTBOX_LEASE"]
    claim = _Claim(account_id, token, found.adapter, account, found.connected_at)
    db.session.commit()
    return claim


def _await_other(account_id: int) -> bool:
    """Somebody else is renewing: wait for what they get, as long as a call may take, and say whether it is usable."""
    patience = time.monotonic() + call_timeout()
    while True:
        db.session.rollback()
        now = database_now()
        found = queries.get_connection_of(account_id)
        if found is None or found.state is not ConnectionState.CONNECTED:
            usable, over = False, True
        else:
            over = found.lease_until is None or found.lease_until <= now
            usable = (
                found.refreshed_at is not None and now - found.refreshed_at < FRESH and _is_usable(found, now)
            )
        db.session.rollback()
        if over or time.monotonic() >= patience:
            return usable
        time.sleep(LOOK_AGAIN)


def _received(claim: _Claim, tokens: Tokens | None, *, early: bool) -> bool:
    """Keep what came, unless a person has connected anew meanwhile: then theirs is the newer. Commits."""
    now = database_now()
    found = _ours(claim)
    if found is None:
        return _settled(claim.account_id)
    if tokens is None or not tokens.access:
        # By the calendar alone nothing ends: what the channel still accepts is good, whatever was written down.
        if tokens is None and not early:
            break_off(found, AuthExpired("nothing to refresh with"))
        db.session.commit()
        return found.state is ConnectionState.CONNECTED and early
    secrets = secrets_of(found) | {ACCESS: tokens.access}
    if tokens.refresh:
        secrets[REFRESH] = tokens.refresh
    found.secrets, found.expires_at, found.refreshed_at = sealed(secrets), tokens.expires_at, now
    if tokens.refresh_expires_at is not None or tokens.refresh:
        found.refresh_expires_at = tokens.refresh_expires_at or found.refresh_expires_at
    found.warned_days = None
    if found.error_code in _OVER_WITH_IT:
        found.error_code = found.error_detail = ""
    db.session.commit()
    return True


def _refused(claim: _Claim, error: AdapterError) -> bool:
    found = _ours(claim)
    if found is None:
        return _settled(claim.account_id)
    break_off(found, error)
    db.session.commit()
    return False


def _passed(claim: _Claim, error: AdapterError, *, early: bool) -> bool:
    """Something that may work later: remembered, and what is there stays as it is."""
    found = _ours(claim)
    if found is None:
        return _settled(claim.account_id)
    remember(found, error)
    usable = early and _is_usable(found, database_now())
    db.session.commit()
    return usable


def _ours(claim: _Claim) -> Connection | None:
    """The row, held; None when it is gone, or is another grant by now."""
    found = queries.lock_connection_of(claim.account_id)
    if found is None or found.connected_at != claim.connected_at or found.lease_token != claim.token:
        return None
    return found


def _settled(account_id: int) -> bool:
    """What holds now that somebody else has decided."""
    found = queries.get_connection_of(account_id)
    usable = found is not None and _is_usable(found, database_now())
    db.session.rollback()
    return usable


def _release(claim: _Claim) -> None:
    """Give the lease back, however it ended."""
    db.session.rollback()
    found = queries.lock_connection_of(claim.account_id)
    if found is not None and found.lease_token == claim.token:
        found.lease_token = found.lease_until = None
    db.session.commit()


def _is_usable(connection: Connection, now: datetime) -> bool:
    is_good = connection.expires_at is None or connection.expires_at > now
    return connection.state is ConnectionState.CONNECTED and is_good
