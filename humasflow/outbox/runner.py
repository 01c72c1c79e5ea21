"""Running what is due: claim, hand to the kind's handler, finish or fail. Used by the worker and by tests."""

from collections.abc import Sequence

import structlog

from humasflow.core.db import db
from humasflow.outbox import lease, services
from humasflow.outbox.claiming import EVERYTHING, Claim, claim_next
from humasflow.outbox.enums import Priority
from humasflow.outbox.handling import RetryLater, describe, handler_for

log = structlog.get_logger(__name__)


def run_due(*, limit: int = 100) -> int:
    """Run up to ``limit`` due jobs, each in its own transaction(s). Returns how many were claimed."""
    ran = 0
    while ran < limit and run_next():
        ran += 1
    return ran


def run_next(priorities: Sequence[Priority] = EVERYTHING) -> bool:
    """Run what is next among these priorities; False when nothing is due. Commits."""
    claim = claim_next(priorities)
    if claim is None:
        return False
    _run(claim)
    return True


def _run(claim: Claim) -> None:
    job_id, token = claim.id, claim.lease_token
    try:
        with lease.held(lease.Lease(job_id, token)):
            again = handler_for(claim.kind)(claim.ref)
        closed = (
            services.finish(job_id, token) if again is None else services.repeat(job_id, token, after=again)
        )
        if not closed:
            raise lease.LeaseLost  # noqa: TRY301 (the same way out as for a handler that noticed it itself)
        db.session.commit()
    except lease.LeaseLost:
        db.session.rollback()
        log.warning("lease lost before the job was finished", job=job_id, kind=claim.kind)
    except RetryLater as wait:
        db.session.rollback()
        services.fail(job_id, token, str(wait), retry_in=wait.delay, final=wait.final, patient=wait.patient)
        db.session.commit()
    except Exception as error:
        # The boundary of a job: whatever happened is recorded where people see it, and the next job goes on.
        db.session.rollback()
        log.exception("job failed", job=job_id, kind=claim.kind)
        services.fail(job_id, token, describe(error))
        db.session.commit()
