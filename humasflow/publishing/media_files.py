"""The media of a job: their bytes for the adapter, and the addresses under which a channel may fetch them itself.

An address is unguessable and opens only while its delivery is on its way, at most OPEN_FOR; before and after there is
nothing behind it, so no channel and nobody else sees a picture of what is not out yet.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import delete, select

from humasflow.channels.adapters.errors import MediaRejected
from humasflow.channels.adapters.variant import MediaItem
from humasflow.core.db import database_now, db
from humasflow.core.outbound_addresses import is_public
from humasflow.core.secrets import decrypt, encrypt, hash_token, new_token
from humasflow.media.enums import Ratio
from humasflow.media.models import Asset
from humasflow.media.processing.sandbox import SandboxBroken
from humasflow.media.processing.shaping import Cut, cut_picture
from humasflow.media.services import storage
from humasflow.media.services.renditions import SIDES, cut_sides
from humasflow.media.storage import MediaStorage
from humasflow.publishing.embargo import is_embargoed
from humasflow.publishing.enums import DeliveryState as S
from humasflow.publishing.models import Delivery, MediaOpening

OPEN_IN: Final = frozenset({S.PREPARING, S.PREPARED, S.COMMITTING})
# Made of what the file is: a channel reads it, and a name that a person gave may end in anything.
_SUFFIXES: Final = {"video/mp4": ".mp4", "video/quicktime": ".mov", "video/webm": ".webm"}
OPEN_FOR: Final = timedelta(hours=6)
KEPT_LONGER: Final = timedelta(minutes=30)  # an address with less than this left is not given out again
FORGOTTEN_AFTER: Final = timedelta(days=7)
LEAST_SIDE: Final = 320  # pixels of the longer side: smaller than this nobody can see anything
# How a picture is made smaller, gently first: part of the sides, and quality in per cent.
_STEPS: Final = ((1.0, 88), (1.0, 80), (1.0, 70), (0.8, 75), (0.6, 75), (0.45, 70), (0.3, 70), (0.2, 60))


@dataclass(frozen=True, slots=True)
class _Stored:
    """A file of the library, without the database."""

    key: str
    mime: str
    width: int
    height: int
    focus: tuple[int, int]
    is_image: bool


class JobFiles:
    """The bytes of a job's media, read while no transaction is open."""

    def __init__(self, store: MediaStorage, stored: Mapping[int, _Stored]) -> None:
        self._store, self._stored = store, stored

    def picture(
        self, item: MediaItem, *, max_bytes: int | None = None, max_side: int | None = None
    ) -> tuple[bytes, str]:
        """The picture in its shape, at most ``max_bytes`` bytes and ``max_side`` pixels, and its MIME type (JPEG).

        Raises MediaRejected when it cannot be made to fit.
        """
        stored, path = self._file(item)
        if not stored.is_image:
            raise MediaRejected("not a picture")
        width, height = shape_of(stored.width, stored.height, item.crop)
        side = min(max(width, height), max_side or max(width, height))
        untouched = not item.crop and side == max(width, height)
        if untouched and (max_bytes is None or path.stat().st_size <= max_bytes):
            return path.read_bytes(), stored.mime
        sizes = [(max(1, round(side * part)), quality) for part, quality in _STEPS]
        cuts = [
            _cut(stored, width, height, item.crop, side, quality)
            for number, (side, quality) in enumerate(sizes)
            if number == 0 or side >= LEAST_SIDE
        ]
        # What usually fits is made alone; the smaller ones only when it does not.
        for some in (cuts[:1], cuts[1:]):
            for data in _made(path, some):
                if max_bytes is None or len(data) <= max_bytes:
                    return data, "image/jpeg"
        raise MediaRejected(f"a picture cannot be brought below {max_bytes} bytes")

    def part(self, item: MediaItem, start: int, size: int) -> bytes:
        """At most ``size`` bytes of the stored file from ``start``. Raises MediaRejected when it is gone."""
        _stored, path = self._file(item)
        with path.open("rb") as file:
            file.seek(start)
            return file.read(size)

    def _file(self, item: MediaItem) -> tuple[_Stored, Path]:
        found = self._stored.get(item.asset_id)
        if found is None or not self._store.exists(found.key):
            raise MediaRejected(f"the file of asset {item.asset_id} is missing")
        return found, self._store.path(found.key)


