"""The one source of time, so that tests can move it.

Everything that asks "what time is it?" calls :func:`now`. The value is always an aware UTC ``datetime``; an office's
zone is applied at the edge by :mod:`humasflow.core.localtime`. What several machines must agree on (due times and
leases) asks the database's clock: :func:`humasflow.core.db.database_now`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_offset = timedelta()


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return datetime.now(UTC) + _offset


def offset() -> timedelta:
    """How far tests have moved the clock; zero in a running product."""
    return _offset


@contextmanager
def moved_to(instant: datetime) -> Iterator[None]:
    """For tests: within it, time goes on from ``instant`` (aware). The database's clock moves along."""
    global _offset
    before = _offset
    _offset = instant - datetime.now(UTC)
    try:
        yield
    finally:
        _offset = before
