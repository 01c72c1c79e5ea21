"""A post's words as the office's guidelines read them."""

from flask_babel import gettext as _

from humasflow.channels.adapters.validation import compose_text
from humasflow.channels.adapters.variant import Variant
from humasflow.channels.policy import limits_of
from humasflow.guidelines.checks.base import ChannelText
from humasflow.posts.models import Post, PostVersion
from humasflow.posts.policy import media_of


def channel_texts(post: Post, version: PostVersion, *, title: str) -> list[ChannelText]:
    """What goes to the channel, with the limits in force for the account, and the first comment beside it, which has
    no limits that were looked at here. ``title`` is the story's.
    """
    account = post.account
    words = compose_text(Variant(text=version.text, hashtags=tuple(version.hashtags)))
    found = [
        ChannelText(
            key=str(post.id), name=account.name, platform=account.kind.code, text=words,
            title=version.title or title, link=version.link, limits=limits_of(account), media=media_of(version),
        )
    ]  # fmt: skip
    if version.first_comment:
        name = _("%(account)s, komentar pertama", account=account.name)
        found.append(
            ChannelText(key=f"{post.id}-komentar", name=name, platform="", text=version.first_comment)
        )
    return found
