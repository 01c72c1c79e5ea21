"""What is done with stories: begun, written in versions, moved along their table, handed over."""

from humasflow.stories.contents import PictureContent, StoryContent, content_digest, content_of
from humasflow.stories.services.holding import assign_story
from humasflow.stories.services.moving import ReasonNeeded, move_story
from humasflow.stories.services.writing import create_story, restore_version, save_version

__all__ = [
    "PictureContent",
    "ReasonNeeded",
    "StoryContent",
    "assign_story",
    "content_digest",
    "content_of",
    "create_story",
    "move_story",
    "restore_version",
    "save_version",
]
