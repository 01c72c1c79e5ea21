"""Enqueuing, claiming and finishing jobs.

Claiming is a conditional update with a lease under the database's clock; every later write checks the lease's random
token, so a worker that slept past its lease can harm nothing.
"""

import random
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import database_now, db
from humasflow.core.events import emit
from humasflow.core.secrets import new_token
from humasflow.outbox.enums import JobState
from humasflow.outbox.events import JobRevived
from humasflow.outbox.models import Job, WorkerBeat

BACKOFF = (30, 60, 120, 300, 600, 1200, 1800, 3600, 3600, 3600)  # seconds; ten tries within about six hours


def enqueue(
    kind: str,
    ref: str | int,
    *,
    office_id: int | None,
    due_at: datetime | None = None,
    key: str | None = None,
    max_attempts: int = 10,
) -> Job:
    """Put a job in the outbox, in the caller's transaction. With ``key``, a second call changes nothing."""
    if key is not None:
        known = db.session.scalar(select(Job).where(Job.key == key))
        if known is not None:
            return known
    now = database_now()
    job = Job(
        kind=kind,
        ref=str(ref),
        key=key,
        office_id=office_id,
        due_at=due_at or now,
        created_at=now,
        attempts=0,
        state=JobState.QUEUED,
        max_attempts=max_attempts,
    )
    db.session.add(job)
    db.session.flush()
    return job


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


def claim_next() -> Job | None:
    """Claim the job that is due longest and commit the lease. None when nothing is due."""
    now = database_now()
    free = or_(
        and_(Job.state == JobState.QUEUED, Job.due_at <= now),
        and_(Job.state == JobState.RUNNING, Job.lease_until < now),
    )
    candidate = select(Job.id).where(free).order_by(Job.due_at, Job.id).limit(1)
    if db.session.get_bind().dialect.name == "postgresql":
        candidate = candidate.with_for_update(skip_locked=True)
    token = new_token(12)
    claimed = db.session.scalar(
        update(Job)
        .where(Job.id == candidate.scalar_subquery(), free)
        .values(
            state=JobState.RUNNING,
            lease_token=token,
            attempts=Job.attempts + 1,
            lease_until=now + current_app.config["OUTBOX_LEASE"],
        )
        .returning(Job.id)
    )
    db.session.commit()
    return db.session.get(Job, claimed, populate_existing=True) if claimed is not None else None


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


def finish(job: Job, token: str | None) -> bool:
    """Mark done, if the lease is still ours. Flushes."""
    return _close(job, token, state=JobState.DONE, error=None)


def fail(
    job: Job, token: str | None, error: str, *, retry_in: timedelta | None = None, final: bool = False
) -> bool:
    """Record a failed try: queue again with backoff and jitter, or give up when tries are used up or ``final``."""
    if final or job.attempts >= job.max_attempts:
        return _close(job, token, state=JobState.DEAD, error=error)
    base = BACKOFF[min(job.attempts, len(BACKOFF)) - 1] if job.attempts else BACKOFF[0]
    delay = retry_in or timedelta(seconds=base * random.uniform(0.8, 1.2))
    return _close(job, token, state=JobState.QUEUED, error=error, due_at=database_now() + delay)


def _close(
    job: Job, token: str | None, *, state: JobState, error: str | None, due_at: datetime | None = None
) -> bool:
    values: dict[str, object] = {"state": state, "error": error, "lease_token": None, "lease_until": None}
    if due_at is not None:
        values["due_at"] = due_at
    if state is not JobState.QUEUED:
        values["finished_at"] = database_now()
    updated = db.session.execute(
        update(Job)
        .where(Job.id == job.id, Job.lease_token == token, Job.state == JobState.RUNNING)
        .values(**values)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    ).first()
    db.session.flush()
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
