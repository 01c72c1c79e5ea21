"""What posts tell higher rooms."""

from dataclasses import dataclass
from datetime import datetime


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
    actor_id: int


@dataclass(frozen=True)
class PostUnscheduled:
    """A post lost its time."""

    post_id: int
    actor_id: int


@dataclass(frozen=True)
class PostRemoved:
    """A post that never went out was taken away."""

    post_id: int
    actor_id: int
