"""One story with its versions and bodies."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.stories.models import Story, StoryBody, StoryVersion
from humasflow.stories.policy import can_read


def get_story(actor: Principal, story_id: int) -> Story:
    """A story the actor may read, or "not found": the same answer for a missing one and another office's."""
    story = db.session.get(Story, story_id)
    if story is None or not can_read(actor, story):
        raise NotFound
    return story


def get_version(version_id: int) -> StoryVersion:
    """A version by id, or "not found". The caller has checked the story."""
    found = db.session.get(StoryVersion, version_id)
    if found is None:
        raise NotFound
    return found


def get_version_by_number(story: Story, number: int) -> StoryVersion:
    """The n-th version of a story, or "not found"."""
    found = db.session.scalar(
        select(StoryVersion)
        .where(StoryVersion.story_id == story.id, StoryVersion.number == number)
        .options(selectinload(StoryVersion.pictures))
    )
    if found is None:
        raise NotFound
    return found


def get_current_version(story: Story) -> StoryVersion:
    """What stands now. Every story has one from its creation on."""
    if story.current_version_id is None:
        raise LookupError(f"story {story.id} has no version")
    return db.session.get_one(StoryVersion, story.current_version_id)


def get_versions(version_ids: Iterable[int]) -> dict[int, StoryVersion]:
    """Versions by id with their pictures, in two statements."""
    wanted = set(version_ids)
    if not wanted:
        return {}
    found = db.session.scalars(
        select(StoryVersion).where(StoryVersion.id.in_(wanted)).options(selectinload(StoryVersion.pictures))
    )
    return {v.id: v for v in found}


def get_body(version_id: int) -> str:
    """The clean HTML of a version; empty when there is none."""
    return db.session.scalar(select(StoryBody.html).where(StoryBody.version_id == version_id)) or ""


def get_bodies(version_ids: Iterable[int]) -> dict[int, str]:
    """The clean HTML of several versions, in one statement."""
    wanted = set(version_ids)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(StoryBody.version_id, StoryBody.html).where(StoryBody.version_id.in_(wanted))
    )
    return dict(rows.all())


def list_versions(story_id: int) -> Sequence[StoryVersion]:
    """All versions of a story, newest first, with their authors."""
    return db.session.scalars(
        select(StoryVersion)
        .where(StoryVersion.story_id == story_id)
        .options(selectinload(StoryVersion.author))
        .order_by(StoryVersion.number.desc())
    ).all()


def edit_stamp(story: Story) -> str:
    """What the editor's form was opened on. It changes when somebody else saves, not when the story only changes
    hands or state, so that an assignment meanwhile does not look like a conflict of texts.
    """
    parts = (story.current_version_id, story.content_type_id, story.section_id, story.pillar_id)
    return ".".join(str(p or 0) for p in parts)
