"""Counting readers: one number a story and local day."""

from datetime import date

from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from humasflow.core.db import db
from humasflow.metrics.models import ReaderCount


def count_reader(story_id: int, local_date: date, *, readers: int = 1) -> None:
    """Add readers to a story's count of that date (in the office's zone).

    One atomic statement, so that readers who come at the same moment are all counted. ``readers`` is more than one
    only where a known number is taken over. Writes at once; the caller's transaction decides.
    """
    if readers < 1:
        raise ValueError("a count of readers only grows")
    insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    row = insert(ReaderCount).values(story_id=story_id, local_date=local_date, readers=readers)
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=[ReaderCount.story_id, ReaderCount.local_date],
            set_={"readers": ReaderCount.readers + row.excluded.readers},
        )
    )
