"""A post's text as the office's guidelines read it."""

from humasflow.channels.policy import limits_of
from humasflow.guidelines.checks.base import ChannelText
from humasflow.posts.models import Post, PostVersion
from humasflow.posts.policy import media_item


def channel_text(post: Post, version: PostVersion, *, title: str) -> ChannelText:
    """What goes to the channel, with the limits in force for the account. ``title`` is the story's."""
    return ChannelText(
        key=str(post.id), name=post.account.name, platform=post.account.kind.code, text=version.text, title=title,
        link=version.link, limits=limits_of(post.account),
        media=tuple(media_item(p.asset, alt_text=p.alt_text, credit=p.credit) for p in version.pictures),
    )  # fmt: skip
