"""Readers of the own newsroom, by story and by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select

from humasflow.core.db import db
from humasflow.metrics.models import ReaderCount
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to


@dataclass(frozen=True, slots=True)
class Read:
    """A story and how often it was read."""

    story_id: int
    title: str
    readers: int
    is_seen: bool = True


def list_most_read(
    office_id: int, first: date, last: date, *, reader_id: int, limit: int, offset: int = 0
) -> Sequence[Read]:
    """The stories of an office that were read on the local days from ``first`` to ``last``, the most read first.

    One statement; one row more than ``limit``, where there is more. Titles of confidential stories are as in
    other lists, for ``reader_id``.
    """
    total = func.sum(ReaderCount.readers)
    rows = db.session.execute(
        select(Story.id, Story.title, visible_to(reader_id), total)
        .join(ReaderCount, ReaderCount.story_id == Story.id)
        .where(Story.office_id == office_id, ReaderCount.local_date >= first, ReaderCount.local_date <= last)
        .group_by(Story.id, Story.title, Story.is_confidential, Story.state)
        .order_by(total.desc(), Story.id.desc())
        .limit(limit + 1)
        .offset(offset)
    )
    return [
        Read(story_id, title if is_seen else _("Naskah rahasia"), int(readers), bool(is_seen))
        for story_id, title, is_seen, readers in rows
    ]


def readers_by_day(
    office_id: int, first: date, last: date, *, story_id: int | None = None
) -> dict[date, int]:
    """Readers on each local day that had any, of all stories of an office or of one. One statement."""
    statement = (
        select(ReaderCount.local_date, func.sum(ReaderCount.readers))
        .join(Story, ReaderCount.story_id == Story.id)
        .where(Story.office_id == office_id, ReaderCount.local_date >= first, ReaderCount.local_date <= last)
        .group_by(ReaderCount.local_date)
    )
    if story_id is not None:
        statement = statement.where(ReaderCount.story_id == story_id)
    return {day: int(readers) for day, readers in db.session.execute(statement)}


def first_read_on(story_id: int) -> date | None:
    """The first day on which anybody read the story."""
    return db.session.scalar(select(func.min(ReaderCount.local_date)).where(ReaderCount.story_id == story_id))
