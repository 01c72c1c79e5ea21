"""Lists of stories narrowed to what a person may read."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, union

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.stories.assigned import assigned_to, tasks_of
from humasflow.stories.models import Story, StoryReader
from humasflow.stories.visibility import visible_to, visible_to_all


def readable(
    statement: Select[*tuple[Any, ...]], actor: Principal, office_id: int
) -> Select[*tuple[Any, ...]]:
    """The rows of a statement over Story that the actor may read in an office. Without ``story:read``: their own."""
    statement = statement.where(visible_to(actor.id))
    if actor.can(Permission.STORY_READ, office_id):
        return statement
    return statement.where(Story.created_by == actor.id)


def is_named_for_secrets(user_id: int) -> bool:
    """Whether a confidential story is open to this person by name, so that their pages may show what few may read. One
    statement.
    """
    found = (
        select(StoryReader.story_id)
        .join(Story, Story.id == StoryReader.story_id)
        .where(StoryReader.user_id == user_id, ~visible_to_all())
    )
    return db.session.scalar(select(found.exists())) is True


def openable(actor: Principal, office_id: int) -> list[ColumnElement[bool]]:
    """The conditions on Story that the actor may open its page (``stories.policy.can_read``, for lists)."""
    conditions = [Story.office_id == office_id, visible_to(actor.id)]
    if not actor.can(Permission.STORY_READ, office_id):
        conditions.append(or_(Story.created_by == actor.id, assigned_to(actor.id, Story.id)))
    return conditions


def newest_openable(actor: Principal, office_id: int, number: int) -> Select[int]:
    """``id`` of the stories of an office that changed last, of those that the actor's role lets them open: so many, or
    of somebody without ``story:read`` so many of their own and as many that they have tasks on. Who sees what is
    confidential is not asked here.
    """
    newest = select(Story.id.label("id")).where(Story.office_id == office_id)
    newest = newest.order_by(Story.updated_at.desc(), Story.id.desc()).limit(number)
    if actor.can(Permission.STORY_READ, office_id):
        return newest
    own = newest.where(Story.created_by == actor.id).subquery()
    given = newest.where(Story.id.in_(tasks_of(actor.id))).subquery()
    both = union(select(own.c.id), select(given.c.id)).subquery()
    return select(both.c.id)


def list_readers(story_id: int) -> Sequence[User]:
    """The people named for a confidential story, by name. One statement."""
    return db.session.scalars(
        select(User)
        .join(StoryReader, StoryReader.user_id == User.id)
        .where(StoryReader.story_id == story_id)
        .order_by(User.name, User.id)
    ).all()
