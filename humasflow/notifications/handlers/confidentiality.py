"""What was told about a story before it became confidential is taken back from who is not named for it."""

from sqlalchemy import and_, or_, select

from humasflow.approvals.models import Package
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.notifications.models import Notification
from humasflow.posts.models import Post
from humasflow.stories.events import StoryClosed
from humasflow.stories.models import Assignment, StoryReader


def on_story_closed(event: StoryClosed) -> None:
    """Their notices stay, as a fact, without the title and the words; nothing is asked of them any longer."""
    parts = (("package", Package), ("post", Post), ("assignment", Assignment))
    about = or_(
        and_(Notification.subject_type == "story", Notification.subject_id == event.story_id),
        *(
            and_(
                Notification.subject_type == kind,
                Notification.subject_id.in_(select(model.id).where(model.story_id == event.story_id)),
            )
            for kind, model in parts
        ),
    )
    named = select(StoryReader.user_id).where(StoryReader.story_id == event.story_id)
    for notice in db.session.scalars(select(Notification).where(about, Notification.user_id.not_in(named))):
        notice.params = {"title": "…", "actor": "", "reason": "…"}
        notice.read_at = notice.read_at or clock.now()
    db.session.flush()


HANDLERS = [(StoryClosed, on_story_closed)]
