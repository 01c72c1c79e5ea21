"""Media of a post on X: opened, sent in pieces, closed, processed, described; one remote step at a time.

What is known of each medium stands in the job's state: ``{"asset", "id", "size", "mime", "sent", "stage",
"expires_at"}`` in the order of the post. A medium that would be gone before the post goes out is sent anew.
"""

from datetime import datetime, timedelta
from typing import Any

from humasflow.channels.adapters.errors import MediaRejected, Transient
from humasflow.channels.adapters.multipart import FilePart, multipart
from humasflow.channels.adapters.variant import Account, Files, JsonObject, MediaItem, MediaKind
from humasflow.channels.adapters.x.api import XApi

PICTURE_BYTES = 5_000_000
PICTURE_SIDE = 4096
SEGMENT = 4 * 1024 * 1024  # at most 5 MB each, at most 1,000
VIDEO_TYPES = frozenset({"video/mp4", "video/quicktime", "video/webm", "video/mp2t"})
LEFT_TO_LIVE = timedelta(minutes=10)  # what a medium must still have for the post to be tried

# Stages of a medium, in their order; alternative texts are only for pictures.
APPEND, FINALIZE, PROCESSING, DESCRIBE, DONE = "append", "finalize", "processing", "describe", "done"


def is_done(step: JsonObject, item: MediaItem, now: datetime) -> bool:
    """Whether the medium is there, is this one, and will be there in a moment."""
    return step.get("stage") == DONE and step.get("asset") == item.asset_id and not _is_old(step, now)


def advance(
    api: XApi, account: Account, files: Files, item: MediaItem, step: JsonObject, now: datetime
) -> dict[str, Any]:
    """Make the next step of one medium and return what is known of it then; nothing where it has to begin anew.
    Raises AdapterError.
    """
    if not step or step.get("asset") != item.asset_id or _is_old(step, now):
        return _open(api, account, files, item, now)
    known = dict(step)
    if known["stage"] == APPEND:
        return _append(api, account, files, item, known)
    stages = {FINALIZE: _close, PROCESSING: _look, DESCRIBE: _describe}
    return stages[str(known["stage"])](api, account, item, known)


def wait_of(step: JsonObject) -> float:
    """Seconds until it is worth asking about a medium that is being processed."""
    return max(1.0, float(step.get("check_after", 5)))


def _is_old(step: JsonObject, now: datetime) -> bool:
    return datetime.fromisoformat(str(step["expires_at"])) - LEFT_TO_LIVE <= now


def _open(api: XApi, account: Account, files: Files, item: MediaItem, now: datetime) -> dict[str, Any]:
    if item.kind is MediaKind.IMAGE:
        content, mime = files.picture(item, max_bytes=PICTURE_BYTES, max_side=PICTURE_SIDE)
        size, category = len(content), "tweet_image"
    else:
        size, mime, category = item.size, item.mime, "tweet_video"
        if mime not in VIDEO_TYPES or size <= 0:
            raise MediaRejected(f"no video that X takes: {mime or 'unknown'}")
    answer = api.ask(
        account,
        "POST",
        "/2/media/upload/initialize",
        body={"media_category": category, "media_type": mime, "total_bytes": size},
    )
    found = _data(answer.object())
    lifetime = found.get("expires_after_secs")
    seconds = lifetime if isinstance(lifetime, int) and lifetime > 0 else 3600
    return {
        "asset": item.asset_id, "id": str(found["id"]), "size": size, "mime": mime, "sent": 0, "stage": APPEND,
        "expires_at": (now + timedelta(seconds=seconds)).isoformat(),
    }  # fmt: skip


def _append(
    api: XApi, account: Account, files: Files, item: MediaItem, step: dict[str, Any]
) -> dict[str, Any]:
    sent, size = int(step["sent"]), int(step["size"])
    if item.kind is MediaKind.IMAGE:
        content, _mime = files.picture(item, max_bytes=PICTURE_BYTES, max_side=PICTURE_SIDE)
        if len(content) != size:  # made anew by another version of the product: nothing of it fits
            return {}
        piece = content[sent : sent + SEGMENT]
    else:
        piece = files.part(item, sent, min(SEGMENT, size - sent))
    if not piece:
        raise MediaRejected("the file ends early")
    body, headers = multipart(
        {"segment_index": str(sent // SEGMENT)},
        [FilePart.of("media", "media", "application/octet-stream", piece)],
    )
    api.ask(account, "POST", f"/2/media/upload/{step['id']}/append", content=body, headers=headers)
    step["sent"] = sent + len(piece)
    step["stage"] = FINALIZE if step["sent"] >= size else APPEND
    return step


def _close(api: XApi, account: Account, item: MediaItem, step: dict[str, Any]) -> dict[str, Any]:
    answer = api.ask(account, "POST", f"/2/media/upload/{step['id']}/finalize")
    return _processed(_data(answer.object()), item, step)


def _look(api: XApi, account: Account, item: MediaItem, step: dict[str, Any]) -> dict[str, Any]:
    answer = api.ask(
        account, "GET", "/2/media/upload", query={"command": "STATUS", "media_id": str(step["id"])}
    )
    return _processed(_data(answer.object()), item, step)


def _processed(found: dict[str, Any], item: MediaItem, step: dict[str, Any]) -> dict[str, Any]:
    """A medium without ``processing_info`` is ready; a state that nobody knows yet is waited for like the others."""
    info = found.get("processing_info")
    state = info.get("state") if isinstance(info, dict) else "succeeded"
    if state == "failed":
        raise MediaRejected("processing failed")
    if state != "succeeded":
        wait = info.get("check_after_secs") if isinstance(info, dict) else None
        return step | {"stage": PROCESSING, "check_after": wait if isinstance(wait, int) else 5}
    step.pop("check_after", None)
    has_words = item.kind is MediaKind.IMAGE and item.alt_text.strip()
    return step | {"stage": DESCRIBE if has_words else DONE}


def _describe(api: XApi, account: Account, item: MediaItem, step: dict[str, Any]) -> dict[str, Any]:
    api.ask(
        account,
        "POST",
        "/2/media/metadata",
        body={"id": step["id"], "metadata": {"alt_text": {"text": item.alt_text.strip()}}},
    )
    return step | {"stage": DONE}


def _data(found: dict[str, Any]) -> dict[str, Any]:
    data = found.get("data")
    if not isinstance(data, dict) or not data.get("id"):
        raise Transient("a success that says nothing")
    return data
