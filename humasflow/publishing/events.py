"""What publishing tells higher rooms."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PostPublished:
    """A post is live. Told by a job of its own, after the receipt is safely in the database."""

    delivery_id: int
    post_id: int
    story_id: int


@dataclass(frozen=True)
class PastPublicationsRecorded:
    """Publications from before this product knew of them were recorded, many at once. They are no news: nobody here had
    the idea, holds the story, or waits for it.
    """

    office_id: int
    delivery_ids: tuple[int, ...]


@dataclass(frozen=True)
class PostRetracted:
    """A live post was taken down."""

    delivery_id: int
    post_id: int
    actor_id: int
    reason: str


@dataclass(frozen=True)
class PastPublicationsRetracted:
    """Publications that a list had brought were taken back, many at once; the same as :class:`PostRetracted` for each,
    which is not told then. ``posts``: the post of each delivery. Nothing else is live at their addresses.
    """

    office_id: int
    posts: tuple[tuple[int, int], ...]  # delivery, post
    actor_id: int | None
    reason: str


@dataclass(frozen=True)
class PostRetyped:
    """A live post counts as another content type now: what was recorded of it was wrong."""

    delivery_id: int
    post_id: int
    actor_id: int | None
    reason: str


@dataclass(frozen=True)
class PostCorrected:
    """A live post shows a correction now."""

    delivery_id: int
    post_id: int


@dataclass(frozen=True)
class CorrectionDue:
    """Somebody is to correct a live post by hand."""

    delivery_id: int
    post_id: int
    assignee_id: int | None


@dataclass(frozen=True)
class PostHeld:
    """A post came due without approval and did not go out."""

    delivery_id: int
    post_id: int


@dataclass(frozen=True)
class PostLate:
    """A post came due too long ago; a person decides."""

    delivery_id: int
    post_id: int


@dataclass(frozen=True)
class PostFailed:
    """A post could not go out, and why."""

    delivery_id: int
    post_id: int
    error: str


@dataclass(frozen=True)
class PostUncertain:
    """It was sent, and nobody can tell whether it is there: a person has to look."""

    delivery_id: int
    post_id: int


@dataclass(frozen=True)
class PostWaits:
    """A post that is due goes out later by itself: ``reason`` is ``needs_reauth``, ``quota_wait`` or ``paused``."""

    delivery_id: int
    post_id: int
    reason: str


@dataclass(frozen=True)
class RemovalDue:
    """Somebody is to take a live post off its channel by hand."""

    delivery_id: int
    post_id: int
    assignee_id: int | None


@dataclass(frozen=True)
class FollowUpFailed:
    """A live post's ``correct``, ``retract`` or ``comment`` did not work; the post itself is as it was."""

    delivery_id: int
    post_id: int
    what: str


@dataclass(frozen=True)
class LinkBack:
    """The address of a live post that was gone opens again, or a person has seen the post: nobody is asked any more."""

    delivery_id: int
    post_id: int


@dataclass(frozen=True)
class LinkGone:
    """A live post's address was not there three times over a week: a person decides."""

    delivery_id: int
    post_id: int


@dataclass(frozen=True)
class ManualPostDue:
    """Somebody is to post this by hand now."""

    delivery_id: int
    post_id: int
    assignee_id: int | None


@dataclass(frozen=True)
class PostsFollowedEvent:
    """The event that a story covers moved or fell through: these posts moved as far, or wait for a new time."""

    story_id: int
    event_id: int
    moved: tuple[int, ...]
    undated: tuple[int, ...]
    actor_id: int | None
    reason: str
