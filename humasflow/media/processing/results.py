"""What goes into the pipeline and what comes out of it."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True)
class Incoming:
    """One file as it was sent. ``filename`` is only shown back to the sender; it decides nothing."""

    data: bytes | Path | BinaryIO
    filename: str


@dataclass(frozen=True)
class Rendition:
    """One newly encoded picture without metadata, in sRGB. Sides in pixels."""

    data: bytes = field(repr=False)
    width: int
    height: int
    suffix: str
    mime_type: str

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class PrivateFacts:
    """What the camera knew. ``taken`` is naive (the camera's wall clock) unless the file names its zone."""

    taken: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    camera: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to keep."""
        return self == PrivateFacts()


@dataclass(frozen=True)
class ProcessedImage:
    """Everything to store about one accepted picture.

    The same input gives the same bytes as long as the image library stays the same, so ``source_sha256`` (of the
    bytes as sent) is what recognises a photo that was sent before.
    """

    filename: str
    source_format: str
    """``jpeg``, ``png``, ``webp`` or ``gif``: by content, whatever the file was called."""

    source_bytes: int
    source_sha256: str
    dominant_colour: str
    """``#rrggbb``, for the space where the picture is about to appear."""

    look: str
    """64 bits in hex that similar pictures share; empty where there is nothing to compare."""

    private: "PrivateFacts"

    original: Rendition
    medium: Rendition
    thumb: Rendition

    @property
    def width(self) -> int:
        return self.original.width

    @property
    def height(self) -> int:
        return self.original.height

    @property
    def sha256(self) -> str:
        """Of the stored original."""
        return self.original.sha256
