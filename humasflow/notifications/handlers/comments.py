"""Comments and suggestions: who is named hears of it by mail too, who takes part in the product. Who is named in the
text itself hears of it in the product. Nobody hears who may not, or no longer, read the story.
"""

from collections.abc import Iterable

from humasflow.accounts import queries as accounts
from humasflow.core.db import db
from humasflow.core.html import mentioned_users
from humasflow.notifications import services
from humasflow.notifications.enums import NoticeKind as K
from humasflow.stories.enums import SuggestionMove, ThreadKind
from humasflow.stories.events import (
    CommentWritten,
    StoryBegun,
    StoryVersionSaved,
    SuggestionDecided,
    SuggestionOffered,
)
from humasflow.stories.models import CommentThread, Story
from humasflow.stories.queries import get_body
from humasflow.stories.queries.comments import list_mentionable, participants_of


def on_text_saved(event: StoryBegun | StoryVersionSaved) -> None:
    """Those the text names, once a story however often it is saved: who wrote it, and who may not read it, aside."""
    named = set(mentioned_users(get_body(event.version_id))) - {event.actor_id}
    if not named:
        return
    story = db.session.get_one(Story, event.story_id)
    services.notify(
        [user for user in list_mentionable(story) if user.id in named],
        K.STORY_MENTION,
        office_id=story.office_id,
        subject=("story", story.id),
        key=f"story:{story.id}:{K.STORY_MENTION.value}",
        title=story.title,
        actor_name=accounts.names_of([event.actor_id]).get(event.actor_id, ""),
        story_id=story.id,
    )


def on_comment_written(event: CommentWritten) -> None:
    """Those named; then, of the others, who holds the story (a new thread) or who takes part in it (an answer)."""
    story = db.session.get_one(Story, event.story_id)
    thread = db.session.get_one(CommentThread, event.thread_id)
    mentioned = set(event.mentioned) - {event.actor_id}
    _tell(story, event, K.COMMENT_MENTION, mentioned)
    if event.is_edit:
        return
    rest = {event.actor_id, *event.mentioned}
    if not event.begins:
        _tell(story, event, K.COMMENT_REPLY, participants_of(thread.id) - rest)
    elif thread.kind is ThreadKind.NOTE:  # of a suggestion the holder hears already
        _tell(story, event, K.COMMENT_NEW, {story.owner_id} - rest)


def on_suggestion_offered(event: SuggestionOffered) -> None:
    """Whoever holds the story decides about it."""
    story = db.session.get_one(Story, event.story_id)
    _tell_about_thread(event, K.SUGGESTION_NEW, story, story.owner_id)


def on_suggestion_decided(event: SuggestionDecided) -> None:
    """Whoever proposed it learns what became of it."""
    kind = K.SUGGESTION_ACCEPTED if event.move is SuggestionMove.ACCEPT else K.SUGGESTION_DECLINED
    services.settle([K.SUGGESTION_NEW], ("comment_thread", event.thread_id))
    thread = db.session.get_one(CommentThread, event.thread_id)
    story = db.session.get_one(Story, event.story_id)
    _tell_about_thread(event, kind, story, thread.created_by, reason=event.reason)


def _tell(story: Story, event: CommentWritten, kind: K, user_ids: Iterable[int | None]) -> None:
    wanted = {i for i in user_ids if i}
    if not wanted:
        return
    services.notify(
        [user for user in list_mentionable(story) if user.id in wanted],
        kind,
        office_id=story.office_id,
        subject=("comment", event.comment_id),
        key=f"comment:{event.comment_id}:{kind.value}",
        title=story.title,
        actor_name=accounts.names_of([event.actor_id]).get(event.actor_id, ""),
        story_id=story.id,
    )


def _tell_about_thread(
    event: SuggestionOffered | SuggestionDecided,
    kind: K,
    story: Story,
    user_id: int | None,
    *,
    reason: str = "",
) -> None:
    if not user_id or user_id == event.actor_id:
        return
    services.notify(
        [user for user in list_mentionable(story) if user.id == user_id],
        kind,
        office_id=story.office_id,
        subject=("comment_thread", event.thread_id),
        key=f"thread:{event.thread_id}:{kind.value}",
        title=story.title,
        actor_name=accounts.names_of([event.actor_id]).get(event.actor_id, ""),
        reason=reason,
        story_id=story.id,
    )


HANDLERS = [
    (StoryBegun, on_text_saved),
    (StoryVersionSaved, on_text_saved),
    (CommentWritten, on_comment_written),
    (SuggestionOffered, on_suggestion_offered),
    (SuggestionDecided, on_suggestion_decided),
]
