"""What the worker does by itself: each entry in its time, by one worker, for ever."""

import threading
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask, current_app
from sqlalchemy import event, select, update

from humasflow import worker
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox import handling, lease, runner, services, timetable
from humasflow.outbox.claiming import claim_next
from humasflow.outbox.enums import JobState, Priority
from humasflow.outbox.models import Job, WorkerBeat
from tests.outbox.conftest import Processes, job

pytestmark = pytest.mark.db

MINUTE = timedelta(seconds=60)


@pytest.fixture
def entry(app: Flask) -> Callable[..., None]:
    """Have this function run once a minute, and nothing else."""

    def plan(function: Callable[[], object], seconds: int = 60) -> None:
        handling.bind(handling._handlers | {}, [("test.entry", seconds, function)])
        timetable.plan()

    return plan


def row() -> Job:
    return db.session.scalars(select(Job).execution_options(populate_existing=True)).one()


def test_an_entry_runs_at_once_and_then_in_its_time(app: Flask, entry: Callable[..., None]) -> None:
    ran: list[int] = []
    entry(lambda: ran.append(1))
    assert runner.run_due() == 1
    assert runner.run_due() == 0
    assert (row().state, row().attempts) == (JobState.QUEUED, 0)
    assert timedelta(seconds=50) < row().due_at - clock.now() <= MINUTE
    with clock.moved_to(clock.now() + MINUTE):
        assert runner.run_due() == 1
    assert len(ran) == 2


def test_planning_again_changes_nothing(app: Flask, entry: Callable[..., None]) -> None:
    entry(lambda: None)
    runner.run_due()
    due = row().due_at
    timetable.plan()
    assert row().due_at == due


def test_every_entry_of_the_product_gets_its_row(app: Flask) -> None:
    timetable.plan()
    rows = db.session.scalars(select(Job)).all()
    assert {r.ref for r in rows} == {name for name, _seconds, _function in handling.entries()}
    assert {r.kind for r in rows} == {timetable.KIND}
    asking = {
        "connections.renew", "connections.check", "connections.quota", "connections.look",
        "notifications.listen_to_telegram", "notifications.read_mailboxes",
    }  # fmt: skip
    assert {r.ref for r in rows if r.priority == Priority.BACKGROUND} == asking, (
        "it waits for servers outside"
    )
    assert {r.priority for r in rows if r.ref not in asking} == {Priority.TIMETABLE}
    assert runner.run_due() >= len(rows), "some entries enqueue what is due at this hour"
    assert {r.state for r in db.session.scalars(select(Job).where(Job.kind == timetable.KIND))} == {
        JobState.QUEUED
    }
    assert not [r.error for r in db.session.scalars(select(Job)) if r.error]


def test_an_entry_that_turned_out_to_be_long_leaves_its_thread_to_others(
    app: Flask, entry: Callable[..., None]
) -> None:
    entry(lambda: None)
    assert row().priority == Priority.TIMETABLE
    handling.bind(handling._handlers | {}, [("test.entry", 60, lambda: None)], long=["test.entry"])
    timetable.plan()
    assert row().priority == Priority.BACKGROUND


