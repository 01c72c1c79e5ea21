"""One story with its versions and bodies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.paging import Page
from humasflow.stories.models import Story, StoryBody, StoryVersion
from humasflow.stories.policy import can_read

PAGE_SIZE = 30
STAMP_PARTS = 6


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


@dataclass(frozen=True)
class VersionRow:
    """A version in a list: nothing of its text but the title."""

    id: int
    number: int
    title: str
    note: str
    words: int
    author: str  # "" = the product
    saved_at: datetime
    sealed_at: datetime | None
    by_autosave: bool


def list_version_rows(story_id: int, *, before: int | None = None, size: int = PAGE_SIZE) -> Page[VersionRow]:
    """Versions newest first, those below the number ``before``. One statement, the same cost on every page."""
    statement = (
        select(
            StoryVersion.id, StoryVersion.number, StoryVersion.title, StoryVersion.note, StoryVersion.words,
            func.coalesce(User.name, ""), StoryVersion.saved_at, StoryVersion.sealed_at, StoryVersion.tab != "",
        )
        .outerjoin(User, User.id == StoryVersion.author_id)
        .where(StoryVersion.story_id == story_id)
        .order_by(StoryVersion.number.desc())
        .limit(size + 1)
    )  # fmt: skip
    if before is not None:
        statement = statement.where(StoryVersion.number < before)
    rows = [VersionRow(*row) for row in db.session.execute(statement)]
    return Page(rows[:size], str(rows[size - 1].number) if len(rows) > size else None)


def count_versions(story_id: int) -> int:
    """How many versions a story has: numbers are given without gaps."""
    return (
        db.session.scalar(select(func.max(StoryVersion.number)).where(StoryVersion.story_id == story_id)) or 0
    )


@dataclass(frozen=True)
class Stamp:
    """What an editor's form was opened on."""

    version_id: int
    folds: int
    filing: tuple[int | None, int | None, int | None, int | None]  # content type, section, pillar, campaign


def edit_stamp(story: Story) -> str:
    """What the editor's form was opened on. It changes when somebody else saves, not when the story only changes
    hands or state, so that an assignment meanwhile does not look like a conflict of texts.
    """
    folds = get_current_version(story).folds if story.current_version_id else 0
    parts = (
        story.current_version_id, folds, story.content_type_id, story.section_id, story.pillar_id,
        story.campaign_id,
    )  # fmt: skip
    return ".".join(str(p or 0) for p in parts)


def read_stamp(stamp: str) -> Stamp | None:
    """The parts of a stamp; None for what is none."""
    parts = stamp.split(".")
    if len(parts) != STAMP_PARTS or not all(p.isascii() and p.isdecimal() and len(p) < 19 for p in parts):
        return None
    version_id, folds, *filing = map(int, parts)
    content_type, section, pillar, campaign = (value or None for value in filing)
    return Stamp(version_id, folds, (content_type, section, pillar, campaign))


def get_base_version(story: Story, stamp: str) -> StoryVersion | None:
    """The version that a form was opened on, as it was then; the one before it when an autosave has been folded into it
    since, which both texts descend from as well. None when the stamp names no version of this story.
    """
    read = read_stamp(stamp)
    version = db.session.get(StoryVersion, read.version_id) if read else None
    if read is None or version is None or version.story_id != story.id:
        return None
    if version.folds == read.folds:
        return version
    return db.session.scalar(
        select(StoryVersion).where(
            StoryVersion.story_id == story.id, StoryVersion.number == version.number - 1
        )
    )


def list_left(before: datetime, *, limit: int = 100) -> Sequence[Story]:
    """Stories whose running autosave was last written before an instant."""
    return db.session.scalars(
        select(Story)
        .join(StoryVersion, StoryVersion.id == Story.current_version_id)
        .where(StoryVersion.sealed_at.is_(None), StoryVersion.saved_at < before)
        .order_by(StoryVersion.saved_at, Story.id)
        .limit(limit)
    ).all()
