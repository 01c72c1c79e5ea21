"""The worker's settings out of the environment."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import config


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The settings of an installation with these variables."""
    for name in ("LEASE_SECONDS", "ASK_AGAIN_SECONDS", "POLL_SECONDS", "WORKER_THREADS", "DATABASE_URL"):
        monkeypatch.delenv(f"HUMASFLOW_{name}", raising=False)
    monkeypatch.setenv("HUMASFLOW_DATA", str(tmp_path))
    monkeypatch.setenv("HUMASFLOW_SECRETS", "rahasia")

    def read(**given: str) -> dict[str, Any]:
        for name, value in given.items():
            monkeypatch.setenv(f"HUMASFLOW_{name}", value)
        return config.load()

    return read


def test_without_any_the_defaults_hold(load: Any) -> None:
    settings = load()
    assert settings["OUTBOX_LEASE"] == timedelta(seconds=90)
    assert settings["ASK_AGAIN_AFTER"] == timedelta(seconds=60)
    assert settings["OUTBOX_POLL_SECONDS"] == 1
    assert settings["WORKER_THREADS"] == 4
    assert load(DATABASE_URL="postgresql+psycopg://h/d")["WORKER_THREADS"] == 8


def test_each_can_be_given(load: Any) -> None:
    settings = load(LEASE_SECONDS="1", ASK_AGAIN_SECONDS="0.2", POLL_SECONDS="0.25", WORKER_THREADS=" 2 ")
    assert settings["OUTBOX_LEASE"] == timedelta(seconds=1)
    assert settings["ASK_AGAIN_AFTER"] == timedelta(seconds=0.2)
    assert settings["OUTBOX_POLL_SECONDS"] == 0.25
    assert settings["WORKER_THREADS"] == 2


def test_an_empty_one_is_none(load: Any) -> None:
    assert load(LEASE_SECONDS="", WORKER_THREADS=" ")["OUTBOX_LEASE"] == timedelta(seconds=90)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("LEASE_SECONDS", "0.5", "a number from 1 to 3600"),
        ("LEASE_SECONDS", "lama", "a number from 1 to 3600"),
        ("LEASE_SECONDS", "nan", "a number from 1 to 3600"),
        ("LEASE_SECONDS", "inf", "a number from 1 to 3600"),
        ("ASK_AGAIN_SECONDS", "-1", "a number from 0.1 to 3600"),
        ("ASK_AGAIN_SECONDS", "1e9", "a number from 0.1 to 3600"),
        ("POLL_SECONDS", "5", "a number from 0.05 to 1"),
        ("POLL_SECONDS", "0", "a number from 0.05 to 1"),
        ("WORKER_THREADS", "0", "a whole number from 1 to 12"),
        ("WORKER_THREADS", "2.5", "a whole number from 1 to 12"),
        ("WORKER_THREADS", "100", "a whole number from 1 to 12"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_does(load: Any, name: str, value: str, allowed: str) -> None:
    with pytest.raises(config.ConfigurationError) as refused:
        load(**{name: value})
    assert str(refused.value) == f"HUMASFLOW_{name}={value!r} does not fit. Give {allowed}."
