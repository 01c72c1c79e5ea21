"""What follows from a story's own moves for the people who work on it."""

from flask_babel import gettext as _

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.stories.enums import StoryMove
from humasflow.stories.events import StoryMoved
from humasflow.stories.models import Story
from humasflow.stories.services.comments import note_return
from humasflow.stories.services.tasks import cancel_tasks_of


def on_story_moved(event: StoryMoved) -> None:
    """Cancelled, withdrawn or archived: what was still open is open no longer. A story on hold keeps its tasks."""
    if event.move not in (StoryMove.CANCEL, StoryMove.WITHDRAW, StoryMove.ARCHIVE):
        return
    story = db.session.get_one(Story, event.story_id)
    said = _("Naskahnya sekarang berstatus “%(state)s”.", state=story.state.label)
    actor = db.session.get(User, event.actor_id) if event.actor_id is not None else None
    cancel_tasks_of(story, actor=actor, reason=f"{said} {event.reason}".strip())


def on_story_returned(event: StoryMoved) -> None:
    """The reason stands among the comments too, where it is answered and resolved point by point."""
    if event.move is StoryMove.RETURN and event.actor_id is not None and event.reason:
        story = db.session.get_one(Story, event.story_id)
        note_return(story, actor_id=event.actor_id, reason=event.reason)


HANDLERS = [(StoryMoved, on_story_moved), (StoryMoved, on_story_returned)]
