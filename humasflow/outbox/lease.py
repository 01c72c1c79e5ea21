"""The lease of the job at hand: what a long handler asks before every write that others must be able to rely on.

A handler that commits several times cannot wait for the runner's check at the end. It calls :func:`keep` inside each
of its transactions: the job's row is locked until the commit, so that a take-over comes wholly before or wholly after.

What cannot say where it stands (an entry of the timetable, one transaction however long) runs inside
:func:`kept_alive`: the worker's heartbeat renews its lease for as long as the process lives.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock

from humasflow.core.db import database_now, db
from humasflow.outbox import services


class LeaseLost(Exception):
    """Another worker has taken the job over, or it was moved or cancelled meanwhile. Stop; write nothing."""


@dataclass(frozen=True)
class Lease:
    """Whose job it is: the job and the random token of this claim."""

    job_id: int
    token: str | None


_current: ContextVar[Lease | None] = ContextVar("lease", default=None)
_kept_alive: set[Lease] = set()
_kept_alive_lock = Lock()


@contextmanager
def held(lease: Lease) -> Iterator[None]:
    """Within it, the handler runs for this claim."""
    token = _current.set(lease)
    try:
        yield
    finally:
        _current.reset(token)


def keep() -> None:
    """Make sure the claim is still ours and give it a whole lease from now on. Raises :class:`LeaseLost`.

    Outside a job (a service called by hand) there is nothing to keep.
    """
    lease = _current.get()
    if lease is not None and not services.renew(lease.job_id, lease.token):
        raise LeaseLost


def current() -> Lease | None:
    """The claim that this runs for; None outside a job."""
    return _current.get()


@contextmanager
def kept_alive() -> Iterator[None]:
    """Within it, the lease of the job at hand lasts as long as this process does."""
    lease = _current.get()
    if lease is None:
        yield
        return
    with _kept_alive_lock:
        _kept_alive.add(lease)
    try:
        yield
    finally:
        with _kept_alive_lock:
            _kept_alive.discard(lease)


def renew_kept_alive() -> None:
    """What the heartbeat does for them. Commits."""
    with _kept_alive_lock:
        leases = list(_kept_alive)
    for lease in leases:
        services.renew(lease.job_id, lease.token)
        db.session.commit()


def remaining() -> timedelta | None:
    """How long the claim is still ours, by the database's clock; None outside a job, where there is nothing to lose.
    Only reads. Raises :class:`LeaseLost`.
    """
    lease = _current.get()
    if lease is None:
        return None
    until = services.held_until(lease.job_id, lease.token)
    if until is None:
        raise LeaseLost
    return until - database_now()
