"""The payload of a delivery: everything as it appears on the channel, in plain JSON, with its SHA-256.

Keys: ``schema`` (2), ``office`` (id, name, short_name, slug, timezone), ``account`` (id, name, kind), ``content_type``
(code, label), ``story_id``, ``post_id``, ``story_version_id``, ``post_version_id``, ``title`` (the post's own, else the
story's), ``lead`` (for lists: the post's own words, else the story's lead), ``summary`` (for channels that show one
under a title), ``body_html`` (clean; empty on channels with a text of their own), ``text``, ``link`` (as it goes
out, with UTM parameters where the version wants them), ``hashtags`` (without "#", in order), ``first_comment``,
``slug`` (the wished last part of the address, the same for every correction), ``pictures`` (list of ``asset_id``,
``sha256``, ``width``, ``height`` (of the stored file), ``alt_text``, ``credit``, ``caption``, ``kind``, ``filename``,
``mime``, ``size`` (bytes), ``duration`` (seconds), ``crop`` (a Ratio; empty: as it is), ``in_text`` (True where it
stands in the body)), ``writer_credit``, ``place``, ``event_date`` (ISO or None), ``kicker``, ``dateline``, ``contact``,
``claim``, ``claim_source``, ``fact_source``, ``editor_credit``, ``credit_line``, ``source``, ``source_note``,
``changes`` (list of ``kind``, ``at``, ``note``: what readers are told about corrections). The newsroom renders from it
and from nothing else, so an edit of the story afterwards changes nothing that is public.

Schema 1 knows neither ``summary``, ``hashtags``, ``first_comment`` and ``slug`` nor, of a picture, what comes after
``caption``.
"""

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import current_app
from sqlalchemy import select

from humasflow.channels.adapters.errors import AdapterError
from humasflow.channels.adapters.variant import Action, Job, MediaItem, MediaKind, Variant, payload_digest
from humasflow.channels.connections.services.access import account_of
from humasflow.channels.reaching import get_adapter
from humasflow.core.db import database_now, db
from humasflow.core.errors import Reason
from humasflow.core.html import without_mentions
from humasflow.core.slugs import slugify
from humasflow.media.enums import AssetKind
from humasflow.media.models import Asset
from humasflow.media.policy import reasons_not_to_use
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.planning.credits import credit_line
from humasflow.planning.models import ContentType
from humasflow.posts import policy as post_policy
from humasflow.posts import queries as posts
from humasflow.posts.models import Post, PostPicture, PostVersion
from humasflow.publishing import queries
from humasflow.publishing.media_files import files_of, opened, public_base, shape_of
from humasflow.publishing.models import Delivery
from humasflow.publishing.progress import progress_of
from humasflow.stories import queries as stories
from humasflow.stories.enums import ChangeKind
from humasflow.stories.models import StoryVersion

LOCAL = "http://127.0.0.1:8000"
RECENT = 200  # of an account's deliveries: more than any channel shows of its newest posts
SLUG_WORDS = 60  # characters of the title in a slug
_KINDS = {
    AssetKind.IMAGE: MediaKind.IMAGE,
    AssetKind.VIDEO: MediaKind.VIDEO,
    AssetKind.PDF: MediaKind.DOCUMENT,
}
_TOLD = ("kicker", "dateline", "contact", "claim", "claim_source", "fact_source", "editor_credit")


@dataclass(frozen=True)
class Snapshot:
    """What goes out, and what it is made of."""

    payload: dict[str, Any]
    sha256: str
    version: PostVersion
    story_version: StoryVersion
    body_html: str

    @property
    def cover_asset_id(self) -> int | None:
        """The first picture; a video or a PDF may have none to show."""
        pictures = (p for p in self.payload["pictures"] if p.get("kind", MediaKind.IMAGE) == MediaKind.IMAGE)
        first = next(pictures, None)
        return int(first["asset_id"]) if first else None


def take_snapshot(
    post: Post, story_version: StoryVersion | None = None, version: PostVersion | None = None
) -> Snapshot:
    """The post as it stands now. With a version of the story given, that one is what corrects a live post: a picture
    that is no longer in it is left out, and its words are those of the correction. ``version``: of the post, where it
    is not the newest.
    """
    version = version or posts.get_current_version(post)
    corrected = story_version is not None
    story_version = story_version or stories.get_current_version(post.story)
    on_newsroom = post_policy.uses_story_body(post.account)
    body = without_mentions(stories.get_body(story_version.id)) if on_newsroom else ""
    payload = _payload(post, version, story_version, body)
    if corrected:
        payload |= _staying(post)
    if corrected and on_newsroom:
        payload["pictures"] = _corrected(payload["pictures"], story_version)
    return Snapshot(payload, payload_digest(payload), version, story_version, body)


