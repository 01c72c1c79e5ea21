"""Uji sambungan: ask the channel who we are there, and keep its true answer."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import get_locale

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels.adapters.base import AccountInfo, Quota
from humasflow.channels.adapters.errors import AdapterError, AuthExpired, Unsupported
from humasflow.channels.adapters.registry import UnknownAdapter
from humasflow.channels.connections import queries
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.events import ConnectionMade
from humasflow.channels.connections.models import Connection
from humasflow.channels.connections.services import server_limits
from humasflow.channels.connections.services.access import account_of
from humasflow.channels.connections.services.health import (
    break_off,
    is_consequence,
    is_end,
    keep_quota,
    remember,
)
from humasflow.channels.connections.services.tokens import renew
from humasflow.channels.models import ChannelAccount
from humasflow.channels.reaching import PATIENCE, get_adapter, within
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import NotFound
from humasflow.core.events import emit
from humasflow.core.permissions import Permission
from humasflow.core.unit_of_work import checkpoint, let_go

LONGEST_NAME = 200
A_DAY = timedelta(days=1)
A_ROUND = 20  # accounts asked one after the other, so that no round takes long
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Seen:
    """What the channel answered."""

    info: AccountInfo
    quota: Quota | None


def look(account: ChannelAccount, *, actor: Principal) -> AdapterError | None:
    """Ask the channel who we are and how much it still takes; None when all is well, else what it said.

    A token that has ended is renewed first (which commits). What the channel answers well mends a connection that was
    broken. Asks with the database let go; flushes afterwards. Raises NotAllowed, NotFound.
    """
    require(actor, Permission.CHANNEL_MANAGE, account.office_id)
    account_id = account.id
    get_locale()  # asked of the database once, before it is let go
    grant = grant_of(account_id)
    with within(PATIENCE):
        seen = _ask(account_id)
        if isinstance(seen, AuthExpired):
            checkpoint()  # renewing commits
            if renew(account_id, mending=True):
                grant = grant_of(account_id)
                seen = _ask(account_id)
    found = _held(account_id)
    if found is None:
        raise NotFound
    refused = seen if isinstance(seen, AdapterError) else None
    if _mark(found) != grant:
        return refused  # a person has connected anew meanwhile: this is of the one before
    found.checked_at = clock.now()
    if isinstance(seen, AdapterError):
        _note(found, seen)
    else:
        was_broken = found.state is ConnectionState.NEEDS_REAUTH
        _keep(found, seen)
        if was_broken:
            _tell_mended(found, actor)
    db.session.flush()
    return refused


def grant_of(account_id: int) -> tuple[datetime, datetime | None] | None:
    """Which grant is in use: what was asked with another one says nothing of it. None without a connection."""
    found = queries.get_connection_of(account_id)
    return None if found is None else _mark(found)


def _mark(found: Connection) -> tuple[datetime, datetime | None]:
    return found.connected_at, found.refreshed_at


def _tell_mended(found: Connection, actor: Principal) -> None:
    """Whoever was told that it broke is told of nothing more, and what waited goes on."""
    audit.record(
        AuditAction.CHANNEL_CONNECTED, ("channel_account", found.account_id), office_id=found.office_id, actor=actor,
        adapter=found.adapter, name=found.name, handle=found.handle,
    )  # fmt: skip
    emit(ConnectionMade(found.account_id, actor.id))


def check_refused() -> int:
    """Ask accounts to which a channel forbade something since they were last tested: if they are let in no longer,
    their connection ends; if they are, it was about one post, and nothing is said of it any more. What gave no answer
    is asked again. One account's accident keeps no other from it. Returns how many were asked. Commits.
    """
    due = queries.list_refused()
    db.session.rollback()
    for account_id in due:
        with alone(account_id):
            _check(account_id)
    return len(due)


def _check(account_id: int) -> None:
    seen, found = _seen(account_id)
    if found is not None:
        if isinstance(seen, AdapterError):
            if is_end(seen):
                found.checked_at = clock.now()
                break_off(found, seen)
        elif found.state is ConnectionState.CONNECTED:
            found.checked_at = clock.now()
            found.error_code = found.error_detail = ""
    db.session.commit()


def look_daily() -> int:
    """Ask every account that nobody has asked for a day who it is and how much it still takes, so that what ended
    quietly (a token withdrawn, a right taken away) is known before something has to go out. What gave no answer is
    remembered, and asked again in the next round. One account's accident keeps no other from it. Returns how many were
    asked. Commits.
    """
    due = queries.list_not_asked_since(clock.now() - A_DAY, A_ROUND)
    db.session.rollback()
    for account_id in due:
        with alone(account_id):
            _look_by_itself(account_id)
    return len(due)


def _look_by_itself(account_id: int) -> None:
    seen, found = _seen(account_id)
    if found is not None and found.state is ConnectionState.CONNECTED:
        if isinstance(seen, AdapterError):
            if is_end(seen):
                found.checked_at = clock.now()
            _note(found, seen)
        else:
            found.checked_at = clock.now()
            _keep(found, seen)
    db.session.commit()


def _seen(account_id: int) -> tuple[_Seen | AdapterError, Connection | None]:
    """What the account answers, with a token that has ended renewed first, and its row, held; None for the row where a
    person has ended the connection or connected anew meanwhile.
    """
    grant = grant_of(account_id)
    seen = _ask(account_id)
    if isinstance(seen, AuthExpired) and renew(account_id):
        grant = grant_of(account_id)
        seen = _ask(account_id)
    found = _held(account_id)
    return seen, found if found is not None and _mark(found) == grant else None


def ask_quotas() -> int:
    """Ask again how much is left where something went out since it was last asked. Returns how many. Commits."""
    due = queries.list_with_used_quota()
    db.session.rollback()
    for account_id in due:
        with alone(account_id):
            _ask_quota(account_id)
    return len(due)


def _ask_quota(account_id: int) -> None:
    found = queries.get_connection_of(account_id)
    if found is None:
        return
    adapter, grant = get_adapter(found.adapter), _mark(found)
    given = account_of(db.session.get_one(ChannelAccount, account_id))
    asked_at = clock.now()
    db.session.rollback()
    try:
        quota = adapter.quota(given)
    except AdapterError:
        return  # what it has against us it says when something is published; the number is asked for again
    found = queries.lock_connection_of(account_id)
    if found is not None and _mark(found) == grant:
        keep_quota(found, quota)
        found.checked_at = asked_at
    db.session.commit()


@contextmanager
def alone(account_id: int) -> Iterator[None]:
    """What goes wrong here is written down and over: the next account has its turn."""
    try:
        yield
    except Exception:
        db.session.rollback()
        log.exception("a round over the connections failed for account %s", account_id)


def _ask(account_id: int) -> _Seen | AdapterError:
    """Raises NotFound. A refusal is an answer like any other, so that what is let go is taken up again after it."""
    found = queries.get_connection_of(account_id)
    if found is None:
        raise NotFound
    try:
        adapter = get_adapter(found.adapter)
        given = account_of(db.session.get_one(ChannelAccount, account_id))
    except AdapterError as error:
        return error
    except UnknownAdapter:
        return Unsupported("no such adapter")
    with let_go():
        try:
            info = adapter.verify(given)
        except AdapterError as error:
            return error
        try:
            return _Seen(info, adapter.quota(given))
        except AdapterError:
            return _Seen(info, None)  # who does not tell its number works all the same


def _held(account_id: int) -> Connection | None:
    """The connection, held; its account before it, as everywhere, since what a server says may change that too."""
    lock(db.session.get_one(ChannelAccount, account_id))
    return queries.lock_connection_of(account_id)


def _keep(found: Connection, seen: _Seen) -> None:
    found.state, found.error_code, found.error_detail = ConnectionState.CONNECTED, "", ""
    found.succeeded_at = found.checked_at
    found.name, found.warnings = seen.info.name[:LONGEST_NAME], list(seen.info.warnings)
    found.handle = seen.info.handle.lstrip("@")[:LONGEST_NAME] or found.handle
    told = server_limits.follow(
        db.session.get_one(ChannelAccount, found.account_id),
        server_limits.told_in(found.settings),
        seen.info.limits,
    )
    found.settings = server_limits.remembered({**found.settings, **seen.info.settings}, told)
    is_past = found.expires_at is not None and found.expires_at <= clock.now()
    # A token that is accepted after its end does not end then: what was written down was the life of another one.
    found.expires_at = seen.info.expires_at or (None if is_past else found.expires_at)
    keep_quota(found, seen.quota)


def _note(found: Connection, error: AdapterError) -> None:
    """A refusal that a person looks at ends the connection like any other; once it has, nothing milder is told."""
    if is_end(error):
        break_off(found, error)
    elif found.state is ConnectionState.CONNECTED and not is_consequence(found, error):
        remember(found, error)
