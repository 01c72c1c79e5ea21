"""A channel in memory, and an adapter that does on it what a test tells it to."""

from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

import pytest

from humasflow.channels import reaching
from humasflow.channels.adapters.base import (
    Absent,
    AccountInfo,
    CannotTell,
    Caps,
    Limits,
    Metric,
    Problem,
    Quota,
    Ready,
    Receipt,
    Tokens,
)
from humasflow.channels.adapters.errors import AuthExpired
from humasflow.channels.adapters.manual import ManualAdapter
from humasflow.channels.adapters.variant import Account, Job, Variant
from humasflow.channels.adapters.web import WebAdapter
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.models import Connection
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db

KEY = "palsu"
EVERYTHING = Caps(
    idempotent=True, can_find=True, trusts_absence=True, can_edit=True, can_retract=True, has_first_comment=True,
    metrics=("likes", "comments", "views"),
)  # fmt: skip
PORTAL = replace(EVERYTHING, text_is_html=True)  # shows the story's title and body, as a website does


@dataclass
class Channel:
    """What stands on it, and what was asked of it, in order."""

    posts: dict[str, str] = field(default_factory=dict)
    comments: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    asked: list[str] = field(default_factory=list)
    tells_address: bool = True
    numbers: dict[str, Any] = field(default_factory=dict)
    # What the next calls of a method answer with instead; "after:" of it: it is done, and then this is raised.
    script: dict[str, deque[BaseException]] = field(default_factory=lambda: defaultdict(deque))

    def fails(self, method: str, *errors: BaseException) -> None:
        self.script[method].extend(errors)

    def count(self, method: str) -> int:
        return self.asked.count(method)


class ScriptedAdapter:
    """Everything a channel can do, on a :class:`Channel`."""

    key = KEY

    def __init__(self, channel: Channel, caps: Caps = EVERYTHING) -> None:
        self.channel, self.caps = channel, caps

    @contextmanager
    def _call(self, name: str) -> Iterator[None]:
        assert not db.session().in_transaction(), "a channel is asked while a transaction is open"
        self.channel.asked.append(name)
        if self.channel.script[name]:
            raise self.channel.script[name].popleft()
        yield
        if self.channel.script[f"after:{name}"]:
            raise self.channel.script[f"after:{name}"].popleft()

    def validate(self, variant: Variant, limits: Limits) -> tuple[Problem, ...]:
        return ()

    def verify(self, account: Account) -> AccountInfo:
        return AccountInfo(name="Palsu")

    def refresh(self, account: Account) -> Tokens | None:
        with self._call("refresh"):
            return Tokens("baru", None, None)

    def quota(self, account: Account) -> Quota | None:
        return None

    def prepare(self, job: Job) -> Ready:
        return Ready({})

    def poll(self, job: Job) -> Ready:
        return Ready(job.prepare_state)

    def _receipt(self, ident: str) -> Receipt:
        url = f"https://kanal.example/p/{ident}" if self.channel.tells_address else None
        return Receipt(ident, url, answer_sha256="a" * 64)

    def commit(self, job: Job) -> Receipt:
        with self._call("commit"):
            self.channel.posts[job.idempotency_key] = job.variant.text
        return self._receipt(job.idempotency_key.replace(":", "-"))

    def find(self, job: Job) -> Receipt | Absent:
        with self._call("find"):
            known = job.idempotency_key in self.channel.posts
        return self._receipt(job.idempotency_key.replace(":", "-")) if known else Absent()

    def update(self, job: Job) -> Receipt:
        with self._call("update"):
            assert job.external_id
            shown = job.variant.text
            if self.caps.text_is_html:
                shown = f"{job.variant.title}|{shown}"
            self.channel.posts[job.idempotency_key] = shown
        return replace(self._receipt(job.external_id), answer_sha256="b" * 64)

    def retract(self, job: Job) -> None:
        with self._call("retract"):
            self.channel.posts.pop(job.idempotency_key, None)

    def permalink(self, receipt: Receipt) -> str | None:
        return None

    def metrics(self, receipt: Receipt, account: Account, *, at: datetime) -> tuple[Metric, ...]:
        with self._call("metrics"):
            return tuple(Metric(name, value, "v26", at) for name, value in self.channel.numbers.items())

    def comment(self, job: Job, text: str) -> str:
        with self._call("comment"):
            assert job.external_id
            self.channel.comments[job.external_id].append(text)
        return f"komentar-{len(self.channel.comments[job.external_id])}"

    def find_comment(self, job: Job, text: str) -> str | Absent | CannotTell:
        with self._call("find_comment"):
            if not self.caps.can_find:
                return CannotTell()
            return "komentar-1" if text in self.channel.comments[job.external_id or ""] else Absent()


def install(monkeypatch: pytest.MonkeyPatch, channel: Channel, caps: Caps = EVERYTHING) -> ScriptedAdapter:
    """This adapter beside the newsroom's and the one of people."""
    adapter = ScriptedAdapter(channel, caps)
    every = MappingProxyType({a.key: a for a in (WebAdapter(), ManualAdapter(), adapter)})
    monkeypatch.setattr(reaching, "adapters", lambda: every)
    return adapter


def connect(account: ChannelAccount) -> Connection:
    """The account is let in. Commits."""
    account.adapter = KEY
    made = Connection(
        office_id=account.office_id, account_id=account.id, adapter=KEY, state=ConnectionState.CONNECTED,
        secrets="", settings={}, warnings=[], connected_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.commit()
    return made


def expired() -> AuthExpired:
    return AuthExpired("the token has ended")
