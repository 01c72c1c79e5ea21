"""Reading counts of readers."""

from collections.abc import Iterable

from sqlalchemy import func, select

from humasflow.core.db import db
from humasflow.metrics.models import ReaderCount


def readers_of(story_ids: Iterable[int]) -> dict[int, int]:
    """How often each of these stories was read in the own newsroom since it appeared; 0 where nobody has yet.

    One statement, none for an empty question.
    """
    found = dict.fromkeys(story_ids, 0)
    if found:
        rows = db.session.execute(
            select(ReaderCount.story_id, func.sum(ReaderCount.readers))
            .where(ReaderCount.story_id.in_(found))
            .group_by(ReaderCount.story_id)
        )
        found.update({story_id: int(readers) for story_id, readers in rows})
    return found
