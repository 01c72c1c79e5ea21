"""Writing posts: made for an account, written in versions, given a time, taken away if never out.

Every function checks, changes, records and tells, in this order; it flushes and never commits.
"""

from humasflow.posts.contents import (
    MAX_TEXT,
    BaseContent,
    PostContent,
    PostPictureContent,
    content_digest,
    content_of,
)
from humasflow.posts.models import Post
from humasflow.posts.services.composing import (
    Composition,
    CompositionRefused,
    VariantDraft,
    compose,
)
from humasflow.posts.services.reposting import repost
from humasflow.posts.services.scheduling import (
    check_due,
    follow_event,
    give_time_back,
    schedule_post,
)
from humasflow.posts.services.writing import PostExists, create_post, put_back, remove_post, save_post_version

__all__ = [
    "MAX_TEXT", "BaseContent", "Composition", "CompositionRefused", "Post", "PostContent", "PostExists",
    "PostPictureContent", "VariantDraft", "check_due", "compose", "content_digest", "content_of", "create_post",
    "follow_event", "give_time_back", "put_back", "remove_post", "repost", "save_post_version", "schedule_post",
]  # fmt: skip
