"""The record of a post (app.bsky.feed.post), the same for the same job and what was kept of its preparation, byte for
byte.

Its time is that of publication, to the second: readers are shown posts in that order, so one that waited for its
approval would be buried under its age. The milliseconds follow from the job alone. Found under the job's name, they
tell the post from any other one, whatever was forgotten meanwhile.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from humasflow.channels.adapters.bluesky.richtext import clean, facets_of
from humasflow.channels.adapters.validation import compose_text
from humasflow.channels.adapters.variant import Job, MediaItem, MediaKind, Variant

COLLECTION: Final = "app.bsky.feed.post"
MAX_BYTES: Final = (
    1_000_000  # the lexicon allows 2 MB since 2026; servers that know an older one refuse more than 1 MB
)
MAX_SIDE: Final = 2000  # pixels


def pictures_of(variant: Variant) -> tuple[MediaItem, ...]:
    """The pictures in their order."""
    return tuple(item for item in variant.media if item.kind is MediaKind.IMAGE)


def text_of(variant: Variant) -> str:
    """The text as it is counted in the editor, and as it goes out."""
    return clean(compose_text(variant))


def time_of(job: Job) -> str:
    """The post's own time, to be kept before it is sent: a second call with another one would be another post."""
    now = max(job.now or job.created_at, job.created_at).astimezone(UTC)
    return _told(now.replace(microsecond=_milliseconds(job) * 1000))


def _told(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _milliseconds(job: Job) -> int:
    told = f"{job.idempotency_key}\n{job.created_at.isoformat()}\ntime".encode()
    return int.from_bytes(hashlib.sha256(told).digest()[:8]) % 1000


def record_of(
    job: Job, *, at: str, people: Mapping[str, str], blobs: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """``at``: as :func:`time_of` told it; ``people``: DID by handle; ``blobs``: what the server called each picture, in
    their order.
    """
    variant, text = job.variant, text_of(job.variant)
    record: dict[str, Any] = {"$type": COLLECTION, "text": text, "createdAt": at}
    if variant.language:
        record["langs"] = [variant.language]
    facets = facets_of(text, people)
    if facets:
        record["facets"] = facets
    embed = _pictures(pictures_of(variant), blobs) or _card(variant)
    if embed:
        record["embed"] = embed
    return record


def _pictures(items: Sequence[MediaItem], blobs: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    if not items:
        return None
    images = [_picture(item, blob) for item, blob in zip(items, blobs, strict=True)]
    return {"$type": "app.bsky.embed.images", "images": images}


def _picture(item: MediaItem, blob: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {"alt": clean(item.alt_text).strip(), "image": dict(blob)}
    if item.width > 0 and item.height > 0:
        shown["aspectRatio"] = {"width": item.width, "height": item.height}
    return shown


def _card(variant: Variant) -> dict[str, Any] | None:
    """The link as a card, where no picture takes its place: the app makes none by itself."""
    link = (variant.link or "").strip()
    if not link:
        return None
    title = clean(variant.title).strip() or urlsplit(link).netloc
    return {
        "$type": "app.bsky.embed.external",
        "external": {"uri": link, "title": title, "description": clean(variant.summary).strip()},
    }


def is_same(value: object, job: Job) -> bool:
    """Whether a record found under our name is this post: by its time, which no earlier than the job and in its last
    digits is the job's own.
    """
    return (
        isinstance(value, dict)
        and value.get("$type") == COLLECTION
        and _is_own_time(value.get("createdAt"), job)
    )


def _is_own_time(told: object, job: Job) -> bool:
    try:
        found = datetime.fromisoformat(str(told))
    except ValueError:
        return False
    if found.tzinfo is None:
        return False
    begun = job.created_at.replace(microsecond=0)
    return found >= begun and found.microsecond == _milliseconds(job) * 1000
