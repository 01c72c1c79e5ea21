"""The worker: soon at work, held up by nobody, done with what it began, and no larger for a long queue."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import structlog
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from humasflow import worker
from humasflow.core import clock
from humasflow.core.db import database_now, db
from humasflow.outbox import handling, lease, queries, runner
from humasflow.outbox.claiming import EVERYTHING
from humasflow.outbox.enums import JobState, Priority
from humasflow.outbox.models import Job, WorkerBeat
from tests.outbox.conftest import Kinds, Processes, job, many

pytestmark = pytest.mark.db


@contextmanager
def running(app: Flask, **settings: object) -> Iterator[worker.Stop]:
    """A worker in a thread of this process, without a timetable; stopped at the end, with what it is at done."""
    handling.bind(handling._handlers | {}, [])
    app.config.update(settings)
    db.session.remove()
    stop = worker.Stop()
    thread = threading.Thread(target=worker.run, args=(app, stop))
    thread.start()
    try:
        yield stop
    finally:
        stop.asked = True
        thread.join(60)
        assert not thread.is_alive()


def until(true: Callable[[], object], *, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_worker_says_that_it_lives(app: Flask) -> None:
    assert not queries.is_worker_alive()
    db.session.rollback()  # the worker has a session of its own, and SQLite one writer
    worker.beat(app, "satu")
    worker.beat(app, "satu")
    assert queries.is_worker_alive()
    assert db.session.scalar(select(func.count()).select_from(WorkerBeat)) == 1
    with clock.moved_to(clock.now() + timedelta(minutes=6)):
        assert not queries.is_worker_alive()


def test_a_lone_post_starts_within_two_seconds(app: Flask, kinds: Kinds) -> None:
    """With the poll that offices have, and on time rather than early."""
    began: list[float] = []
    with running(app, OUTBOX_POLL_SECONDS=1.0, WORKER_THREADS=4):
        kinds(test_work=lambda _ref: began.append(clock.now().timestamp()))
        for n in range(3):
            due = database_now() + timedelta(seconds=0.4)
            job(ref=str(n), priority=Priority.POSTS, lane="account:1", due_at=due)
            until(lambda n=n: len(began) > n)  # type: ignore[misc]
            assert 0 <= began[-1] - due.timestamp() < 2


def test_channels_that_are_all_slow_at_once_hold_up_no_mail(app: Flask, kinds: Kinds) -> None:
    """Neither those that are posted to nor those whose pages are looked at."""
    held, ran = threading.Event(), []
    slow = {"slow post": Priority.POSTS, "slow page": Priority.BACKGROUND}
    begun: list[str] = []

    def waiting(ref: str) -> None:
        begun.append(ref)
        assert held.wait(60)

    with running(app, WORKER_THREADS=4):
        kinds(test_slow=waiting, test_work=ran.append)
        for ref, priority in slow.items():
            job(kind="test.slow", ref=ref, lane=ref, priority=priority)
        until(lambda: len(begun) == 2)
        for priority in (Priority.POSTS, Priority.BACKGROUND):
            many(4, kind="test.slow", lanes=4, priority=priority, due_at=clock.now() - timedelta(hours=1))
        job(ref="post", lane="account:2", priority=Priority.POSTS)
        job(ref="mail")
        job(ref="telling", priority=Priority.TIMETABLE)
        try:
            until(lambda: "mail" in ran and "telling" in ran)
        finally:
            held.set()
        until(lambda: "post" in ran)


def test_one_slow_account_delays_no_other_account(app: Flask, kinds: Kinds) -> None:
    held, ran, begun = threading.Event(), [], []

    def waiting(ref: str) -> None:
        begun.append(ref)
        assert held.wait(60)

    with running(app, WORKER_THREADS=4):
        kinds(test_slow=waiting, test_work=ran.append)
        many(20, kind="test.slow", lanes=1, priority=Priority.POSTS, due_at=clock.now() - timedelta(hours=1))
        until(lambda: begun)
        for n in range(8):
            job(ref=f"post {n}", lane=f"account:{n}", priority=Priority.POSTS)
        try:
            until(lambda: len(ran) == 8)
            assert len(begun) == 1
        finally:
            kinds(test_slow=ran.append)
            held.set()


@pytest.mark.parametrize("threads", range(1, 13))
def test_every_priority_has_a_thread_and_posts_are_not_alone_with_one(threads: int) -> None:
    shares = worker.shares(threads)
    assert len(shares) == threads
    for priority in Priority:
        assert any(priority in share for share in shares)
    if threads > 2:
        posts = [share for share in shares if Priority.POSTS in share]
        assert all(share == (Priority.POSTS,) for share in posts)
        assert 2 <= len(posts) < threads
        rest = [share for share in shares if Priority.POSTS not in share]
        assert threads < 4 or any(Priority.BACKGROUND not in share for share in rest)
    else:
        assert shares == [EVERYTHING] * threads


def test_a_worker_that_is_told_to_stop_finishes_the_job_at_hand_and_begins_no_other(
    app: Flask, kinds: Kinds
) -> None:
    begun, ended = [], []

    def long(ref: str) -> None:
        begun.append(ref)
        until(lambda: stop.asked)
        time.sleep(0.2)
        ended.append(ref)

    with running(app, WORKER_THREADS=1) as stop:
        kinds(test_work=long)
        many(3)
        until(lambda: begun)
    assert begun == ended == ["0"]
    states = [state for (state,) in db.session.execute(select(Job.state).order_by(Job.id))]
    assert states == [JobState.DONE, JobState.QUEUED, JobState.QUEUED]


def test_what_runs_long_keeps_its_lease_while_the_worker_stops(app: Flask, kinds: Kinds) -> None:
    """No other worker begins it beside the one that is about to end it."""
    ended: list[bool] = []

    def long(_ref: str) -> None:
        with lease.kept_alive():
            until(lambda: stop.asked)
            db.session.rollback()
            time.sleep(2.5)
            left = lease.remaining()
            ended.append(left is not None and left > timedelta())

    with running(app, WORKER_THREADS=1, OUTBOX_LEASE=timedelta(seconds=1)) as stop:
        kinds(test_work=long)
        many(1)
        until(lambda: db.session.scalar(select(Job.state)) is JobState.RUNNING or db.session.rollback())
        db.session.rollback()
    assert ended == [True]
    assert db.session.scalar(select(Job.state)) is JobState.DONE


def test_a_signal_stops_the_process_after_the_job_at_hand(app: Flask, processes: Processes) -> None:
    many(12, kind="test.long")
    process = processes.start("serve")
    processes.until(lambda lines: lines)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    notes = processes.notes()
    assert notes[-1] == ["stopped"]
    begun = {ref for word, *ref in notes if word == "begun" for ref in ref}
    assert begun == {ref for word, *ref in notes if word == "ended" for ref in ref}
    done = db.session.scalars(select(Job.ref).where(Job.state == JobState.DONE)).all()
    assert set(done) == begun
    assert len(begun) < 12
    assert not db.session.scalars(select(Job).where(Job.state == JobState.RUNNING)).all()


@pytest.mark.parametrize("hours", [1, -1])
def test_ticks_go_on_when_the_machines_clock_is_set(app: Flask, kinds: Kinds, hours: int) -> None:
    """The scheduler would wait for the time that it had reached already."""
    ran: list[str] = []
    with running(app):
        kinds(test_work=ran.append)
        job(ref="before")
        until(lambda: "before" in ran)
        with time_machine.travel(clock.now() + timedelta(hours=hours), tick=True):
            job(ref="after")
            until(lambda: "after" in ran, seconds=5)
    assert ran == ["before", "after"]


def test_each_job_has_a_session_of_its_own(app: Flask, kinds: Kinds) -> None:
    sessions: list[object] = []
    kinds(test_work=lambda _ref: sessions.append(db.session()))
    many(3)
    db.session.remove()
    assert worker.drain(app, worker.Stop()) == 3
    assert len({id(s) for s in sessions}) == 3
    assert not any(s.identity_map for s in sessions)  # type: ignore[attr-defined]


def test_a_database_that_does_not_answer_is_waited_for(
    app: Flask, kinds: Kinds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_given: object) -> bool:
        raise OperationalError("SELECT 1", {"secret": "rahasia"}, OSError("connection refused"))

    monkeypatch.setattr(runner, "run_next", gone)
    monkeypatch.setattr("humasflow.outbox.services.beat", gone)
    with structlog.testing.capture_logs() as logs:
        assert worker.drain(app, worker.Stop()) == 0
        worker.beat(app, "satu")
    assert [entry["error"] for entry in logs] == ["connection refused"] * 2


def held_after(processes: Processes, count: int) -> list[float]:
    """Mebibytes that a worker with a long queue holds, job by job."""
    process = processes.start("serve")
    notes = processes.until(lambda lines: len(lines) >= count, seconds=900)
    process.terminate()
    assert process.wait(60) == 0
    return [float(words[1]) for words in notes]


def test_a_long_queue_does_not_make_the_worker_larger(app: Flask, processes: Processes) -> None:
    many(10_000, kind="test.held")
    held = held_after(processes, 300)
    assert max(held) - held[100] < 8


@pytest.mark.deep
def test_nor_does_running_all_of_it(app: Flask, processes: Processes) -> None:
    many(10_000, kind="test.held")
    held = held_after(processes, 10_000)
    assert max(held) - held[500] < 15
