"""Before a permission ends: renewed early where the product can, told in time where a person has to."""

from datetime import timedelta

from humasflow.channels.connections import queries
from humasflow.channels.connections.events import ConnectionExpiring
from humasflow.channels.connections.policy import WARN_DAYS, ends_at, is_renewal_due, life_of
from humasflow.channels.connections.services.looking import alone
from humasflow.channels.connections.services.tokens import renew
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.events import emit

FURTHEST = timedelta(days=40)  # the last quarter of the longest life that is renewed


def renew_due() -> int:
    """Renew what is in the last quarter of its life, one after the other; one account's accident keeps no other
    from it. Returns how many were tried. Commits.
    """
    due = [c.account_id for c in queries.list_ending_before(clock.now() + FURTHEST) if is_renewal_due(c)]
    db.session.rollback()
    for account_id in due:
        with alone(account_id):
            renew(account_id, early=True)
    return len(due)


def warn_of_ends() -> int:
    """Tell once each that a permission ends in 14, 7 and 1 days. Returns how many were told. Flushes."""
    now, told = clock.now(), 0
    for found in queries.list_at_work():
        end = ends_at(found)
        if end is None or not now < end <= now + timedelta(days=WARN_DAYS[0]):
            continue
        span = life_of(found) if end == found.expires_at else None
        reached = [
            days for days in WARN_DAYS
            if end - now <= timedelta(days=days) and (span is None or span > timedelta(days=days))
        ]  # fmt: skip
        if not reached or (found.warned_days is not None and found.warned_days <= min(reached)):
            continue
        found.warned_days = min(reached)
        db.session.flush()
        emit(ConnectionExpiring(found.account_id, found.warned_days))
        told += 1
    return told
