"""``flask outbox …``."""

from datetime import timedelta

import pytest
from flask import Flask

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox import services
from humasflow.outbox.claiming import claim_next
from humasflow.outbox.enums import Priority
from tests.outbox.conftest import Kinds, job, many

pytestmark = pytest.mark.db


def told(app: Flask, *words: str) -> str:
    result = app.test_cli_runner().invoke(args=["outbox", *words], catch_exceptions=False)
    assert result.exit_code == 0
    return str(result.output)


def test_the_commands_run_and_report(app: Flask, kinds: Kinds) -> None:
    kinds(test_work=lambda _ref: None)
    job()
    assert "1 jobs run" in told(app, "run-due")
    status = told(app, "status")
    assert "done       1" in status
    assert "due        0" in status
    assert "worker     seen never" in status


def test_run_due_stops_at_its_limit(app: Flask, kinds: Kinds) -> None:
    kinds(test_work=lambda _ref: None)
    many(5)
    assert "3 jobs run" in told(app, "run-due", "--limit", "3")
    assert "2 jobs run" in told(app, "run-due")


def test_status_shows_what_is_due_what_is_overdue_and_who_is_at_what(app: Flask) -> None:
    many(3, due_at=clock.now() - timedelta(minutes=2))
    many(2, due_at=clock.now() - timedelta(minutes=6))
    many(4, due_at=clock.now() + timedelta(minutes=6))
    job(kind="test.post", lane="account:7", priority=Priority.POSTS)
    job(kind="test.mail", priority=Priority.TIMETABLE)
    with clock.moved_to(clock.now() + timedelta(seconds=1)):
        assert claim_next() is not None
        assert claim_next() is not None
    services.beat("satu")
    db.session.commit()
    lines = told(app, "status").splitlines()
    assert "queued     9" in lines
    assert "running    2" in lines
    assert "due        5" in lines
    assert "overdue    2" in lines
    assert [line for line in lines if line.startswith("lane       account:7  test.post  job ")]
    assert [line for line in lines if line.startswith("no lane    -  test.mail  job ")]
    assert [line for line in lines if line.startswith("worker     seen ") and line.endswith(" s ago")]


def test_status_says_that_a_lease_is_over(app: Flask) -> None:
    job(lane="account:7")
    with clock.moved_to(clock.now() - timedelta(minutes=10)):
        assert claim_next() is None
    assert claim_next() is not None
    with clock.moved_to(clock.now() + timedelta(minutes=10)):
        assert "to be taken over" in told(app, "status")


def test_status_asks_the_same_however_many_jobs_there_are(app: Flask, statements: list[str]) -> None:
    counts = []
    for more in (1, 300):
        many(more)
        statements.reset()  # type: ignore[attr-defined]
        told(app, "status")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8
