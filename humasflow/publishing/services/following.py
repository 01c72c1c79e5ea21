"""Publications of a story whose event moved or fell through: their times follow, visibly."""

from datetime import datetime, timedelta

from sqlalchemy import select

from humasflow.audit import services as audit
from humasflow.core.db import db
from humasflow.core.events import emit
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.posts import services as posts
from humasflow.posts.models import Post
from humasflow.publishing import queries
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.events import PostsFollowedEvent
from humasflow.publishing.policy import WAITS_FOR_CHANNEL
from humasflow.publishing.services.moving import lock_post
from humasflow.stories.models import Story

# Not live, not on its way, and not given up: what a new time would still change.
WAITING = frozenset({S.QUEUED, S.HELD, S.LATE, S.MANUAL_DUE, *WAITS_FOR_CHANNEL})


def follow_event(
    story: Story, event: AgendaEvent, *, by: timedelta | None, actor: audit.Actor | None, reason: str
) -> None:
    """What the story covers of the event takes place ``by`` later, or does not (None): its scheduled posts go out as
    much later, or lose their time. What is live or being sent stays. Flushes; emits PostsFollowedEvent.
    """
    moved: list[int] = []
    undated: list[int] = []
    for post_id in _scheduled(story.id):
        post = lock_post(post_id)
        if post is None or not _waits(post):
            continue
        due_at = posts.follow_event(post, by=by, actor=actor, reason=reason)
        (moved if due_at is not None else undated).append(post.id)
    if moved or undated:
        emit(
            PostsFollowedEvent(
                story_id=story.id, event_id=event.id, moved=tuple(moved), undated=tuple(undated),
                actor_id=actor.id if actor else None, reason=reason,
            )
        )  # fmt: skip


def give_time_back(post_id: int, due_at: datetime, *, actor: audit.Actor | None) -> bool:
    """The move that a post followed, or lost its time to, is taken back: it goes out when it was to. Returns whether
    it does; what is live or being sent stays, and so does what could no longer go out at that time. Flushes.
    """
    post = lock_post(post_id)
    if post is None or post.removed_at is not None or not _may_wait(post):
        return False
    return posts.give_time_back(post, due_at, actor=actor)


def _scheduled(story_id: int) -> list[int]:
    return list(
        db.session.scalars(
            select(Post.id)
            .where(Post.story_id == story_id, Post.scheduled_at.is_not(None), Post.removed_at.is_(None))
            .order_by(Post.id)
        )
    )


def _waits(post: Post) -> bool:
    """Asked again under the lock: the worker may have begun it meanwhile."""
    return _may_wait(post) and post.removed_at is None and post.scheduled_at is not None


def _may_wait(post: Post) -> bool:
    delivery = queries.get_current_delivery(post, fresh=True)
    return delivery is None or delivery.state in WAITING
