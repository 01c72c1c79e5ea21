"""Pictures in the shapes that channels ask for, cut around the focal point.

Made when first asked for and kept: the name of a file is the SHA-256 of what it was made from (the stored original's
own hash, shape, size, focal point, format), so another focal point is another file and nothing ever goes stale. The
folder may be emptied at any time.
"""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from flask import current_app

from humasflow.core import unit_of_work
from humasflow.core.errors import NotFound
from humasflow.media.enums import Ratio
from humasflow.media.models import Asset
from humasflow.media.processing import shaping
from humasflow.media.services.keeping import storage
from humasflow.media.storage import full_disk_reported

Size = Literal["large", "small"]
Format = Literal["webp", "jpg"]

SIDES: dict[Ratio, tuple[int, int]] = {
    Ratio.SQUARE: (1080, 1080),
    Ratio.PORTRAIT: (1080, 1350),
    Ratio.STORY: (1080, 1920),
    Ratio.WIDE: (1920, 1080),
}
SMALL_PART = 3  # a small one has a third of the sides
RECIPE = "2"  # raise it when the way of cutting changes
_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}


@dataclass(frozen=True)
class Rendered:
    """A file ready to be sent. ``key`` names its content; sides in pixels are the most it has, never enlarged."""

    path: Path
    key: str
    mime_type: str
    width: int
    height: int


def cut_sides(width: int, height: int, shape: tuple[int, int]) -> tuple[int, int]:
    """The sides in pixels of a picture of these sides (one or more) when it is cut to a shape (its most sides); never
    enlarged.

    Whole pixels seldom make a shape exactly. What is left over goes towards the square: channels refuse what is
    taller or wider than a shape, never what is less so.
    """
    wide, tall = shape
    if wide > tall:
        tall, wide = cut_sides(height, width, (tall, wide))
        return wide, tall
    least = max(1, min(wide, width, height * wide // tall))
    return least, max(1, least * tall // wide)


def rendition(asset: Asset, ratio: Ratio, size: Size = "large", *, suffix: Format = "jpg") -> Rendered:
    """A picture in one shape. Makes it when it is not there yet, with the database let go. Raises NotFound.

    The picture holds nothing but pixels: no time, no place, no device.
    """
    if not asset.is_image:
        raise NotFound
    width, height = SIDES[ratio]
    if size == "small":
        width, height = width // SMALL_PART, height // SMALL_PART
    recipe = f"{RECIPE}|{asset.original_key}|{width}x{height}|{asset.focal_x},{asset.focal_y}|{suffix}"
    key = hashlib.sha256(recipe.encode()).hexdigest()
    path = _folder() / key[:2] / f"{key}.{suffix}"
    sides = cut_sides(asset.width, asset.height, (width, height))
    rendered = Rendered(path, key, _TYPES[suffix], *sides)
    if path.is_file():
        return rendered
    source = storage().path(asset.original_key)
    if not source.is_file():
        current_app.logger.error(
            "picture file is missing", extra={"asset": asset.id, "key": asset.original_key}
        )
        raise NotFound
    cut = shaping.Cut(*sides, asset.focal_x, asset.focal_y, suffix)
    with unit_of_work.let_go():
        (data,) = shaping.cut_picture(source, [cut])
        _write(path, data)
    return rendered


def _folder() -> Path:
    folder: Path = current_app.config["DATA_DIR"] / "renditions"
    return folder


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: two requests may make the same one at the same time."""
    with full_disk_reported():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
