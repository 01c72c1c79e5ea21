"""What is to appear on a channel: one post's text, link and media, and the job that carries it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, Self

JsonObject = Mapping[str, Any]
"""What was read from, or will be written to, a JSON column."""


class MediaKind(StrEnum):
    """What kind of file accompanies a post."""

    IMAGE = "image"
    VIDEO = "video"
    DOCUMENT = "document"

    @property
    def needs_alt_text(self) -> bool:
        """A picture cannot be heard; a video carries captions and a document its own text."""
        return self is MediaKind.IMAGE


class Action(StrEnum):
    """What a delivery does to the channel."""

    PUBLISH = "publish"
    CORRECT = "correct"
    RETRACT = "retract"


@dataclass(frozen=True, slots=True)
class MediaItem:
    """One picture, video or document of a post, in the order of the post.

    ``size`` in bytes, ``width`` and ``height`` in pixels, ``duration`` in seconds, 0 where unknown. ``crop``: the shape
    it is cut to ("1x1", "4x5", "9x16", "16x9"), empty for as it is; ``width`` and ``height`` are those of the shape
    then. ``public_url`` is set only while a job runs for a channel that fetches media itself.
    """

    asset_id: int
    kind: MediaKind = MediaKind.IMAGE
    filename: str = ""
    mime: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    sha256: str = ""
    alt_text: str = ""
    credit: str = ""
    crop: str = ""
    duration: float = 0.0
    public_url: str | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """One story as it will read on one channel account.

    ``hashtags`` with or without the leading ``#``; ``link`` is the address the post points at, apart from the text.
    ``first_comment`` is written under the post once it is there. ``summary``: of what has a title and a long text;
    ``slug``: the wished last part of its address; ``language``: BCP 47.
    """

    title: str = ""
    text: str = ""
    link: str | None = None
    media: tuple[MediaItem, ...] = ()
    hashtags: tuple[str, ...] = ()
    first_comment: str = ""
    summary: str = ""
    slug: str = ""
    language: str = "id"

    def to_payload(self) -> dict[str, Any]:
        """The snapshot stored with a delivery: plain JSON values, without what only lives while a job runs."""
        return {
            "title": self.title,
            "text": self.text,
            "link": self.link,
            "hashtags": list(self.hashtags),
            "first_comment": self.first_comment,
            "summary": self.summary,
            "slug": self.slug,
            "language": self.language,
            "media": [
                {
                    "asset_id": item.asset_id,
                    "kind": item.kind.value,
                    "filename": item.filename,
                    "mime": item.mime,
                    "size": item.size,
                    "width": item.width,
                    "height": item.height,
                    "sha256": item.sha256,
                    "alt_text": item.alt_text,
                    "credit": item.credit,
                    "crop": item.crop,
                    "duration": item.duration,
                }
                for item in self.media
            ],
        }

    @classmethod
    def from_payload(cls, payload: JsonObject) -> Self:
        """The inverse of :meth:`to_payload`. Raises KeyError, TypeError or ValueError for something else."""
        return cls(
            title=str(payload["title"]),
            text=str(payload["text"]),
            link=None if payload["link"] is None else str(payload["link"]),
            hashtags=tuple(str(tag) for tag in payload["hashtags"]),
            first_comment=str(payload["first_comment"]),
            summary=str(payload["summary"]),
            slug=str(payload["slug"]),
            language=str(payload["language"]),
            media=tuple(MediaItem(**{**item, "kind": MediaKind(item["kind"])}) for item in payload["media"]),
        )


def payload_digest(payload: JsonObject) -> str:
    """sha256 (hex) over the canonical JSON of a payload: equal content gives an equal digest on every machine."""
    canonical = json.dumps(
        payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class AppKeys:
    """The office's own registration with a platform. ``instance``: of which server, where there are many."""

    client_id: str
    client_secret: str = field(repr=False)
    instance: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """A channel account as an adapter sees it. ``secrets`` never appears in a representation or a log.

    ``host``: the address of its server or of its page, as people entered it. ``settings``: what was kept when it was
    connected. ``app``: the office's keys for the platform, where it needs some.
    """

    account_id: int
    platform: str
    handle: str = ""
    host: str = ""
    settings: JsonObject = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    app: AppKeys | None = None


class Files(Protocol):
    """The bytes of a job's media. Raises MediaRejected when they cannot be brought into the wished form."""

    def picture(
        self, item: MediaItem, *, max_bytes: int | None = None, max_side: int | None = None
    ) -> tuple[bytes, str]:
        """A picture in its shape, small enough, without anything a camera wrote: bytes and MIME type (JPEG or PNG)."""

    def part(self, item: MediaItem, start: int, size: int) -> bytes:
        """A part of a stored file (a video): at most ``size`` bytes from ``start``."""


class NoFiles:
    """For jobs without media."""

    def picture(
        self, item: MediaItem, *, max_bytes: int | None = None, max_side: int | None = None
    ) -> tuple[bytes, str]:
        """There are none."""
        raise LookupError(item.asset_id)

    def part(self, item: MediaItem, start: int, size: int) -> bytes:
        """There are none."""
        raise LookupError(item.asset_id)


@dataclass(frozen=True, slots=True)
class Job:
    """One delivery at work.

    ``destination`` holds where it will appear, for channels that decide this beforehand (the newsroom: ``base_url``
    and ``path``). ``prepare_state`` is what earlier steps returned, stored by the caller after each of them.
    ``created_at`` and ``committing_at`` are aware UTC instants; ``external_id`` is set once a receipt exists.
    ``files`` gives the bytes of the media. ``now``: the instant of this call, UTC. ``known_ids``: external ids of the
    account's other deliveries; what bears one of them is never taken for this one.
    """

    post_id: int
    generation: int
    action: Action
    idempotency_key: str
    account: Account
    variant: Variant
    created_at: datetime
    destination: JsonObject = field(default_factory=dict)
    prepare_state: JsonObject = field(default_factory=dict)
    committing_at: datetime | None = None
    external_id: str | None = None
    files: Files = field(default_factory=NoFiles, repr=False)
    now: datetime | None = None
    known_ids: frozenset[str] = frozenset()
