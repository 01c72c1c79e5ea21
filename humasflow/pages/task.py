"""The page of one task: what is wanted, until when, the facts to do it with; for editors what became of it."""

from datetime import datetime
from typing import Any

from flask import render_template
from flask_login import current_user

from humasflow.accounts import phones
from humasflow.core import clock
from humasflow.core.errors import NotFound
from humasflow.core.guards import signed_in
from humasflow.core.offline import keep_offline
from humasflow.orgs import queries as orgs
from humasflow.pages import share
from humasflow.pages.blueprint import blueprint
from humasflow.posts import queries as posts
from humasflow.stories import queries as stories
from humasflow.stories.assignment_policy import (
    can_direct,
    is_own,
    reasons_not_to_change,
    reasons_not_to_move_task,
    reasons_not_to_replace,
)
from humasflow.stories.enums import OPEN_ASSIGNMENT, AssignmentMove
from humasflow.stories.models import Assignment
from humasflow.stories.policy import can_read
from humasflow.stories.queries import assignments, workload


def publish_time(story_id: int) -> datetime | None:
    """When the story goes out first, as planned; a time that is over says nothing about work to come."""
    now = clock.now()
    times = [p.scheduled_at for p in posts.list_rows_of([story_id])[story_id] if p.scheduled_at]
    return min((t for t in times if t > now), default=None)


@blueprint.get("/tugas/<int:assignment_id>")
@signed_in
@keep_offline(tells_stories=True)
def task(assignment_id: int) -> Any:
    """One's own task, or one that an editor follows."""
    found = assignments.get_assignment(current_user, assignment_id)
    office = orgs.get_office(found.office_id)
    reads = can_read(current_user, found.story)
    version = stories.get_current_version(found.story) if reads else None
    successor = assignments.get_successor(found)
    name = successor.person.name if successor else ""
    own = is_own(current_user, found)
    is_open = found.state in OPEN_ASSIGNMENT
    lines = assignments.list_lines(found.story_id) if reads else []
    return render_template(
        "pages/task.html", task=found, where=office, own=own, reads=reads, version=version,
        body=stories.get_body(version.id) if version else "", publish_at=publish_time(found.story_id),
        successor=successor, directs=can_direct(current_user, found), is_open=is_open,
        may=_may(found, name), trail=assignments.list_trail(found),
        colleagues=[line.now for line in lines if line.is_open and line.now.id != found.id],
        shown_phone=phones.shown,
        ask=share.ask_about(found, office, own=own) if is_open else "",
        away=workload.away_on_due(office, [found]).get(found.id) if is_open else None,
    )  # fmt: skip


def _may(found: Assignment, successor: str) -> set[str]:
    """What this person can do with it now, by the services' own questions."""
    may = {
        move.value
        for move in AssignmentMove
        if not reasons_not_to_move_task(current_user, found, move, successor=successor)
    }
    may.discard(AssignmentMove.REPLACE.value)
    if not reasons_not_to_replace(current_user, found, successor=successor):
        may.add(AssignmentMove.REPLACE.value)
    if not reasons_not_to_change(current_user, found):
        may.add("change")
    return may


def require_directed(assignment_id: int) -> Assignment:
    """A task that the signed-in editor manages, or "not found"."""
    found = assignments.get_assignment(current_user, assignment_id)
    if not can_direct(current_user, found):
        raise NotFound
    return found


def late_for(due_at: datetime | None, publish_at: datetime | None) -> bool:
    """Whether the work would be handed over after it should be out."""
    return due_at is not None and publish_at is not None and due_at > publish_at
