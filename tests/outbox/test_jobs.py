"""Jobs: claimed once, tried again with patience, given up visibly."""

import json
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from humasflow import worker
from humasflow.core import clock, form_tokens
from humasflow.core.db import db
from humasflow.core.form_tokens import FormSubmission
from humasflow.core.rate_limit import RateWindow
from humasflow.outbox import lease, queries, runner, services
from humasflow.outbox.enums import JobState
from humasflow.outbox.handling import RetryLater
from humasflow.outbox.jobs import prune
from humasflow.outbox.models import Job, WorkerBeat
from tests.outbox.conftest import Kinds

pytestmark = pytest.mark.db


def job(kind: str = "test.work", ref: str = "1", **given: object) -> Job:
    made = services.enqueue(kind, ref, office_id=None, **given)  # type: ignore[arg-type]
    db.session.commit()
    return made


def test_a_job_is_run_when_it_is_due_and_not_before(app: Flask, kinds: Kinds) -> None:
    ran: list[str] = []
    kinds(test_work=ran.append)
    job(ref="7", due_at=clock.now() + timedelta(hours=1))
    assert runner.run_due() == 0
    with clock.moved_to(clock.now() + timedelta(hours=1, seconds=1)):
        assert runner.run_due() == 1
        assert runner.run_due() == 0
    assert ran == ["7"]


def test_a_key_is_used_once(app: Flask) -> None:
    first = job(key="once")
    assert job(key="once", ref="2").id == first.id
    assert db.session.scalar(select(func.count()).select_from(Job)) == 1


def test_a_failure_is_tried_again_with_growing_patience_and_then_given_up(app: Flask, kinds: Kinds) -> None:
    def broken(_ref: str) -> None:
        raise ValueError("tidak bisa")

    kinds(test_work=broken)
    made = job(max_attempts=3)
    waits: list[float] = []
    for _try in range(3):
        with clock.moved_to(clock.now() + timedelta(days=1)):
            runner.run_due()
            db.session.refresh(made)
            waits.append((made.due_at - clock.now()).total_seconds())
            made.due_at = clock.now() - timedelta(days=1)
            db.session.commit()
    assert made.state is JobState.DEAD
    assert made.attempts == 3
    assert made.error == "ValueError: tidak bisa"
    assert 20 < waits[0] < 40 < waits[1] < 80


def test_a_handler_may_ask_for_another_time_or_give_up(app: Flask, kinds: Kinds) -> None:
    answers = [RetryLater("kuota", delay=timedelta(hours=3)), RetryLater("ditolak", final=True)]

    def asking(_ref: str) -> None:
        raise answers.pop(0)

    kinds(test_work=asking)
    made = job()
    runner.run_due()
    assert timedelta(hours=2, minutes=59) < made.due_at - clock.now() <= timedelta(hours=3)
    with clock.moved_to(clock.now() + timedelta(hours=4)):
        runner.run_due()
    assert (made.state, made.error) == (JobState.DEAD, "ditolak")


def test_an_unknown_kind_is_no_reason_to_stop(app: Flask, kinds: Kinds) -> None:
    ran: list[str] = []
    kinds(test_work=ran.append)
    strange = job(kind="future.kind")
    job(ref="2")
    assert runner.run_due() == 2
    assert ran == ["2"]
    assert (strange.error or "").startswith("UnknownKind")


def test_what_a_failed_handler_wrote_is_undone(app: Flask, kinds: Kinds) -> None:
    def half(_ref: str) -> None:
        db.session.add(WorkerBeat(name="setengah", seen_at=clock.now()))
        db.session.flush()
        raise ValueError("gagal")

    kinds(test_work=half)
    job()
    runner.run_due()
    assert db.session.get(WorkerBeat, "setengah") is None


def test_a_lease_that_ran_out_is_taken_over_and_the_first_worker_writes_nothing(
    app: Flask, kinds: Kinds
) -> None:
    made = job()
    first = services.claim_next()
    assert first is not None
    token = first.lease_token
    assert services.claim_next() is None
    with clock.moved_to(clock.now() + current_app.config["OUTBOX_LEASE"] + timedelta(seconds=1)):
        second = services.claim_next()
        assert second is not None
        assert second.lease_token != token
        assert not services.finish(made, token)
        assert not services.fail(made, token, "terlambat")
        assert not services.renew(made.id, token)
        assert services.renew(made.id, second.lease_token)
        assert services.finish(made, second.lease_token)


def test_a_long_handler_keeps_its_lease(app: Flask, kinds: Kinds) -> None:
    seen: list[object] = []

    def long(_ref: str) -> None:
        with clock.moved_to(clock.now() + timedelta(seconds=60)):
            lease.keep()
            db.session.commit()
        with clock.moved_to(clock.now() + timedelta(seconds=120)):
            seen.append(services.claim_next())

    kinds(test_work=long)
    made = job()
    runner.run_due()
    assert seen == [None]
    assert made.state is JobState.DONE


