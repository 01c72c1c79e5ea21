"""Reading counts of readers."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select

from humasflow.core.db import db
from humasflow.metrics.models import ReaderCount


def readers_of(story_ids: Iterable[int], *, between: tuple[date, date] | None = None) -> dict[int, int]:
    """How often each of these stories was read in the own newsroom since it appeared; 0 where nobody has yet. With
    ``between`` only on the office's days from the first to before the second.

    One statement, none for an empty question.
    """
    found = dict.fromkeys(story_ids, 0)
    if found:
        counts = select(ReaderCount.story_id, func.sum(ReaderCount.readers)).where(
            ReaderCount.story_id.in_(found)
        )
        if between is not None:
            counts = counts.where(ReaderCount.local_date >= between[0], ReaderCount.local_date < between[1])
        rows = db.session.execute(counts.group_by(ReaderCount.story_id))
        found.update({story_id: int(readers) for story_id, readers in rows})
    return found
