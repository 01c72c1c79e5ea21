"""What was told about a story before it became confidential is taken back from who is not named for it."""

from sqlalchemy import Select, and_, or_, select

from humasflow.approvals.models import Package
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.notifications.models import Notification
from humasflow.posts.models import Post
from humasflow.stories.events import StoryClosed
from humasflow.stories.models import Assignment, Comment, CommentThread, StoryHandover, StoryReader


def on_story_closed(event: StoryClosed) -> None:
    """Their notices stay, as a fact, without the title and the words; nothing is asked of them any longer."""
    about = or_(
        and_(Notification.subject_type == "story", Notification.subject_id == event.story_id),
        *(
            and_(Notification.subject_type == kind, Notification.subject_id.in_(ids))
            for kind, ids in _parts_of(event.story_id)
        ),
    )
    named = select(StoryReader.user_id).where(StoryReader.story_id == event.story_id)
    for notice in db.session.scalars(select(Notification).where(about, Notification.user_id.not_in(named))):
        notice.params = {"title": "…", "actor": "", "reason": "…"}
        notice.read_at = notice.read_at or clock.now()
    db.session.flush()


def _parts_of(story_id: int) -> list[tuple[str, Select[int]]]:
    """What hangs on a story and is told about, with the ids."""
    threads = select(CommentThread.id).where(CommentThread.story_id == story_id)
    return [
        ("package", select(Package.id).where(Package.story_id == story_id)),
        ("post", select(Post.id).where(Post.story_id == story_id)),
        ("assignment", select(Assignment.id).where(Assignment.story_id == story_id)),
        ("comment_thread", threads),
        ("handover", select(StoryHandover.id).where(StoryHandover.story_id == story_id)),
        ("comment", select(Comment.id).where(Comment.thread_id.in_(threads))),
    ]


HANDLERS = [(StoryClosed, on_story_closed)]
