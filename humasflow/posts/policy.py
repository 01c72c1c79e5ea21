"""What a post would look like on its channel, what is wrong with it, and who may change it."""

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import starmap

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.channels.adapters.base import Caps, Field, Limits, Problem, ProblemCode, Severity
from humasflow.channels.adapters.counters import find_links
from humasflow.channels.adapters.variant import MediaItem, MediaKind, Variant
from humasflow.channels.models import ChannelAccount
from humasflow.channels.policy import limits_of
from humasflow.channels.presets.loader import content_types
from humasflow.channels.reaching import get_adapter
from humasflow.core.db import db
from humasflow.core.errors import Reason
from humasflow.core.events import emit
from humasflow.core.permissions import Permission
from humasflow.media.enums import AssetKind, Ratio
from humasflow.media.models import Asset
from humasflow.media.services.renditions import SIDES, cut_sides
from humasflow.planning.models import ContentType
from humasflow.posts.contents import PostContent, content_of
from humasflow.posts.enums import PostChange
from humasflow.posts.events import LIVE, WAS_LIVE, PostLockAsked, PostLocksAsked
from humasflow.posts.links import campaign_code, counted_host, outgoing_link, with_outgoing_links
from humasflow.posts.models import Post, PostVersion
from humasflow.posts.wording import sentence
from humasflow.stories.enums import OVER, StoryState
from humasflow.stories.models import Story, StoryVersion

# Content that is a film. Where a person publishes, the file may also be attached on the channel itself.
FILMED = frozenset({"reels", "videografis"})
VISUAL = frozenset({"infografis", "videografis"})
SOCIAL = frozenset({"unggahan", "story", "reels"})
KINDS = {
    AssetKind.IMAGE: MediaKind.IMAGE,
    AssetKind.VIDEO: MediaKind.VIDEO,
    AssetKind.PDF: MediaKind.DOCUMENT,
}


@dataclass(frozen=True)
class PostProblem:
    """One thing to mend, for a person. ``item`` is the index of the picture it is about; ``post_id`` and ``post_name``
    another post it is about, which this person may open.
    """

    severity: Severity
    field: Field
    message: str
    item: int | None = None
    post_id: int | None = None
    post_name: str = ""

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


def kinds_of(account: ChannelAccount) -> frozenset[MediaKind]:
    """What kinds of files a post on the account can carry, as the account's way of publishing judges them."""
    adapter, limits = get_adapter(account.adapter), limits_of(account)
    return frozenset(
        kind
        for kind in limits.media_kinds
        if not any(
            (p.field, p.code) == (Field.MEDIA, ProblemCode.WRONG_KIND)
            for p in adapter.validate(Variant(media=(MediaItem(0, kind),)), limits)
        )
    )


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


def media_item(asset: Asset, *, alt_text: str, credit: str, crop: str = "") -> MediaItem:
    """A picture, video or PDF as adapters see it; a picture with a crop (a Ratio) has the sides of the shape, never
    enlarged.
    """
    mime = mimetypes.guess_type(asset.original_key)[0] or "image/jpeg"
    width, height = asset.width, asset.height
    crop = crop if asset.is_image else ""
    if crop:
        width, height = cut_sides(width, height, SIDES[Ratio(crop)])
    return MediaItem(
        asset_id=asset.id, kind=KINDS[asset.kind], filename=asset.filename, mime="image/jpeg" if crop else mime,
        size=asset.size, width=width, height=height, sha256=asset.sha256, alt_text=alt_text, credit=credit,
        crop=crop, duration=(asset.duration_ms or 0) / 1000,
    )  # fmt: skip


def media_of(version: PostVersion) -> tuple[MediaItem, ...]:
    """The pictures, videos and PDF files of a stored version as adapters see them."""
    return tuple(
        media_item(p.asset, alt_text=p.alt_text, credit=p.credit, crop=p.crop) for p in version.pictures
    )


def variant_of(post: Post, version: PostVersion, story_version: StoryVersion, body_html: str) -> Variant:
    """The post as it will read on its channel: the newsroom shows the story's body, every other its own text. All but
    the part of its address (``slug``), which whoever publishes it chooses.
    """
    return make_variant(
        post.account, content_of(version), story=post.story, story_version=story_version, media=media_of(version),
        body_html=body_html, campaign=version.utm_campaign,
    )  # fmt: skip


def make_variant(
    account: ChannelAccount,
    content: PostContent,
    *,
    story: Story,
    story_version: StoryVersion,
    media: tuple[MediaItem, ...],
    body_html: str,
    campaign: str = "",
) -> Variant:
    """The same from loose parts: what the editor shows before anything is saved. ``media``: the content's pictures;
    ``campaign``: what visits are counted under, else that of the story as it is now.
    """
    link = content.link.strip()
    out, text, comment = link, content.text, content.first_comment
    on_site = uses_story_body(account)
    host = counted_host(link, text, comment) if content.adds_utm and not on_site else ""
    if host:
        campaign = campaign or campaign_code(story)
        out = outgoing_link(account, link, adds_utm=True, campaign=campaign)
        text = with_outgoing_links(text, account, host, campaign=campaign)
        comment = with_outgoing_links(comment, account, host, campaign=campaign)
    return Variant(
        title=content.title or story_version.title,
        text=body_html if on_site else text,
        link=out or None,
        media=media,
        hashtags=content.hashtags,
        first_comment=comment,
        summary=(content.text.strip() if on_site else "") or story_version.lead,
    )