def _payload(post: Post, version: PostVersion, story_version: StoryVersion, body: str) -> dict[str, Any]:
    office = get_office(post.office_id)
    content_type = db.session.get_one(ContentType, post.content_type_id)
    captions = {p.asset_id: p.caption for p in story_version.pictures}
    variant = post_policy.variant_of(post, version, story_version, body)
    on_newsroom = post_policy.uses_story_body(post.account)
    return {
        "schema": 2,
        "office": {
            "id": office.id, "name": office.name, "short_name": office.short_name, "slug": office.slug,
            "timezone": office.timezone,
        },
        "account": {"id": post.account.id, "name": post.account.name, "kind": post.account.kind.code},
        "content_type": {"code": content_type.code, "label": content_type.label},
        "story_id": post.story_id,
        "post_id": post.id,
        "story_version_id": story_version.id,
        "post_version_id": version.id,
        "title": variant.title,
        "lead": post_policy.summary_of(version, story_version),
        "body_html": body,
        "summary": variant.summary,
        "text": version.text if on_newsroom else variant.text,
        "link": variant.link or "",
        "hashtags": list(variant.hashtags),
        "first_comment": variant.first_comment,
        "slug": f"{slugify(variant.title, limit=SLUG_WORDS)}-{post.id}-{post.generation}",
        "pictures": [_picture(p, captions.get(p.asset_id, "")) for p in version.pictures]
        + (_inline(version, story_version) if body else []),
        "writer_credit": story_version.writer_credit,
        "place": story_version.place,
        "event_date": story_version.event_date.isoformat() if story_version.event_date else None,
        **{name: getattr(story_version, name) for name in _TOLD},
        "credit_line": credit_line(
            post.story.content_type.credit_template, writer=story_version.writer_credit,
            photographers=[p.credit for p in version.pictures], editor=story_version.editor_credit,
        ),
        "source": story_version.source.value,
        "source_note": story_version.source_note,
        "changes": [
            {"kind": c.kind.value, "at": c.published_at.isoformat(), "note": c.public_note}
            for c in stories.list_public_changes(post.story_id)
            if c.published_at is not None and c.kind is not ChangeKind.WITHDRAWAL
        ],
    }  # fmt: skip


def _picture(picture: PostPicture, caption: str) -> dict[str, Any]:
    return {
        **_file(picture.asset), "alt_text": picture.alt_text, "credit": picture.credit, "caption": caption,
        "crop": picture.crop,
    }  # fmt: skip


def _file(asset: Asset) -> dict[str, Any]:
    return {
        "asset_id": asset.id, "sha256": asset.sha256, "width": asset.width, "height": asset.height,
        "kind": _KINDS[asset.kind].value, "filename": asset.filename,
        "mime": mimetypes.guess_type(asset.original_key)[0] or "image/jpeg", "size": asset.size,
        "duration": (asset.duration_ms or 0) / 1000,
    }  # fmt: skip


def _staying(post: Post) -> dict[str, Any]:
    """What a correction leaves alone of what is live: the address that was made of the title, and the first comment."""
    delivery = queries.get_current_delivery(post)
    live = queries.get_payload(delivery.id) if delivery is not None else {}
    return {name: live[name] for name in ("slug", "first_comment") if live.get(name)}


def reasons_not_to_show(payload: Mapping[str, Any] | None) -> list[Reason]:
    """Pictures of a payload whose use has been forbidden since: a consent was withdrawn or ended. One statement."""
    shown = [int(p["asset_id"]) for p in (payload or {}).get("pictures", ())]
    blocked = db.session.scalars(
        select(Asset).where(Asset.id.in_(shown), Asset.blocked_reason.is_not(None)).order_by(Asset.id)
    )
    return [reasons_not_to_use(asset)[0] for asset in blocked]


def _inline(version: PostVersion, story_version: StoryVersion) -> list[dict[str, Any]]:
    """Pictures that stand in the text and not beside it: they go where the text goes."""
    beside = {p.asset_id for p in version.pictures}
    return [
        {
            **_file(p.asset), "alt_text": p.alt_text, "credit": p.credit, "caption": p.caption, "crop": "",
            "in_text": True,
        }
        for p in story_version.pictures
        if p.in_text and p.asset_id not in beside
    ]  # fmt: skip


def _corrected(pictures: list[dict[str, Any]], story_version: StoryVersion) -> list[dict[str, Any]]:
    words = {p.asset_id: p for p in story_version.pictures}
    return [
        {**p, "alt_text": words[p["asset_id"]].alt_text, "credit": words[p["asset_id"]].credit}
        for p in pictures
        if p["asset_id"] in words
    ]


