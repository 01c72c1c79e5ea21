"""What is to appear on a channel: one post's text, link and media, and the job that carries it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

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

    ``size`` in bytes, ``width`` and ``height`` in pixels, 0 where unknown. ``public_url`` is set only while a job
    runs for a channel that fetches media itself.
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
    public_url: str | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """One story as it will read on one channel account.

    ``hashtags`` with or without the leading ``#``; ``link`` is the address the post points at, apart from the text.
    """

    title: str = ""
    text: str = ""
    link: str | None = None
    media: tuple[MediaItem, ...] = ()
    hashtags: tuple[str, ...] = ()

    def to_payload(self) -> dict[str, Any]:
        """The snapshot stored with a delivery: plain JSON values, without what only lives while a job runs."""
        return {
            "title": self.title,
            "text": self.text,
            "link": self.link,
            "hashtags": list(self.hashtags),
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
            media=tuple(MediaItem(**{**item, "kind": MediaKind(item["kind"])}) for item in payload["media"]),
        )


def payload_digest(payload: JsonObject) -> str:
    """sha256 (hex) over the canonical JSON of a payload: equal content gives an equal digest on every machine."""
    canonical = json.dumps(
        payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Account:
    """A channel account as an adapter sees it. ``secrets`` never appears in a representation or a log."""

    account_id: int
    platform: str
    handle: str = ""
    host: str = ""
    settings: JsonObject = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Job:
    """One delivery at work.

    ``destination`` holds where it will appear, for channels that decide this beforehand (the newsroom: ``base_url``
    and ``path``). ``prepare_state`` is what earlier steps returned, stored by the caller after each of them.
    ``created_at`` and ``committing_at`` are aware UTC instants; ``external_id`` is set once a receipt exists.
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
