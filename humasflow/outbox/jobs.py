"""What the outbox does by itself: forget what has served."""

from datetime import timedelta

from sqlalchemy import delete

from humasflow.core import clock, form_tokens, rate_limit
from humasflow.core.db import db
from humasflow.outbox.enums import JobState
from humasflow.outbox.models import Job, WorkerBeat
from humasflow.outbox.timetable import KIND, run_entry

KEPT_FOR = timedelta(days=90)  # longer than anything looks back for a finished job
BEATS_KEPT_FOR = timedelta(days=7)


def prune() -> int:
    """Remove used form tokens, old rate windows, finished jobs and stopped workers. Dead letters stay until somebody
    has looked at them. Returns how many rows went.
    """
    now = clock.now()
    old = now - KEPT_FOR
    gone = form_tokens.prune() + rate_limit.prune()
    for statement in (
        delete(Job).where(
            Job.state.in_((JobState.DONE, JobState.CANCELLED)),
            Job.due_at < old,  # what an index can find; nothing is done before it is due
            Job.finished_at < old,
        ),
        delete(WorkerBeat).where(WorkerBeat.seen_at < now - BEATS_KEPT_FOR),
    ):
        gone += int(getattr(db.session.execute(statement), "rowcount", 0))
    return gone


JOBS = {KIND: run_entry}
TIMETABLE = [("outbox.prune", 3600, prune)]
