"""A resumable upload: a session, pieces, and the question how far it got.

The address of the session lets in whoever has it; it is used only where our own call would go, and shown nowhere. A
video exists once the last byte is there, so everything before it may be repeated.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from humasflow.channels.adapters.errors import Conflict, MediaRejected, Transient
from humasflow.channels.adapters.http import Http, HttpAnswer, body_or_unknown, irreversible, repeatable
from humasflow.channels.adapters.oauth import access_of
from humasflow.channels.adapters.variant import Account, Files, MediaItem
from humasflow.channels.adapters.youtube.api import YouTubeApi, refusal

GRAIN = 256 * 1024  # every piece but the last is a multiple of it
PIECE = 32 * GRAIN  # 8 MiB
_GOOGLE = ".googleapis.com"
_RANGE = re.compile(r"bytes=0-([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a session got: ``offset`` bytes, or a finished ``video``; ``is_gone``: YouTube no longer knows it."""

    offset: int = 0
    video: Mapping[str, Any] | None = None
    is_gone: bool = False
    answer: HttpAnswer | None = field(default=None, repr=False)


class Uploads:
    """Sessions of one installation."""

    def __init__(self, http: Http, api: YouTubeApi) -> None:
        self._http, self._api = http, api

    def open(self, account: Account, item: MediaItem, resource: Mapping[str, Any]) -> str:
        """A new session for the video; its address. Raises AdapterError."""
        answer = self._api.ask(
            account,
            "POST",
            "/upload/youtube/v3/videos",
            query={"uploadType": "resumable", "part": "snippet,status"},
            body=resource,
            headers={
                "X-Upload-Content-Type": item.mime or "application/octet-stream",
                "X-Upload-Content-Length": str(item.size),
            },
        )
        address = answer.headers.get("location", "")
        if not self._is_ours(address):
            raise Transient("no session")
        return address

    def progress(self, account: Account, address: str, size: int) -> Progress:
        """How far it got; changes nothing. Raises AdapterError."""
        answer = repeatable(
            lambda: self._put(
                account, address, b"", {"Content-Range": f"bytes */{size}", "Content-Length": "0"}
            )
        )
        return self._judged(answer)

    def send(self, account: Account, address: str, files: Files, item: MediaItem, offset: int) -> Progress:
        """The next piece, which is not the last: may be repeated. Raises AdapterError."""
        piece, headers = self._piece(files, item, offset)
        return self._judged(repeatable(lambda: self._put(account, address, piece, headers)))

    def finish(self, account: Account, address: str, files: Files, item: MediaItem, offset: int) -> Progress:
        """The last piece: the video exists afterwards. Raises AdapterError, OutcomeUnknown when the answer is lost."""
        piece, headers = self._piece(files, item, offset)
        answer = irreversible(lambda: self._put(account, address, piece, headers))
        if answer.is_ok:
            body_or_unknown(answer, "id")
        return self._judged(answer)

    def _piece(self, files: Files, item: MediaItem, offset: int) -> tuple[bytes, dict[str, str]]:
        piece = files.part(item, offset, min(PIECE, item.size - offset))
        if not piece:
            raise MediaRejected("the file ends early")
        last = offset + len(piece) - 1
        return piece, {
            "Content-Range": f"bytes {offset}-{last}/{item.size}",
            "Content-Length": str(len(piece)),
            "Content-Type": item.mime or "application/octet-stream",
        }

    def _put(self, account: Account, address: str, content: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        if not self._is_ours(address):
            raise Conflict("session elsewhere")
        told = {"Authorization": f"Bearer {access_of(account)}"} | dict(headers)
        return self._http("PUT", address, headers=told, content=content)

    def _judged(self, answer: HttpAnswer) -> Progress:
        if answer.status in (200, 201):
            found = answer.object()
            if not found.get("id"):
                raise Transient("a success that says nothing")
            return Progress(video=found, answer=answer)
        if answer.status == 308:
            got = _RANGE.fullmatch(answer.headers.get("range", "").strip())
            return Progress(int(got[1]) + 1 if got else 0)
        if answer.status in (404, 410):
            return Progress(is_gone=True)
        raise refusal(answer)

    def _is_ours(self, address: str) -> bool:
        """Whether the token may go there: the host that was asked, or another of Google's interfaces."""
        ours, theirs = urlsplit(self._api.base), urlsplit(address)
        if theirs.scheme != ours.scheme or theirs.username is not None:
            return False
        both_google = all(
            (part.hostname or "").endswith(_GOOGLE) and not part.port for part in (ours, theirs)
        )
        return theirs.netloc == ours.netloc or both_google
