"""Sending a video to TikTok in pieces, by the rules of its media transfer guide.

Pieces are equally long and at least 5 MB, the last takes what is left over as well; how many there are is the size
divided by the length, rounded down. TikTok publishes by itself once the last one is there.
"""

from dataclasses import dataclass
from datetime import timedelta

from humasflow.channels.adapters.errors import MediaRejected, Transient
from humasflow.channels.adapters.http import Http, HttpAnswer, irreversible, repeatable
from humasflow.channels.adapters.variant import Files, MediaItem

# As small as TikTok lets it be: a piece, the last up to twice as long, has to get through within one call.
PIECE = 5 * 1024 * 1024
MAX_PIECES = 1000
TYPES = frozenset({"video/mp4", "video/quicktime", "video/webm"})
ADDRESS_LIVES = timedelta(minutes=55)  # an hour; what is sent late must still arrive


@dataclass(frozen=True, slots=True)
class Plan:
    """How a video of ``size`` bytes is cut: ``count`` pieces of ``length`` bytes, the last with the rest."""

    size: int
    length: int
    count: int

    def bounds(self, index: int) -> tuple[int, int]:
        """Where a piece begins, and how long it is."""
        start = index * self.length
        return start, (self.size - start if index == self.count - 1 else self.length)


def plan(size: int) -> Plan:
    """How to cut. What is shorter than two pieces goes in one, as everything under 5 MB must. Raises MediaRejected."""
    if size <= 0:
        raise MediaRejected("an empty file")
    if size < 2 * PIECE:
        return Plan(size, size, 1)
    count = size // PIECE
    if count > MAX_PIECES:
        raise MediaRejected("more than 1,000 pieces")
    return Plan(size, PIECE, count)


class Uploads:
    """Sends pieces. The address lets in whoever has it: no token goes there."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def send(self, address: str, files: Files, item: MediaItem, cut: Plan, index: int) -> bool:
        """A piece that is not the last: may be repeated. False when TikTok wants none of it any more (the address is
        old, or the order is lost) and the video has to be opened anew. Raises AdapterError.
        """
        return self._judged(repeatable(lambda: self._put(address, files, item, cut, index)))

    def finish(self, address: str, files: Files, item: MediaItem, cut: Plan) -> bool:
        """The last piece, with which TikTok publishes. Raises AdapterError, OutcomeUnknown when the answer is lost."""
        return self._judged(irreversible(lambda: self._put(address, files, item, cut, cut.count - 1)))

    def _put(self, address: str, files: Files, item: MediaItem, cut: Plan, index: int) -> HttpAnswer:
        start, length = cut.bounds(index)
        piece = files.part(item, start, length)
        if len(piece) != length:
            raise MediaRejected("the file ends early")
        return self._http(
            "PUT",
            address,
            headers={
                "Content-Type": item.mime,
                "Content-Length": str(length),
                "Content-Range": f"bytes {start}-{start + length - 1}/{cut.size}",
            },
            content=piece,
        )

    @staticmethod
    def _judged(answer: HttpAnswer) -> bool:
        if answer.is_ok:
            return True
        if answer.status in (403, 404, 410, 416):
            return False
        if answer.status == 429 or answer.status >= 500:
            raise Transient(f"status {answer.status}")
        raise MediaRejected(f"status {answer.status}")
