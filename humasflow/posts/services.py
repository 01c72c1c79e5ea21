"""Writing posts: made for an account, written in versions, given a time, taken away if never out.

Every function checks, changes, records and tells, in this order; it flushes and never commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels import queries as channels
from humasflow.core import clock
from humasflow.core.db import db, lock
from humasflow.core.digests import canonical_digest
from humasflow.core.errors import NotFound, Reason, Refused, UserError
from humasflow.core.events import emit
from humasflow.core.localtime import show_instant
from humasflow.core.versions import expect_version
from humasflow.media import queries as media
from humasflow.media.models import Asset
from humasflow.media.services import check_usable
from humasflow.orgs.queries import get_office
from humasflow.planning import queries as planning
from humasflow.posts import queries
from humasflow.posts.enums import PostChange
from humasflow.posts.events import PostRemoved, PostScheduled, PostUnscheduled, PostVersionSaved
from humasflow.posts.models import Post, PostPicture, PostVersion
from humasflow.posts.policy import reasons_not_to_add, reasons_not_to_change
from humasflow.stories.models import Story

PAST_TOLERANCE = timedelta(minutes=5)
FURTHEST = timedelta(days=3 * 366)
MAX_TEXT = 70_000  # above the longest platform's limit (Facebook, 63,206): what is too long for it can still be saved


@dataclass(frozen=True)
class PostPictureContent:
    """A picture of a post, in order."""

    asset_id: int
    alt_text: str = ""
    credit: str = ""


@dataclass(frozen=True)
class PostContent:
    """Everything a post version holds."""

    text: str = ""
    link: str = ""
    pictures: tuple[PostPictureContent, ...] = ()


class PostExists(UserError):
    """The story has a post on that account already."""

    status = 409


def create_post(
    story: Story, *, actor: Principal | None, account_id: int, content_type_id: int, content: PostContent
) -> Post:
    """Make the story's post for an account of its office. Needs ``post:write``; None as actor is the product itself.

    Raises Refused, PostExists, NotFound (another office's account, type or picture) and UserError.
    """
    # In line behind whoever is adding one to the same story, so that two clicks never make two.
    lock(story)
    reasons = reasons_not_to_add(actor, story)
    account = channels.get_account(story.office_id, account_id)
    if actor is not None and not account.is_active:
        reasons.append(Reason("account_off", _("%(account)s sedang dinonaktifkan.", account=account.name)))
    if reasons:
        raise Refused(reasons)
    planning.get_content_type(story.office_id, content_type_id)
    if queries.get_post_on(story.id, account.id) is not None:
        raise PostExists(
            _(
                "Naskah ini sudah punya publikasi di %(account)s. Sunting yang sudah ada.",
                account=account.name,
            )
        )
    assets = _checked(content, story.office_id, actor)
    check_usable(assets)
    now = clock.now()
    post = Post(
        office_id=story.office_id, story_id=story.id, account_id=account.id, content_type_id=content_type_id,
        scheduled_at=None, generation=1, removed_at=None, created_by=actor.id if actor else None, created_at=now,
    )  # fmt: skip
    post.story, post.account = story, account
    db.session.add(post)
    db.session.flush()
    version = _add_version(post, content, assets, actor=actor, number=1)
    audit.record(
        AuditAction.POST_CREATED,
        ("post", post.id),
        office_id=post.office_id,
        actor=actor,
        context=("story", story.id),
        label=account.name,
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
) -> PostVersion | None:
    """A new current version, or None when the content did not change. Too long is no obstacle to saving.

    ``row_version`` refuses any change meanwhile; ``base_version_id`` only one of the content (a new time in between
    is no conflict). Raises Refused, Conflict, UserError.
    """
    _lock(post, actor, PostChange.EDIT)
    if base_version_id is None or base_version_id != post.current_version_id:
        expect_version(post, row_version)
    assets = _checked(content, post.office_id, actor)
    check_usable(assets, used_before=[p.asset_id for p in queries.get_current_version(post).pictures])
    if content_type_id is not None and content_type_id != post.content_type_id:
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
    before = queries.get_current_version(post)
    if content_of(before) == _cleaned(content):
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


def remove_post(post: Post, *, actor: Principal) -> None:
    """Take away a post that never went out. Its versions stay for the record."""
    _lock(post, actor, PostChange.REMOVE)
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


def schedule_post(
    post: Post, *, actor: Principal, due_at: datetime | None, row_version: int | None = None
) -> None:
    """Give the post a time (aware), a new one, or none. Needs ``post:schedule``.

    A time up to five minutes past is "now": the form was open meanwhile. Raises Refused, Conflict, UserError.
    """
    _lock(post, actor, PostChange.SCHEDULE)
    expect_version(post, row_version)
    if due_at == post.scheduled_at:
        return
    if due_at is not None:
        check_due(post, due_at)
    _set_time(post, due_at, actor=actor)


def check_due(post: Post, due_at: datetime) -> None:
    """Raise UserError for a time that is over, years away, or under the embargo of the post's story."""
    _check_time(due_at)
    _check_embargo(post, due_at)


def follow_event(
    post: Post, *, by: timedelta | None, actor: audit.Actor | None, reason: str
) -> datetime | None:
    """What the post is about takes place ``by`` later (None: not at all, or nobody knows when): its time follows.
    Returns the new time. A time that is over, under the story's embargo or years away is none: then it waits for a
    person to choose. For a post that has a time and is neither live nor on its way; the caller knows. Flushes.
    """
    lock(post)
    due_at = post.scheduled_at + by if by is not None and post.scheduled_at is not None else None
    if due_at is not None:
        try:
            check_due(post, due_at)
        except UserError:
            due_at = None
    if due_at != post.scheduled_at:
        _set_time(post, due_at, actor=actor, reason=reason)
    return due_at


def give_time_back(post: Post, due_at: datetime, *, actor: audit.Actor | None) -> bool:
    """The same the other way: what the post followed is back where it was, so the post has its old time again, unless
    that is over, under the embargo or years away. Returns whether it stands there. For a post that the caller has
    locked and knows to be neither live nor on its way. Flushes.
    """
    if post.scheduled_at == due_at:
        return True
    try:
        check_due(post, due_at)
    except UserError:
        return False
    _set_time(post, due_at, actor=actor)
    return True


def _set_time(post: Post, due_at: datetime | None, *, actor: audit.Actor | None, reason: str = "") -> None:
    """Change, flush, record, emit."""
    before, post.scheduled_at = post.scheduled_at, due_at
    db.session.flush()
    detail: dict[str, Any] = {
        "label": post.account.name, "before": before.isoformat() if before else None, "row_version": post.row_version,
    }  # fmt: skip
    if due_at is not None:
        detail["due_at"] = due_at.isoformat()
    if reason:
        detail["reason"] = reason
    actor_id = actor.id if actor else None
    audit.record(
        AuditAction.POST_SCHEDULED if due_at is not None else AuditAction.POST_UNSCHEDULED,
        ("post", post.id), office_id=post.office_id, actor=actor, context=("story", post.story_id), **detail,
    )  # fmt: skip
    if due_at is None:
        emit(PostUnscheduled(post_id=post.id, actor_id=actor_id))
    else:
        emit(PostScheduled(post_id=post.id, due_at=due_at, actor_id=actor_id))


def content_of(version: PostVersion) -> PostContent:
    """A stored version as content."""
    return PostContent(
        version.text,
        version.link,
        tuple(PostPictureContent(p.asset_id, p.alt_text, p.credit) for p in version.pictures),
    )


def content_digest(content: PostContent, picture_hashes: Sequence[str]) -> str:
    """SHA-256 (hex) of canonical JSON of what goes out; a picture stands by the hash of its file."""
    seen = {
        "text": content.text,
        "link": content.link,
        "pictures": [
            {"sha256": sha, "alt": p.alt_text, "credit": p.credit}
            for p, sha in zip(content.pictures, picture_hashes, strict=True)
        ],
    }
    return canonical_digest(seen)


def _lock(post: Post, actor: Principal, change: PostChange) -> None:
    """Wait for whoever is changing this post, then ask whether it may be changed."""
    lock(post)
    reasons = reasons_not_to_change(actor, post, change)
    if reasons:
        raise Refused(reasons)


def _check_time(due_at: datetime) -> None:
    now = clock.now()
    if due_at < now - PAST_TOLERANCE:
        raise UserError(_("Waktu ini sudah lewat. Pilih waktu sesudah sekarang."))
    if due_at > now + FURTHEST:
        raise UserError(_("Waktu ini lebih dari tiga tahun lagi. Periksa tahunnya."))


def _check_embargo(post: Post, due_at: datetime) -> None:
    until = post.story.embargo_until
    if until is not None and due_at < until:
        where = get_office(post.office_id).zone_name
        raise UserError(
            _(
                "Naskah ini diembargo sampai %(until)s. Pilih waktu sesudahnya.",
                until=show_instant(until, where),
            )
        )


def _cleaned(content: PostContent) -> PostContent:
    return PostContent(
        content.text.replace("\r\n", "\n").strip(),
        content.link.strip(),
        tuple(PostPictureContent(p.asset_id, p.alt_text.strip(), p.credit.strip()) for p in content.pictures),
    )


def _checked(content: PostContent, office_id: int, actor: Principal | None) -> list[Asset]:
    """The pictures' assets, after the content was found fit to be stored."""
    if len(content.text) > MAX_TEXT or len(content.link.strip()) > 500:
        raise UserError(_("Teks atau tautan ini terlalu panjang untuk disimpan."))
    wanted = [p.asset_id for p in content.pictures]
    if len(set(wanted)) != len(wanted):
        raise UserError(_("Satu foto cukup dipakai satu kali dalam publikasi."))
    if any(len(p.alt_text.strip()) > 1000 or len(p.credit.strip()) > 120 for p in content.pictures):
        raise UserError(_("Kredit foto paling panjang 120 karakter, teks alternatif 1.000 karakter."))
    assets = list(media.get_assets(office_id, wanted, actor=actor))
    if len(assets) != len(wanted):
        raise NotFound
    return assets


def _add_version(
    post: Post, content: PostContent, assets: Sequence[Asset], *, actor: Principal | None, number: int
) -> PostVersion:
    content = _cleaned(content)
    by_id = {a.id: a.sha256 for a in assets}
    version = PostVersion(
        post_id=post.id, number=number, author_id=actor.id if actor else None, created_at=clock.now(),
        text=content.text, link=content.link,
        digest=content_digest(content, [by_id[p.asset_id] for p in content.pictures]),
    )  # fmt: skip
    version.pictures = [
        PostPicture(position=i, asset_id=p.asset_id, alt_text=p.alt_text, credit=p.credit)
        for i, p in enumerate(content.pictures)
    ]
    db.session.add(version)
    db.session.flush()
    post.current_version_id = version.id
    db.session.flush()
    return version
