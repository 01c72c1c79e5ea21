"""States, moves and sources of a story."""

from humasflow.stories.enums.assignments import OPEN_ASSIGNMENT, AssignmentMove, AssignmentState
from humasflow.stories.enums.desk import BulkAction, DeskOrder, DueWithin, Lane, ViewPlace
from humasflow.stories.enums.discussing import (
    AnchorState,
    PresenceMode,
    SuggestionMove,
    SuggestionState,
    ThreadKind,
    ThreadMove,
    ThreadState,
)
from humasflow.stories.enums.handovers import HandoverKind, HandoverMove, HandoverState, SourceChange
from humasflow.stories.enums.story import GONE, OPEN, OVER, ChangeKind, StoryMove, StorySource, StoryState

__all__ = [
    "GONE",
    "OPEN",
    "OPEN_ASSIGNMENT",
    "OVER",
    "AnchorState",
    "AssignmentMove",
    "AssignmentState",
    "BulkAction",
    "ChangeKind",
    "DeskOrder",
    "DueWithin",
    "HandoverKind",
    "HandoverMove",
    "HandoverState",
    "Lane",
    "PresenceMode",
    "SourceChange",
    "StoryMove",
    "StorySource",
    "StoryState",
    "SuggestionMove",
    "SuggestionState",
    "ThreadKind",
    "ThreadMove",
    "ThreadState",
    "ViewPlace",
]
