"""What a decoding process answered is believed only as far as its shape goes: hostile bytes may have written it."""

import math
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from humasflow.media.processing.results import PrivateFacts

_LOOK = re.compile(r"[0-9a-f]{16}")
_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})")
_FIRST_YEAR = 1990  # cameras with an unset clock say 1970 or 1980; digital pictures are not older


def look(value: Any) -> str:
    """A difference hash, or none."""
    return value if isinstance(value, str) and _LOOK.fullmatch(value) else ""


def facts(value: Any) -> PrivateFacts:
    """Private facts within what can be; everything else is left out."""
    if not isinstance(value, dict):
        return PrivateFacts()
    latitude, longitude = place(value.get("latitude"), value.get("longitude"))
    camera = value.get("camera")
    return PrivateFacts(
        taken=moment(value.get("taken"), value.get("offset")),
        latitude=latitude,
        longitude=longitude,
        camera=camera.replace("\x00", "")[:120] if isinstance(camera, str) else "",
    )


def place(latitude: Any, longitude: Any) -> tuple[float | None, float | None]:
    """Degrees on the globe; 0, 0 is a receiver without a signal."""
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None, None
    fits = (
        math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    )
    if not fits or (latitude == 0 and longitude == 0):
        return None, None
    return float(latitude), float(longitude)


def moment(taken: Any, offset: Any) -> datetime | None:
    """When it was taken: aware when the file names its zone, else naive."""
    if not isinstance(taken, str):
        return None
    try:
        found = datetime.fromisoformat(taken[:19])
    except ValueError:
        return None
    if found.tzinfo is not None or not _FIRST_YEAR <= found.year <= 2200:
        return None
    match = _OFFSET.fullmatch(offset) if isinstance(offset, str) else None
    if match is None:
        return found.replace(tzinfo=UTC) if offset == "Z" else found
    shift = timedelta(hours=int(match[2]), minutes=int(match[3]))
    if shift > timedelta(hours=14):
        return found
    return found.replace(tzinfo=timezone(-shift if match[1] == "-" else shift))
