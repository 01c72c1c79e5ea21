"""What becomes of a task: opened, accepted, declined, finished, taken up again, cancelled."""

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import NotFound, Refused
from humasflow.core.events import emit
from humasflow.stories.assignment_policy import is_own, reasons_not_to_move_task
from humasflow.stories.enums import AssignmentMove, AssignmentState
from humasflow.stories.events import AssignmentMoved
from humasflow.stories.models import Assignment, Story
from humasflow.stories.queries import assignments as queries
from humasflow.stories.services.assignments import described
from humasflow.stories.services.moving import ReasonNeeded
from humasflow.stories.workflow import ASSIGNMENT

_RECORDED = {
    AssignmentMove.ACCEPT: AuditAction.ASSIGNMENT_ACCEPTED,
    AssignmentMove.DECLINE: AuditAction.ASSIGNMENT_DECLINED,
    AssignmentMove.FINISH: AuditAction.ASSIGNMENT_DONE,
    AssignmentMove.REOPEN: AuditAction.ASSIGNMENT_REOPENED,
    AssignmentMove.REOFFER: AuditAction.ASSIGNMENT_REOPENED,
    AssignmentMove.CANCEL: AuditAction.ASSIGNMENT_CANCELLED,
}


def record_opened(assignment: Assignment, *, actor: Principal) -> bool:
    """The person has seen the task: a fact that is noted once; whether this was the first time. Flushes.

    Anybody else's visit says nothing. Raises NotFound for a task that is not the actor's.
    """
    if not is_own(actor, assignment):
        raise NotFound
    lock(assignment)
    if assignment.opened_at is not None:
        return False
    assignment.opened_at = clock.now()
    db.session.flush()
    audit.record(
        AuditAction.ASSIGNMENT_OPENED, ("assignment", assignment.id), office_id=assignment.office_id,
        actor=actor, context=("story", assignment.story_id), label=assignment.role.label,
    )  # fmt: skip
    return True


def accept_task(assignment: Assignment, *, actor: Principal) -> None:
    """Yes. Only the person says so. Raises Refused."""
    now = clock.now()
    _move(assignment, AssignmentMove.ACCEPT, actor=actor)
    assignment.opened_at = assignment.opened_at or now
    assignment.accepted_at = now
    _tell(assignment, AssignmentMove.ACCEPT, AssignmentState.OFFERED, actor=actor)


def decline_task(assignment: Assignment, *, actor: Principal, reason: str) -> None:
    """No, and why; also after having accepted. The editor is told that somebody else is needed. Raises Refused,
    ReasonNeeded.
    """
    reason = reason.strip()
    before = _move(assignment, AssignmentMove.DECLINE, actor=actor, reason=reason)
    now = clock.now()
    assignment.opened_at = assignment.opened_at or now
    assignment.declined_at, assignment.decline_reason = now, reason
    _tell(assignment, AssignmentMove.DECLINE, before, actor=actor, reason=reason)


def finish_task(assignment: Assignment, *, actor: Principal, note: str = "") -> None:
    """The work is handed over, says the person or the editor. Raises Refused."""
    before = _move(assignment, AssignmentMove.FINISH, actor=actor)
    now = clock.now()
    if is_own(actor, assignment):
        # Who hands the work over has read and taken the task.
        assignment.opened_at = assignment.opened_at or now
        assignment.accepted_at = assignment.accepted_at or now
    assignment.done_at, assignment.done_by, assignment.done_note = now, actor.id, note.strip()[:300]
    _tell(assignment, AssignmentMove.FINISH, before, actor=actor)


def reopen_task(assignment: Assignment, *, actor: Principal) -> None:
    """It was not finished after all: back to accepted, or to not yet accepted when it never was. Raises Refused."""
    move = AssignmentMove.REOPEN if assignment.accepted_at else AssignmentMove.REOFFER
    before = _move(assignment, move, actor=actor)
    assignment.done_at, assignment.done_by, assignment.done_note = None, None, ""
    _tell(assignment, move, before, actor=actor)


def cancel_task(assignment: Assignment, *, actor: Principal, reason: str) -> None:
    """Nobody has to do it any longer, and why; also for a declined one that needs nobody else. Raises Refused,
    ReasonNeeded.
    """
    reason = reason.strip()
    before = _move(assignment, AssignmentMove.CANCEL, actor=actor, reason=reason)
    assignment.end_reason = reason
    _tell(assignment, AssignmentMove.CANCEL, before, actor=actor, reason=reason)


def cancel_tasks_of(story: Story, *, actor: audit.Actor | None, reason: str) -> int:
    """The story is over, by whoever ended it: nobody works on it in vain. How many tasks were open."""
    found = queries.list_open_of_story(story.id)
    for assignment in found:
        before = _move(assignment, AssignmentMove.CANCEL, actor=None, reason=reason)
        assignment.end_reason = reason
        _tell(assignment, AssignmentMove.CANCEL, before, actor=actor, reason=reason)
    return len(found)


def _move(
    assignment: Assignment, move: AssignmentMove, *, actor: Principal | None, reason: str = ""
) -> AssignmentState:
    """Wait for whoever changes it now, ask, move. Returns the state before."""
    lock(assignment)
    successor = queries.get_successor(assignment)
    reasons = reasons_not_to_move_task(
        actor, assignment, move, successor=successor.person.name if successor else ""
    )
    if reasons:
        raise Refused(reasons)
    if ASSIGNMENT.needs_reason(move) and not reason:
        raise ReasonNeeded(_("Tuliskan alasannya, supaya yang lain tahu apa yang perlu diatur."))
    before = assignment.state
    assignment.state = ASSIGNMENT.target(before, move)
    assignment.state_since = assignment.updated_at = clock.now()
    return before


def _tell(
    assignment: Assignment,
    move: AssignmentMove,
    before: AssignmentState,
    *,
    actor: audit.Actor | None,
    reason: str = "",
) -> None:
    """Flush, record, emit."""
    db.session.flush()
    detail = {"reason": reason} if reason else {}
    audit.record(
        _RECORDED[move], ("assignment", assignment.id), office_id=assignment.office_id, actor=actor,
        context=("story", assignment.story_id), label=described(assignment), **detail,
    )  # fmt: skip
    emit(
        AssignmentMoved(
            assignment_id=assignment.id, story_id=assignment.story_id, move=move, before=before,
            after=assignment.state, actor_id=actor.id if actor else None, reason=reason,
        )
    )  # fmt: skip
