"""Word files that became versions."""

from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.stories.models import Story, StoryDocument


def get_document(story: Story, document_id: int) -> StoryDocument:
    """One of this story, or "not found"."""
    found = db.session.get(StoryDocument, document_id)
    if found is None or found.story_id != story.id:
        raise NotFound
    return found