def test_what_has_just_ended_is_not_brought_back(
    app: Flask, entry: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading waits for the transaction that plans its next turn, so the clock is asked after it."""
    entry(lambda: None)
    runner.run_due()
    before, due = clock.now(), row().due_at
    read: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        read.append(statement)

    monkeypatch.setattr(
        timetable, "database_now", lambda: clock.now() if read else before - timedelta(minutes=1)
    )
    event.listen(db.engine, "before_cursor_execute", see)
    try:
        timetable.plan()
    finally:
        event.remove(db.engine, "before_cursor_execute", see)
    assert row().due_at == due


def test_after_two_days_without_a_worker_an_entry_runs_once(app: Flask, entry: Callable[..., None]) -> None:
    ran: list[int] = []
    entry(lambda: ran.append(1))
    runner.run_due()
    with clock.moved_to(clock.now() + timedelta(days=2)):
        runner.run_due()
        timetable.plan()
        assert runner.run_due() == 0
    assert len(ran) == 2


def test_an_entry_that_fails_is_seen_and_has_its_next_turn_in_time(
    app: Flask, entry: Callable[..., None]
) -> None:
    def broken() -> None:
        db.session.add(Job(kind="half", ref="1", due_at=clock.now(), created_at=clock.now()))
        db.session.flush()
        raise ValueError("rusak")

    entry(broken)
    for turn in range(30):
        with clock.moved_to(clock.now() + turn * MINUTE + timedelta(seconds=1)):
            assert runner.run_due() == 1
    assert (row().state, row().error, row().attempts) == (JobState.QUEUED, "ValueError: rusak", 0)
    db.session.commit()
    told = app.test_cli_runner().invoke(args=["outbox", "status"]).output
    assert "test.entry fails: ValueError: rusak" in told
    entry(lambda: None)
    with clock.moved_to(clock.now() + timedelta(hours=1)):
        runner.run_due()
    assert row().error is None


def test_what_the_entry_wrote_is_committed_with_its_next_turn(app: Flask, entry: Callable[..., None]) -> None:
    entry(lambda: services.beat("ditulis"))
    runner.run_due()
    db.session.rollback()
    assert db.session.get(WorkerBeat, "ditulis") is not None


def test_an_entry_that_this_version_does_not_have_ends_and_comes_back_with_it(
    app: Flask, entry: Callable[..., None]
) -> None:
    entry(lambda: None)
    handling.bind(handling._handlers | {}, [])
    runner.run_due()
    assert row().state is JobState.DONE
    entry(lambda: None)
    assert row().state is JobState.QUEUED
    assert runner.run_due() == 1


def test_a_turn_put_off_by_a_clock_that_was_ahead_is_brought_back(
    app: Flask, entry: Callable[..., None]
) -> None:
    ran: list[int] = []
    entry(lambda: ran.append(1))
    with clock.moved_to(clock.now() + timedelta(hours=1)):
        runner.run_due()
    assert runner.run_due() == 0
    timetable.plan()
    assert runner.run_due() == 1
    assert len(ran) == 2


def test_two_workers_that_start_at_once_make_one_row_an_entry(app: Flask) -> None:
    failed: list[Exception] = []
    ready = threading.Barrier(4)

    def start() -> None:
        with app.app_context():
            ready.wait(30)
            try:
                timetable.plan()
            except Exception as error:  # noqa: BLE001 (the test looks at it)
                failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed
    refs = db.session.scalars(select(Job.ref)).all()
    assert len(refs) == len(set(refs)) == len(handling.entries())


def test_an_entry_that_takes_longer_than_a_lease_keeps_it(app: Flask, entry: Callable[..., None]) -> None:
    """The heartbeat renews it; only a process that is gone loses it."""
    app.config["OUTBOX_LEASE"] = timedelta(seconds=90)
    taken: list[object] = []

    def long() -> None:
        db.session.rollback()  # SQLite has one writer: the heartbeat of this test is in the same thread
        with clock.moved_to(clock.now() + timedelta(seconds=80)):
            lease.renew_kept_alive()
        with clock.moved_to(clock.now() + timedelta(seconds=160)):
            taken.append(claim_next())

    entry(long)
    runner.run_due(limit=1)
    assert taken == [None]
    assert not lease._kept_alive
    with clock.moved_to(clock.now() + MINUTE):
        assert claim_next() is not None
    with clock.moved_to(clock.now() + MINUTE + current_app.config["OUTBOX_LEASE"] + timedelta(seconds=1)):
        assert claim_next() is not None


def test_the_timetable_is_not_held_up_by_a_thousand_mails(app: Flask, entry: Callable[..., None]) -> None:
    for n in range(5):
        job(kind="test.mail", ref=str(n), due_at=clock.now() - timedelta(hours=1))
    entry(lambda: None)
    claim = claim_next()
    assert claim is not None and claim.kind == timetable.KIND


def test_two_workers_run_an_entry_one_after_the_other_and_not_more_often(
    app: Flask, processes: Processes
) -> None:
    """Processes: each turn takes 0.3 s and is due a second after the one before."""
    db.session.commit()
    both = [processes.start("serve", 1) for _ in range(2)]
    notes = processes.until(lambda lines: len(lines) >= 3)
    for process in both:
        process.terminate()
        assert process.wait(30) == 0
    turns = sorted(
        (float(begun), float(ended)) for word, begun, ended, *_ in [n for n in notes if n[0] == "entry"]
    )
    assert all(begun - ended > 0.9 for (_b, ended), (begun, _e) in pairwise(turns))


def test_running_an_entry_by_hand_leaves_its_turn_alone(app: Flask, entry: Callable[..., None]) -> None:
    ran: list[int] = []
    entry(lambda: ran.append(1))
    db.session.execute(update(Job).values(due_at=clock.now() + timedelta(seconds=30)))
    db.session.commit()
    due = row().due_at
    db.session.rollback()
    worker.run_entry(app, "test.entry")
    assert (len(ran), row().due_at) == (1, due)
