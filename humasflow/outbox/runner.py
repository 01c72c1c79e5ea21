"""Running what is due: claim, hand to the kind's handler, finish or fail. Used by the worker and by tests."""

import structlog

from humasflow.core.db import db
from humasflow.outbox import services
from humasflow.outbox.models import Job
from humasflow.outbox.handling import RetryLater, handler_for

log = structlog.get_logger(__name__)


def run_due(*, limit: int = 100) -> int:
    """Run up to ``limit`` due jobs, each in its own transaction(s). Returns how many were claimed."""
    ran = 0
    while ran < limit:
        job = services.claim_next()
        if job is None:
            break
        ran += 1
        _run(job)
    return ran


def _run(job: Job) -> None:
    ident, kind, token = job.id, job.kind, job.lease_token
    try:
        handler_for(kind)(job.ref)
        if not services.finish(job, token):
            log.warning("lease lost before the job could be finished", job=ident, kind=kind)
            db.session.rollback()
            return
        db.session.commit()
    except RetryLater as wait:
        db.session.rollback()
        services.fail(db.session.get_one(Job, ident), token, str(wait), retry_in=wait.delay, final=wait.final)
        db.session.commit()
    except Exception as error:
        # The boundary of a job: whatever happened is recorded where people see it, and the next job goes on.
        db.session.rollback()
        log.exception("job failed", job=ident, kind=kind)
        services.fail(db.session.get_one(Job, ident), token, f"{type(error).__name__}: {error}"[:500])
        db.session.commit()
