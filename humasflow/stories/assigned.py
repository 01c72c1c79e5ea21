"""Whether somebody has, or finished, a task on a story: what lets a contributor read it."""

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, exists, literal, select

from humasflow.core.db import db
from humasflow.stories.enums import AssignmentState
from humasflow.stories.models import Assignment

# Who declined, or was replaced, reads the story as before: by their role or not at all.
INVOLVED = frozenset({AssignmentState.OFFERED, AssignmentState.ACCEPTED, AssignmentState.DONE})


def assigned_to(user_id: int, story_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The same as a condition, for lists."""
    return exists().where(
        Assignment.story_id == story_id,
        Assignment.person_id == user_id,
        Assignment.state.in_(sorted(INVOLVED)),
    )


def tasks_of(user_id: int) -> Select[int]:
    """The numbers of the stories of a person's tasks, by the person's index."""
    return select(Assignment.story_id).where(
        Assignment.person_id == user_id, Assignment.state.in_(sorted(INVOLVED))
    )


def is_assigned(user_id: int, story_id: int) -> bool:
    """One statement."""
    return bool(db.session.scalar(select(assigned_to(user_id, literal(story_id)))))
