"""A post is made once for each account, written in versions, and taken away only if it was never out."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels import queries as channels
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.errors import Conflict, NotFound, Reason, Refused, UserError
from humasflow.core.events import emit
from humasflow.core.versions import expect_version
from humasflow.media import queries as media
from humasflow.media.enums import AssetKind
from humasflow.media.models import Asset
from humasflow.media.services import check_usable
from humasflow.planning import queries as planning
from humasflow.posts import queries
from humasflow.posts.contents import (
    PostContent,
    check_words,
    cleaned,
    content_digest,
    content_of,
    words_digest,
)
from humasflow.posts.enums import PostChange
from humasflow.posts.events import PostRemoved, PostVersionSaved
from humasflow.posts.links import campaign_code
from humasflow.posts.models import Post, PostPicture, PostVersion
from humasflow.posts.policy import live_among, reasons_not_to_add, reasons_not_to_change, uses_story_body
from humasflow.stories.models import Story


class PostExists(UserError):
    """The story has a post on that account already. ``post_id``: the one that waits to go out, where that matters."""

    status = 409

    def __init__(self, message: str, *, post_id: int | None = None) -> None:
        super().__init__(message)
        self.post_id = post_id


def create_post(
    story: Story, *, actor: Principal | None, account_id: int, content_type_id: int, content: PostContent
) -> Post:
    """Make the story's post for an account of its office. Needs ``post:write``; None as actor is the product itself.

    Raises Refused, PostExists, NotFound (another office's account, type or picture) and UserError.
    """
    # In line behind whoever is adding one to the same story, so that two clicks never make two.
    lock(story)
    account = check_addable(story, actor=actor, account_id=account_id)
    planning.get_content_type(story.office_id, content_type_id)
    if queries.get_post_on(story.id, account.id) is not None:
        raise PostExists(
            _(
                "Naskah ini sudah punya publikasi di %(account)s. Sunting yang sudah ada.",
                account=account.name,
            )
        )
    assets = usable_assets(content, story.office_id, actor)
    return add_post(
        story, account, actor=actor, content_type_id=content_type_id, content=content, assets=assets
    )


def check_addable(story: Story, *, actor: Principal | None, account_id: int) -> ChannelAccount:
    """The account, once nothing stands against a further post of the story on it. Raises Refused, NotFound."""
    reasons = reasons_not_to_add(actor, story)
    account = channels.get_account(story.office_id, account_id)
    if actor is not None and not account.is_active:
        reasons.append(Reason("account_off", _("%(account)s sedang dinonaktifkan.", account=account.name)))
    if reasons:
        raise Refused(reasons)
    return account


def add_post(
    story: Story,
    account: ChannelAccount,
    *,
    actor: Principal | None,
    content_type_id: int,
    content: PostContent,
    assets: Sequence[Asset],
    repost_of: Post | None = None,
) -> Post:
    """The rows of a new post and its first version, once everything was checked and the story is locked."""
    post = Post(
        office_id=story.office_id, story_id=story.id, account_id=account.id, content_type_id=content_type_id,
        scheduled_at=None, generation=1, removed_at=None, repost_of_id=repost_of.id if repost_of else None,
        created_by=actor.id if actor else None, created_at=clock.now(),
    )  # fmt: skip
    post.story, post.account = story, account
    db.session.add(post)
    db.session.flush()
    version = _add_version(post, content, assets, actor=actor, number=1)
    detail: dict[str, Any] = {"repost_of": repost_of.id} if repost_of else {}
    audit.record(
        AuditAction.POST_REPOSTED if repost_of else AuditAction.POST_CREATED,
        ("post", post.id),
        office_id=post.office_id,
        actor=actor,
        context=("story", story.id),
        label=account.name,
        **detail,
    )
    if actor is not None:
        emit(PostVersionSaved(post_id=post.id, version_id=version.id, actor_id=actor.id))
    return post


def save_post_version(
    post: Post,
    *,
    actor: Principal,
    content: PostContent,
    row_version: int | None = None,
    content_type_id: int | None = None,
    base_version_id: int | None = None,
    opened_type_id: int | None = None,
) -> PostVersion | None:
    """A new current version, or None when the content did not change. Too long is no obstacle to saving.

    ``row_version`` refuses any change meanwhile; ``base_version_id`` only one of the content (a new time in between
    is no conflict); ``opened_type_id``: what it counted as for whoever wrote, so that only a wish of theirs changes it,
    and one against somebody else's is a conflict. Raises Refused, Conflict, UserError.
    """
    lock_for(post, actor, PostChange.EDIT)
    if base_version_id is None or base_version_id != post.current_version_id:
        expect_version(post, row_version)
    if content_type_id == opened_type_id:
        content_type_id = None  # no wish
    elif opened_type_id is not None and post.content_type_id not in (opened_type_id, content_type_id):
        raise Conflict(_("Orang lain mengubah “Dihitung sebagai” saat Anda menulis."))
    before = queries.get_current_version(post)
    used = [p.asset_id for p in before.pictures]
    assets = usable_assets(content, post.office_id, actor, used_before=used)
    if content_type_id is not None and content_type_id != post.content_type_id:
        if live_among([post.id]):
            raise UserError(_("Publikasi ini sudah tayang, jadi “Dihitung sebagai” tidak berubah lagi."))
        content_type = planning.get_content_type(post.office_id, content_type_id)
        post.content_type_id = content_type.id
        db.session.flush()
        audit.record(
            AuditAction.POST_REFILED,
            ("post", post.id),
            office_id=post.office_id,
            actor=actor,
            context=("story", post.story_id),
            label=f"{post.account.name}, {content_type.label}",
        )
    if content_of(before) == cleaned(content):
        return None
    last = db.session.scalar(select(func.max(PostVersion.number)).where(PostVersion.post_id == post.id)) or 0
    version = _add_version(post, content, assets, actor=actor, number=last + 1)
    audit.record(
        AuditAction.POST_VERSION_SAVED,
        ("post", post.id),
        office_id=post.office_id,
        actor=actor,
        context=("story", post.story_id),
        label=post.account.name,
        version=version.number,
    )
    emit(PostVersionSaved(post_id=post.id, version_id=version.id, actor_id=actor.id))
    return version


def put_back(post: Post, version: PostVersion, *, actor_id: int) -> None:
    """An earlier version of a live post is the current one again, as a further version: what was written since is given
    up together with the correction it was meant for. Does nothing where it says the same. Flushes.
    """
    lock(post)
    if content_of(queries.get_current_version(post)) != content_of(version):
        say_again(post, version, actor_id=actor_id)


def say_again(post: Post, version: PostVersion, *, actor_id: int) -> None:
    """What a version says, as a further version. The caller holds the post. Flushes."""
    content = content_of(version)
    assets = [p.asset for p in version.pictures]
    last = db.session.scalar(select(func.max(PostVersion.number)).where(PostVersion.post_id == post.id)) or 0
    actor = db.session.get_one(User, actor_id)
    made = _add_version(post, content, assets, actor=actor, number=last + 1)
    audit.record(
        AuditAction.POST_VERSION_SAVED, ("post", post.id), office_id=post.office_id, actor=actor,
        context=("story", post.story_id), label=post.account.name, version=made.number,
    )  # fmt: skip
    emit(PostVersionSaved(post_id=post.id, version_id=made.id, actor_id=actor_id))


def remove_post(post: Post, *, actor: Principal) -> None:
    """Take away a post that never went out. Its versions stay for the record."""
    lock_for(post, actor, PostChange.REMOVE)
    post.removed_at = clock.now()
    db.session.flush()
    audit.record(
        AuditAction.POST_REMOVED,
        ("post", post.id),
        office_id=post.office_id,
        actor=actor,
        context=("story", post.story_id),
        label=post.account.name,
    )
    emit(PostRemoved(post_id=post.id, actor_id=actor.id))


def lock_for(post: Post, actor: Principal, change: PostChange) -> None:
    """Wait for whoever is changing this post, then ask whether it may be changed. Raises Refused."""
    lock(post)
    reasons = reasons_not_to_change(actor, post, change)
    if reasons:
        raise Refused(reasons)


def usable_assets(
    content: PostContent, office_id: int, actor: Principal | None, *, used_before: Sequence[int] = ()
) -> list[Asset]:
    """The assets of its pictures, videos and PDF files in their order, after the content was found fit to be stored.
    ``used_before``: those that may stay although they may not be used anew. Raises UserError, NotFound, Refused.

    Which kinds the channel takes is judged where everything about it is: a wrong one is no obstacle to saving.
    """
    check_words(content)
    wanted = [p.asset_id for p in content.pictures]
    if len(set(wanted)) != len(wanted):
        raise UserError(_("Satu berkas cukup dipakai satu kali dalam publikasi."))
    assets = list(media.get_assets(office_id, wanted, actor=actor, kinds=list(AssetKind)))
    if len(assets) != len(wanted):
        raise NotFound
    if any(p.crop and not asset.is_image for p, asset in zip(content.pictures, assets, strict=True)):
        raise UserError(_("Hanya foto yang dapat dipotong ke bentuk lain."))
    check_usable(assets, used_before=used_before)
    return assets


def _add_version(
    post: Post, content: PostContent, assets: Sequence[Asset], *, actor: Principal | User | None, number: int
) -> PostVersion:
    content = cleaned(content)
    by_id = {a.id: a.sha256 for a in assets}
    version = PostVersion(
        post_id=post.id, number=number, author_id=actor.id if actor else None, created_at=clock.now(),
        text=content.text, link=content.link, title=content.title, hashtags=list(content.hashtags),
        first_comment=content.first_comment, adds_utm=content.adds_utm,
        utm_campaign=campaign_code(post.story)[:120] if content.adds_utm else "",
        follows_base=content.follows_base, shows_story=uses_story_body(post.account),
        words_digest=words_digest(content.text),
        digest=content_digest(content, [by_id[p.asset_id] for p in content.pictures]),
    )  # fmt: skip
    version.pictures = [
        PostPicture(
            position=i, asset_id=p.asset_id, alt_text=p.alt_text, credit=p.credit, crop=p.crop
        )
        for i, p in enumerate(content.pictures)
    ]  # fmt: skip
    db.session.add(version)
    db.session.flush()
    post.current_version_id = version.id
    db.session.flush()
    return version
