"""A video on a Facebook Page, uploaded in parts to a session that has its id from the start. Nobody sees it before the
session is finished, so that id tells for certain what became of it.
"""

from typing import Any

from humasflow.channels.adapters.base import Absent, CannotTell, Pending, Ready, Receipt
from humasflow.channels.adapters.errors import Conflict, Invalid, MediaRejected, Transient
from humasflow.channels.adapters.http import Http
from humasflow.channels.adapters.meta.graph import GRAPH_VIDEO, Graph, graph_of, id_of
from humasflow.channels.adapters.meta.refusals import WrongOffset
from humasflow.channels.adapters.multipart import FilePart
from humasflow.channels.adapters.validation import compose_text
from humasflow.channels.adapters.variant import Job
from humasflow.core.urls import is_http_url

LOOK_AGAIN = 15.0  # seconds
_AT_WORK = frozenset({"processing"})
_BROKEN = frozenset({"error", "upload_failed"})
PART = 4_194_304  # bytes sent in one call, at most: a call has only seconds


def prepare(http: Http, job: Job, state: dict[str, Any]) -> Ready | Pending:
    """Opens the session, then sends one part a call."""
    graph, path = graph_of(http, job.account, GRAPH_VIDEO), _path(job)
    item = job.variant.media[0]
    session = state.get("video")
    if session is None:
        found = graph.post(path, {"upload_phase": "start", "file_size": str(item.size)})
        kept = {"id": _text(found, "video_id"), "session": _text(found, "upload_session_id"), **_span(found)}
        return Pending({**state, "video": kept})
    start, end = int(session["start"]), min(int(session["end"]), int(session["start"]) + PART)
    if start >= item.size or start >= int(session["end"]):
        return Ready(state)
    piece = job.files.part(item, start, end - start)
    part = FilePart.of("video_file_chunk", "part", "application/octet-stream", piece)
    values = {
        "upload_phase": "transfer", "upload_session_id": str(session["session"]), "start_offset": str(start),
    }  # fmt: skip
    try:
        found = graph.upload(path, values, part)
    except WrongOffset as refused:
        # The answer to an earlier part was lost: the session says where it goes on, or is given up.
        if refused.span is None:
            return Pending({name: kept for name, kept in state.items() if name != "video"})
        start, end = refused.span
        return Pending({**state, "video": {**session, "start": start, "end": end}})
    state = {**state, "video": {**session, **_span(found)}}
    return Pending(state) if state["video"]["start"] < state["video"]["end"] else Ready(state)


def commit(http: Http, job: Job) -> Pending:
    """Finishes the session, after which Facebook works on the video and then shows it: that it does, :func:`find`
    asks.
    """
    session = job.prepare_state["video"]
    values = {
        "upload_phase": "finish", "upload_session_id": str(session["session"]),
        "description": compose_text(job.variant), "title": job.variant.title.strip(),
    }  # fmt: skip
    graph = graph_of(http, job.account, GRAPH_VIDEO)
    _found, digest = graph.publish(
        _path(job), {name: text for name, text in values.items() if text}, "success"
    )
    return Pending({**job.prepare_state, "finished": digest}, LOOK_AGAIN)


def find(graph: Graph, job: Job) -> Receipt | Absent | CannotTell | Pending:
    """Asks for the video by its id: live once it is ready and published. What Facebook has not said it can be, while it
    was told to finish it, is waited for; one that does not say leaves it to a person. Raises MediaRejected, as what
    became of it, where Facebook cannot make a video of the file.
    """
    video_id, finished = str(job.prepare_state["video"]["id"]), job.prepare_state.get("finished")
    try:
        found = graph.get(id_of(video_id), fields="id,published,permalink_url,status")
    except (Conflict, Invalid):
        return CannotTell()
    told = found.get("status")
    status = str(told.get("video_status") or "").lower() if isinstance(told, dict) else ""
    if status in _BROKEN:
        raise MediaRejected(f"video_status {status}").as_outcome()
    if status in _AT_WORK:
        return Pending(job.prepare_state, LOOK_AGAIN)
    if found.get("published") is True:
        link = found.get("permalink_url")
        if isinstance(link, str) and link.startswith("/"):
            link = f"https://www.facebook.com{link}"
        digest = finished if isinstance(finished, str) else None
        return Receipt(video_id, link if isinstance(link, str) and is_http_url(link) else None, digest)
    if finished:
        return Pending(job.prepare_state, LOOK_AGAIN)
    return Absent() if found.get("published") is False else CannotTell()


def _path(job: Job) -> str:
    return f"{id_of(job.account.settings.get('page_id'))}/videos"


def _text(found: dict[str, Any], name: str) -> str:
    if not found.get(name):
        raise Transient(f"an upload session without {name}")
    return str(found[name])


def _span(found: dict[str, Any]) -> dict[str, int]:
    """From which byte to which one more is wanted; both the same when nothing is."""
    try:
        return {"start": int(found["start_offset"]), "end": int(found["end_offset"])}
    except (KeyError, ValueError, TypeError):
        raise Transient("an upload session without offsets") from None
