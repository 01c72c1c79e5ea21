"""Names of files inside a pack: ASCII, short, and safe wherever they are unpacked.

A name is built here and nowhere else, from a number, a date and words that lost everything but letters, digits and
hyphens. So no title can climb out of the folder, hide an extension or hit a name that Windows keeps for itself.
"""

import re
from datetime import date
from typing import Final

from humasflow.core.slugs import slugify

LIMIT: Final = 120  # characters of one name; with a folder and a deep desktop Windows still opens it
_TITLE: Final = 60
_CHANNEL: Final = 24
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
_FULL = re.compile(r"(?:[A-Za-z0-9_-]+/)?[A-Za-z0-9_-][A-Za-z0-9._-]*")
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
)


class UnsafeName(ValueError):
    """A name that must not stand in a pack: a fault of ours, never of what people typed."""


def evidence_name(
    number: int, day: date | None, channel: str, title: str, suffix: str, *, part: int = 0
) -> str:
    """``0001_2026-03-31_instagram_judul.png``; ``part`` tells the files of one publication apart from the second on."""
    if number < 1:
        raise ValueError("evidence is numbered from 1")
    pieces = [
        f"{number:04}",
        day.isoformat() if day else "tanpa-tanggal",
        slugify(channel, limit=_CHANNEL, fallback="kanal"),
        slugify(title, limit=_TITLE),
    ]
    if part:
        pieces.append(str(part + 1))
    return safe("_".join(pieces) + suffix_of(suffix))


def document_name(number: int, title: str, suffix: str) -> str:
    """``D01_nota-dinas-12.pdf``: a document that vouches for numbers of no single publication."""
    return safe(f"D{number:02}_{slugify(title, limit=_TITLE, fallback='dokumen')}{suffix_of(suffix)}")


def suffix_of(text: str) -> str:
    """A lower-case extension with its dot; ``.bin`` for anything else."""
    lower = text.lower()
    return lower if _SUFFIX.fullmatch(lower) else ".bin"


def safe(name: str) -> str:
    """The same name, when it may stand in a pack. At most one folder. Raises UnsafeName."""
    last = name.rpartition("/")[2]
    if (
        not _FULL.fullmatch(name)
        or len(last) > LIMIT
        or last.endswith(".")
        or any(part.partition(".")[0].lower() in _RESERVED for part in name.split("/"))
    ):
        raise UnsafeName(name[:200])
    return name
