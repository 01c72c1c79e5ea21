"""Jobs: claimed once, tried again with patience, given up visibly."""

from datetime import timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import func, insert, select

from humasflow import worker
from humasflow.core import clock, form_tokens
from humasflow.core.db import db
from humasflow.core.form_tokens import FormSubmission
from humasflow.core.rate_limit import RateWindow
from humasflow.outbox import handling, lease, runner, services, wording
from humasflow.outbox.enums import JobState
from humasflow.outbox.handling import RetryLater
from humasflow.outbox.jobs import prune
from humasflow.outbox.models import Job, WorkerBeat
from tests.conftest import ON_POSTGRES
from tests.outbox.conftest import Kinds, job

pytestmark = pytest.mark.db


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


def test_a_patient_wait_is_no_try(app: Flask, kinds: Kinds) -> None:
    """A channel that is still preparing, a quota: however often, the job keeps all its tries."""
    waits = [RetryLater("belum siap", delay=timedelta(seconds=5), patient=True)] * 15
    answers: list[Exception] = [*waits, ValueError("rusak"), *waits, ValueError("rusak")]

    def asking(_ref: str) -> None:
        raise answers.pop(0)

    kinds(test_work=asking)
    made = job(max_attempts=2)
    seen = []
    for turn in range(32):
        with clock.moved_to(clock.now() + timedelta(days=turn)):
            assert runner.run_due() == 1
        db.session.refresh(made)
        seen.append((made.state, made.attempts))
    assert seen == [(JobState.QUEUED, 0)] * 15 + [(JobState.QUEUED, 1)] * 16 + [(JobState.DEAD, 2)]


def test_a_patient_wait_says_when_and_why(app: Flask, kinds: Kinds) -> None:
    def asking(_ref: str) -> None:
        raise RetryLater("kuota habis", delay=timedelta(hours=2), patient=True)

    kinds(test_work=asking)
    made = job()
    runner.run_due()
    assert made.error == "kuota habis"
    assert timedelta(hours=1, minutes=59) < made.due_at - clock.now() <= timedelta(hours=2)
    with pytest.raises(ValueError, match="gives up"):
        RetryLater("x", final=True, patient=True)


def test_a_job_may_come_again(app: Flask, kinds: Kinds) -> None:
    kinds(test_work=lambda _ref: timedelta(minutes=10))
    made = job()
    runner.run_due()
    assert (made.state, made.attempts, made.finished_at) == (JobState.QUEUED, 0, None)
    assert timedelta(minutes=9) < made.due_at - clock.now() <= timedelta(minutes=10)


def test_an_error_that_no_database_could_hold_is_recorded_all_the_same(app: Flask, kinds: Kinds) -> None:
    def broken(_ref: str) -> None:
        raise ValueError("nul \0, setengah \ud83d " + "panjang " * 200)

    kinds(test_work=broken)
    made = job()
    runner.run_due()
    assert made.state is JobState.QUEUED
    assert (made.error or "").startswith("ValueError: nul , setengah ? panjang")
    assert len(made.error or "") == services.MAX_ERROR


def test_an_error_of_the_database_does_not_show_what_was_to_be_stored(app: Flask, kinds: Kinds) -> None:
    def twice(_ref: str) -> None:
        for _n in range(2):
            db.session.execute(
                insert(FormSubmission).values(token="rahasia-sekali", location=None, created_at=clock.now())
            )

    kinds(test_work=twice)
    made = job()
    runner.run_due()
    assert (made.error or "").startswith("IntegrityError: ")
    assert "rahasia-sekali" not in (made.error or "")


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
        assert not services.finish(made.id, token)
        assert not services.fail(made.id, token, "terlambat")
        assert not services.renew(made.id, token)
        assert services.renew(made.id, second.lease_token)
        assert services.finish(made.id, second.lease_token)


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
    assert not services.finish(made.id, token)
    assert made.state is JobState.CANCELLED


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


def test_every_kind_of_the_product_is_named_in_plain_words(app: Flask) -> None:
    assert set(wording._KINDS) == set(handling._handlers)


def test_an_error_of_the_database_logs_nothing_of_what_was_to_be_stored(
    app: Flask, kinds: Kinds, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    what = {"name": "isi rahasia", "seen_at": None}

    def breaking(_ref: str) -> None:
        db.session.execute(insert(WorkerBeat), what)

    kinds(test_work=breaking)
    made = job()
    runner.run_due()
    assert made.error is not None and made.error.startswith("IntegrityError")
    logged = caplog.text + "".join(capfd.readouterr())
    assert "job failed" in logged
    if not ON_POSTGRES:  # there the server itself says "Failing row contains (...)"
        assert "isi rahasia" not in logged
    assert "[parameters:" not in logged
