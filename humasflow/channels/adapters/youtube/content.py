"""What is sent to YouTube: the video's resource, from the post."""

import unicodedata
from typing import Any

from humasflow.channels.adapters.base import Field, Problem, ProblemCode, Severity
from humasflow.channels.adapters.errors import Invalid, MediaRejected
from humasflow.channels.adapters.validation import compose_text
from humasflow.channels.adapters.variant import Job, MediaItem, MediaKind, Variant

CATEGORY = "25"  # News & Politics


def title_of(variant: Variant) -> str:
    """The title as it is sent."""
    return " ".join(unicodedata.normalize("NFC", variant.title).split())


def tags_of(variant: Variant) -> list[str]:
    """The hashtags as tags, each once, without their sign."""
    words = [tag.strip().lstrip("#＃").strip() for tag in variant.hashtags]
    return list(dict.fromkeys(word for word in words if word))


def tags_length(tags: list[str]) -> int:
    """What YouTube counts: the characters, a comma between two, quotation marks around one with a space."""
    return sum(len(tag) + (2 if " " in tag else 0) for tag in tags) + max(len(tags) - 1, 0)


def resource_of(job: Job) -> dict[str, Any]:
    """The video's resource. The category is the account's ``category_id``, else news."""
    variant = job.variant
    return {
        "snippet": {
            "title": title_of(variant),
            "description": compose_text(variant),
            "tags": tags_of(variant),
            "categoryId": str(job.account.settings.get("category_id") or CATEGORY),
            "defaultLanguage": variant.language,
        },
        "status": {"privacyStatus": "public", "selfDeclaredMadeForKids": False},
    }


def video_of(variant: Variant) -> MediaItem:
    """The one video. Raises Invalid and MediaRejected."""
    videos = [item for item in variant.media if item.kind is MediaKind.VIDEO]
    if len(videos) != 1:
        raise Invalid(
            "one video is needed", [Problem(Severity.ERROR, Field.MEDIA, ProblemCode.TOO_FEW, 1, 0)]
        )
    if videos[0].size <= 0:
        raise MediaRejected("an empty file")
    return videos[0]
