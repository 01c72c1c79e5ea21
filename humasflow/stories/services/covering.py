"""A story that covers something of the agenda, and what happens to it and its tasks when that moves or falls through.

The people who work on the story are told by higher rooms; here it is changed and recorded.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import NotFound, Refused
from humasflow.core.events import emit
from humasflow.core.localtime import show_instant
from humasflow.orgs import queries as orgs
from humasflow.planning.agenda.events import AgendaMoved
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.succession import Succession
from humasflow.stories.enums import OVER
from humasflow.stories.events import AssignmentDueChanged
from humasflow.stories.models import Assignment, Story
from humasflow.stories.policy import reasons_not_to_file
from humasflow.stories.queries.assignments import list_open_of_story
from humasflow.stories.queries.coverage import list_concerned
from humasflow.stories.services.assignments import described, told_already


def cover_event(story: Story, event: AgendaEvent, occurrence: datetime | None, *, actor: Principal) -> None:
    """Say that the story covers an occurrence of its own office's agenda; of an event that does not repeat the instant
    is not kept, because it moves with the event. The story joins the event's campaign unless it has one. Flushes.

    Raises Refused, NotFound (another office's event).
    """
    lock(story)
    reasons = reasons_not_to_file(actor, story)
    if reasons:
        raise Refused(reasons)
    if event.office_id != story.office_id or event.removed_at is not None:
        raise NotFound
    story.event_id = event.id
    story.occurrence = occurrence if event.rule else None
    story.campaign_id = story.campaign_id or event.campaign_id
    story.updated_at = clock.now()
    db.session.flush()
    audit.record(
        AuditAction.STORY_EVENT_SET, ("story", story.id), office_id=story.office_id, actor=actor,
        label=event.title, event_id=event.id, occurrence=occurrence.isoformat() if occurrence else None,
    )  # fmt: skip


def move_with_event(
    story: Story,
    event: AgendaEvent,
    *,
    before: datetime,
    after: datetime,
    actor: audit.Actor | None,
    reason: str,
    stay: frozenset[int] = frozenset(),
    keeps_plans: bool = False,
) -> list[Assignment]:
    """The event of the story moved: the due times of its open tasks move as far, but for those that ``stay``, or all
    where it ``keeps_plans``. Returns the tasks that did. Flushes.

    A due time that would be over already stays as it is: nobody is late for work by somebody else's change.
    """
    lock(story)
    office = orgs.get_office(story.office_id)
    record_event(
        AuditAction.STORY_EVENT_MOVED, story, event, actor=actor, reason=reason,
        said=f"{show_instant(before, office.zone_name)} → {show_instant(after, office.zone_name)}",
        before=before.isoformat(), after=after.isoformat(),
    )  # fmt: skip
    if keeps_plans:
        return []
    return [
        task
        for task in list_open_of_story(story.id)
        if task.id not in stay
        and _move_due(task, after - before, office.zone_name, actor=actor, reason=reason)
    ]


def record_event(
    action: AuditAction,
    story: Story,
    event: AgendaEvent,
    *,
    actor: audit.Actor | None,
    reason: str = "",
    said: str = "",
    **detail: Any,
) -> None:
    """What happened to the event stands in the story's own record."""
    said_why: dict[str, Any] = {"reason": reason} if reason else {}
    audit.record(
        action, ("story", story.id), office_id=story.office_id, actor=actor,
        label=f"{event.title}: {said}" if said else event.title, event_id=event.id, **(detail | said_why),
    )  # fmt: skip


def list_moves(
    told: AgendaMoved, event: AgendaEvent, *, with_off: bool = False
) -> list[tuple[Story, datetime, datetime]]:
    """The stories that cover what moved, each with when that was and when it is. Not among them, where all move: those
    whose occurrence stays where it was put by itself, or was over by the time before (unless it is the one that was
    meant), or is off by itself (unless ``with_off``). Three statements.
    """
    found, now = [], clock.now()
    for story, covered in list_concerned(event, told.occurrence, with_past=True, with_off=with_off):
        by = told.shift_at(story.occurrence)
        if not by:
            continue
        after = covered.starts_at if told.occurrence is None else told.after
        ended_at = covered.ends_at if told.keeps_plans else covered.ends_at - by
        is_meant = told.occurrence is not None or not event.rule or after - by == told.before
        if is_meant or ended_at > now:
            found.append((story, after - by, after))
    return found


def rename_occurrences(event: AgendaEvent, pairs: Succession) -> list[datetime]:
    """Every occurrence of the event has another name now: what covers it knows it by that. Returns the names that no
    occurrence has any longer and that something in work covers; what covered them keeps them. Flushes.
    """
    lost = []
    for story in _filed(event.id):
        key = story.occurrence or pairs.before.starts_at
        named = pairs.of(key)
        if named is not None:
            story.occurrence = named if event.rule else None
        elif story.state not in OVER and pairs.before.has(key):  # not what was lost before
            lost.append(key)
    db.session.flush()
    return lost


def go_along(event: AgendaEvent, continued_by: AgendaEvent, since: datetime) -> None:
    """The event goes on as another one from ``since`` on: what covers a later occurrence covers the other's."""
    for story in _filed(event.id):
        if story.occurrence is not None and story.occurrence >= since:
            story.event_id = continued_by.id
    db.session.flush()


def _filed(event_id: int) -> Sequence[Story]:
    """All of them, those that are over as well: they say what they covered."""
    return db.session.scalars(
        select(Story).where(Story.event_id == event_id).order_by(Story.id).with_for_update(of=Story)
    ).all()


def give_due_back(task: Assignment, due_at: datetime, *, actor: audit.Actor | None) -> None:
    """The move that the task followed is taken back: it is due when it was, unless that is over. Flushes."""
    if task.due_at is not None and task.due_at != due_at:
        zone = orgs.get_office(task.office_id).zone_name
        _move_due(task, due_at - task.due_at, zone, actor=actor, reason="")


def _move_due(task: Assignment, by: timedelta, zone: str, *, actor: audit.Actor | None, reason: str) -> bool:
    lock(task)
    before = task.due_at
    if before is None or not by:
        return False
    after = before + by
    if after <= clock.now():
        return False
    task.due_at, task.soon_told, task.updated_at = after, told_already(after), clock.now()
    db.session.flush()
    detail = {"reason": reason} if reason else {}
    audit.record(
        AuditAction.ASSIGNMENT_CHANGED, ("assignment", task.id), office_id=task.office_id, actor=actor,
        context=("story", task.story_id),
        label=_("%(task)s, %(when)s (mengikuti agenda)", task=described(task), when=show_instant(after, zone)),
        due_at=after.isoformat(), row_version=task.row_version, **detail,
    )  # fmt: skip
    emit(
        AssignmentDueChanged(
            assignment_id=task.id, story_id=task.story_id, before=before, after=after,
            actor_id=actor.id if actor else None,
        )
    )  # fmt: skip
    return True