def files_of(items: Iterable[MediaItem]) -> JobFiles:
    """The files of these media; one statement."""
    mimes = {item.asset_id: item.mime for item in items}
    found = db.session.scalars(select(Asset).where(Asset.id.in_(mimes))) if mimes else ()
    stored = {
        a.id: _Stored(
            a.original_key, mimes[a.id] or "image/jpeg", a.width, a.height, (a.focal_x, a.focal_y), a.is_image
        )
        for a in found
    }
    return JobFiles(storage(), stored)


def shape_of(width: int, height: int, crop: str) -> tuple[int, int]:
    """The sides in pixels of a picture of these sides when it is cut to a shape; never enlarged. Empty: as it is."""
    if not crop or not width or not height:
        return width, height
    return cut_sides(width, height, SIDES[Ratio(crop)])


def _cut(stored: _Stored, width: int, height: int, crop: str, side: int, quality: int) -> Cut:
    if side < max(width, height):
        # Made smaller, a shape is still that shape; a whole picture keeps its own.
        shape = SIDES[Ratio(crop)] if crop else (width, height)
        width, height = cut_sides(side, side, shape)
    return Cut(width, height, *stored.focus, "jpg", quality)


def _made(source: Path, cuts: list[Cut]) -> list[bytes]:
    try:
        return cut_picture(source, cuts) if cuts else []
    except SandboxBroken as broken:
        raise MediaRejected("a stored picture could not be brought into shape") from broken


# Addresses for channels that fetch media themselves


def public_base() -> str | None:
    """Where machines on the internet reach this installation, without a trailing slash; None where they cannot: it
    is not https, or names a machine of our own network.
    """
    base = str(current_app.config["PUBLIC_URL"]).rstrip("/")
    parts = urlsplit(base)
    host = parts.hostname or ""
    is_number = ":" in host or host.replace(".", "").isdigit()
    is_named = "." in host and not host.endswith((".local", ".internal", ".localhost", ".lan", ".test"))
    return base if parts.scheme == "https" and (is_public(host) if is_number else is_named) else None


def opened(delivery: Delivery, items: Sequence[MediaItem], *, base: str) -> tuple[MediaItem, ...]:
    """The media with an address each that works while this delivery is on its way. Known ones are given out again as
    long as they last. Flushes.
    """
    now = database_now()
    known = {
        (o.asset_id, o.crop): o
        for o in db.session.scalars(
            select(MediaOpening)
            .where(MediaOpening.delivery_id == delivery.id, MediaOpening.expires_at > now + KEPT_LONGER)
            .order_by(MediaOpening.id)
        )
    }
    found = []
    for item in items:
        row = known.get((item.asset_id, item.crop))
        if row is None:
            token = new_token(24)
            row = MediaOpening(
                delivery_id=delivery.id, asset_id=item.asset_id, crop=item.crop, token_hash=hash_token(token),
                token=encrypt(token), opened_at=now, expires_at=now + OPEN_FOR,
            )  # fmt: skip
            db.session.add(row)
            known[item.asset_id, item.crop] = row
        suffix = _SUFFIXES.get(item.mime, ".mp4") if item.mime.startswith("video/") else ".jpg"
        address = f"{base}/m/{decrypt(row.token)}{suffix}"
        found.append(replace(item, public_url=address))
    db.session.flush()
    return tuple(found)


def find_opened(token: str) -> tuple[Asset, str] | None:
    """The file behind an address, and the shape it is shown in; None while it is not open."""
    row = db.session.execute(
        select(MediaOpening, Delivery, Asset)
        .join(Delivery, Delivery.id == MediaOpening.delivery_id)
        .join(Asset, Asset.id == MediaOpening.asset_id)
        .where(
            MediaOpening.token_hash == hash_token(token), MediaOpening.expires_at > database_now(),
            Delivery.state.in_(OPEN_IN), Asset.blocked_reason.is_(None),
        )
    ).first()  # fmt: skip
    if row is None or is_embargoed(row[1].post):
        return None
    return row[2], row[0].crop


def forget_openings() -> int:
    """Remove addresses that have long been closed. Returns how many."""
    before = database_now() - FORGOTTEN_AFTER
    result = db.session.execute(delete(MediaOpening).where(MediaOpening.expires_at < before))
    return int(getattr(result, "rowcount", 0))
