"""A channel that does as the test says, and an account that is connected to it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from humasflow.channels import reaching
from humasflow.channels.adapters.base import Absent, Adapter, Caps, Pending, Ready, Receipt
from humasflow.channels.adapters.manual import ManualAdapter
from humasflow.channels.adapters.web import WebAdapter
from humasflow.channels.connections.enums import ConnectionState
from humasflow.channels.connections.models import Connection
from humasflow.channels.connections.services.access import sealed
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db
from tests.support.loopback import TOKEN

TRUSTED = Caps(two_step=True, can_find=True, trusts_absence=True)


def install(monkeypatch: pytest.MonkeyPatch, *adapters: Adapter) -> None:
    """These, the newsroom and people are all there is."""
    known = {a.key: a for a in (WebAdapter(), ManualAdapter(), *adapters)}
    monkeypatch.setattr(reaching, "adapters", lambda: known)


def connect(account: ChannelAccount, adapter: str, **settings: Any) -> Connection:
    """The account publishes by itself from now on."""
    account.adapter = adapter
    made = Connection(
        office_id=account.office_id, account_id=account.id, adapter=adapter, state=ConnectionState.CONNECTED,
        secrets=sealed({"access_token": TOKEN}), settings=settings, connected_at=clock.now() - timedelta(hours=1),
    )  # fmt: skip
    db.session.add(made)
    db.session.commit()
    return made


class Channel(WebAdapter):
    """Answers from scripts: each method takes the next answer of its list, the last one again and again. An exception is
    raised, a function is called with the job. ``jobs`` remembers who was asked what.
    """

    key = "channel"

    def __init__(self, caps: Caps = TRUSTED) -> None:
        self._caps = caps
        self.jobs: list[tuple[str, Any]] = []
        self.live: list[str] = []
        self.scripts: dict[str, list[Any]] = {
            "prepare": [lambda job: Ready(job.prepare_state)],
            "poll": [lambda job: Ready(job.prepare_state)],
            "commit": [self._publish],
            "find": [self._look],
        }

    @property
    def caps(self) -> Caps:  # type: ignore[override]
        """What the test gave it."""
        return self._caps

    def on(self, method: str, *answers: Any) -> None:
        """What it answers from now on."""
        self.scripts[method] = list(answers)

    def asked(self, method: str) -> int:
        """How often."""
        return sum(name == method for name, _job in self.jobs)

    def prepare(self, job: Any) -> Any:
        """By the script."""
        return self._answer("prepare", job)

    def poll(self, job: Any) -> Any:
        """By the script."""
        return self._answer("poll", job)

    def commit(self, job: Any) -> Any:
        """By the script; unless told otherwise, it is published."""
        return self._answer("commit", job)

    def find(self, job: Any) -> Any:
        """By the script; unless told otherwise, the truth."""
        return self._answer("find", job)

    def publish_and(self, error: Exception) -> Callable[[Any], Any]:
        """It is published, and the caller hears something else."""

        def act(job: Any) -> Any:
            self._publish(job)
            raise error

        return act

    def _publish(self, job: Any) -> Receipt:
        self.live.append(job.idempotency_key)
        return self._receipt_of(job)

    def _look(self, job: Any) -> Receipt | Absent:
        return self._receipt_of(job) if job.idempotency_key in self.live else Absent()

    @staticmethod
    def _receipt_of(job: Any) -> Receipt:
        return Receipt(f"x-{job.idempotency_key}", f"https://kanal.example/{job.post_id}/{job.generation}")

    def _answer(self, method: str, job: Any) -> Any:
        self.jobs.append((method, job))
        script = self.scripts[method]
        answer = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(job) if callable(answer) else answer


def steps(*states: Mapping[str, Any]) -> list[Any]:
    """One remote step after the other, at once."""
    return [*(Pending(dict(state)) for state in states[:-1]), Ready(dict(states[-1]))]
