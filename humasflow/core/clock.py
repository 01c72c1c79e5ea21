"""The one source of time, so that tests can move it.

Everything that asks "what time is it?" calls :func:`now`. The value is always an aware UTC ``datetime``; an office's
zone is applied at the edge by :mod:`humasflow.core.localtime`. What several machines must agree on (due times and
leases) asks the database's clock: :func:`humasflow.core.db.database_now`. How long something really took, whatever is
done to the clocks meanwhile, :func:`elapsed` says.
"""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

_offset = timedelta()
_jumped = timedelta()
_BOOT = Path("/proc/sys/kernel/random/boot_id")


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return datetime.now(UTC) + _offset + _jumped


def offset() -> timedelta:
    """How far tests have moved the clock; zero in a running product."""
    return _offset + _jumped


def tick() -> str:
    """A mark for :func:`elapsed`: this machine since it was started, and its steady seconds, which nobody can set."""
    return f"{_boot()} {time.monotonic() + _offset.total_seconds():.3f}"


def elapsed(since: str) -> timedelta | None:
    """How long it is since that :func:`tick`; None where it was made on another machine, or before a restart of this
    one.
    """
    boot, _blank, seconds = since.partition(" ")
    if boot != _boot():
        return None
    return timedelta(seconds=time.monotonic() + _offset.total_seconds() - float(seconds))


@lru_cache(maxsize=1)
def _boot() -> str:
    """The same for every process of a machine that was started once; elsewhere than on Linux, of this process alone."""
    return _BOOT.read_text().strip() if _BOOT.exists() else uuid.uuid4().hex


@contextmanager
def moved_to(instant: datetime) -> Iterator[None]:
    """For tests: within it, time goes on from ``instant`` (aware). The database's clock moves along."""
    global _offset
    before = _offset
    _offset = instant - datetime.now(UTC) - _jumped
    try:
        yield
    finally:
        _offset = before


@contextmanager
def set_by(amount: timedelta) -> Iterator[None]:
    """For tests: within it, somebody has set the clocks of machine and database, and no time has gone by."""
    global _jumped
    before = _jumped
    _jumped += amount
    try:
        yield
    finally:
        _jumped = before
