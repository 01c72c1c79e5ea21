"""The lease of the job at hand: what a long handler asks before every write that others must be able to rely on.

A handler that commits several times cannot wait for the runner's check at the end. It calls :func:`keep` inside each
of its transactions: the job's row is locked until the commit, so that a take-over comes wholly before or wholly after.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from humasflow.outbox import services


class LeaseLost(Exception):
    """Another worker has taken the job over, or it was moved or cancelled meanwhile. Stop; write nothing."""


@dataclass(frozen=True)
class Lease:
    """Whose job it is: the job and the random token of this claim."""

    job_id: int
    token: str | None


_current: ContextVar[Lease | None] = ContextVar("lease", default=None)


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
