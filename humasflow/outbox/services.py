"""Enqueuing and finishing jobs. Claiming them is in :mod:`humasflow.outbox.claiming`.

Every write after a claim checks the lease's random token, so a worker that slept past its lease can harm nothing.
"""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import database_now, db
from humasflow.core.events import emit
from humasflow.outbox.claiming import claim_next
from humasflow.outbox.enums import JobState, Priority
from humasflow.outbox.events import JobRevived
from humasflow.outbox.models import Job, WorkerBeat

__all__ = [
    "BACKOFF", "beat", "cancel", "claim_next", "enqueue", "enqueue_many", "fail", "finish", "holds", "renew", "repeat",
    "reschedule", "revive",
]  # fmt: skip

BACKOFF = (30, 60, 120, 300, 600, 1200, 1800, 3600, 3600, 3600)  # seconds; ten tries within about six hours
MAX_ERROR = 500  # characters


def enqueue(
    kind: str,
    ref: str | int,
    *,
    office_id: int | None,
    due_at: datetime | None = None,
    key: str | None = None,
    max_attempts: int = 10,
    lane: str | None = None,
    priority: int = Priority.ORDINARY,
) -> Job:
    """Put a job in the outbox, in the caller's transaction. With ``key``, a second call changes nothing, also when
    both come at the same moment.

    Of one ``lane`` one job runs at a time. Raises ValueError for a ``priority`` that :class:`Priority` does not have.
    """
    known = _job_with(key)
    if known is not None:
        return known
    now = database_now()
    job = Job(
        kind=kind,
        ref=str(ref),
        key=key,
        office_id=office_id,
        lane=lane,
        priority=int(Priority(priority)),
        due_at=due_at or now,
        created_at=now,
        attempts=0,
        state=JobState.QUEUED,
        max_attempts=max_attempts,
    )
    if key is None:
        db.session.add(job)
        db.session.flush()
        return job
    try:
        with db.session.begin_nested():
            db.session.add(job)
    except IntegrityError:
        known = _job_with(key)
        if known is None:
            raise
        return known
    return job


def enqueue_many(
    kind: str, refs: Iterable[tuple[str, datetime]], *, office_id: int | None, max_attempts: int = 10,
    priority: int = Priority.ORDINARY,
) -> None:  # fmt: skip
    """Put many jobs in the outbox, each a reference and when it is due, in one statement. The key of each is its kind
    and reference: one that is there already stays as it is.
    """
    now = database_now()
    rows = [
        {
            "kind": kind, "ref": ref, "key": f"{kind}:{ref}", "office_id": office_id, "due_at": due_at,
            "created_at": now, "priority": int(Priority(priority)), "attempts": 0, "state": JobState.QUEUED,
            "max_attempts": max_attempts,
        }
        for ref, due_at in dict(refs).items()
    ]  # fmt: skip
    if rows:
        insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
        db.session.execute(insert(Job).on_conflict_do_nothing(index_elements=["key"]), rows)


def _job_with(key: str | None) -> Job | None:
    return None if key is None else db.session.scalar(select(Job).where(Job.key == key))


def reschedule(job: Job, *, due_at: datetime) -> None:
    """Move an open job to another time; a finished one is queued again."""
    job.due_at, job.state, job.error = due_at, JobState.QUEUED, None
    job.attempts, job.lease_token, job.lease_until, job.finished_at = 0, None, None, None
    db.session.flush()


def cancel(job: Job) -> None:
    """Take an open job back."""
    if job.state in (JobState.QUEUED, JobState.RUNNING):
        job.state, job.finished_at, job.lease_token = JobState.CANCELLED, database_now(), None
        db.session.flush()


def holds(session: Session, job_id: int, token: str | None) -> bool:
    """Whether the lease with this token is still in force. Locks the row until the transaction ends."""
    found = session.scalar(
        select(Job.id)
        .where(Job.id == job_id, Job.lease_token == token, Job.state == JobState.RUNNING)
        .with_for_update()
    )
    return found is not None


def renew(job_id: int, token: str | None) -> bool:
    """Give the claim with this token a whole lease from now on; False when it is no longer in force.

    Locks the row until the transaction ends.
    """
    renewed = db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.lease_token == token, Job.state == JobState.RUNNING)
        .values(lease_until=database_now() + current_app.config["OUTBOX_LEASE"])
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    ).first()
    return renewed is not None


def held_until(job_id: int, token: str | None) -> datetime | None:
    """When the lease with this token ends; None when it is no longer in force. Only reads."""
    return db.session.scalar(
        select(Job.lease_until).where(
            Job.id == job_id, Job.lease_token == token, Job.state == JobState.RUNNING
        )
    )


def finish(job_id: int, token: str | None) -> bool:
    """Mark done, if the lease is still ours. Flushes."""
    return _close(job_id, token, state=JobState.DONE, error=None)


def repeat(job_id: int, token: str | None, *, after: timedelta) -> bool:
    """Done for this time: due again ``after`` it, with all its tries, if the lease is still ours. Flushes."""
    return _close(job_id, token, state=JobState.QUEUED, error=None, due_at=database_now() + after, attempts=0)


def fail(
    job_id: int,
    token: str | None,
    error: str,
    *,
    retry_in: timedelta | None = None,
    final: bool = False,
    patient: bool = False,
) -> bool:
    """Record a failed try, if the lease is still ours: queue again with backoff and jitter, or give up when tries are
    used up or ``final``. A ``patient`` wait is no failure: this try does not count. Flushes.
    """
    error = _storable(error)
    tries = db.session.execute(
        select(Job.attempts, Job.max_attempts).where(Job.id == job_id, Job.lease_token == token)
    ).first()
    if tries is None:
        return False
    attempts, most = tries
    if final or (attempts >= most and not patient):
        return _close(job_id, token, state=JobState.DEAD, error=error)
    base = BACKOFF[min(max(attempts, 1), len(BACKOFF)) - 1]
    delay = retry_in if retry_in is not None else timedelta(seconds=base * random.uniform(0.8, 1.2))
    counted = max(attempts - 1, 0) if patient else attempts
    return _close(
        job_id, token, state=JobState.QUEUED, error=error, due_at=database_now() + delay, attempts=counted
    )


def _storable(error: str) -> str:
    """What any database takes: no NUL, no half of a surrogate pair, not a page."""
    return error.replace("\0", "").encode("utf-8", "replace").decode()[:MAX_ERROR]


def _close(job_id: int, token: str | None, *, state: JobState, **values: object) -> bool:
    if state is not JobState.QUEUED:
        values["finished_at"] = database_now()
    updated = db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.lease_token == token, Job.state == JobState.RUNNING)
        .values(state=state, lease_token=None, lease_until=None, **values)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    ).first()
    return updated is not None


def revive(job: Job, *, actor: audit.Actor) -> None:
    """A person has looked at a dead letter and wants it tried again. Emits JobRevived."""
    reschedule(job, due_at=database_now())
    emit(JobRevived(job_id=job.id, kind=job.kind, ref=job.ref))
    audit.record(
        AuditAction.JOB_REVIVED,
        ("job", job.id),
        office_id=job.office_id or 0,
        actor=actor,
        kind=job.kind,
        ref=job.ref,
    )


def beat(name: str) -> None:
    """Say that a worker lives. Flushes."""
    row = db.session.get(WorkerBeat, name)
    if row is None:
        db.session.add(WorkerBeat(name=name, seen_at=database_now()))
    else:
        row.seen_at = database_now()
    db.session.flush()
