"""The adapters of this installation, talking through the one way out."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import cache

from flask import current_app

from humasflow.channels.adapters.base import Adapter
from humasflow.channels.adapters.http import AnswerLost, HttpAnswer, NotReached
from humasflow.channels.adapters.registry import UnknownAdapter, make_adapters
from humasflow.core import outbound
from humasflow.core.db import db
from humasflow.core.outbound_faults import Fault
from humasflow.outbox import lease

PATIENCE = 30.0  # seconds that a person waits for everything a page asks of a channel
MARGIN = 0.9  # of the third of a lease that one call may take: three calls end before the lease does
SLOWEST = 125_000  # bytes a second (1 Mbit/s): over a slower way up no video is sent
CARRIED_ANYWAY = 1_000_000  # bytes that a call has time for as it is
ON_THE_WAY = 8_000_000  # bytes that may have left us, in buffers of this machine, and not have arrived
LONGEST = 900.0  # seconds, however much is sent


def call_timeout(size: int = 0) -> float:
    """Seconds that one call of a channel may take: less than a third of the lease under which it is made and, on top of
    it, what ``size`` bytes need over the slowest way up; the lease is kept alive meanwhile.
    """
    lasts: float = current_app.config["OUTBOX_LEASE"].total_seconds()
    base = min(30.0, lasts / 3 * MARGIN)
    return base if size <= CARRIED_ANYWAY else min(base + size / SLOWEST, max(base, LONGEST))


_ends: ContextVar[float | None] = ContextVar("channel_calls_end", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """All calls made in here together take no longer: a person is waiting, and one of few web processes with them; or
    somebody else will ask what became of them, once they have surely ended.
    """
    ends, outer = time.monotonic() + seconds, _ends.get()
    token = _ends.set(ends if outer is None else min(ends, outer))
    try:
        yield
    finally:
        _ends.reset(token)


def send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | Iterable[bytes] | None = None,
    timeout: float | None = None,
    max_bytes: int = 2_000_000,
) -> HttpAnswer:
    """:class:`~humasflow.channels.adapters.http.Http` over the one way out."""
    if db.session().in_transaction():
        raise RuntimeError("a channel is asked while a transaction holds the database")
    usual, size = call_timeout(), _size(headers, content)
    total = min(timeout or usual, usual) if size <= CARRIED_ANYWAY else call_timeout(size)
    ends = _ends.get()
    if ends is not None:
        total = min(total, ends - time.monotonic())
        if total <= 0:
            raise NotReached(Fault.TOO_SLOW.value)
    # However long an upload takes: a server that is silent is given up once what is on the way must have arrived.
    silence = min(call_timeout(min(size, ON_THE_WAY)), total)
    limits = outbound.Limits(connect=min(5.0, total), read=silence, total=total, size=max_bytes)
    try:
        with lease.kept_alive() if total > usual else nullcontext():
            answer = outbound.exchange(url, method=method, headers=headers, content=content, limits=limits)
    except outbound.FetchFailed as failed:
        lost = AnswerLost if failed.sent else NotReached
        raise lost(failed.fault.value) from failed
    return HttpAnswer(answer.status, answer.headers, answer.body)


def _size(headers: Mapping[str, str] | None, content: bytes | Iterable[bytes] | None) -> int:
    """Of a body, in bytes; one that comes in pieces says it beforehand."""
    if isinstance(content, bytes):
        return len(content)
    told = next((value for name, value in (headers or {}).items() if name.lower() == "content-length"), "")
    return int(told) if content is not None and told.isdecimal() else 0


@cache
def adapters() -> Mapping[str, Adapter]:
    """Every adapter by its key."""
    return make_adapters(send)


def get_adapter(key: str) -> Adapter:
    """The adapter of that key. Raises UnknownAdapter."""
    try:
        return adapters()[key]
    except KeyError:
        raise UnknownAdapter(key) from None
