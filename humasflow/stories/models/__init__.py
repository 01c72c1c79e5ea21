"""Tables of the editorial desk: the story with its immutable versions, and what people add around it."""

from humasflow.stories.models.story import Story, StoryBody, StoryPicture, StoryReader, StoryVersion

__all__ = ["Story", "StoryBody", "StoryPicture", "StoryReader", "StoryVersion"]
