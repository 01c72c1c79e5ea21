"""Which publications take their time on an account: those that go out, or are out. And which still wait for one."""

from typing import Final

from sqlalchemy import ColumnElement, and_, or_

from humasflow.posts.models import Post
from humasflow.posts.queries import waits_for_time
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.stories.enums import OPEN, OVER, StoryState
from humasflow.stories.models import Story

CURRENT: Final = and_(Delivery.post_id == Post.id, Delivery.generation == Post.generation)
UNSENT: Final = (DeliveryState.QUEUED, DeliveryState.CANCELLED)
"""Deliveries of publications without a time."""
PLANNED_IN: Final = tuple(sorted((OPEN - {StoryState.ON_HOLD}) | {StoryState.PUBLISHED}))
"""Stories whose publications are to be given a time; what is put on hold waits for its desk, not for a time."""
_ENDED = (DeliveryState.CANCELLED, DeliveryState.RETRACTED)


def takes_its_time() -> list[ColumnElement[bool]]:
    """Conditions for posts joined with their story and, where there is one, their present delivery (:data:`CURRENT`):
    neither taken off, nor called off, nor of a story that is over.
    """
    return [
        Post.removed_at.is_(None), Story.state.not_in(sorted(OVER)),
        or_(Delivery.id.is_(None), Delivery.state.not_in(_ENDED)),
    ]  # fmt: skip


def waits_for_its_time() -> list[ColumnElement[bool]]:
    """Conditions for the same rows: to be given a time by a person."""
    return [
        waits_for_time(), Story.state.in_(PLANNED_IN), or_(Delivery.id.is_(None), Delivery.state.in_(UNSENT))
    ]  # fmt: skip
