"""Channels that answer as a test tells them to, and note what they were asked."""

from collections.abc import Iterator, Mapping
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
    Caps,
    Grant,
    Limits,
    Metric,
    Outlet,
    Problem,
    Quota,
    Ready,
    Receipt,
    Tokens,
)
from humasflow.channels.adapters.manual import ManualAdapter
from humasflow.channels.adapters.variant import Account, AppKeys, Job, Variant
from humasflow.channels.adapters.web import WebAdapter
from humasflow.core.db import db

CANARY = "kenari-rahasia-9f3c"  # every secret of a test begins with it


@dataclass
class Channel:
    """What stands behind the fakes: answers by the name of the method; an exception is raised, a function called."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def say(self, method: str, given: Any) -> Any:
        """What the method answers. No transaction may hold the database meanwhile."""
        assert not db.session().in_transaction(), f"{method} is asked while a transaction holds the database"
        self.asked.append((method, given))
        answer = self.answers[method]
        if isinstance(answer, Exception):
            raise answer
        return answer(given) if callable(answer) else answer

    def names(self) -> list[str]:
        """What was asked, in order."""
        return [name for name, _given in self.asked]

    def last(self, method: str) -> Any:
        """What the method was given when it was last asked."""
        return next(given for name, given in reversed(self.asked) if name == method)


class FakeAdapter:
    """What all of them can do."""

    def __init__(self, key: str, channel: Channel, *, is_proven: bool = True) -> None:
        self.key, self.channel = key, channel
        self.caps = Caps(can_find=True, is_proven=is_proven)

    def validate(self, variant: Variant, limits: Limits) -> tuple[Problem, ...]:
        return ()

    def verify(self, account: Account) -> AccountInfo:
        found: AccountInfo = self.channel.say("verify", account)
        return found

    def refresh(self, account: Account) -> Tokens | None:
        found: Tokens | None = self.channel.say("refresh", account)
        return found

    def quota(self, account: Account) -> Quota | None:
        found: Quota | None = self.channel.say("quota", account)
        return found

    def prepare(self, job: Job) -> Ready:
        return Ready({})

    def poll(self, job: Job) -> Ready:
        return Ready({})

    def commit(self, job: Job) -> Receipt:
        return Receipt("1")

    def find(self, job: Job) -> Absent:
        return Absent()

    def update(self, job: Job) -> Receipt:
        return Receipt("1")

    def retract(self, job: Job) -> None:
        return None

    def permalink(self, receipt: Receipt) -> str | None:
        return None

    def metrics(self, receipt: Receipt, account: Account, *, at: datetime) -> tuple[Metric, ...]:
        return ()


class FakeTyped(FakeAdapter):
    """Connected with what a person types."""

    def sign_in(self, account: Account) -> Grant:
        found: Grant = self.channel.say("sign_in", account)
        return found


class FakeGranting(FakeAdapter):
    """Connected on the platform's own page."""

    scopes: tuple[str, ...] = ("publish_posts", "read_insights")
    uses_pkce = True

    def __init__(self, key: str, provider: str, channel: Channel, *, is_proven: bool = True) -> None:
        super().__init__(key, channel, is_proven=is_proven)
        self.app_provider = provider

    def authorize_url(self, app: AppKeys, *, redirect_uri: str, state: str, challenge: str | None) -> str:
        at = app.instance or f"https://{self.app_provider}.example"
        return f"{at}/izin?client_id={app.client_id}&redirect_uri={redirect_uri}&state={state}&code_challenge={challenge}"

    def exchange(self, app: AppKeys, *, code: str, redirect_uri: str, verifier: str | None) -> Grant:
        found: Grant = self.channel.say(
            "exchange", {"app": app, "code": code, "to": redirect_uri, "verifier": verifier}
        )
        return found

    def outlets(self, app: AppKeys, grant: Grant) -> tuple[Outlet, ...]:
        found: tuple[Outlet, ...] = self.channel.say("outlets", grant)
        return found


class FakeMastodon(FakeGranting, FakeTyped):
    """All three ways at once."""

    def register_app(self, instance: str, *, redirect_uri: str, website: str) -> AppKeys:
        found: AppKeys = self.channel.say("register_app", {"instance": instance, "to": redirect_uri})
        return replace(found, instance=instance)


def office_on_channel(channel: Channel, **more: Any) -> Mapping[str, Any]:
    """Every adapter of the product, as fakes on one channel."""
    made = [
        WebAdapter(), ManualAdapter(), FakeTyped("wordpress", channel), FakeTyped("bluesky", channel),
        FakeTyped("telegram", channel), FakeMastodon("mastodon", "mastodon", channel),
        FakeGranting("facebook", "meta", channel, is_proven=False), FakeGranting("instagram", "meta", channel),
        FakeGranting("threads", "threads", channel), FakeGranting("x", "x", channel),
        FakeGranting("youtube", "google", channel), FakeGranting("tiktok", "tiktok", channel),
    ]  # fmt: skip
    return MappingProxyType({adapter.key: adapter for adapter in made})


def a_channel() -> Channel:
    """One on which everything works."""
    return Channel(
        {
            "sign_in": lambda account: Grant(dict(account.secrets)),
            "verify": AccountInfo("Kantor Uji", "kantoruji", "https://kanal.example/kantoruji"),
            "quota": Quota(3, 25, None),
            "exchange": Grant(
                {"access_token": f"{CANARY}-akses", "refresh_token": f"{CANARY}-segar"},
                scopes=("publish_posts",),
            ),
            "outlets": (
                Outlet("halaman-1", "Kantor Uji", "kantoruji", secrets={"access_token": f"{CANARY}-halaman"}),
            ),
            "register_app": AppKeys("humasflow-di-sana", f"{CANARY}-aplikasi"),
            "refresh": None,
        }
    )


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channel:
    """Every kind of channel, answering well until a test says otherwise."""
    made = a_channel()
    fakes = office_on_channel(made)
    monkeypatch.setattr(reaching, "adapters", lambda: fakes)
    return made


@contextmanager
def answering(channel: Channel, method: str, answer: Any) -> Iterator[None]:
    """For a moment it answers otherwise."""
    before = channel.answers[method]
    channel.answers[method] = answer
    yield
    channel.answers[method] = before
