"""Tables of the editorial desk: the story with its immutable versions, and what people add around it."""

from humasflow.stories.models.assignments import Assignment
from humasflow.stories.models.changes import StoryChange
from humasflow.stories.models.comments import Comment, CommentMention, CommentThread, Suggestion
from humasflow.stories.models.desk_views import BulkRun, DeskDefault, DeskView
from humasflow.stories.models.document import StoryDocument
from humasflow.stories.models.edit_policy import EditPolicy
from humasflow.stories.models.guidelines import ChecklistTick, FindingOverride, StoryDeclaration
from humasflow.stories.models.handovers import StoryHandover
from humasflow.stories.models.presence import StoryPresence
from humasflow.stories.models.sealing import SealedVersion
from humasflow.stories.models.search import StorySearch
from humasflow.stories.models.story import Story, StoryBody, StoryPicture, StoryReader, StoryVersion

__all__ = [
    "Assignment",
    "BulkRun",
    "ChecklistTick",
    "Comment",
    "CommentMention",
    "CommentThread",
    "DeskDefault",
    "DeskView",
    "EditPolicy",
    "FindingOverride",
    "SealedVersion",
    "Story",
    "StoryBody",
    "StoryChange",
    "StoryDeclaration",
    "StoryDocument",
    "StoryHandover",
    "StoryPicture",
    "StoryPresence",
    "StoryReader",
    "StorySearch",
    "StoryVersion",
    "Suggestion",
]
