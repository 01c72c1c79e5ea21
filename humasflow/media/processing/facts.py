"""What a camera wrote beside the pixels, and what a picture looks like in 64 bits. Runs inside the decoding process.

Everything read here is hostile text; what comes out is of fixed shape, and the parent checks it again.
"""

import math
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any

from PIL import ExifTags, Image

TIME_TAGS = (
    (ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal),
    (ExifTags.Base.DateTimeDigitized, ExifTags.Base.OffsetTimeDigitized),
)
LOOK_SIZE = (9, 8)


def private_facts(image: Image.Image) -> dict[str, Any]:
    """``taken`` (local, ISO 8601), ``offset`` (``+07:00``), ``latitude``, ``longitude``, ``camera``: what is known."""
    return _tried(_time, image) | _tried(_place, image) | _tried(_camera, image)


def _tried(part: Callable[[Image.Exif], dict[str, Any]], image: Image.Image) -> dict[str, Any]:
    try:
        return part(image.getexif())
    except Exception:  # noqa: BLE001 - Pillow's reader of hostile metadata raises whatever it meets
        return {}


def _time(exif: Image.Exif) -> dict[str, Any]:
    detail = exif.get_ifd(ExifTags.IFD.Exif)
    pairs = [(detail.get(when), detail.get(zone)) for when, zone in TIME_TAGS]
    pairs.append((exif.get(ExifTags.Base.DateTime), detail.get(ExifTags.Base.OffsetTime)))
    for text, offset in pairs:
        try:
            taken = datetime.strptime(str(text).strip("\0 "), "%Y:%m:%d %H:%M:%S")
        except ValueError:
            continue
        known = str(offset or "").strip("\0 ")
        return {"taken": taken.isoformat(), "offset": known[:6]}
    return {}


def _place(exif: Image.Exif) -> dict[str, Any]:
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S")
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W")
    if latitude is None or longitude is None:
        return {}
    return {"latitude": latitude, "longitude": longitude}


def _degrees(parts: Any, reference: Any, negative: str) -> float | None:
    if not isinstance(parts, tuple) or not 1 <= len(parts) <= 3:
        return None
    value: float = sum(float(part) / 60**at for at, part in enumerate(parts))
    if not math.isfinite(value):
        return None
    return round(-value if str(reference).strip("\0 ").upper() == negative else value, 6)


def _camera(exif: Image.Exif) -> dict[str, Any]:
    maker, model = (
        " ".join("".join(c if c.isprintable() else " " for c in str(exif.get(tag) or "")).split())
        for tag in (ExifTags.Base.Make, ExifTags.Base.Model)
    )
    name = model if maker and model.lower().startswith(maker.lower()) else f"{maker} {model}".strip()
    return {"camera": name[:120]} if name else {}


def look(image: Image.Image) -> str:
    """The difference hash: for each of 8 rows, whether each of 8 pixels is darker than its right neighbour; hex.

    Empty for a picture with next to nothing to compare (a blank sheet). Source: N. Krawetz, "Kind of Like That" (2013).
    """
    small = image.convert("L").resize(LOOK_SIZE, Image.Resampling.BOX)
    rows = [small.crop((0, y, LOOK_SIZE[0], y + 1)).tobytes() for y in range(LOOK_SIZE[1])]
    bits = 0
    for row in rows:
        for left, right in pairwise(row):
            bits = bits << 1 | (left < right)
    return f"{bits:016x}" if 4 <= bits.bit_count() <= 60 else ""
