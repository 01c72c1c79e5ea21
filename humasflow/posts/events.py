"""What posts tell higher rooms."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from humasflow.core.errors import Reason
from humasflow.posts.enums import PostChange


@dataclass(frozen=True)
class PostVersionSaved:
    """A post was made or its content changed; an approval of the version before does not cover it."""

    post_id: int
    version_id: int
    actor_id: int


@dataclass(frozen=True)
class PostScheduled:
    """A post has a (new) time."""

    post_id: int
    due_at: datetime
    actor_id: int | None  # None: the product itself


@dataclass(frozen=True)
class PostUnscheduled:
    """A post lost its time."""

    post_id: int
    actor_id: int | None  # None: the product itself


@dataclass(frozen=True)
class PostRemoved:
    """A post that never went out was taken away."""

    post_id: int
    actor_id: int


@dataclass(frozen=True)
class PostLockAsked:
    """A question to higher rooms before a post is changed, rescheduled or removed: what stands against it.

    Only they know whether it is live or on its way. A handler appends to ``reasons``; nobody answers for a post that
    never left the desk.
    """

    post_id: int
    change: PostChange
    reasons: list[Reason] = field(default_factory=list)


@dataclass(frozen=True)
class PostLocksAsked:
    """The same question about several posts at once. A handler appends under the post's id, in a constant number of
    statements.
    """

    post_ids: Sequence[int]
    change: PostChange
    reasons: dict[int, list[Reason]] = field(default_factory=dict)


LIVE = "live"
"""The code of the reason by which a higher room says: it is on its channel now."""
WAS_LIVE = "was_live"
"""It was taken down from its channel, and is kept for the record."""
