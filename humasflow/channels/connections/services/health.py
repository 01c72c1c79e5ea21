"""How a connection is doing, as the publisher and the timetable find it.

``note_…`` commit a small transaction of their own: what a channel answered is remembered whatever becomes of the post.
An account without a connection has no health; for it they do nothing.
"""

from datetime import timedelta
from typing import Final

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels.adapters.base import Quota
from humasflow.channels.adapters.errors import (
    AdapterError,
    AuthExpired,
    AuthRevoked,
    Conflict,
    Forbidden,
    Invalid,
    MediaRejected,
    OutcomeUnknown,
    QuotaExceeded,
    RateLimited,
    Transient,
    Unsupported,
)
from humasflow.channels.adapters.oauth import OF_THE_APP
from humasflow.channels.connections import queries
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.events import ConnectionBroken
from humasflow.channels.connections.models import Connection
from humasflow.channels.connections.services.access import secrets_of
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.events import emit

BREAKING: Final = (
    AuthRevoked,
    Forbidden,
)  # as an answer to who we are; "forbidden" may also be about one post alone
# About one post's content, not about the way in.
OF_A_POST: Final = (Invalid, MediaRejected, Conflict, Unsupported)
OF_THE_ONE_BEFORE: Final = timedelta(minutes=10)  # longer than a job holds what lets it in
_PASSING: Final = frozenset({Transient.code, RateLimited.code, OutcomeUnknown.code})
LONGEST_DETAIL: Final = 500
SHORTEST_SECRET: Final = 6  # shorter ones would blot out ordinary words
HIDDEN: Final = "•••"


def note_success(account_id: int) -> None:
    """The channel answered us well. Of a broken connection that is news of before it broke. Commits."""
    found = queries.lock_connection_of(account_id)
    if found is not None and found.state is ConnectionState.CONNECTED:
        found.succeeded_at, found.error_code, found.error_detail = clock.now(), "", ""
    db.session.commit()


def note_trouble(account_id: int, error: AdapterError) -> None:
    """The channel answered badly. A permission that was withdrawn ends the connection until a person mends it, told
    once; told of right after a person has connected or the token was renewed, it may be of the one before, so that it
    is treated like "forbidden". "Forbidden" may be about the account or about one post of somebody else's: it is
    remembered, and within minutes the account is asked who it is (``looking.check_refused``). Whatever may pass is
    only remembered; what is wrong with a post is not ours. Commits.
    """
    found = queries.lock_connection_of(account_id)
    if found is not None and not isinstance(error, OF_A_POST):
        if isinstance(error, AuthRevoked) and not _is_new(found):
            break_off(found, error)
        elif found.state is ConnectionState.CONNECTED and not is_consequence(found, error):
            remember(found, error)
        if isinstance(error, QuotaExceeded):
            found.quota_resets_at = error.resets_at or found.quota_resets_at
            found.quota_used = found.quota_total
    db.session.commit()


def is_end(error: AdapterError) -> bool:
    """Whether an answer to who we are says that we are let in no longer. Wrong app keys of the office say nothing of
    the account: once they are right again, it works as before.
    """
    return isinstance(error, BREAKING) and not (isinstance(error, Forbidden) and error.detail in OF_THE_APP)


def is_consequence(connection: Connection, error: AdapterError) -> bool:
    """Whether what is told follows from what is remembered already, and would only hide it: that a token has ended,
    of a connection that could not be renewed; that it could not be reached, where the office's app keys are wrong.
    """
    known, detail = connection.error_code, connection.error_detail
    is_of_the_app = known == Forbidden.code and detail in OF_THE_APP
    if isinstance(error, AuthExpired):
        return is_of_the_app or known in _PASSING
    return is_of_the_app and isinstance(error, Transient)


def _is_new(connection: Connection) -> bool:
    """Whether a job may still be at work with what let us in before."""
    since = max(connection.connected_at, connection.refreshed_at or connection.connected_at)
    return clock.now() - since < OF_THE_ONE_BEFORE


def note_quota(account_id: int, quota: Quota) -> None:
    """How many publications the channel still takes. Commits."""
    found = queries.lock_connection_of(account_id)
    if found is not None:
        keep_quota(found, quota)
    db.session.commit()


def keep_quota(connection: Connection, quota: Quota | None) -> None:
    """The numbers as they are now; None: the channel sets no number."""
    connection.quota_used = quota.used if quota else None
    connection.quota_total = quota.total if quota else None
    connection.quota_resets_at = quota.resets_at if quota else None


def remember(connection: Connection, error: AdapterError) -> None:
    """What went wrong last, without any secret in it."""
    connection.failed_at, connection.error_code = clock.now(), error.code
    connection.error_detail = without_secrets(connection, error.detail)


def break_off(connection: Connection, error: AdapterError) -> None:
    """The channel lets us in no longer: a person has to connect anew. Recorded and told once for each time. Flushes."""
    remember(connection, error)
    if connection.state is ConnectionState.NEEDS_REAUTH:
        return
    connection.state = ConnectionState.NEEDS_REAUTH
    db.session.flush()
    audit.record(
        AuditAction.CHANNEL_CONNECTION_BROKEN, ("channel_account", connection.account_id),
        office_id=connection.office_id, actor=None, code=error.code,
    )  # fmt: skip
    emit(ConnectionBroken(connection.account_id, error.code))


def without_secrets(connection: Connection, text: str) -> str:
    """The text, with anything blotted out that lets us in. Adapters promise it holds none; this is the second lock."""
    try:
        known = secrets_of(connection).values()
    except AuthRevoked:
        return ""  # what cannot be opened cannot be looked for either
    for secret in sorted(known, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, HIDDEN)
    return text[:LONGEST_DETAIL]


__all__ = [
    "break_off",
    "is_consequence",
    "is_end",
    "keep_quota",
    "note_quota",
    "note_success",
    "note_trouble",
    "remember",
    "without_secrets",
]
