"""A person agrees to exactly what was shown, or sends it back with a reason."""

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from humasflow.accounts.policy import Principal, require
from humasflow.approvals import policy
from humasflow.approvals.contents import content_of, is_unchanged
from humasflow.approvals.enums import PackageMove, StepScope, Verdict
from humasflow.approvals.events import PackageApproved, PackageReturned, PackageStepApproved
from humasflow.approvals.models import Decision, Package, PackageStep
from humasflow.approvals.services.locking import lock_package
from humasflow.approvals.workflow import PACKAGE
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, UserError
from humasflow.core.events import emit
from humasflow.core.permissions import Permission
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.services import move_story

REASON_LENGTH = 2000


class ReasonNeeded(UserError):
    """Sending back reaches the writer, who has to know why."""


def approve(
    package: Package, *, actor: Principal, digest: str, note: str = "", step: int | None = None
) -> Decision:
    """Agree on the current step to the content with this ``digest`` (what the page showed).

    ``step`` is the step the page showed; None skips that check. The last step approves the package and, when it was in
    review, the story. Raises Conflict when the content or the decision is not what was shown (and says who decided),
    NotAllowed with all reasons when it is not this person's to decide. Emits PackageStepApproved or PackageApproved.
    """
    asked = _open(package, actor=actor, digest=digest, step=step)
    decision = _decide(package, asked, Verdict.APPROVE, actor=actor, reason=note)
    is_last = asked.position >= len(package.steps)
    if not is_last:
        package.step = asked.position + 1
        package.step_since = decision.decided_at
        db.session.flush()
        _record(AuditAction.PACKAGE_STEP_APPROVED, package, decision, actor=actor, step=asked.label)
        emit(PackageStepApproved(package_id=package.id, story_id=package.story_id, actor_id=actor.id))
        return decision
    package.state = PACKAGE.target(package.state, PackageMove.APPROVE)
    package.closed_at = decision.decided_at
    db.session.flush()
    _record(AuditAction.PACKAGE_APPROVED, package, decision, actor=actor, step=asked.label)
    if package.story.state is StoryState.IN_REVIEW:
        move_story(package.story, StoryMove.APPROVE, actor=actor)
    emit(PackageApproved(package_id=package.id, story_id=package.story_id, actor_id=actor.id))
    return decision


def send_back(
    package: Package, *, actor: Principal, digest: str, reason: str, step: int | None = None
) -> Decision:
    """Send the package back; the reason reaches the writer. A story in review becomes a draft to be corrected; what was
    added to an approved story leaves the story as it is. Raises as :func:`approve`, and ReasonNeeded. Emits
    PackageReturned.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonNeeded(_("Tuliskan alasannya, supaya penulis tahu apa yang perlu diperbaiki."))
    if len(reason) > REASON_LENGTH:
        raise UserError(
            _("Paling panjang %(limit)s karakter; sekarang %(size)s.", limit=REASON_LENGTH, size=len(reason))
        )
    asked = _open(package, actor=actor, digest=digest, step=step)
    decision = _decide(package, asked, Verdict.RETURN, actor=actor, reason=reason)
    package.state = PACKAGE.target(package.state, PackageMove.RETURN)
    package.closed_at = decision.decided_at
    db.session.flush()
    _record(AuditAction.PACKAGE_RETURNED, package, decision, actor=actor, step=asked.label)
    if package.story.state is StoryState.IN_REVIEW:
        move_story(package.story, StoryMove.RETURN, actor=actor, reason=reason)
    emit(PackageReturned(package_id=package.id, story_id=package.story_id, actor_id=actor.id, reason=reason))
    return decision


def _open(package: Package, *, actor: Principal, digest: str, step: int | None) -> PackageStep:
    """The step that is asked, after everything that could stand against deciding it was asked for."""
    require(actor, Permission.STORY_READ, package.office_id)
    package = lock_package(package)
    closed = policy.reason_closed(package)
    if closed is not None:
        raise Conflict(closed.message)
    if digest != package.digest or not is_unchanged(package) or not content_of(package).is_genuine:
        raise Conflict(policy.changed().message)
    if step is not None and step != package.step:
        raise Conflict(_moved_on(package, step))
    reasons = policy.reasons_not_to_decide(actor, package)
    if reasons:
        raise NotAllowed(" ".join(r.message for r in reasons))
    current = policy.current_step(package)
    if current is None:
        raise LookupError(f"package {package.id} waits at step {package.step}, which it does not have")
    return current


def _moved_on(package: Package, step: int) -> str:
    earlier = policy.decision_on(package, step)
    return _(
        "Langkah %(n)s baru saja disetujui oleh %(who)s. Sekarang langkah %(now)s; muat ulang untuk melihatnya.",
        n=step, who=earlier.decided_as if earlier else "", now=package.step,
    )  # fmt: skip


def _decide(
    package: Package, asked: PackageStep, verdict: Verdict, *, actor: Principal, reason: str
) -> Decision:
    section = package.story.section_id if asked.scope is StepScope.SECTION else None
    decision = Decision(
        package_id=package.id, position=asked.position, approver_id=actor.id,
        decided_as=actor.capacity_for(Permission.STORY_APPROVE, package.office_id, section)[:300], verdict=verdict,
        reason=reason.strip()[:REASON_LENGTH], digest=package.digest, decided_at=clock.now(),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(decision)
            db.session.flush()
    except IntegrityError as error:
        # The lock above makes this unreachable; the constraint is what guarantees it all the same.
        db.session.refresh(package)
        closed = policy.reason_closed(package)
        raise Conflict(closed.message if closed else _moved_on(package, asked.position)) from error
    db.session.expire(package, ["decisions"])
    return decision


def _record(
    action: AuditAction, package: Package, decision: Decision, *, actor: Principal, step: str
) -> None:
    detail = {"reason": decision.reason} if decision.reason else {}
    audit.record(
        action, ("package", package.id), office_id=package.office_id, actor=actor,
        context=("story", package.story_id), acting_as=decision.decided_as, digest=decision.digest, step=step,
        position=decision.position, steps=len(package.steps), **detail,
    )  # fmt: skip
