"""How a version comes into being, takes in the next autosave, and becomes unchangeable.

Only services of this room use this; they have locked the story, asked who may, and checked the content.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from humasflow.accounts.policy import Principal
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.events import emit
from humasflow.core.html import figure_assets, word_count
from humasflow.media.models import Asset
from humasflow.stories import queries
from humasflow.stories.contents import PictureContent, StoryContent, content_digest, plain_fields
from humasflow.stories.events import StoryVersionSaved
from humasflow.stories.models import Story, StoryBody, StoryPicture, StoryVersion
from humasflow.stories.search import indexing
from humasflow.stories.services.following import follow_text, passages_of

# Who comes back later than this begins a new version: what stood at the end of a sitting stays to be found.
SITTING = timedelta(minutes=30)


@dataclass(frozen=True)
class Window:
    """A window that saves by itself, and the count of its savings."""

    tab: str
    step: int


def is_sitting(version: StoryVersion, actor: Principal, now: datetime) -> bool:
    """Whether the actor's next autosave is folded into this version."""
    return version.is_running and version.author_id == actor.id and now - version.saved_at <= SITTING


def add_version(
    story: Story,
    content: StoryContent,
    assets: Iterable[Asset],
    *,
    actor: Principal | None,
    note: str = "",
    window: Window | None = None,
) -> StoryVersion:
    """The next version of a story, current from now on, with cleaned content. With the ``window`` that saves by itself
    it is not sealed yet. What was running before is sealed.
    """
    last = 0
    remarks = passages_of(story)
    if story.current_version_id is not None:
        seal(story)
        last = (
            db.session.scalar(select(func.max(StoryVersion.number)).where(StoryVersion.story_id == story.id))
            or 0
        )
    now = clock.now()
    version = StoryVersion(
        story_id=story.id, number=last + 1, author_id=actor.id if actor else None, created_at=now, saved_at=now,
        sealed_at=None if window else now, folds=0, tab=window.tab if window else "",
        tab_step=window.step if window else 0, note=note[:300],
    )  # fmt: skip
    _write(version, content, assets)
    version.pictures = _pictures(content)
    db.session.add(version)
    db.session.flush()
    db.session.add(StoryBody(version_id=version.id, html=content.body_html))
    story.current_version_id, story.title, story.updated_at = version.id, content.title, now
    db.session.flush()
    follow_text(remarks, content)
    indexing.index_story(story.id)
    return version


def fold(
    story: Story,
    version: StoryVersion,
    content: StoryContent,
    assets: Iterable[Asset],
    *,
    window: Window | None = None,
) -> None:
    """Write cleaned content over a running version. Search learns of it when the version is sealed: a sentence that is
    being typed is nothing to be found.
    """
    now = clock.now()
    remarks = passages_of(story)
    body = db.session.get_one(StoryBody, version.id)
    body.html = content.body_html
    kept = tuple(PictureContent(p.asset_id, p.credit, p.alt_text, p.caption) for p in version.pictures)
    _write(version, content, assets)
    version.saved_at, version.folds = now, version.folds + 1
    if window is not None:
        version.tab, version.tab_step = window.tab, window.step
    if kept != content.pictures:
        for picture in version.pictures:
            db.session.expunge(picture)
        db.session.execute(
            delete(StoryPicture).where(StoryPicture.version_id == version.id),
            execution_options={"synchronize_session": False},
        )
        fresh = _pictures(content)
        for picture in fresh:
            picture.version_id = version.id
        db.session.add_all(fresh)
        db.session.expire(version, ["pictures"])
    else:
        in_text = set(figure_assets(content.body_html))
        for picture in version.pictures:
            picture.in_text = picture.asset_id in in_text
    story.title, story.updated_at = content.title, now
    db.session.flush()
    follow_text(remarks, content)


def seal(story: Story, *, note: str | None = None) -> StoryVersion:
    """Make the current version unchangeable, if it is somebody's running autosave, and tell higher rooms that it is
    there. Whoever points at a version (a comment, an approval) calls this first. Returns the current version.
    """
    version = queries.get_current_version(story)
    if version.sealed_at is not None:
        return version
    if note is not None:
        version.note = note[:300]
    version.sealed_at = clock.now()
    db.session.flush()
    indexing.index_story(story.id)
    if version.author_id is not None:
        emit(StoryVersionSaved(story_id=story.id, version_id=version.id, actor_id=version.author_id))
    return version


def _write(version: StoryVersion, content: StoryContent, assets: Iterable[Asset]) -> None:
    by_id = {a.id: a.sha256 for a in assets}
    for name, value in plain_fields(content).items():
        setattr(version, name, value)
    version.words = word_count(content.body_html)
    version.digest = content_digest(content, [by_id[p.asset_id] for p in content.pictures])


def _pictures(content: StoryContent) -> list[StoryPicture]:
    in_text = set(figure_assets(content.body_html))
    return [
        StoryPicture(
            position=position, asset_id=p.asset_id, credit=p.credit, alt_text=p.alt_text, caption=p.caption,
            in_text=p.asset_id in in_text,
        )
        for position, p in enumerate(content.pictures)
    ]  # fmt: skip
