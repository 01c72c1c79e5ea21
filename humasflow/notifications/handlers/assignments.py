"""Who hears of tasks: the person who is asked, and the editor who asked."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask_babel import gettext as _

from humasflow.accounts import queries as accounts
from humasflow.accounts.absences import Away
from humasflow.accounts.events import AbsenceEnded, AbsenceRecorded
from humasflow.accounts.models import Absence
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import show_instant
from humasflow.core.permissions import Permission
from humasflow.notifications import services
from humasflow.notifications.enums import NoticeKind as K
from humasflow.orgs.models import Unit
from humasflow.stories.enums import AssignmentMove
from humasflow.stories.events import (
    AssignmentDueChanged,
    AssignmentDueSoon,
    AssignmentMoved,
    AssignmentOffered,
    AssignmentOverdue,
)
from humasflow.stories.models import Assignment
from humasflow.stories.queries import workload

# What asks the person for something; settled once the task is answered or gone.
ASKING = (K.TASK_OFFERED, K.TASK_DUE_SOON, K.TASK_OVERDUE, K.TASK_DUE_CHANGED)
ASKING_EDITORS = (K.TASK_DECLINED, K.TASK_AWAY, K.TASK_ESCALATED)


def on_offered(event: AssignmentOffered) -> None:
    """The person is asked. What was asked of an editor about the task before is answered."""
    task = _task(event.assignment_id)
    if task.replaces_id:
        services.settle([*ASKING, *ASKING_EDITORS], ("assignment", task.replaces_id))
    _tell(task, [task.person_id], K.TASK_OFFERED, key="offered", actor_id=event.actor_id)


def on_moved(event: AssignmentMoved) -> None:
    """Whoever has to know next."""
    task = _task(event.assignment_id)
    move, by = event.move, event.actor_id
    times = str(task.row_version)  # declined, offered again… each is news of its own
    if move is not AssignmentMove.ACCEPT:
        services.settle(ASKING, ("assignment", task.id))
    else:
        services.settle([K.TASK_OFFERED], ("assignment", task.id))
    if move is AssignmentMove.DECLINE:
        _tell(
            task,
            _editors_of(task),
            K.TASK_DECLINED,
            key=f"declined:{times}",
            actor_id=by,
            reason=event.reason,
        )
    elif move is AssignmentMove.FINISH:
        services.settle(ASKING_EDITORS, ("assignment", task.id))
        _tell(task, [task.created_by, task.person_id], K.TASK_DONE, key=f"done:{times}", actor_id=by)
    elif move in (AssignmentMove.REOPEN, AssignmentMove.REOFFER):
        _tell(task, [task.created_by, task.person_id], K.TASK_REOPENED, key=f"reopened:{times}", actor_id=by)
    elif move is AssignmentMove.REPLACE:
        _tell(task, [task.person_id], K.TASK_REPLACED, key="replaced", actor_id=by, reason=event.reason)
    elif move is AssignmentMove.CANCEL:
        services.settle(ASKING_EDITORS, ("assignment", task.id))
        _tell(task, [task.person_id], K.TASK_CANCELLED, key="cancelled", actor_id=by, reason=event.reason)


def on_due_changed(event: AssignmentDueChanged) -> None:
    """The person learns of the new time; reminders of the old one are over."""
    task = _task(event.assignment_id)
    services.settle([K.TASK_DUE_SOON, K.TASK_OVERDUE, K.TASK_AWAY, K.TASK_ESCALATED], ("assignment", task.id))
    _tell(
        task, [task.person_id], K.TASK_DUE_CHANGED, key=f"due:{_stamp(event.after)}:{task.row_version}",
        actor_id=event.actor_id, reason=_when(task),
    )  # fmt: skip


def on_due_soon(event: AssignmentDueSoon) -> None:
    """A day ahead, the person."""
    task = _task(event.assignment_id)
    _tell(task, [task.person_id], K.TASK_DUE_SOON, key=f"soon:{_stamp(task.due_at)}", reason=_when(task))


def on_overdue(event: AssignmentOverdue) -> None:
    """Late: the person, and the editor who counts on it."""
    task = _task(event.assignment_id)
    _tell(task, [task.person_id], K.TASK_OVERDUE, key=f"overdue:{_stamp(task.due_at)}", reason=_when(task))
    editors = [i for i in _editors_of(task) if i != task.person_id]
    _tell(task, editors, K.TASK_LATE, key=f"late:{_stamp(task.due_at)}", actor_name=task.person.name)


def on_absence_recorded(event: AbsenceRecorded) -> None:
    """What is due while somebody is away concerns the editors who counted on them; they learn the days, no more."""
    absence = db.session.get_one(Absence, event.absence_id)
    start, end = _instants(event)
    away = Away(absence.id, absence.user_id, absence.kind, absence.starts_on, absence.ends_on)
    times = f"{_stamp(absence.created_at)}.{absence.row_version}"  # the same days, set again, are news again
    for task in workload.list_due_between(event.user_id, max(start, clock.now()), end):
        _tell(
            task, _editors_of(task), K.TASK_AWAY, actor_id=event.actor_id, reason=away.text,
            key=f"away:{absence.id}:{times}:{_stamp(task.due_at)}", actor_name=task.person.name,
        )  # fmt: skip


def on_absence_ended(event: AbsenceEnded) -> None:
    """Nobody has to look for somebody else for what was due on those days."""
    for task in workload.list_due_between(event.user_id, *_instants(event)):
        services.settle([K.TASK_AWAY], ("assignment", task.id))


def _instants(event: AbsenceRecorded | AbsenceEnded) -> tuple[datetime, datetime]:
    office = db.session.get_one(Unit, event.office_id)
    return workload.instants_of(office, event.starts_on, event.ends_on)


def _task(assignment_id: int) -> Assignment:
    return db.session.get_one(Assignment, assignment_id)


def _stamp(at: datetime | None) -> int:
    return int(at.timestamp()) if at else 0


def _when(task: Assignment) -> str:
    office = db.session.get_one(Unit, task.office_id)
    return show_instant(task.due_at, office.zone_name) if task.due_at else _("tanpa tenggat")


def _editors_of(task: Assignment) -> Sequence[int]:
    """Who asked for it and who holds the story, as far as they still can act; otherwise every editor of the office."""
    office = db.session.get_one(Unit, task.office_id)
    editors = {u.id for u in accounts.list_people_with(Permission.STORY_WRITE, office)}
    near = [
        i for i in dict.fromkeys([task.created_by, task.story.owner_id]) if i in editors and i is not None
    ]
    return near or sorted(editors)


def _tell(
    task: Assignment,
    user_ids: Iterable[int | None],
    kind: K,
    *,
    key: str,
    actor_id: int | None = None,
    reason: str = "",
    actor_name: str = "",
) -> None:
    people = accounts.users_of(user_ids, but=[actor_id])
    if not people:
        return
    services.notify(
        people, kind, office_id=task.office_id, subject=("assignment", task.id),
        key=f"assignment:{task.id}:{key}", title=f"{task.story.title} ({task.role.label})",
        actor_name=actor_name or accounts.name_of(actor_id),
        reason=reason,
        story_id=task.story_id,
        deadline=task.due_at if task.due_at and task.due_at > clock.now() else None,
    )  # fmt: skip


HANDLERS = [
    (AssignmentOffered, on_offered),
    (AssignmentMoved, on_moved),
    (AssignmentDueChanged, on_due_changed),
    (AssignmentDueSoon, on_due_soon),
    (AssignmentOverdue, on_overdue),
    (AbsenceRecorded, on_absence_recorded),
    (AbsenceEnded, on_absence_ended),
]
