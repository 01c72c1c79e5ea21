"""What a new post starts from: as much of the story as the channel takes, so that nobody types it twice."""

from collections.abc import Iterable

from humasflow.channels.adapters.base import Limits
from humasflow.channels.adapters.counters import count
from humasflow.channels.adapters.variant import MediaKind
from humasflow.channels.models import ChannelAccount
from humasflow.channels.policy import limits_of
from humasflow.core.html import text_from_html
from humasflow.planning.credits import DEFAULT_CREDITS, credit_line
from humasflow.posts.contents import BaseContent, PostContent, PostPictureContent
from humasflow.posts.policy import kinds_of, uses_story_body
from humasflow.stories.models import StoryPicture, StoryVersion


def suggest_content(
    account: ChannelAccount, version: StoryVersion, body_html: str, *, credits: str = DEFAULT_CREDITS
) -> PostContent:
    """A first text, the longest of a few that fits, and the story's pictures as far as the channel takes them.
    ``credits`` is the credit pattern of the story's content type.
    """
    limits = limits_of(account)
    takes = MediaKind.IMAGE in kinds_of(account)
    pictures = _pictures(version.pictures, limits) if takes else ()
    if uses_story_body(account):
        return PostContent(pictures=pictures)
    room = limits.text_with_media if pictures and limits.text_with_media is not None else limits.text
    candidates = _candidates(version, body_html, pictures, credits)
    fitting = (
        c
        for c in candidates
        if room is None or count(c, limits.counter, url_length=limits.url_length) <= room
    )
    return PostContent(text=next(fitting, ""), pictures=pictures)


def suggest_base(version: StoryVersion) -> BaseContent:
    """A first base text: the title and the lead, which nearly every channel takes."""
    return BaseContent("\n\n".join(part for part in (version.title, version.lead) if part))


def _pictures(pictures: Iterable[StoryPicture], limits: Limits) -> tuple[PostPictureContent, ...]:
    found = tuple(PostPictureContent(p.asset_id, p.alt_text, p.credit) for p in pictures)
    return found if limits.media_max is None else found[: limits.media_max]


def _candidates(
    version: StoryVersion, body_html: str, pictures: Iterable[PostPictureContent], credits: str
) -> Iterable[str]:
    """From the whole story down to its title."""
    body = text_from_html(body_html)
    # What goes out to the public is in Indonesian, whatever language the editor works in.
    credit = credit_line(
        credits, writer=version.writer_credit, photographers=[p.credit for p in pictures],
        editor=version.editor_credit,
    )  # fmt: skip
    for parts in (
        (version.title, body, credit),
        (version.title, version.lead, credit),
        (version.title, version.lead),
    ):
        yield "\n\n".join(part for part in parts if part)
    yield version.title