def test_a_handler_that_lost_its_lease_stops(app: Flask, kinds: Kinds) -> None:
    after: list[str] = []

    def overtaken(ref: str) -> None:
        made = db.session.get_one(Job, int(ref))
        services.reschedule(made, due_at=clock.now() + timedelta(hours=1))
        db.session.commit()
        lease.keep()
        after.append(ref)

    kinds(test_work=overtaken)
    made = job()
    made.ref = str(made.id)
    db.session.commit()
    runner.run_due()
    assert after == []
    assert made.state is JobState.QUEUED


def test_a_cancelled_job_is_not_run_and_cannot_be_finished(app: Flask, kinds: Kinds) -> None:
    made = job()
    claimed = services.claim_next()
    assert claimed is not None
    token = claimed.lease_token
    services.cancel(made)
    db.session.commit()
    assert not services.finish(made, token)
    assert made.state is JobState.CANCELLED


def test_several_threads_claim_each_job_once(app: Flask, database_url: str) -> None:
    for n in range(60):
        services.enqueue("test.work", n, office_id=None)
    db.session.commit()

    def work(_n: int) -> list[int]:
        claimed: list[int] = []
        with app.app_context():
            while (found := services.claim_next()) is not None:
                claimed.append(found.id)
                db.session.rollback()
        return claimed

    with ThreadPoolExecutor(4) as pool:
        claimed = [ident for part in pool.map(work, range(4)) for ident in part]
    assert len(claimed) == 60
    assert max(Counter(claimed).values()) == 1


CLAIMER = """
import json, sys
from pathlib import Path
from humasflow.core.db import db
from humasflow.outbox import services
from tests.conftest import make_app
app = make_app(sys.argv[1], Path(sys.argv[2]))
got = []
with app.app_context():
    while (job := services.claim_next()) is not None:
        got.append(job.id)
        db.session.rollback()
print(json.dumps(got))
"""


def test_several_processes_claim_each_job_once(app: Flask, database_url: str, tmp_path: Path) -> None:
    for n in range(80):
        services.enqueue("test.work", n, office_id=None)
    db.session.commit()
    db.session.remove()
    root = Path(__file__).resolve().parents[2]
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMER, database_url, str(tmp_path)], cwd=root, stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(root)}, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    claimed = [ident for w in workers for ident in json.loads(w.communicate(timeout=120)[0])]
    assert sorted(claimed) == sorted(db.session.scalars(select(Job.id)))
    assert max(Counter(claimed).values()) == 1


def test_a_worker_says_that_it_lives(app: Flask) -> None:
    assert not queries.is_worker_alive()
    db.session.rollback()  # the worker has a session of its own, and SQLite one writer
    worker.tick(app, "satu")
    worker.tick(app, "satu")
    assert queries.is_worker_alive()
    assert db.session.scalar(select(func.count()).select_from(WorkerBeat)) == 1
    with clock.moved_to(clock.now() + timedelta(minutes=6)):
        assert not queries.is_worker_alive()


def test_the_timetable_holds_the_sweeper_and_the_broom(app: Flask) -> None:
    from humasflow import registry

    names = {name for name, _seconds, _function in registry.timetable()}
    assert {"publishing.sweep", "outbox.prune"} <= names
    for name in names:
        worker.run_entry(app, name)


def test_the_broom_keeps_what_is_needed(app: Flask, kinds: Kinds) -> None:
    def broken(_ref: str) -> None:
        raise RetryLater("rusak", final=True)

    kinds(test_work=lambda _ref: None, test_broken=broken)
    old = clock.now() - timedelta(days=100)
    with clock.moved_to(old):
        job(ref="selesai")
        job(kind="test.broken")
        db.session.add(FormSubmission(token="lama", location=None, created_at=clock.now()))
        db.session.add(RateWindow(key="k" * 64, starts_at=clock.now(), count=1))
        services.beat("pergi")
        db.session.commit()
        runner.run_due()
    job(ref="baru", due_at=clock.now() + timedelta(days=200))
    db.session.add(FormSubmission(token="baru", location=None, created_at=clock.now()))
    db.session.commit()
    assert prune() == 4
    db.session.commit()
    assert sorted(j.ref for j in db.session.scalars(select(Job))) == ["1", "baru"]
    assert [f.token for f in db.session.scalars(select(FormSubmission))] == ["baru"]
    assert form_tokens.prune() == 0


def test_the_commands_run_and_report(app: Flask, kinds: Kinds) -> None:
    kinds(test_work=lambda _ref: None)
    job()
    cli = app.test_cli_runner()
    assert "1 jobs run" in cli.invoke(args=["outbox", "run-due"]).output
    told = cli.invoke(args=["outbox", "status"]).output
    assert "done       1" in told
    assert "seen never" in told