def takes_title(account: ChannelAccount) -> bool:
    """Whether a post here has a title of its own to write. The office's own newsroom shows the story's."""
    caps = caps_of(account)
    own_newsroom = caps.text_is_html and account.adapter == "web"
    return not own_newsroom and (caps.needs_title or limits_of(account).title is not None)


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
        content_code=content_type.code if content_type else "", adds_utm=version.adds_utm,
    )  # fmt: skip


def problems_in(
    variant: Variant, account: ChannelAccount, *, content_code: str = "", adds_utm: bool = False
) -> list[PostProblem]:
    """Everything wrong with a variant on an account. ``adds_utm``: visits by its links were to be counted."""
    limits = limits_of(account)
    adapter = get_adapter(account.adapter)
    found = [
        _judged(_named(p, variant, account), limits, adapter.caps, content_code, account.name)
        for p in adapter.validate(variant, limits)
    ]
    if adds_utm and not uses_story_body(account):
        found += _uncounted(variant)
    return sorted(found, key=lambda p: not p.blocks)


def _uncounted(variant: Variant) -> list[PostProblem]:
    """Somebody wanted visits to be counted, and there is nothing to count them by, or no telling which."""
    texts = (variant.text, variant.first_comment)
    if counted_host(variant.link or "", *texts):
        return []
    if any(map(find_links, texts)):
        message = _(
            "Tautannya menuju beberapa situs, jadi penanda kunjungan (UTM) tidak dipasang. Tulis yang hendak dihitung "
            "di kolom Tautan."
        )
    else:
        message = _("Tidak ada tautan yang dapat diberi penanda kunjungan (UTM).")
    return [PostProblem(Severity.WARNING, Field.LINK, message)]


def _named(problem: Problem, variant: Variant, account: ChannelAccount) -> Problem:
    """A problem of too few or too many files says of what: of what is there, else of what the channel takes."""
    if problem.field is not Field.MEDIA or problem.code not in (ProblemCode.TOO_FEW, ProblemCode.TOO_MANY):
        return problem
    kinds = {item.kind for item in variant.media} or kinds_of(account)
    return replace(problem, detail=" ".join(sorted(kinds)))


def _judged(problem: Problem, limits: Limits, caps: Caps, content_code: str, account: str) -> PostProblem:
    film = content_code in FILMED or MediaKind.IMAGE not in limits.media_kinds
    if film and caps.by_hand and (problem.field, problem.code) == (Field.MEDIA, ProblemCode.TOO_FEW):
        message = _(
            "Pilih videonya di sini, atau pasang langsung di %(account)s saat menayangkan.", account=account
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
    reasons = _own_reasons(actor, post, change)
    asked = PostLockAsked(post_id=post.id, change=change)
    emit(asked)
    return reasons + asked.reasons


def reasons_not_to_change_each(
    actor: Principal | None, posts: Sequence[Post], change: PostChange
) -> dict[int, list[Reason]]:
    """The same for several posts, by post id, in a constant number of statements."""
    asked = PostLocksAsked(post_ids=[p.id for p in posts], change=change)
    if posts:
        emit(asked)
    return {p.id: _own_reasons(actor, p, change) + asked.reasons.get(p.id, []) for p in posts}


def live_among(post_ids: Sequence[int]) -> set[int]:
    """Those that are on their channels now, as the rooms that know it say."""
    # Whether it may be taken away: the words of what is live may be changed at times.
    asked = PostLocksAsked(post_ids=list(post_ids), change=PostChange.REMOVE)
    if post_ids:
        emit(asked)
    return {i for i, reasons in asked.reasons.items() if any(r.code == LIVE for r in reasons)}


def ever_live_among(post_ids: Sequence[int]) -> set[int]:
    """Those that are on their channels now or were taken down from them, as the rooms that know it say."""
    asked = PostLocksAsked(post_ids=list(post_ids), change=PostChange.REMOVE)
    if post_ids:
        emit(asked)
    return {i for i, reasons in asked.reasons.items() if any(r.code in (LIVE, WAS_LIVE) for r in reasons)}


def reasons_not_to_repost(actor: Principal | None, post: Post) -> list[Reason]:
    """Why a post cannot be published again (tayang ulang) by this person."""
    reasons = reasons_not_to_show_again(actor, post.story, post.account)
    if post.id not in live_among([post.id]):
        reasons.append(
            Reason("not_live", _("Yang dapat ditayangkan ulang hanya publikasi yang sedang tayang."))
        )
    return reasons


def reasons_not_to_show_again(actor: Principal | None, story: Story, account: ChannelAccount) -> list[Reason]:
    """Why nothing of a story can be published again on an account."""
    reasons = reasons_not_to_add(actor, story)
    if not account.is_active:
        reasons.append(Reason("account_off", _("%(account)s sedang dinonaktifkan.", account=account.name)))
    if story.state is StoryState.ARCHIVED:
        reasons.append(Reason("copy", _("Untuk menayangkannya lagi, salin menjadi naskah baru.")))
    return reasons


def _own_reasons(actor: Principal | None, post: Post, change: PostChange) -> list[Reason]:
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
    return reasons


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
