"""That the person who is asked has seen the package: a fact for whoever waits for the answer."""

from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.approvals import policy
from humasflow.approvals.models import Package, PackageOpening
from humasflow.approvals.services.locking import lock_package
from humasflow.approvals.services.recording import record
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound


def record_opened(package: Package, *, actor: Principal) -> bool:
    """A person who may decide on the step that waits has seen it: noted once a step; whether this was the first time.
    Flushes.

    Anybody else's visit says nothing. Raises NotFound for what is not the actor's to decide, or not any more.
    """
    package = lock_package(package)
    if policy.reasons_not_to_decide(actor, package):
        raise NotFound
    key = {"package_id": package.id, "position": package.step, "user_id": actor.id}
    if db.session.scalar(select(PackageOpening.opened_at).filter_by(**key)) is not None:
        return False
    db.session.add(PackageOpening(**key, opened_at=clock.now()))
    db.session.flush()
    step = policy.current_step(package)
    record(
        AuditAction.PACKAGE_OPENED,
        package,
        actor=actor,
        step=step.label if step else "",
        position=package.step,
    )
    return True
