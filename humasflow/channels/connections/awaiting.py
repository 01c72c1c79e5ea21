"""What waits on an account: asked by this room before somebody ends a connection, answered by the rooms above it.

A room that sends something to accounts offers ``account_usage.SOURCES``; the registry binds them here, as it binds
handlers to events. So the page can name it, and nobody has to be imported from below.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from humasflow.accounts.policy import Principal


class Stage(StrEnum):
    """How far a publication has come that is not out yet: what becomes of it differs."""

    SENT = "sent"  # sent, and nobody knows yet whether it is there
    COMING = "coming"  # goes out at its time, by itself or by a person
    FAILED = "failed"  # came to nothing; only a person starts it again


@dataclass(frozen=True)
class Waiting:
    """One publication that is not out yet. ``url`` is empty when this person may know of it but not open it."""

    title: str
    state: str  # for people
    due_at: datetime | None
    stage: Stage
    url: str = ""


@dataclass(frozen=True)
class Awaited:
    """What is not out yet: some of it by name, and how many there are of each stage."""

    named: Sequence[Waiting] = ()
    counts: Counter[Stage] = field(default_factory=Counter)

    def of(self, stage: str) -> list[Waiting]:
        """Those of one stage (or its value) that are named."""
        return [one for one in self.named if one.stage == stage]

    def count(self, stage: str) -> int:
        """How many there are of one stage (or its value), named or not."""
        return self.counts[Stage(stage)]


class Source(Protocol):
    """What a room can say about an account, in a constant number of statements."""

    def waiting_on(self, actor: Principal, account_id: int) -> Awaited:
        """What would go out on the account: what was sent first, then the nearest."""


_sources: list[Source] = []


def bind(sources: Iterable[Source]) -> None:
    """Replace all bindings (the registry calls it once per application)."""
    _sources[:] = sources


def waiting_on(actor: Principal, account_id: int) -> Awaited:
    """Everything that would go out on the account."""
    told = [source.waiting_on(actor, account_id) for source in _sources]
    counts: Counter[Stage] = Counter()
    for one in told:
        counts.update(one.counts)
    return Awaited([waiting for one in told for waiting in one.named], counts)
