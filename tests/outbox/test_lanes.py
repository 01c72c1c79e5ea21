"""Lanes and priorities: what goes first, what keeps nobody waiting, and who gets what when several ask at once."""

import itertools
import json
import threading
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import event, func, select, text, update
from sqlalchemy.exc import IntegrityError

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox import claiming, lease, runner, services
from humasflow.outbox.claiming import EVERYTHING, Claim, claim_next
from humasflow.outbox.enums import JobState, Priority
from humasflow.outbox.models import Job
from tests.conftest import ON_POSTGRES, QueryCount
from tests.outbox.conftest import Kinds, Processes, job, many

pytestmark = pytest.mark.db


def ago(seconds: float) -> dict[str, object]:
    return {"due_at": clock.now() - timedelta(seconds=seconds)}


def refs() -> list[str]:
    """What is claimed, in order, until nothing more can be."""
    claimed = []
    while (found := claim_next()) is not None:
        claimed.append(found.ref)
    return claimed


def test_the_lower_number_goes_first_and_within_it_what_waited_longest(app: Flask) -> None:
    job(ref="mail", **ago(500))
    job(ref="numbers", priority=Priority.BACKGROUND, **ago(900))
    job(ref="second post", priority=Priority.POSTS, **ago(10))
    job(ref="first post", priority=Priority.POSTS, **ago(20))
    job(ref="timetable", priority=Priority.TIMETABLE, **ago(1))
    job(ref="not yet", priority=Priority.POSTS, due_at=clock.now() + timedelta(hours=1))
    assert refs() == ["first post", "second post", "timetable", "mail", "numbers"]


def test_only_what_was_asked_for_is_claimed(app: Flask) -> None:
    job(ref="post", priority=Priority.POSTS)
    job(ref="mail")
    rest = claim_next((Priority.ORDINARY, Priority.BACKGROUND))
    assert rest is not None and rest.ref == "mail"
    assert claim_next((Priority.ORDINARY,)) is None
    post = claim_next((Priority.POSTS,))
    assert post is not None and post.ref == "post"


def test_a_priority_that_no_claim_asks_for_is_refused(app: Flask) -> None:
    with pytest.raises(ValueError, match="3"):
        services.enqueue("test.work", 1, office_id=None, priority=3)


def test_one_job_of_a_lane_runs_at_a_time_and_the_others_pass_it(app: Flask) -> None:
    job(ref="a1", lane="a", **ago(50))
    job(ref="a2", lane="a", **ago(40))
    job(ref="b1", lane="b", **ago(30))
    job(ref="free", **ago(20))
    job(ref="a3", lane="a", priority=Priority.POSTS, **ago(10))
    first = claim_next()
    assert first is not None
    assert first.ref == "a3"
    assert refs() == ["b1", "free"]
    services.finish(first.id, first.lease_token)
    db.session.commit()
    assert refs() == ["a1"]


@pytest.mark.parametrize("ends", ["finish", "fail", "cancel", "reschedule"])
def test_however_a_job_ends_its_lane_is_free(app: Flask, ends: str) -> None:
    made = job(ref="1", lane="a", **ago(5))
    job(ref="2", lane="a")
    claim = claim_next()
    assert claim is not None
    assert claim_next() is None
    match ends:
        case "finish":
            services.finish(claim.id, claim.lease_token)
        case "fail":
            services.fail(claim.id, claim.lease_token, "gagal")
        case "cancel":
            services.cancel(made)
        case _:
            services.reschedule(made, due_at=clock.now() + timedelta(hours=1))
    db.session.commit()
    assert refs() == ["2"]


def test_a_lane_whose_worker_died_is_taken_over_with_the_very_job(app: Flask) -> None:
    job(ref="1", lane="a", **ago(5))
    job(ref="2", lane="a", priority=Priority.POSTS)
    with clock.moved_to(clock.now() - timedelta(seconds=3)):
        left = claim_next()
    assert left is not None and left.ref == "1"
    assert claim_next() is None
    with clock.moved_to(clock.now() + current_app.config["OUTBOX_LEASE"]):
        again = claim_next()
        assert again is not None and (again.id, again.ref) == (left.id, "1")
        assert again.lease_token != left.lease_token
        assert claim_next() is None
        assert not services.finish(left.id, left.lease_token)
        assert services.finish(again.id, again.lease_token)
        db.session.commit()
        assert refs() == ["2"]


def test_the_database_itself_refuses_a_second_running_job_of_a_lane(app: Flask) -> None:
    many(2, lanes=1)
    with pytest.raises(IntegrityError):
        db.session.execute(update(Job).values(state=JobState.RUNNING))
    db.session.rollback()
    many(3)
    db.session.execute(update(Job).where(Job.lane.is_(None)).values(state=JobState.RUNNING))


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite has one writer at a time: two cannot begin at once")
def test_of_two_that_begin_a_lane_at_once_one_takes_something_else(app: Flask) -> None:
    """The other worker's claim is not committed yet, so it cannot be seen: the index is asked."""
    job(ref="a1", lane="a", **ago(30))
    job(ref="a2", lane="a", **ago(20))
    job(ref="b1", lane="b", **ago(10))
    claimed: list[Claim | None] = []

    def other() -> None:
        with app.app_context():
            claimed.append(claim_next())

    with db.engine.connect() as rival, rival.begin():
        rival.execute(
            update(Job)
            .where(Job.ref == "a1")
            .values(state=JobState.RUNNING, lease_token="x", lease_until=clock.now() + timedelta(minutes=1))
        )
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()  # it waits for what the rival's claim comes to
    thread.join(30)
    assert [found.ref for found in claimed if found] == ["b1"]


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite knows no row locks")
def test_what_another_holds_is_left_and_not_asked_for_again_and_again(
    app: Flask, statements: QueryCount
) -> None:
    job(ref="held", **ago(60))
    with db.engine.connect() as rival, rival.begin():
        rival.execute(select(Job.id).with_for_update())
        statements.reset()
        assert claim_next() is None
        assert len(statements) < 6
    assert refs() == ["held"]


