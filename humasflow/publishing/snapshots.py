"""The payload of a delivery: everything as it appears on the channel, in plain JSON, with its SHA-256.

Keys: ``schema`` (1), ``office`` (id, name, short_name, slug, timezone), ``account`` (id, name, kind), ``content_type``
(code, label), ``story_id``, ``post_id``, ``story_version_id``, ``post_version_id``, ``title``, ``lead``, ``body_html``
(clean; empty on channels with a text of their own), ``text``, ``link``, ``pictures`` (list of ``asset_id``,
``sha256``, ``width``, ``height``, ``alt_text``, ``credit``, ``caption``), ``writer_credit``, ``place``,
``event_date`` (ISO or None), ``kicker``, ``dateline``, ``contact``, ``claim``, ``claim_source``, ``fact_source``,
``editor_credit``, ``credit_line``, ``source``, ``source_note``, ``changes`` (list of ``kind``, ``at``, ``note``: what
readers are told about corrections). The newsroom renders from it and from nothing else, so an
edit of the story afterwards changes nothing that is public.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import select

from humasflow.channels.adapters.variant import Account, Action, Job, Variant, payload_digest
from humasflow.channels.models import ChannelAccount
from humasflow.core.db import db
from humasflow.core.errors import Reason
from humasflow.core.html import without_mentions
from humasflow.core.slugs import slugify
from humasflow.media.models import Asset
from humasflow.media.policy import reasons_not_to_use
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office
from humasflow.planning.credits import credit_line
from humasflow.planning.models import ContentType
from humasflow.posts import policy as post_policy
from humasflow.posts import queries as posts
from humasflow.posts.models import Post, PostVersion
from humasflow.publishing.models import Delivery
from humasflow.stories import queries as stories
from humasflow.stories.enums import ChangeKind
from humasflow.stories.models import StoryVersion

LOCAL = "http://127.0.0.1:8000"
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
        """The first picture."""
        pictures = self.payload["pictures"]
        return int(pictures[0]["asset_id"]) if pictures else None


def take_snapshot(post: Post, story_version: StoryVersion | None = None) -> Snapshot:
    """The post as it stands now. With a version of the story given, that one is what corrects a live post: a picture
    that is no longer in it is left out, and its words are those of the correction.
    """
    version = posts.get_current_version(post)
    corrected = story_version is not None
    story_version = story_version or stories.get_current_version(post.story)
    on_newsroom = post_policy.uses_story_body(post.account)
    body = without_mentions(stories.get_body(story_version.id)) if on_newsroom else ""
    payload = _payload(post, version, story_version, body)
    if corrected and on_newsroom:
        payload["pictures"] = _corrected(payload["pictures"], story_version)
    return Snapshot(payload, payload_digest(payload), version, story_version, body)


def _payload(post: Post, version: PostVersion, story_version: StoryVersion, body: str) -> dict[str, Any]:
    office = get_office(post.office_id)
    content_type = db.session.get_one(ContentType, post.content_type_id)
    captions = {p.asset_id: p.caption for p in story_version.pictures}
    return {
        "schema": 1,
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
        "title": story_version.title,
        "lead": post_policy.summary_of(version, story_version),
        "body_html": body,
        "text": version.text,
        "link": version.link,
        "pictures": [
            {
                "asset_id": p.asset_id, "sha256": p.asset.sha256, "width": p.asset.width,
                "height": p.asset.height, "alt_text": p.alt_text, "credit": p.credit,
                "caption": captions.get(p.asset_id, ""),
            }
            for p in version.pictures
        ]
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
            "asset_id": p.asset_id, "sha256": p.asset.sha256, "width": p.asset.width, "height": p.asset.height,
            "alt_text": p.alt_text, "credit": p.credit, "caption": p.caption, "in_text": True,
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
    delivery.title = snapshot.story_version.title
    delivery.summary = str(snapshot.payload["lead"])[:500]
    delivery.cover_asset_id = snapshot.cover_asset_id


def base_url() -> str:
    """Where readers reach this installation, without a trailing slash."""
    return (str(current_app.config["PUBLIC_URL"]) or LOCAL).rstrip("/")


def newsroom_path(office: Unit, post_id: int, title: str) -> str:
    """The path of a story on the office's newsroom."""
    return f"/berita/{office.slug}/{post_id}/{slugify(title)}"


def job_of(delivery: Delivery) -> Job:
    """The delivery as its adapter sees it: from the stored snapshot alone."""
    payload = delivery.payload or {}
    account: ChannelAccount = delivery.account
    return Job(
        post_id=delivery.post_id,
        generation=delivery.generation,
        action=Action.PUBLISH,
        idempotency_key=delivery.idempotency_key,
        account=Account(account.id, account.kind.code, account.handle, account.url),
        variant=Variant(
            title=delivery.title, text=str(payload.get("body_html") or payload.get("text", "")),
            link=str(payload.get("link") or "") or None,
        ),
        created_at=delivery.created_at,
        destination={
            "base_url": base_url() + "/",
            "path": newsroom_path(get_office(delivery.office_id), delivery.post_id, delivery.title),
        },
        committing_at=delivery.committing_at,
        external_id=delivery.external_id,
    )  # fmt: skip
