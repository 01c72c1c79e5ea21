"""Posts of publications from before."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update

from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db, insert_many, table_of
from humasflow.posts.contents import PostContent, cleaned, content_digest, words_digest
from humasflow.posts.models import Post, PostVersion
from humasflow.posts.policy import uses_story_body


class PastPost(NamedTuple):
    """Of which story, on which account, as what, since when it is out (UTC)."""

    story_id: int
    account: ChannelAccount
    content_type_id: int
    published_at: datetime


class Made(NamedTuple):
    """Its ids."""

    post_id: int
    version_id: int


def add_past_posts(office_id: int, wanted: Sequence[PastPost]) -> list[Made]:
    """The only post of each story, empty and with the time it went out, without asking anything for each. Whoever calls
    made the stories just now, and records the posts. Flushes.
    """
    now, content = clock.now(), cleaned(PostContent())
    posts = [
        {
            "office_id": office_id, "story_id": w.story_id, "account_id": w.account.id,
            "content_type_id": w.content_type_id, "scheduled_at": w.published_at, "generation": 1,
            "created_at": now, "row_version": 1,
        }
        for w in wanted
    ]  # fmt: skip
    post_ids = insert_many(Post, posts)
    shows = {w.account.id: uses_story_body(w.account) for w in wanted}
    versions = [
        {
            "post_id": post_id, "number": 1, "created_at": now, "text": content.text, "link": content.link,
            "title": content.title, "hashtags": list(content.hashtags), "first_comment": content.first_comment,
            "adds_utm": content.adds_utm, "utm_campaign": "", "follows_base": content.follows_base,
            "shows_story": shows[w.account.id], "words_digest": words_digest(content.text),
            "digest": content_digest(content, []),
        }
        for post_id, w in zip(post_ids, wanted, strict=True)
    ]  # fmt: skip
    version_ids = insert_many(PostVersion, versions)
    current = select(PostVersion.id).where(PostVersion.post_id == Post.id).scalar_subquery()
    db.session.execute(update(table_of(Post)).where(Post.id.in_(post_ids)).values(current_version_id=current))
    return [Made(*ids) for ids in zip(post_ids, version_ids, strict=True)]
