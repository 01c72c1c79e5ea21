"""Reading posts. Lists for calendars and boards are plain rows in one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from humasflow.accounts.policy import Principal
from humasflow.channels.models import ChannelAccount, ChannelKind
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.permissions import Permission
from humasflow.planning.models import ContentType
from humasflow.posts.models import BaseText, Post, PostVersion
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from humasflow.stories.visibility import is_visible, visible_to


@dataclass(frozen=True)
class PostRow:
    """A post in a list: enough to show it and to ask for its state, without loading a version."""

    id: int
    office_id: int
    story_id: int
    story_title: str
    story_state: StoryState
    story_version_id: int | None  # the story's current version
    owner_id: int | None
    account_id: int
    account_name: str
    account_position: int
    kind: str
    icon: str
    adapter: str
    follows_story_approval: bool
    content_type_id: int
    content_type: str
    current_version_id: int | None
    scheduled_at: datetime | None
    generation: int
    row_version: int
    removed_at: datetime | None = None


def get_post(actor: Principal, post_id: int) -> Post:
    """A post of an office whose stories the actor reads, or "not found"; a removed one is gone."""
    post = db.session.scalar(
        select(Post).where(Post.id == post_id).options(joinedload(Post.story), joinedload(Post.account))
    )
    if post is None or post.removed_at is not None or not actor.can(Permission.STORY_READ, post.office_id):
        raise NotFound
    if not is_visible(actor.id, post.story):
        raise NotFound
    return post


def list_posts_of(story_id: int) -> Sequence[Post]:
    """A story's posts that were not removed, in the order of the office's accounts. One statement."""
    return db.session.scalars(
        select(Post)
        .join(Post.account)
        .options(contains_eager(Post.account), joinedload(Post.story))
        .where(Post.story_id == story_id, Post.removed_at.is_(None))
        .order_by(ChannelAccount.position, Post.id)
    ).all()


def get_post_on(story_id: int, account_id: int) -> Post | None:
    """The story's post on an account, unless it was removed; where it was published again, the newest."""
    return db.session.scalar(
        select(Post)
        .where(Post.story_id == story_id, Post.account_id == account_id, Post.removed_at.is_(None))
        .order_by(Post.id.desc())
        .limit(1)
    )


def get_base(story_id: int) -> BaseText | None:
    """Teks dasar of a story, if one was written."""
    return db.session.get(BaseText, story_id)


def get_current_version(post: Post) -> PostVersion:
    """What would go out now. Every post has a version from its creation on."""
    if post.current_version_id is None:
        raise LookupError(f"post {post.id} has no version")
    return db.session.get_one(PostVersion, post.current_version_id)


def get_versions(post_version_ids: Iterable[int]) -> Sequence[PostVersion]:
    """Versions with their pictures, in two statements, by id."""
    wanted = set(post_version_ids)
    if not wanted:
        return []
    return db.session.scalars(
        select(PostVersion)
        .where(PostVersion.id.in_(wanted))
        .options(selectinload(PostVersion.pictures))
        .order_by(PostVersion.id)
    ).all()


def get_versions_of(posts: Iterable[Post]) -> Sequence[PostVersion]:
    """The current version of each of these posts, with its pictures. Two statements."""
    return get_versions(p.current_version_id for p in posts if p.current_version_id is not None)


def list_post_versions(post_id: int) -> Sequence[PostVersion]:
    """All versions of a post, newest first."""
    return db.session.scalars(
        select(PostVersion).where(PostVersion.post_id == post_id).order_by(PostVersion.number.desc())
    ).all()


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Post.id, Post.office_id, Post.story_id, Story.title.label("story_title"),
            Story.state.label("story_state"), Story.current_version_id.label("story_version_id"), Story.owner_id,
            Post.account_id, ChannelAccount.name.label("account_name"),
            ChannelAccount.position.label("account_position"), ChannelKind.code.label("kind"), ChannelKind.icon,
            ChannelAccount.adapter, ChannelAccount.follows_story_approval, Post.content_type_id,
            ContentType.label.label("content_type"), Post.current_version_id, Post.scheduled_at, Post.generation,
            Post.row_version, Post.removed_at,
        )
        .join(Story, Story.id == Post.story_id)
        .join(ChannelAccount, ChannelAccount.id == Post.account_id)
        .join(ChannelKind, ChannelKind.id == ChannelAccount.kind_id)
        .join(ContentType, ContentType.id == Post.content_type_id)
        .where(Post.removed_at.is_(None))
    )  # fmt: skip


def _read(statement: Select[*tuple[Any, ...]]) -> list[PostRow]:
    return [PostRow(**row) for row in db.session.execute(statement).mappings()]


def list_between(actor: Principal, office_id: int, start: datetime, end: datetime) -> list[PostRow]:
    """Posts that the actor may see whose time lies in ``start`` ≤ time < ``end`` (aware), by time."""
    return _read(
        _rows()
        .where(
            visible_to(actor.id),
            Post.office_id == office_id,
            Post.scheduled_at >= start,
            Post.scheduled_at < end,
        )
        .order_by(Post.scheduled_at, ChannelAccount.position, Post.id)
    )


WAITS_FOR = timedelta(days=731)


def waits_for_time() -> ColumnElement[bool]:
    """A condition on Post: it has no time and may still get one.

    What was begun over two years ago and never got one waits no more on lists; its story shows it. So a list costs what
    is in work, however much was ever begun and given up.
    """
    return and_(
        Post.scheduled_at.is_(None), Post.removed_at.is_(None), Post.created_at >= clock.now() - WAITS_FOR
    )


def list_rows_of(story_ids: Iterable[int]) -> dict[int, list[PostRow]]:
    """Rows of several stories' posts by story, in the order of the accounts. One statement."""
    wanted = set(story_ids)
    found: dict[int, list[PostRow]] = {i: [] for i in wanted}
    if wanted:
        statement = _rows().where(Post.story_id.in_(wanted)).order_by(ChannelAccount.position, Post.id)
        for row in _read(statement):
            found[row.story_id].append(row)
    return found


def has_scheduled_post() -> ColumnElement[bool]:
    """A condition on Story: one of its posts has a time."""
    return exists().where(
        Post.story_id == Story.id, Post.removed_at.is_(None), Post.scheduled_at.is_not(None)
    )
