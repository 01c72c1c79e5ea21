"""When a post may go out at the earliest: at its time, and not while its story is under embargo.

Everything that asks "is it due?" asks here, so no channel and no feed shows a word of the story before.
"""

from datetime import datetime

from humasflow.core import clock
from humasflow.posts.models import Post


def due_of(post: Post) -> datetime | None:
    """The instant from which the post may go out (aware); None while it has no time."""
    if post.scheduled_at is None:
        return None
    embargo = post.story.embargo_until
    return max(post.scheduled_at, embargo) if embargo is not None else post.scheduled_at


def is_embargoed(post: Post) -> bool:
    """Whether the story may not go out yet, whatever time the post has."""
    embargo = post.story.embargo_until
    return embargo is not None and embargo > clock.now()
