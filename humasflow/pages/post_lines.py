"""One publication on the page of its story: its state, its trouble, and what can be done with it there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from humasflow.posts.models import Post, PostVersion
from humasflow.posts.policy import PostProblem, uses_story_body
from humasflow.publishing import policy as publishing_policy
from humasflow.publishing.embargo import is_embargoed
from humasflow.publishing.enums import DeliveryState, PostState
from humasflow.publishing.models import Delivery

PUBLISHABLE = frozenset({PostState.READY, PostState.SCHEDULED, PostState.LATE})
TROUBLED = frozenset(
    {
        PostState.FAILED, PostState.HELD, PostState.LATE, PostState.PAUSED, PostState.NEEDS_REAUTH,
        PostState.QUOTA_WAIT, PostState.SENDING, PostState.UNKNOWN,
    }
)  # fmt: skip


@dataclass(frozen=True)
class PostLine:
    """A post on the story's page."""

    post: Post
    version: PostVersion
    state: PostState
    delivery: Delivery | None
    content_type: str
    problems: Sequence[PostProblem]
    can_edit: bool
    can_schedule: bool
    can_remove: bool
    can_repost: bool
    may_schedule: bool = False
    may_resolve: bool = False

    @property
    def by_hand(self) -> bool:
        """Whether a person posts it."""
        return publishing_policy.is_by_hand(self.post.account)

    @property
    def can_publish(self) -> bool:
        """Approved, not out, and its account takes posts. The service asks again, under the lock."""
        is_free = self.post.account.is_active and not is_embargoed(self.post)
        return self.may_schedule and self.state in PUBLISHABLE and is_free

    @property
    def can_retry(self) -> bool:
        """It failed, and may go once more."""
        return self.may_schedule and self.may_resolve and self.state is PostState.FAILED

    @property
    def can_cancel(self) -> bool:
        """Its time can be taken back without a word to anybody; later a reason is asked for on its own page."""
        waits = self.delivery is None or self.delivery.state is DeliveryState.QUEUED
        return self.may_schedule and self.state is PostState.SCHEDULED and waits

    @property
    def trouble(self) -> str:
        """Why it does not go out, or waits."""
        return self.delivery.error if self.delivery is not None and self.state in TROUBLED else ""

    @property
    def blocking(self) -> list[PostProblem]:
        """What keeps it from being submitted."""
        return [p for p in self.problems if p.blocks]

    @property
    def shows_story_body(self) -> bool:
        """Whether the channel shows the story itself."""
        return uses_story_body(self.post.account)

    @property
    def live_at(self) -> datetime | None:
        """When it became visible."""
        return self.delivery.published_at if self.delivery else None

    @property
    def permalink(self) -> str | None:
        """Where it can be seen."""
        return self.delivery.permalink if self.delivery and self.state is PostState.PUBLISHED else None
