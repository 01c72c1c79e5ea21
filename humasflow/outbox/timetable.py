"""What the worker does by itself, every so often. Each entry is a job that comes again: however many workers there are,
its row is run by one of them at a time, and one that died at it is followed by another.
"""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import select, update

from humasflow.core.db import database_now, db
from humasflow.outbox import lease, services
from humasflow.outbox.enums import JobState, Priority
from humasflow.outbox.handling import Entry, RetryLater, describe, entries, entry_named, is_long
from humasflow.outbox.models import Job

log = structlog.get_logger(__name__)

KIND = "outbox.timetable"


def key_of(name: str) -> str:
    """One row an entry, ever."""
    return f"timetable:{name}"


def plan(wanted: Sequence[Entry] | None = None) -> None:
    """See to it that every entry has its row: a new one is due at once. Safe to repeat, by several workers at once.

    An entry is never further away than its interval; where it seems to be, the clock has been set back since. Commits.
    """
    wanted = entries() if wanted is None else wanted
    rows = {
        row.key: row
        for row in db.session.execute(
            select(Job.key, Job.id, Job.state, Job.due_at, Job.priority).where(
                Job.key.in_([key_of(name) for name, _seconds, _function in wanted])
            )
        )
    }
    # Only now: reading may have waited for the very transaction that ended an entry and planned its next turn.
    now = database_now()
    for name, seconds, _function in wanted:
        row, priority = rows.get(key_of(name)), priority_of(name)
        if row is None:
            services.enqueue(KIND, name, office_id=None, key=key_of(name), priority=priority)
        elif row.state is not JobState.RUNNING and (
            row.state is not JobState.QUEUED
            or row.due_at > now + timedelta(seconds=seconds)
            or row.priority != priority
        ):
            _bring_back(row.id, row.state, priority)
    db.session.commit()


def priority_of(name: str) -> Priority:
    """What waits for servers outside goes last, and leaves a thread to what mends and tells."""
    return Priority.BACKGROUND if is_long(name) else Priority.TIMETABLE


def _bring_back(job_id: int, seen: JobState, priority: Priority) -> None:
    db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == seen)  # unless another worker has done so and begun
        .values(
            state=JobState.QUEUED,
            due_at=database_now(),
            priority=int(priority),
            attempts=0,
            error=None,
            finished_at=None,
        )
        .execution_options(synchronize_session=False)
    )


def run_entry(name: str) -> timedelta | None:
    """The job of an entry. Returns when it comes again; None for an entry that this version no longer has.

    What went wrong stands in the log and on the row, and the entry has its next turn in time as if nothing had: it
    never gives up. Raises RetryLater, LeaseLost.
    """
    entry = entry_named(name)
    if entry is None:
        return None
    _name, seconds, function = entry
    interval = timedelta(seconds=seconds)
    try:
        with lease.kept_alive():
            function()
    except lease.LeaseLost:
        raise
    except Exception as error:
        log.exception("entry of the timetable failed", entry=name)
        raise RetryLater(describe(error), delay=interval, patient=True) from error
    return interval
