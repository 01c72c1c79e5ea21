"""Running what is due: claim, hand to the kind's handler, finish or fail. Used by the worker and by tests."""

import structlog

from humasflow.core.db import db
from humasflow.outbox import lease, services
from humasflow.outbox.handling import RetryLater, handler_for
from humasflow.outbox.models import Job

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
    # Plain values: the handler may end the transaction, and with it what the session knows of the job.
    ident, kind, ref, token = job.id, job.kind, job.ref, job.lease_token
    db.session.commit()
    try:
        with lease.held(lease.Lease(ident, token)):
            handler_for(kind)(ref)
        if not services.finish(db.session.get_one(Job, ident), token):
            raise lease.LeaseLost  # noqa: TRY301 (the same way out as for a handler that noticed it itself)
        db.session.commit()
    except lease.LeaseLost:
        db.session.rollback()
        log.warning("lease lost before the job was finished", job=ident, kind=kind)
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
