"""What the walkers of video containers share."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from humasflow.media.processing.checking import place
from humasflow.media.processing.results import PrivateFacts

MAX_SIDE = 16_384
MAX_ELEMENTS = 200_000
"""No real file has more boxes; a hostile one must end somewhere."""

_ZEROS = bytes(1 << 16)
_ISO6709 = re.compile(rb"([+-]\d{1,3}(?:\.\d{1,10})?)([+-]\d{1,3}(?:\.\d{1,10})?)")


class Malformed(ValueError):
    """The lengths inside the file contradict each other."""


@dataclass
class Found:
    """Collected on the way."""

    width: int = 0
    height: int = 0
    duration_ms: int | None = None
    taken: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    elements: int = 0
    dropped: int = 0  # bytes

    def count(self) -> None:
        """One more element. Raises :class:`Malformed` when there are too many."""
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise Malformed("too many elements")

    def see_sides(self, width: int, height: int) -> None:
        """The first picture track decides."""
        if not self.width and 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE:
            self.width, self.height = width, height

    def see_duration(self, seconds: float) -> None:
        """Up to a day; anything else is nonsense."""
        if self.duration_ms is None and 0 < seconds <= 86_400:
            self.duration_ms = round(seconds * 1000)

    def see_time(self, moment: datetime) -> None:
        """A camera with an unset clock says 1904 or 1970."""
        if self.taken is None and 1990 <= moment.year <= 2200:
            self.taken = moment.astimezone(UTC)

    def see_text(self, text: bytes) -> None:
        """Metadata that may hold a place as ISO 6709 (``+06.1754+106.8272/``)."""
        match = _ISO6709.search(text) if self.latitude is None else None
        if match is not None:
            self.latitude, self.longitude = place(float(match[1]), float(match[2]))

    @property
    def private(self) -> PrivateFacts:
        """What is kept for those who may edit."""
        return PrivateFacts(self.taken, self.latitude, self.longitude)


def read_at(file: BinaryIO, position: int, size: int) -> bytes:
    """Exactly ``size`` bytes. Raises :class:`Malformed` at the end of the file."""
    file.seek(position)
    data = file.read(size)
    if len(data) != size:
        raise Malformed("ends too early")
    return data


def write_at(file: BinaryIO, position: int, data: bytes) -> None:
    """Overwrite."""
    file.seek(position)
    file.write(data)


def blank(file: BinaryIO, start: int, end: int) -> None:
    """Zeros from ``start`` up to ``end``."""
    file.seek(start)
    left = end - start
    while left > 0:
        left -= file.write(_ZEROS[: min(left, len(_ZEROS))])
