"""What an incoming picture may be, and what decoding it may cost."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """Limits for one picture. Sides are in pixels and mean the longer side unless said otherwise.

    Evidence of a long page may be kept sharper by raising ``original_side``.
    """

    max_bytes: int = 20 * MEBIBYTE
    max_pixels: int = 50_000_000
    min_side: int = 200
    """The shorter side at least: below it a picture cannot be published on any channel."""

    original_side: int = 2560
    medium_side: int = 1280
    thumb_side: int = 480

    address_space_bytes: int = 600 * MEBIBYTE
    memory_bytes: int = 272 * MEBIBYTE
    """Private memory of the decoding process. With the 12 MiB of program files it maps it stays below 300 MB."""

    cpu_seconds: int = 20
    wall_seconds: int = 45

    @property
    def max_megabytes(self) -> int:
        return self.max_bytes // MEBIBYTE
