"""Who may do what with a task, and why not: every reason at once, in plain words."""

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.core.errors import Reason
from humasflow.core.permissions import Permission
from humasflow.stories.enums import OVER, AssignmentMove, AssignmentState
from humasflow.stories.models import Assignment
from humasflow.stories.policy import can_read
from humasflow.stories.visibility import is_visible
from humasflow.stories.workflow import ASSIGNMENT

# Only the person can say yes or no; whether the work is done, the editor sees too.
BY_THE_PERSON = frozenset({AssignmentMove.ACCEPT, AssignmentMove.DECLINE})
BY_EITHER = frozenset({AssignmentMove.FINISH, AssignmentMove.REOPEN, AssignmentMove.REOFFER})


def is_own(actor: Principal, assignment: Assignment) -> bool:
    """Whether it is the actor's task, in an office where they still have a role."""
    return assignment.person_id == actor.id and any(h.office_id == assignment.office_id for h in actor.held)


def can_direct(actor: Principal, assignment: Assignment) -> bool:
    """Whether the actor hands out work on this story."""
    return actor.can(Permission.STORY_WRITE, assignment.office_id) and can_read(actor, assignment.story)


def can_see_assignment(actor: Principal, assignment: Assignment) -> bool:
    """One's own; and those on stories that one reads by one's role."""
    if is_own(actor, assignment):
        return is_visible(actor.id, assignment.story)
    return actor.can(Permission.STORY_READ, assignment.office_id) and can_read(actor, assignment.story)


def reasons_not_to_move_task(
    actor: Principal | None, assignment: Assignment, move: AssignmentMove, *, successor: str = ""
) -> list[Reason]:
    """Why this is not possible now. ``actor`` None is the product; ``successor`` is who has the task now, if any."""
    reasons = []
    if actor is not None:
        if move in BY_THE_PERSON and not is_own(actor, assignment):
            reasons.append(
                Reason(
                    "not_yours",
                    _("Hanya %(name)s yang dapat menjawab tugas ini.", name=assignment.person.name),
                )
            )
        elif move in BY_EITHER and not (is_own(actor, assignment) or can_direct(actor, assignment)):
            reasons.append(Reason("permission", _("Tugas ini milik orang lain.")))
        elif move not in BY_THE_PERSON | BY_EITHER and not can_direct(actor, assignment):
            reasons.append(Reason("permission", _("Peran Anda belum mencakup pengaturan tugas.")))
    if move in (AssignmentMove.REOPEN, AssignmentMove.REOFFER) and assignment.story.state in OVER:
        reasons.append(
            Reason(
                "story_over",
                _(
                    "Naskahnya berstatus “%(state)s”, jadi tugasnya tidak dibuka lagi.",
                    state=assignment.story.state.label,
                ),
            )
        )
    if not ASSIGNMENT.allows(assignment.state, move):
        reasons.append(Reason("state", _stands(assignment, successor)))
    elif move is AssignmentMove.CANCEL and successor:
        reasons.append(Reason("replaced", _("Tugas ini sudah digantikan %(name)s.", name=successor)))
    return reasons


def reasons_not_to_replace(actor: Principal, assignment: Assignment, *, successor: str = "") -> list[Reason]:
    """Why nobody else can be asked instead. A declined task keeps its state, so the table alone does not say."""
    reasons = []
    if not can_direct(actor, assignment):
        reasons.append(Reason("permission", _("Peran Anda belum mencakup pengaturan tugas.")))
    if successor:
        reasons.append(Reason("replaced", _("Tugas ini sudah digantikan %(name)s.", name=successor)))
    elif assignment.state is not AssignmentState.DECLINED and not ASSIGNMENT.allows(
        assignment.state, AssignmentMove.REPLACE
    ):
        reasons.append(Reason("state", _stands(assignment, successor)))
    return reasons


def reasons_not_to_change(actor: Principal, assignment: Assignment) -> list[Reason]:
    """Why the due time and the brief stay as they are."""
    reasons = []
    if not can_direct(actor, assignment):
        reasons.append(Reason("permission", _("Peran Anda belum mencakup pengaturan tugas.")))
    if not ASSIGNMENT.allows(assignment.state, AssignmentMove.FINISH):
        reasons.append(Reason("state", _stands(assignment, "")))
    return reasons


def _stands(assignment: Assignment, successor: str) -> str:
    if assignment.state is AssignmentState.REPLACED:
        return _("Tugas ini sudah dialihkan kepada %(name)s.", name=successor or _("orang lain"))
    if assignment.state is AssignmentState.CANCELLED:
        return _("Tugas ini sudah dibatalkan.")
    if assignment.state is AssignmentState.DECLINED:
        return _("Tugas ini sudah ditolak oleh %(name)s.", name=assignment.person.name)
    if assignment.state is AssignmentState.DONE:
        return _("Tugas ini sudah ditandai selesai.")
    if assignment.state is AssignmentState.ACCEPTED:
        return _("Tugas ini sudah diterima.")
    return _("Tugas ini belum ditandai selesai.")
