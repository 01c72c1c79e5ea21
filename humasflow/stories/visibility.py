"""Who sees a story at all. A confidential one is seen by the people named for it, until it is published.

The condition and the question about one story stand side by side, because lists and pages have to agree.
"""

from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, and_, or_, select

from humasflow.core.db import db
from humasflow.stories.enums import GONE, StoryState
from humasflow.stories.models import Story, StoryReader

# What was public once is a secret no longer.
WAS_PUBLIC = frozenset({StoryState.PUBLISHED, StoryState.ARCHIVED, StoryState.WITHDRAWN})


def is_closed(story: Story) -> bool:
    """Whether only named people see the story now."""
    return story.is_confidential and story.state not in WAS_PUBLIC


def is_visible(user_id: int, story: Story) -> bool:
    """Whether confidentiality lets this person see the story; what their role allows is another question."""
    return not is_closed(story) or db.session.get(StoryReader, (story.id, user_id)) is not None


def visible_to(user_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """The same as a condition on :class:`Story`, for lists. Every list that shows something of a story carries it. With
    a parameter for the person, a statement can be made once and asked for anybody.
    """
    named = select(StoryReader.story_id).where(StoryReader.user_id == user_id)
    return or_(Story.is_confidential.is_(False), Story.state.in_(sorted(WAS_PUBLIC)), Story.id.in_(named))


def visible_to_all() -> ColumnElement[bool]:
    """A condition on :class:`Story` for what has no reader in particular."""
    return or_(Story.is_confidential.is_(False), Story.state.in_(sorted(WAS_PUBLIC)))


def public_now(now: datetime) -> ColumnElement[bool]:
    """A condition on :class:`Story` for what leaves the office: neither confidential, nor under embargo, nor called off
    or withdrawn. What is planned of it may be told to anybody.
    """
    return and_(
        visible_to_all(),
        Story.state.not_in(sorted(GONE)),
        or_(Story.embargo_until.is_(None), Story.embargo_until <= now),
    )