def fill(delivery: Delivery, snapshot: Snapshot) -> None:
    """Put a snapshot and what lists show of it into a delivery."""
    delivery.payload, delivery.payload_sha256 = snapshot.payload, snapshot.sha256
    delivery.post_version_id, delivery.story_version_id = snapshot.version.id, snapshot.story_version.id
    delivery.content_type_id = delivery.post.content_type_id
    delivery.title = str(snapshot.payload["title"])[:200]
    delivery.summary = str(snapshot.payload["lead"])[:500]
    delivery.cover_asset_id = snapshot.cover_asset_id


def base_url() -> str:
    """Where readers reach this installation, without a trailing slash."""
    return (str(current_app.config["PUBLIC_URL"]) or LOCAL).rstrip("/")


def newsroom_path(office: Unit, post_id: int, title: str) -> str:
    """The path of a story on the office's newsroom."""
    return f"/berita/{office.slug}/{post_id}/{slugify(title)}"


def job_of(delivery: Delivery, *, action: Action = Action.PUBLISH) -> Job:
    """The delivery as its adapter sees it: from the stored snapshot, what earlier steps left, and what lets us in.

    While the delivery is on its way to a channel that fetches media itself, each medium has its address; flushes then.
    Raises AuthRevoked (the secrets cannot be opened) and NoPublicAddress.
    """
    variant = variant_of(delivery)
    if (
        variant.media
        and action is Action.PUBLISH
        and get_adapter(delivery.account.adapter).caps.needs_public_url
    ):
        base = public_base()
        if base is None:
            raise NoPublicAddress
        variant = replace(variant, media=opened(delivery, variant.media, base=base))
    return Job(
        post_id=delivery.post_id,
        generation=delivery.generation,
        action=action,
        idempotency_key=delivery.idempotency_key,
        account=account_of(delivery.account),
        variant=variant,
        created_at=delivery.created_at,
        destination={
            "base_url": base_url() + "/",
            "path": newsroom_path(get_office(delivery.office_id), delivery.post_id, delivery.title),
        },
        prepare_state=progress_of(delivery).state,
        committing_at=delivery.committing_at,
        external_id=delivery.external_id,
        files=files_of(variant.media),
        now=database_now(),
        known_ids=_known_ids(delivery) if _may_be_there(delivery) else frozenset(),
    )


def _may_be_there(delivery: Delivery) -> bool:
    """Whether the channel may be searched for it: it was sent, or what was prepared is asked how far it is."""
    return delivery.committing_at is not None or progress_of(delivery).polls


def _known_ids(delivery: Delivery) -> frozenset[str]:
    """What the account's newest other deliveries became on the channel. One statement."""
    return frozenset(
        known
        for known in db.session.scalars(
            select(Delivery.external_id)
            .where(
                Delivery.account_id == delivery.account_id,
                Delivery.id != delivery.id,
                Delivery.external_id.is_not(None),
            )
            .order_by(Delivery.id.desc())
            .limit(RECENT)
        )
        if known
    )


class NoPublicAddress(AdapterError):
    """The channel fetches media from an address of ours that the internet cannot reach."""

    code = "no_public_address"


def variant_of(delivery: Delivery) -> Variant:
    """What stands in the snapshot, as adapters see it."""
    payload: Mapping[str, Any] = delivery.payload or {}
    return variant_of_payload({**payload, "title": payload.get("title") or delivery.title})


def variant_of_payload(payload: Mapping[str, Any]) -> Variant:
    """A payload as adapters see it. Pure."""
    return Variant(
        title=str(payload.get("title", "")),
        text=str(payload.get("body_html") or payload.get("text", "")),
        link=str(payload.get("link") or "").strip() or None,
        media=tuple(_item(p) for p in payload.get("pictures", ())),
        hashtags=tuple(str(tag) for tag in payload.get("hashtags", ())),
        first_comment=str(payload.get("first_comment", "")),
        summary=str(payload.get("summary") or payload.get("lead", "")),
        slug=str(payload.get("slug") or ""),
    )


def _item(picture: Mapping[str, Any]) -> MediaItem:
    crop = str(picture.get("crop", ""))
    width, height = shape_of(int(picture["width"]), int(picture["height"]), crop)
    return MediaItem(
        asset_id=int(picture["asset_id"]), kind=MediaKind(picture.get("kind", MediaKind.IMAGE)),
        filename=str(picture.get("filename") or f"foto-{picture['asset_id']}.jpg"),
        mime=str(picture.get("mime") or "image/jpeg"), size=int(picture.get("size", 0)), width=width, height=height,
        sha256=str(picture["sha256"]), alt_text=str(picture["alt_text"]), credit=str(picture["credit"]), crop=crop,
        duration=float(picture.get("duration", 0)),
    )  # fmt: skip
