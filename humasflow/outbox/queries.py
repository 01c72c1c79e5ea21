"""Reading jobs."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job, WorkerBeat


def get_by_key(key: str) -> Job | None:
    """The job that was enqueued with this key."""
    return db.session.scalar(select(Job).where(Job.key == key))


def list_dead(office_id: int, *, limit: int = 100) -> Sequence[Job]:
    """Jobs of an office that gave up, newest first."""
    return db.session.scalars(
        select(Job)
        .where(Job.office_id == office_id, Job.state == JobState.DEAD)
        .order_by(Job.id.desc())
        .limit(limit)
    ).all()


def count_dead(office_id: int) -> int:
    """How many jobs of an office gave up."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Job)
            .where(Job.office_id == office_id, Job.state == JobState.DEAD)
        )
        or 0
    )


def get_job(office_id: int, job_id: int) -> Job:
    """A job of this office, or "not found"."""
    found = db.session.get(Job, job_id)
    if found is None or found.office_id != office_id:
        raise NotFound
    return found


def list_overdue(
    *, office_id: int | None = None, older_than: timedelta = timedelta(minutes=5), limit: int = 100
) -> Sequence[Job]:
    """Jobs that were due longer ago than this and have not finished, of one office or of all."""
    statement = select(Job).where(
        Job.state.in_((JobState.QUEUED, JobState.RUNNING)), Job.due_at < clock.now() - older_than
    )
    if office_id is not None:
        statement = statement.where(Job.office_id == office_id)
    return db.session.scalars(statement.order_by(Job.due_at, Job.id).limit(limit)).all()


def count_by_state() -> dict[JobState, int]:
    """How many jobs of the installation are in each state."""
    rows = db.session.execute(select(Job.state, func.count()).group_by(Job.state).order_by(Job.state))
    return {row[0]: row[1] for row in rows}


def get_last_beat() -> datetime | None:
    """When any worker was last seen."""
    return db.session.scalar(select(func.max(WorkerBeat.seen_at)))


def is_worker_alive(*, within: timedelta = timedelta(minutes=5)) -> bool:
    """Whether any worker was seen lately; a long list of jobs may keep one from saying so for a while."""
    seen = get_last_beat()
    return seen is not None and clock.now() - seen <= within
