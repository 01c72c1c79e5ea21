"""Uploads to a Mastodon server. A file is nobody's until a status takes it up; the server may work on it for a while,
and throws it away after a day.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from humasflow.channels.adapters.base import Pending, Ready
from humasflow.channels.adapters.errors import MediaRejected, Transient, Unsupported
from humasflow.channels.adapters.http import body_or_transient, repeatable
from humasflow.channels.adapters.mastodon.refusals import accepted, said
from humasflow.channels.adapters.mastodon.server import Server, id_in_path
from humasflow.channels.adapters.matching import instant_of
from humasflow.channels.adapters.multipart import FilePart, multipart
from humasflow.channels.adapters.variant import Files, Job, JsonObject, MediaItem, MediaKind

LIFE: Final = timedelta(hours=20)  # of an upload: well before the day is over
PICTURE_BYTES: Final = 16_000_000  # on a server that does not say
PICTURE_SIDE: Final = 3840  # pixels; servers keep no more
PIECE: Final = 1_048_576  # bytes of a video read at a time

Uploaded = dict[str, Any]
"""``id`` there, ``sha256`` and ``crop`` of what was sent, ``ready``: the server has finished with it."""


def standing(job: Job) -> dict[str, Any]:
    """What earlier steps left, while it is of the same files and the server still has it; else nothing."""
    have = uploads_in(job.prepare_state)
    if is_stale(job.prepare_state, now_of(job)) or _keys(have) != _wanted(job)[: len(have)]:
        return {}
    return dict(job.prepare_state)


def uploads_in(state: JsonObject) -> list[Uploaded]:
    """The uploads of a stored state."""
    return [dict(entry) for entry in state.get("media", ())]


def is_stale(state: JsonObject, now: datetime) -> bool:
    """Whether the server may have thrown them away."""
    since = instant_of(state.get("uploaded_at"))
    return since is not None and now - since > LIFE


def now_of(job: Job) -> datetime:
    """The instant of this call."""
    return job.now or job.committing_at or job.created_at


def progress(state: JsonObject) -> Ready | Pending:
    """All there: ready when the server has finished with each, else it is to be asked."""
    return Ready(state) if all(one["ready"] for one in uploads_in(state)) else Pending(state, 2, poll=True)


def upload(server: Server, job: Job, item: MediaItem) -> Uploaded:
    """Send one file with its description. Answered by 202, the server has it and is still at work on it."""
    description = item.alt_text.strip()
    part = _part(job, item)

    def send() -> Any:
        content, headers = multipart({"description": description} if description else {}, [part])
        return server.ask("POST", "/api/v2/media", headers, content)

    answer = repeatable(send)
    if answer.status in (413, 422):
        raise MediaRejected(said(answer))
    found = body_or_transient(accepted(answer), "id")
    is_ready = answer.status == 200 and bool(found.get("url"))
    return {"id": str(found["id"]), "sha256": item.sha256, "crop": item.crop, "ready": is_ready}


def is_finished(server: Server, one: Uploaded) -> bool:
    """Whether the server has finished with an upload. Raises MediaRejected when it could not."""
    answer = server.get(f"/api/v1/media/{id_in_path(one['id'])}")
    if answer.status in (404, 422):
        raise MediaRejected(said(answer))
    return accepted(answer).status != 206 and bool(answer.object().get("url"))


def attached(server: Server, job: Job) -> list[Uploaded]:
    """What a corrected status is to carry: what it was published with, where those are the same files in the same
    order, otherwise all of them anew. Raises Unsupported for another video: the server works on it for longer than one
    correction waits, and would be sent it again at each try.
    """
    have = uploads_in(job.prepare_state)
    if _keys(have) == _wanted(job):
        return have
    if any(item.kind is not MediaKind.IMAGE for item in job.variant.media):
        raise Unsupported("video_replaced")
    fresh = [upload(server, job, item) for item in job.variant.media]
    if not all(one["ready"] for one in fresh):
        raise Transient("the server is still working on the media")
    return fresh


def _keys(have: list[Uploaded]) -> list[tuple[str, str]]:
    return [(one["sha256"], one["crop"]) for one in have]


def _wanted(job: Job) -> list[tuple[str, str]]:
    return [(item.sha256, item.crop) for item in job.variant.media]


def _part(job: Job, item: MediaItem) -> FilePart:
    if item.kind is not MediaKind.IMAGE:
        return FilePart(
            "file", item.filename or "file", item.mime, item.size, lambda: _pieces(item, job.files)
        )
    most = int(job.account.settings.get("picture_bytes") or PICTURE_BYTES)
    content, mime = job.files.picture(item, max_bytes=most, max_side=PICTURE_SIDE)
    return FilePart.of("file", f"picture.{mime.rpartition('/')[2]}", mime, content)


def _pieces(item: MediaItem, files: Files) -> Iterator[bytes]:
    for start in range(0, item.size, PIECE):
        yield files.part(item, start, min(PIECE, item.size - start))
