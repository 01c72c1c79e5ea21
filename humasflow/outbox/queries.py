"""Reading jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from humasflow.core import clock
from humasflow.core.db import database_now, db
from humasflow.core.errors import NotFound
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job, WorkerBeat

LATE_AFTER = timedelta(minutes=5)  # a job that was due longer ago than this and has not finished is overdue


@dataclass(frozen=True)
class Running:
    """A job under way: its lane (None: it has none), and how long its lease still lasts; below zero it may be taken
    over.
    """

    job_id: int
    kind: str
    lane: str | None
    priority: int
    attempts: int
    lease_left: timedelta


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
    return _count(Job.office_id == office_id, Job.state == JobState.DEAD)


def get_job(office_id: int, job_id: int) -> Job:
    """A job of this office, or "not found"."""
    found = db.session.get(Job, job_id)
    if found is None or found.office_id != office_id:
        raise NotFound
    return found


def list_overdue(
    *, office_id: int | None = None, older_than: timedelta = LATE_AFTER, limit: int = 100
) -> Sequence[Job]:
    """Jobs that were due longer ago than this and have not finished, of one office or of all."""
    statement = select(Job).where(_is_late(older_than))
    if office_id is not None:
        statement = statement.where(Job.office_id == office_id)
    return db.session.scalars(statement.order_by(Job.due_at, Job.id).limit(limit)).all()


def count_overdue(*, older_than: timedelta = LATE_AFTER) -> int:
    """How many there are in the installation."""
    return _count(_is_late(older_than))


def count_due() -> int:
    """How many jobs of the installation could run now but for threads and lanes, by the database's clock."""
    return _count(Job.state == JobState.QUEUED, Job.due_at <= database_now())


def list_running() -> list[Running]:
    """What the workers of the installation are at, lanes first."""
    now = database_now()
    rows = db.session.execute(
        select(Job.id, Job.kind, Job.lane, Job.priority, Job.attempts, Job.lease_until)
        .where(Job.state == JobState.RUNNING)
        .order_by(Job.lane.is_(None), Job.lane, Job.id)
    )
    return [
        Running(row.id, row.kind, row.lane, row.priority, row.attempts, (row.lease_until or now) - now)
        for row in rows
    ]


def list_failing(kind: str) -> Sequence[Job]:
    """Jobs of a kind that are to be tried again, with what went wrong the last time."""
    return db.session.scalars(
        select(Job)
        .where(Job.kind == kind, Job.state == JobState.QUEUED, Job.error.is_not(None))
        .order_by(Job.ref)
    ).all()


def _is_late(older_than: timedelta) -> ColumnElement[bool]:
    return Job.state.in_((JobState.QUEUED, JobState.RUNNING)) & (Job.due_at < clock.now() - older_than)


def _count(*conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(Job).where(*conditions)) or 0


def count_by_state() -> dict[JobState, int]:
    """How many jobs of the installation are in each state."""
    rows = db.session.execute(select(Job.state, func.count()).group_by(Job.state).order_by(Job.state))
    return {row[0]: row[1] for row in rows}


def get_last_beat() -> datetime | None:
    """When any worker was last seen."""
    return db.session.scalar(select(func.max(WorkerBeat.seen_at)))


def is_worker_alive(*, within: timedelta = timedelta(minutes=5)) -> bool:
    """Whether any worker was seen lately. It says so by itself every few seconds, whatever it is at."""
    seen = get_last_beat()
    return seen is not None and clock.now() - seen <= within
