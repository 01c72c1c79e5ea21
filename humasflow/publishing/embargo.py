"""When a post may go out at the earliest: at its time, and not while its story is under embargo.

Everything that asks "is it due?" asks here, so no channel and no feed shows a word of the story before.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, case

from humasflow.core import clock
from humasflow.posts.models import Post
from humasflow.stories.models import Story

EMBARGO_REACH: Final = timedelta(days=92)
"""How long before the end of its embargo a post may have its time and still be found by :func:`due_between`."""


def due_of(post: Post) -> datetime | None:
    """The instant from which the post may go out (aware); None while it has no time."""
    if post.scheduled_at is None:
        return None
    embargo = post.story.embargo_until
    return max(post.scheduled_at, embargo) if embargo is not None else post.scheduled_at


def due_at() -> ColumnElement[datetime | None]:
    """:func:`due_of` in the database, for posts joined with their story; NULL while a post has no time."""
    return case((Story.embargo_until > Post.scheduled_at, Story.embargo_until), else_=Post.scheduled_at)


def due_between(start: datetime, end: datetime) -> ColumnElement[bool]:
    """Posts joined with their story that are due in [``start``, ``end``). The time itself stands beside it, so that the
    index over it bounds what is read.
    """
    due = due_at()
    return and_(Post.scheduled_at >= start - EMBARGO_REACH, Post.scheduled_at < end, due >= start, due < end)


def is_embargoed(post: Post) -> bool:
    """Whether the story may not go out yet, whatever time the post has."""
    embargo = post.story.embargo_until
    return embargo is not None and embargo > clock.now()