def test_an_idle_worker_does_not_ask_to_write(app: Flask, statements: QueryCount) -> None:
    job(due_at=clock.now() + timedelta(hours=1))
    db.session.rollback()
    statements.reset()
    assert claim_next() is None
    assert not [s for s in statements.statements if s.startswith("UPDATE")]
    assert len(statements) <= 2


def test_a_claim_costs_the_same_beside_ten_and_beside_a_thousand(app: Flask, statements: QueryCount) -> None:
    counts = []
    for more in (10, 1000):
        many(more, lanes=3)
        statements.reset()
        assert claim_next() is not None
        counts.append(len(statements))
        db.session.rollback()
    assert counts[0] == counts[1] <= 3


def plan_of(statement: Any) -> str:
    """How the database goes about a statement of the claim, as it is really sent."""
    sent: list[tuple[str, Any]] = []

    def note(_c: object, _cur: object, sql: str, given: Any, *_rest: object) -> None:
        sent.append((sql, given))

    event.listen(db.engine, "before_cursor_execute", note)
    now = clock.now()
    db.session.execute(statement, {"now": now, "ahead": now + timedelta(days=1), "token": "t", "until": now})
    event.remove(db.engine, "before_cursor_execute", note)
    raw = db.session.connection().connection.driver_connection
    assert raw is not None
    cursor = raw.cursor()
    sql, given = sent[-1]
    cursor.execute(("EXPLAIN " if ON_POSTGRES else "EXPLAIN QUERY PLAN ") + sql, given)
    plan = "\n".join(str(row) for row in cursor.fetchall())
    db.session.rollback()
    return plan


@pytest.mark.parametrize("priorities", [EVERYTHING, (Priority.POSTS,)])
def test_a_claim_finds_its_job_by_an_index(app: Flask, priorities: tuple[Priority, ...]) -> None:
    """In a table with many finished jobs and many that are due later."""
    many(3000, state=JobState.DONE)
    many(300, due_at=clock.now() + timedelta(hours=1), priority=0, lanes=5)
    many(30, priority=0, lanes=5)
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    for statement in (claiming._glance(priorities), claiming._taking(2, priorities, db.engine.dialect.name)):
        plan = plan_of(statement)
        assert "ix_job_queued" in plan
        assert "Seq Scan" not in plan
        assert "SCAN job" not in plan


def test_two_who_ask_for_the_same_thing_at_once_get_one_job(app: Flask) -> None:
    """The second sees no row with the key, and the database still holds one only."""
    made: list[int] = []
    failed: list[Exception] = []
    ready = threading.Barrier(4)

    def ask() -> None:
        with app.app_context():
            ready.wait(30)
            try:
                made.append(services.enqueue("test.work", 1, office_id=None, key="once").id)
                db.session.commit()
            except Exception as error:  # noqa: BLE001 (the test looks at it)
                failed.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed
    assert len(made) == 4 and len(set(made)) == 1
    assert db.session.scalar(select(func.count()).select_from(Job)) == 1


def test_a_handler_keeps_its_lane_with_its_lease(app: Flask, kinds: Kinds) -> None:
    seen: list[object] = []

    def long(_ref: str) -> None:
        with clock.moved_to(clock.now() + timedelta(seconds=60)):
            lease.keep()
            db.session.commit()
        with clock.moved_to(clock.now() + timedelta(seconds=120)):
            seen.append(claim_next())

    kinds(test_work=long)
    job(ref="1", lane="a", **ago(5))
    job(ref="2", lane="a")
    runner.run_due(limit=1)
    assert seen == [None]


def race(processes: Processes, workers: int, count: int) -> None:
    """So many workers, so many jobs in seven lanes and in none: each job once, one of a lane at a time."""
    many(count // 2, lanes=7)
    many(count - count // 2)
    lanes = dict(db.session.execute(select(Job.id, Job.lane)).all())
    db.session.execute(update(Job).values(ref=Job.id))
    db.session.commit()
    told, _ = processes.start("race", workers).communicate(timeout=600)
    shares = json.loads(told)
    ran = [(int(ref), begun, ended) for share in shares for ref, begun, ended in share]
    assert Counter(ref for ref, _b, _e in ran) == dict.fromkeys(lanes, 1)
    # On two cores the last of four may come when all is done.
    assert len(shares) == workers and sum(map(bool, shares)) >= 2
    in_lane = defaultdict(list)
    for ref, begun, ended in ran:
        if lanes[ref] is not None:
            in_lane[lanes[ref]].append((begun, ended))
    assert len(in_lane) == 7
    for times in in_lane.values():
        times.sort()
        assert all(ended <= begun for (_b, ended), (begun, _e) in itertools.pairwise(times))
    states = db.session.execute(select(Job.state, Job.attempts).distinct()).all()
    assert [tuple(row) for row in states] == [(JobState.DONE, 1)]


@pytest.mark.parametrize("workers", [2, 4])
def test_several_workers_run_each_job_once_and_one_of_a_lane_at_a_time(
    app: Flask, processes: Processes, workers: int
) -> None:
    race(processes, workers, (1000 if workers == 4 else 250) if ON_POSTGRES else 120)


@pytest.mark.deep
@pytest.mark.parametrize("workers", [2, 4])
def test_the_same_with_ten_thousand(app: Flask, processes: Processes, workers: int) -> None:
    race(processes, workers, 10_000)
