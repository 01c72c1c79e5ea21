"""What stories tell higher rooms."""

from dataclasses import dataclass

from humasflow.stories.enums import StoryMove, StoryState


@dataclass(frozen=True)
class StoryVersionSaved:
    """A new version is current; what was approved before no longer is what stands here."""

    story_id: int
    version_id: int
    actor_id: int


@dataclass(frozen=True)
class StoryMoved:
    """A story changed state."""

    story_id: int
    move: StoryMove
    before: StoryState
    after: StoryState
    actor_id: int | None
    reason: str


@dataclass(frozen=True)
class StoryAssigned:
    """Somebody now holds the story."""

    story_id: int
    owner_id: int
    actor_id: int
