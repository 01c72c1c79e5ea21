"""Whether somebody has, or finished, a task on a story: what lets a contributor read it."""

from sqlalchemy import exists, select

from humasflow.core.db import db
from humasflow.stories.enums import AssignmentState
from humasflow.stories.models import Assignment

# Who declined, or was replaced, reads the story as before: by their role or not at all.
INVOLVED = frozenset({AssignmentState.OFFERED, AssignmentState.ACCEPTED, AssignmentState.DONE})


def is_assigned(user_id: int, story_id: int) -> bool:
    """One statement."""
    task = exists().where(
        Assignment.story_id == story_id,
        Assignment.person_id == user_id,
        Assignment.state.in_(sorted(INVOLVED)),
    )
    return bool(db.session.scalar(select(task)))
