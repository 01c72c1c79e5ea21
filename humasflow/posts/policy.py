"""What a post would look like on its channel, what is wrong with it, and who may change it."""

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import starmap

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.channels.adapters.base import Caps, Field, Limits, Problem, ProblemCode, Severity
from humasflow.channels.adapters.registry import get_adapter
from humasflow.channels.adapters.variant import MediaItem, MediaKind, Variant
from humasflow.channels.models import ChannelAccount
from humasflow.channels.policy import limits_of
from humasflow.channels.presets.loader import content_types
from humasflow.core.db import db
from humasflow.core.errors import Reason
from humasflow.core.events import emit
from humasflow.core.permissions import Permission
from humasflow.media.models import Asset
from humasflow.planning.models import ContentType
from humasflow.posts.enums import PostChange
from humasflow.posts.events import PostLockAsked
from humasflow.posts.models import Post, PostVersion
from humasflow.posts.wording import sentence
from humasflow.stories.enums import OVER
from humasflow.stories.models import Story, StoryVersion

# Content that is a film: the file is attached by hand on the channel, because the product keeps pictures only.
FILMED = frozenset({"reels", "videografis"})
VISUAL = frozenset({"infografis", "videografis"})
SOCIAL = frozenset({"unggahan", "story", "reels"})


@dataclass(frozen=True)
class PostProblem:
    """One thing to mend, for a person. ``item`` is the index of the picture it is about."""

    severity: Severity
    field: Field
    message: str
    item: int | None = None

    @property
    def blocks(self) -> bool:
        """Whether the post cannot be submitted like this. It can always be saved."""
        return self.severity is Severity.ERROR


def caps_of(account: ChannelAccount) -> Caps:
    """What the account's way of publishing can do and needs."""
    return get_adapter(account.adapter).caps


def uses_story_body(account: ChannelAccount) -> bool:
    """Whether the channel shows the story's own body (the newsroom); its text is then only the summary."""
    return caps_of(account).text_is_html


def usual_content_type(
    account: ChannelAccount, story_type: ContentType, offered: Sequence[ContentType]
) -> ContentType:
    """What a new post on the account usually counts as: the story's own type where that is at home on the platform,
    otherwise the bundled list's first type that is (a plain social post is "unggahan").
    """
    presets = {t.code: t for t in content_types()}
    platform = account.kind.code

    def at_home(content_type: ContentType) -> bool:
        preset = presets.get(content_type.code)
        return preset is not None and platform in preset.platforms

    if (
        at_home(story_type)
        or story_type.code in VISUAL
        or (_is_web(platform) and story_type.code not in SOCIAL)
    ):
        return story_type
    plain = next((t for t in offered if t.code == "unggahan" and at_home(t)), None)
    return plain or next((t for t in offered if at_home(t)), story_type)


def _is_web(platform: str) -> bool:
    return platform.startswith("website")


def media_item(asset: Asset, *, alt_text: str, credit: str) -> MediaItem:
    """A picture as adapters see it."""
    return MediaItem(
        asset_id=asset.id, kind=MediaKind.IMAGE, filename=asset.filename,
        mime=mimetypes.guess_type(asset.original_key)[0] or "image/jpeg", size=asset.size, width=asset.width,
        height=asset.height, sha256=asset.sha256, alt_text=alt_text, credit=credit,
    )  # fmt: skip


def variant_of(post: Post, version: PostVersion, story_version: StoryVersion, body_html: str) -> Variant:
    """The post as it will read on its channel: the newsroom shows the story's body, every other its own text."""
    media = tuple(media_item(p.asset, alt_text=p.alt_text, credit=p.credit) for p in version.pictures)
    return make_variant(
        post.account, title=story_version.title, text=version.text, link=version.link, media=media,
        body_html=body_html,
    )  # fmt: skip


def make_variant(
    account: ChannelAccount, *, title: str, text: str, link: str, media: tuple[MediaItem, ...], body_html: str
) -> Variant:
    """The same from loose parts: what the editor shows before anything is saved."""
    return Variant(
        title=title,
        text=body_html if uses_story_body(account) else text,
        link=link.strip() or None,
        media=media,
    )


def summary_of(version: PostVersion, story_version: StoryVersion) -> str:
    """What lists and previews show under the title: the post's own words on the newsroom, else the story's lead."""
    return version.text.strip() or story_version.lead


def problems_of(
    post: Post, version: PostVersion, story_version: StoryVersion, body_html: str
) -> list[PostProblem]:
    """Everything wrong with a post, errors first, in sentences. Pure but for the name of its content type."""
    content_type = db.session.get(ContentType, post.content_type_id)
    return problems_in(
        variant_of(post, version, story_version, body_html), post.account,
        content_code=content_type.code if content_type else "",
    )  # fmt: skip


def problems_in(variant: Variant, account: ChannelAccount, *, content_code: str = "") -> list[PostProblem]:
    """Everything wrong with a variant on an account."""
    limits = limits_of(account)
    adapter = get_adapter(account.adapter)
    found = [
        _judged(p, limits, adapter.caps, content_code, account.name)
        for p in adapter.validate(variant, limits)
    ]
    return sorted(found, key=lambda p: not p.blocks)


def _judged(problem: Problem, limits: Limits, caps: Caps, content_code: str, account: str) -> PostProblem:
    film = content_code in FILMED or MediaKind.IMAGE not in limits.media_kinds
    if film and caps.by_hand and (problem.field, problem.code) == (Field.MEDIA, ProblemCode.TOO_FEW):
        message = _(
            "Siapkan videonya. Videonya dipasang langsung di %(account)s saat menayangkan.", account=account
        )
        return PostProblem(Severity.WARNING, problem.field, message, problem.item)
    return PostProblem(problem.severity, problem.field, sentence(problem, account), problem.item)


def reasons_not_to_add(actor: Principal | None, story: Story) -> list[Reason]:
    """Why no post can be added to a story. ``actor`` None is the product."""
    reasons = []
    if actor is not None and not actor.can(Permission.POST_WRITE, story.office_id):
        reasons.append(Reason("permission", _("Peran Anda belum mencakup pembuatan publikasi.")))
    return reasons + _closed(story)


def reasons_not_to_change(actor: Principal | None, post: Post, change: PostChange) -> list[Reason]:
    """Why a post cannot be edited, rescheduled or removed: permission, the story's state, and what rooms that know
    about its publication have against it.
    """
    needed = Permission.POST_SCHEDULE if change is PostChange.SCHEDULE else Permission.POST_WRITE
    reasons = []
    if actor is not None and not actor.can(needed, post.office_id):
        reasons.append(
            Reason("permission", _("Peran Anda belum mencakup tindakan “%(what)s”.", what=change.label))
        )
    if change is not PostChange.REMOVE:
        reasons += _closed(post.story)
    if post.removed_at is not None:
        reasons.append(Reason("removed", _("Publikasi ini sudah dihapus.")))
    asked = PostLockAsked(post_id=post.id, change=change)
    emit(asked)
    return reasons + asked.reasons


def _closed(story: Story) -> list[Reason]:
    if story.state in OVER:
        state = story.state.label
        return [
            Reason(
                "story_closed",
                _("Naskahnya berstatus “%(state)s”, jadi tidak ditayangkan lagi.", state=state),
            )
        ]
    return []


def reasons_not_ready(problems: Sequence[PostProblem]) -> list[Reason]:
    """The problems that keep a post from being submitted, as reasons."""
    return list(starmap(Reason, ((f"post_{p.field}", p.message) for p in problems if p.blocks)))
