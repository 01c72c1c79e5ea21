"""What stories tell higher rooms."""

from dataclasses import dataclass, field
from datetime import datetime

from humasflow.guidelines.checks.base import ChannelText
from humasflow.stories.enums import (
    AssignmentMove,
    AssignmentState,
    HandoverKind,
    HandoverState,
    SourceChange,
    StoryMove,
    StoryState,
    SuggestionMove,
)


@dataclass(frozen=True)
class StoryBegun:
    """A story is there, with its first version."""

    story_id: int
    version_id: int
    actor_id: int


@dataclass(frozen=True)
class StoryVersionSaved:
    """A new version is current; what was approved before no longer is what stands here."""

    story_id: int
    version_id: int
    actor_id: int


@dataclass(frozen=True)
class StoryCorrectionReworded:
    """What readers would be told about a prepared correction is another thing now, or nothing, with the same text."""

    story_id: int
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
class StoriesMoved:
    """Many stories changed state at once; the same as :class:`StoryMoved` for each, which is not told then. A handler
    asks first which of them concern it: of what came from a list, hardly any.
    """

    moved: tuple[StoryMoved, ...]


@dataclass(frozen=True)
class StoryClosed:
    """From now on only the people named see the story; what others were told about it before is taken back."""

    story_id: int
    actor_id: int


@dataclass(frozen=True)
class StoryEmbargoChanged:
    """When the story may go out at the earliest has changed. ``actor_id`` None: it follows the office it is from."""

    story_id: int
    actor_id: int | None
    before: datetime | None = None


@dataclass(frozen=True)
class StoryCorrected:
    """A correction was approved: readers are told from now on."""

    story_id: int
    change_id: int


@dataclass(frozen=True)
class StoryAssigned:
    """Somebody now holds the story."""

    story_id: int
    owner_id: int
    actor_id: int


@dataclass(frozen=True)
class AssignmentOffered:
    """Somebody is asked to do something for a story, perhaps in place of somebody else."""

    assignment_id: int
    story_id: int
    actor_id: int


@dataclass(frozen=True)
class AssignmentMoved:
    """A task was accepted, declined, finished, taken up again, passed on or cancelled. ``actor_id`` None: the product
    itself.
    """

    assignment_id: int
    story_id: int
    move: AssignmentMove
    before: AssignmentState
    after: AssignmentState
    actor_id: int | None
    reason: str


@dataclass(frozen=True)
class AssignmentDueChanged:
    """Another time (or none) is asked for."""

    assignment_id: int
    story_id: int
    before: datetime | None
    after: datetime | None
    actor_id: int | None  # None: the product itself


@dataclass(frozen=True)
class AssignmentDueSoon:
    """An open task is due within a day."""

    assignment_id: int
    story_id: int


@dataclass(frozen=True)
class AssignmentOverdue:
    """An open task was not finished when it was due."""

    assignment_id: int
    story_id: int


@dataclass(frozen=True)
class CommentWritten:
    """Somebody began a thread, answered in one, or mended what they wrote. ``mentioned`` are those named now who had
    not been before.
    """

    comment_id: int
    thread_id: int
    story_id: int
    mentioned: tuple[int, ...]
    actor_id: int
    begins: bool
    is_edit: bool = False


@dataclass(frozen=True)
class SuggestionOffered:
    """Somebody proposes other words for a passage."""

    thread_id: int
    story_id: int
    actor_id: int


@dataclass(frozen=True)
class SuggestionDecided:
    """A proposal was accepted or declined by a person."""

    thread_id: int
    story_id: int
    move: SuggestionMove
    actor_id: int
    reason: str


@dataclass(frozen=True)
class TextsAsked:
    """A question to higher rooms: which texts go out beside the story, so that they are checked with it. A handler
    appends to ``posts``.
    """

    story_id: int
    posts: list[ChannelText] = field(default_factory=list)


@dataclass(frozen=True)
class StoryHandedOver:
    """An office is given a version of another office's story."""

    handover_id: int
    story_id: int
    kind: HandoverKind
    to_office_id: int
    actor_id: int


@dataclass(frozen=True)
class HandoverSourceChanged:
    """What became of a story in its own office after another office was given it. ``note``: what is said about it."""

    handover_id: int
    story_id: int
    change: SourceChange
    note: str


@dataclass(frozen=True)
class HandoverDecided:
    """It was taken, declined or taken back. ``taken_as_id`` is the new story."""

    handover_id: int
    story_id: int
    state: HandoverState
    taken_as_id: int | None
    actor_id: int
    reason: str
