"""The change log of a story."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from humasflow.core.db import db
from humasflow.stories.models import StoryChange


def list_changes(story_id: int) -> Sequence[StoryChange]:
    """Every change, newest first, the prepared one included, with who made it. One statement."""
    return db.session.scalars(
        select(StoryChange)
        .where(StoryChange.story_id == story_id)
        .options(joinedload(StoryChange.author))
        .order_by(StoryChange.id.desc())
    ).all()


def list_public_changes(story_id: int) -> Sequence[StoryChange]:
    """What readers are told, oldest first. One statement."""
    return db.session.scalars(
        select(StoryChange)
        .where(StoryChange.story_id == story_id, StoryChange.published_at.is_not(None))
        .order_by(StoryChange.published_at, StoryChange.id)
    ).all()


def get_change_to(version_id: int) -> StoryChange | None:
    """What readers are or would be told about the correction that this version is; None when it is none."""
    return db.session.scalar(
        select(StoryChange)
        .where(StoryChange.version_id == version_id)
        .order_by(StoryChange.id.desc())
        .limit(1)
    )


def get_prepared_change(story_id: int) -> StoryChange | None:
    """The correction that waits for its approval, if there is one."""
    return db.session.scalar(
        select(StoryChange).where(StoryChange.story_id == story_id, StoryChange.published_at.is_(None))
    )


def being_corrected(story_ids: Iterable[int]) -> set[int]:
    """Those of the stories for which a correction is being prepared. One statement; none without stories."""
    wanted = set(story_ids)
    if not wanted:
        return set()
    return set(
        db.session.scalars(
            select(StoryChange.story_id).where(
                StoryChange.story_id.in_(wanted), StoryChange.published_at.is_(None)
            )
        )
    )
