"""Leases: who lost one writes nothing, whatever the clocks did meanwhile."""

import os
import signal
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from flask import Flask, current_app
from sqlalchemy import select, update

from humasflow.core import clock
from humasflow.core.db import database_now, db
from humasflow.outbox import lease, runner, services
from humasflow.outbox.claiming import RESTARTS, SUSPECT, claim_next
from humasflow.outbox.enums import JobState
from humasflow.outbox.handling import RetryLater
from humasflow.outbox.models import Job, WorkerBeat
from humasflow.outbox.wording import cause
from tests.conftest import ON_POSTGRES
from tests.outbox.conftest import Kinds, Processes, job, many
from tests.outbox.racing import LEASE

pytestmark = pytest.mark.db

HOUR = timedelta(hours=1)


def another_takes_it(made: Job) -> None:
    """The lease has run out, and another worker has begun."""
    ident = made.id
    with clock.moved_to(clock.now() + current_app.config["OUTBOX_LEASE"] + timedelta(seconds=1)):
        taken = claim_next()
    assert taken is not None and taken.id == ident


@pytest.mark.parametrize(
    "ending",
    [
        None,
        RetryLater("nanti"),
        RetryLater("belum siap", patient=True),
        RetryLater("ditolak", final=True),
        ValueError("rusak"),
    ],
    ids=repr,
)
def test_whoever_lost_the_lease_writes_nothing_however_it_ends(
    app: Flask, kinds: Kinds, ending: Exception | None
) -> None:
    made = job()

    def slow(_ref: str) -> None:
        another_takes_it(made)
        db.session.add(WorkerBeat(name="late", seen_at=clock.now()))
        db.session.flush()
        if ending is not None:
            raise ending

    kinds(test_work=slow)
    runner.run_due(limit=1)
    db.session.refresh(made)
    assert db.session.get(WorkerBeat, "late") is None
    assert (made.state, made.attempts, made.error, made.finished_at) == (JobState.RUNNING, 2, None, None)
    assert made.lease_token is not None


def test_a_worker_that_stood_still_past_its_lease_finds_the_job_done_by_another(
    app: Flask, kinds: Kinds, processes: Processes
) -> None:
    """A whole process, stopped in the middle and woken later."""
    made = job()
    sleeper = processes.start("pause")
    processes.until(lambda notes: notes)
    with clock.moved_to(clock.now() + LEASE + timedelta(seconds=1)):
        ran: list[str] = []
        kinds(test_work=ran.append)
        assert runner.run_due() == 1
    db.session.remove()
    os.kill(sleeper.pid, signal.SIGCONT)
    assert sleeper.wait(30) == 0
    assert [words[0] for words in processes.notes()] == ["begun", "woken"]
    assert ran == ["1"]
    made = db.session.scalars(select(Job)).one()
    assert (made.state, made.attempts) == (JobState.DONE, 2)
    assert db.session.scalars(select(WorkerBeat)).all() == []


@pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["forward", "back"])
def test_a_clock_that_jumps_and_comes_back_runs_nothing_twice_and_skips_nothing(
    app: Flask, kinds: Kinds, jump: timedelta
) -> None:
    """Jobs from an hour ago to two hours ahead; the clock is wrong for a while in between."""
    ran: list[str] = []
    kinds(test_work=ran.append)
    start = clock.now()
    for n in range(37):
        services.enqueue("test.work", n, office_id=None, due_at=start + timedelta(minutes=5 * n - 60))
    db.session.commit()
    for moment in (
        timedelta(),
        jump,
        jump + timedelta(minutes=7),
        timedelta(minutes=14),
        2 * HOUR + jump,
        3 * HOUR,
    ):
        with clock.moved_to(start + moment):
            runner.run_due()
            due = {str(n) for n in range(37) if timedelta(minutes=5 * n - 60) <= moment}
            assert due <= set(ran)
    assert Counter(ran) == dict.fromkeys((str(n) for n in range(37)), 1)


@pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["forward", "back"])
def test_a_clock_that_jumps_during_a_job_leaves_one_writer(app: Flask, kinds: Kinds, jump: timedelta) -> None:
    """Either way its lease is not one of now and another takes over: the first may not write."""
    wrote: list[str] = []

    def working(name: str) -> None:
        lease.keep()
        wrote.append(name)

    def first(_ref: str) -> None:
        kinds(test_work=lambda _ref: working("second"))
        with clock.moved_to(clock.now() + jump):
            runner.run_due()
        working("first")

    kinds(test_work=first)
    made = job()
    runner.run_due(limit=1)
    db.session.refresh(made)
    assert made.state is JobState.DONE
    assert wrote == ["second"]


def test_a_lease_given_by_a_clock_that_was_ahead_is_no_lease(app: Flask) -> None:
    """The machine started with a wrong clock, and the worker died before it was set right."""
    made = job(lane="account:1")
    with clock.moved_to(clock.now() + HOUR):
        before = claim_next()
    assert before is not None
    again = claim_next()
    assert again is not None and again.id == made.id
    assert not services.finish(before.id, before.lease_token)
    with clock.moved_to(clock.now() - current_app.config["OUTBOX_LEASE"] / 2):
        assert claim_next() is None, "a little back, and the lease is one of now"


def test_a_job_that_every_worker_stops_at_lets_others_go_first_and_is_given_up(app: Flask) -> None:
    killer = job(max_attempts=2, due_at=clock.now() - HOUR)
    start, turns = clock.now(), 0
    while claim_next() is not None:
        turns += 1
        if turns == SUSPECT:
            other = job(ref="other")
            db.session.commit()
            with clock.moved_to(start + turns * HOUR):
                claim = claim_next()
            assert claim is not None and claim.id == other.id, "what is due does not wait for it"
            assert services.finish(claim.id, claim.lease_token)
            db.session.commit()
        db.session.expire_all()
        db.session.execute(update(Job).where(Job.id == killer.id).values(lease_until=start - HOUR))
        db.session.commit()
    assert turns == 2 + RESTARTS
    db.session.refresh(killer)
    assert (killer.state, killer.lease_token) == (JobState.DEAD, None)
    assert killer.error == f"WorkerDied: {turns} times"
    assert killer.finished_at is not None
    assert "berhenti setiap kali" in cause(killer)


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite lives on one host, whose clock all its workers share")
@pytest.mark.parametrize("skew", [90, -90])
def test_a_worker_whose_clock_is_wrong_goes_by_the_databases(app: Flask, skew: int) -> None:
    now = database_now()
    many(1, due_at=now - timedelta(seconds=10))
    many(1, due_at=now + timedelta(seconds=60), kind="test.later")
    with time_machine.travel(clock.now() + timedelta(seconds=skew), tick=True):
        claim = claim_next()
        assert claim is not None and claim.kind == "test.work"
        assert claim_next() is None  # a minute away, whatever this worker's own clock says
    held = db.session.get_one(Job, claim.id).lease_until
    assert held is not None
    left = held - database_now()
    assert timedelta(0) < current_app.config["OUTBOX_LEASE"] - left < timedelta(seconds=30)
    db.session.commit()
    with time_machine.travel(clock.now() - timedelta(seconds=skew), tick=True):
        assert claim_next() is None  # the other way round: the lease is still good
        assert services.finish(claim.id, claim.lease_token)
