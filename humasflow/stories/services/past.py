"""Stories of publications from before: they begin their life here as what they have long been."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select, update

from humasflow.core import clock
from humasflow.core.db import db, insert_many, table_of
from humasflow.core.html import word_count
from humasflow.planning.queries import list_content_types
from humasflow.stories.contents import StoryContent, cleaned, content_digest, plain_fields
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story, StoryBody, StoryVersion
from humasflow.stories.search import indexing


class PastStory(NamedTuple):
    """What is known of one: its title, what it counted as, since when it is out (UTC)."""

    title: str
    content_type_id: int
    published_at: datetime


class Made(NamedTuple):
    """Its ids."""

    story_id: int
    version_id: int


def add_past_stories(office_id: int, wanted: Sequence[PastStory]) -> list[Made]:
    """Many published stories that nobody wrote, submitted or approved here, without asking anything for each. Whoever
    calls records them. Flushes. Raises ValueError for a content type that the office does not have.
    """
    known = {found.id for found in list_content_types(office_id)}
    if not {w.content_type_id for w in wanted} <= known:
        raise ValueError("a content type of another office")
    now = clock.now()
    contents = [cleaned(StoryContent(title=w.title)) for w in wanted]
    story_ids = insert_many(
        Story,
        [
            {
                "office_id": office_id, "content_type_id": w.content_type_id, "title": content.title,
                "state": StoryState.PUBLISHED, "state_since": w.published_at, "created_at": w.published_at,
                "updated_at": w.published_at, "row_version": 1,
            }
            for w, content in zip(wanted, contents, strict=True)
        ],
    )  # fmt: skip
    version_ids = insert_many(
        StoryVersion,
        [
            plain_fields(content) | {
                "story_id": story_id, "number": 1, "created_at": now, "saved_at": now, "sealed_at": now,
                "words": word_count(content.body_html), "digest": content_digest(content, []),
            }
            for story_id, content in zip(story_ids, contents, strict=True)
        ],
    )  # fmt: skip
    bodies = [{"version_id": v, "html": c.body_html} for v, c in zip(version_ids, contents, strict=True)]
    db.session.execute(insert(table_of(StoryBody)), bodies)
    current = select(StoryVersion.id).where(StoryVersion.story_id == Story.id).scalar_subquery()
    db.session.execute(
        update(table_of(Story))
        .where(Story.id.between(min(story_ids), max(story_ids)), Story.id.in_(story_ids))
        .values(current_version_id=current)
    )
    indexing.index_new(story_ids)
    return [Made(*ids) for ids in zip(story_ids, version_ids, strict=True)]
