"""Videos: recognised by content, measured, and freed of what their camera knew, without touching a frame.

Nothing is decoded here. The containers are walked by their own lengths, in place, on a copy of ours: what holds a
place, a time or anything that is no picture or sound is overwritten with zeros of the same length, so no offset moves.
"""

from dataclasses import dataclass
from pathlib import Path

from humasflow.media.processing import mp4, webm
from humasflow.media.processing.containers import Found, Malformed
from humasflow.media.processing.errors import MediaRejected, RejectionCode
from humasflow.media.processing.results import PrivateFacts

MP4, MOV, WEBM = ".mp4", ".mov", ".webm"
_WEBM_MAGIC = b"\x1a\x45\xdf\xa3"
_MP4_BRANDS = frozenset(
    {
        b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41", b"mp42", b"mp71",
        b"avc1", b"M4V ", b"M4VH", b"M4VP", b"MSNV", b"dash", b"f4v ", b"XAVC", b"3gp4", b"3gp5", b"3gp6",
    }
)  # fmt: skip


@dataclass(frozen=True)
class VideoFacts:
    """What is known of a video. Sides in pixels as shown, 0 when unknown."""

    width: int
    height: int
    duration_ms: int | None
    private: PrivateFacts


def suffix_of(head: bytes) -> str | None:
    """``.mp4``, ``.mov`` or ``.webm`` for a file that starts like this; None for anything else."""
    if head.startswith(_WEBM_MAGIC):
        return WEBM if b"webm" in head[:64] else None
    if head[4:8] != b"ftyp":
        return None
    if head[8:12] == b"qt  ":
        return MOV
    return MP4 if head[8:12] in _MP4_BRANDS else None


def clean(path: Path, suffix: str, filename: str) -> VideoFacts:
    """Blank what the file knows beside pictures and sound, in place, and return it. Raises :class:`MediaRejected`."""
    found = Found()
    try:
        with path.open("r+b") as file:
            walk = webm.clean if suffix == WEBM else mp4.clean
            walk(file, path.stat().st_size, found)
    except Malformed as error:
        raise MediaRejected(RejectionCode.DAMAGED_VIDEO, filename=filename, detail=str(error)) from error
    return VideoFacts(found.width, found.height, found.duration_ms, found.private)
