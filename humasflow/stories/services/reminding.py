"""Reminding people of what is due: a day ahead, and once it is over. Each due time is told once."""

from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.events import emit
from humasflow.stories.enums import StoryState
from humasflow.stories.events import AssignmentDueSoon, AssignmentOverdue
from humasflow.stories.models import Assignment, Story
from humasflow.stories.queries.assignments import is_open
from humasflow.stories.services.assignments import SOON

BATCH = 200
# Nobody is pressed for a story that rests; when it goes on, what is late then is said then.
WORKED_ON = (StoryState.DRAFT, StoryState.IN_REVIEW, StoryState.APPROVED, StoryState.PUBLISHED)


def remind_of_due() -> int:
    """Tell of open tasks that are due within a day, and of those that are over. Returns how many. Flushes.

    What was told stands in the row, in the same transaction as the telling: a repeated or interrupted run tells nobody
    twice, and a new due time is told anew.
    """
    now = clock.now()
    soon = _due(Assignment.soon_told).where(Assignment.due_at > now, Assignment.due_at <= now + SOON)
    over = _due(Assignment.overdue_told).where(Assignment.due_at <= now)
    told = 0
    for assignment in db.session.scalars(soon).all():
        assignment.soon_told = assignment.due_at
        db.session.flush()
        emit(AssignmentDueSoon(assignment_id=assignment.id, story_id=assignment.story_id))
        told += 1
    for assignment in db.session.scalars(over).all():
        assignment.overdue_told = assignment.soon_told = assignment.due_at
        db.session.flush()
        emit(AssignmentOverdue(assignment_id=assignment.id, story_id=assignment.story_id))
        told += 1
    return told


def _due(told: InstrumentedAttribute[datetime | None]) -> Select[Assignment]:
    return (
        select(Assignment)
        .join(Story, Story.id == Assignment.story_id)
        .where(is_open(), Story.state.in_(WORKED_ON), or_(told.is_(None), told != Assignment.due_at))
        .order_by(Assignment.due_at, Assignment.id)
        .limit(BATCH)
        # Two workers: the second passes by what the first is telling.
        .with_for_update(of=Assignment, skip_locked=True)
    )
