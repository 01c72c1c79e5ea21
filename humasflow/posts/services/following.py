"""What becomes of posts when their account begins to publish in another way."""

from sqlalchemy import select

from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db, lock
from humasflow.posts.models import Post, PostVersion
from humasflow.posts.policy import ever_live_among, uses_story_body
from humasflow.posts.services.writing import say_again
from humasflow.stories.enums import GONE
from humasflow.stories.models import Story


def follow_account(account_id: int, *, actor_id: int) -> int:
    """A portal that was posted on by hand and is connected now shows the story's own body, where the text was all
    before; disconnected it is the other way. What was agreed to would read otherwise, so every post of the account that
    was never live gets a further version with the same words, which has to be agreed to anew.

    Returns how many. Nothing happens where the way of showing is the same. Flushes.
    """
    account = db.session.get_one(ChannelAccount, account_id)
    shows_story = uses_story_body(account)
    found = db.session.execute(
        select(Post, PostVersion)
        .join(PostVersion, PostVersion.id == Post.current_version_id)
        .join(Story, Story.id == Post.story_id)
        .where(
            Post.account_id == account_id, Post.removed_at.is_(None), Story.state.not_in(GONE),
            PostVersion.shows_story.is_not(shows_story),
        )
        .order_by(Post.story_id, Post.id)
    ).all()  # fmt: skip
    live = ever_live_among([post.id for post, _version in found])
    waiting = [(post, version) for post, version in found if post.id not in live]
    for post, version in waiting:
        lock(post)
        say_again(post, version, actor_id=actor_id)
    return len(waiting)
