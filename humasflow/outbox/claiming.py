"""Which job is next: a conditional update with a lease, under the database's clock.

Of what is due, the lowest priority number goes first, and within it what has waited longest. A lane with a running job
is left out. A running job whose lease ran out is taken over before anything else: its lane waits for nothing but it.
One that several workers stopped at comes after what is due, for it may be what stops them; in the end it is given up.

No lease in force ends later than a whole one from now. Where it seems to, the clock was ahead when it was given, and
it counts as run out: a live worker that still holds it is fenced off by the token.

Nobody arranges who takes what. On PostgreSQL each worker skips the rows that others are about to take, and when two of
them begin the same lane at the same moment, its unique index lets one in and the other takes something else. SQLite has
one writer at a time; whoever finds nothing to do there does not even ask to write.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import ColumnElement, Select, String, bindparam, cast, literal, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from humasflow.core.db import EnumText, UTCDateTime, database_now, db, is_read_only, set_read_only
from humasflow.core.secrets import new_token
from humasflow.outbox.enums import JobState, Priority
from humasflow.outbox.models import Job

log = structlog.get_logger(__name__)

EVERYTHING = tuple(Priority)
WORKER_DIED = "WorkerDied"  # how the error of a job begins that no worker came to an end with
SUSPECT = 3  # claims without an end: from here on others go first
RESTARTS = 5  # claims beyond its tries that a job is allowed, for workers that were stopped by somebody
RIVALS = 50  # lost to so many in a row, whoever asks may as well wait for its next tick

# Written into the statement, not sent beside it: a partial index serves only a condition that it can see.
_QUEUED = bindparam("queued", JobState.QUEUED, type_=EnumText(JobState), literal_execute=True)
_RUNNING = bindparam("running", JobState.RUNNING, type_=EnumText(JobState), literal_execute=True)
_NOW = bindparam("now", type_=UTCDateTime())
_AHEAD = bindparam("ahead", type_=UTCDateTime())


@dataclass(frozen=True)
class Claim:
    """A job in our hands: its id, what it is, and the random token that every later write is checked against."""

    id: int
    kind: str
    ref: str
    lease_token: str


def claim_next(priorities: Sequence[Priority] = EVERYTHING) -> Claim | None:
    """Claim what is next among these priorities and commit the lease. None when nothing is due, or others took it."""
    priorities = tuple(priorities)
    for _attempt in range(RIVALS):
        now = database_now()
        try:
            claim = _first(_look(priorities, now), priorities, now)
        except IntegrityError:
            db.session.rollback()  # another worker has just begun a job of the same lane: it can be seen by now
            continue
        db.session.commit()
        return claim
    return None


def _look(priorities: tuple[Priority, ...], now: datetime) -> list[bool]:
    """For each of the conditions, whether there is something."""
    if db.session().in_transaction():
        return _glance_at(priorities, now)
    before = is_read_only()
    set_read_only(True)  # on SQLite an idle worker takes the write lock from nobody
    try:
        return _glance_at(priorities, now)
    finally:
        db.session.rollback()
        set_read_only(before)


def _glance_at(priorities: tuple[Priority, ...], now: datetime) -> list[bool]:
    return [found is not None for found in db.session.execute(_glance(priorities), _instants(now)).one()]


def _instants(now: datetime) -> dict[str, datetime]:
    return {"now": now, "ahead": now + 2 * current_app.config["OUTBOX_LEASE"]}


def _first(found: list[bool], priorities: tuple[Priority, ...], now: datetime) -> Claim | None:
    token = new_token(12)
    dialect = db.session.get_bind().dialect.name
    if found[0]:
        _give_up(priorities, now, dialect)
    for number, there in enumerate(found[1:], start=1):
        if not there:
            continue
        taken = db.session.execute(
            _taking(number, priorities, dialect),
            {**_instants(now), "token": token, "until": now + current_app.config["OUTBOX_LEASE"]},
        ).first()
        if taken is not None:
            return Claim(taken.id, taken.kind, taken.ref, token)
    return None


def _give_up(priorities: tuple[Priority, ...], now: datetime, dialect: str) -> None:
    """End what no worker came to an end with: it is a dead letter, and whoever sweeps its room sees to the rest."""
    given_up = db.session.execute(_giving_up(priorities, dialect), _instants(now)).all()
    for job in given_up:
        log.error("given up: every worker stopped at it", job=job.id, kind=job.kind, attempts=job.attempts)


def _conditions(priorities: tuple[Priority, ...]) -> list[ColumnElement[bool]]:
    """What is to be given up; then what may be taken: what others let go of, what is due of each priority, and what
    others let go of again and again.
    """
    other = aliased(Job)
    lane_is_busy = select(other.id).where(
        other.state == _RUNNING, other.lane.is_not(None), other.lane == Job.lane
    )
    expired = (
        (Job.state == _RUNNING)
        & or_(Job.lease_until < _NOW, Job.lease_until > _AHEAD)
        & Job.priority.in_(priorities)
    )
    hopeless = Job.attempts >= Job.max_attempts + RESTARTS
    due = [
        (Job.state == _QUEUED) & (Job.priority == int(priority)) & (Job.due_at <= _NOW)
        & ~lane_is_busy.exists()
        for priority in sorted(priorities)
    ]  # fmt: skip
    return [
        expired & hopeless,
        expired & (Job.attempts < SUSPECT),
        *due,
        expired & (Job.attempts >= SUSPECT) & ~hopeless,
    ]


def _longest(condition: ColumnElement[bool]) -> Select[int]:
    return select(Job.id).where(condition).order_by(Job.due_at, Job.id).limit(1)


@cache
def _glance(priorities: tuple[Priority, ...]) -> Select[Any]:
    """One row: for each condition an id, or NULL."""
    return select(*(_longest(condition).scalar_subquery() for condition in _conditions(priorities)))


@cache
def _taking(number: int, priorities: tuple[Priority, ...], dialect: str) -> Any:
    """Take the longest due by one of the conditions; nothing where others are at all of them."""
    return (
        _changing(number, priorities, dialect)
        .values(
            state=JobState.RUNNING,
            lease_token=bindparam("token"),
            lease_until=bindparam("until", type_=UTCDateTime()),
            attempts=Job.attempts + 1,
        )
        .returning(Job.id, Job.kind, Job.ref)
    )


@cache
def _giving_up(priorities: tuple[Priority, ...], dialect: str) -> Any:
    """End the longest due of what is hopeless; the next one with the next look."""
    return (
        _changing(0, priorities, dialect)
        .values(
            state=JobState.DEAD,
            lease_token=None,
            lease_until=None,
            finished_at=_NOW,
            error=literal(f"{WORKER_DIED}: ") + cast(Job.attempts, String) + literal(" times"),
        )
        .returning(Job.id, Job.kind, Job.attempts)
    )


def _changing(number: int, priorities: tuple[Priority, ...], dialect: str) -> Any:
    """The update of the longest due by one of the conditions, without its values."""
    condition = _conditions(priorities)[number]
    candidate = _longest(condition)
    if dialect == "postgresql":
        candidate = candidate.with_for_update(skip_locked=True)
    return (
        update(Job)
        .where(Job.id == candidate.scalar_subquery(), condition)
        .execution_options(synchronize_session=False)
    )
