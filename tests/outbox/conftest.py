"""A kind of job that tests can look into, and workers that are processes of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox import handling, services
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job

ROOT = Path(__file__).resolve().parents[2]


class Kinds:
    """Bind handlers for a test."""

    def __call__(self, **handlers: Callable[[str], timedelta | None]) -> None:
        handling._handlers.update({name.replace("_", "."): run for name, run in handlers.items()})


@pytest.fixture
def kinds(app: Flask) -> Iterator[Kinds]:
    before = dict(handling._handlers)
    yield Kinds()
    handling.bind(before)


def job(kind: str = "test.work", ref: str = "1", **given: Any) -> Job:
    """One job, committed."""
    made = services.enqueue(kind, ref, office_id=None, **given)
    db.session.commit()
    return made


def many(count: int, *, kind: str = "test.work", lanes: int = 0, **given: Any) -> None:
    """So many jobs that are due, in one statement; without ``lanes`` none has one."""
    now = clock.now() - timedelta(seconds=1)
    usual = {"kind": kind, "state": JobState.QUEUED, "due_at": now, "created_at": now, "priority": 5}
    usual |= {"attempts": 0, "max_attempts": 10} | given
    rows = [usual | {"ref": str(n), "lane": f"lane:{n % lanes}" if lanes else None} for n in range(count)]
    db.session.execute(insert(Job), rows)
    db.session.commit()


class Processes:
    """Workers beside the test, stopped with it."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._folder = url, folder
        self._running: list[subprocess.Popen[str]] = []

    def start(self, what: str, *more: object) -> "subprocess.Popen[str]":
        db.session.remove()  # SQLite has one writer: the test must not hold what the worker waits for
        started = subprocess.Popen(
            [sys.executable, "-m", "tests.outbox.racing", what, self._url, str(self._folder), *map(str, more)],
            cwd=ROOT, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        )  # fmt: skip
        self._running.append(started)
        return started

    def notes(self) -> list[list[str]]:
        """What they noted so far, in words."""
        path = self._folder / "notes.txt"
        return [line.split() for line in path.read_text().splitlines()] if path.exists() else []

    def until(self, noted: Callable[[list[list[str]]], object], *, seconds: float = 60) -> list[list[str]]:
        """Wait until the notes are so."""
        end = time.monotonic() + seconds
        while not noted(self.notes()):
            assert time.monotonic() < end, f"only this was noted: {self.notes()[-5:]}"
            time.sleep(0.02)
        return self.notes()

    def end(self) -> None:
        """Whatever still runs, gone."""
        for process in self._running:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.communicate()


@pytest.fixture
def processes(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Processes]:
    made = Processes(database_url, tmp_path)
    yield made
    made.end()
