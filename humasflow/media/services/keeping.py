"""Writing a new file of the library: its row, its private facts, and what it looks like."""

from datetime import UTC, datetime
from typing import Any

from flask import current_app

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import zone
from humasflow.media.enums import AssetKind
from humasflow.media.looks import slots_of
from humasflow.media.models import Asset, AssetBand, AssetFacts
from humasflow.media.processing import PrivateFacts, ProcessedImage
from humasflow.media.storage import MediaStorage
from humasflow.orgs.models import Unit


def storage() -> MediaStorage:
    """Where files are kept: outside everything that is served by itself."""
    return MediaStorage(current_app.config["DATA_DIR"] / "media")


def keep_picture(image: ProcessedImage, filename: str, *, office_id: int, actor: audit.Actor | None) -> Asset:
    """Store the three sizes and write the row. Flushes."""
    store = storage()
    return add_asset(
        office_id=office_id, actor=actor, filename=filename, private=image.private, kind=AssetKind.IMAGE,
        original_key=store.put(image.original.data, image.original.suffix),
        medium_key=store.put(image.medium.data, image.medium.suffix),
        thumb_key=store.put(image.thumb.data, image.thumb.suffix),
        sha256=image.sha256, source_sha256=image.source_sha256, look=image.look, width=image.width,
        height=image.height, size=len(image.original.data), colour=image.dominant_colour,
    )  # fmt: skip


def add_asset(
    *, office_id: int, actor: audit.Actor | None, filename: str, private: PrivateFacts, **columns: Any
) -> Asset:
    """Write the row of a file whose bytes are stored, with everything that belongs to it. Flushes."""
    asset = Asset(
        office_id=office_id, uploaded_by=actor.id if actor else None, created_at=clock.now(),
        filename=filename.replace("\x00", "")[-200:] or "foto.jpg", credit="", alt_text="", caption="", **columns,
    )  # fmt: skip
    db.session.add(asset)
    db.session.flush()
    db.session.add_all(
        AssetBand(asset_id=asset.id, slot=slot, office_id=office_id) for slot in slots_of(asset.look)
    )
    if not private.is_empty:
        db.session.add(_facts(asset, private))
    db.session.flush()
    audit.record(AuditAction.ASSET_UPLOADED, ("asset", asset.id), office_id=office_id, actor=actor)
    return asset


def _facts(asset: Asset, private: PrivateFacts) -> AssetFacts:
    """A camera's wall clock names no zone unless it says so: then the office's is taken, and that is remembered."""
    captured: datetime | None = None
    assumed = False
    if private.taken is not None:
        assumed = private.taken.tzinfo is None
        office = db.session.get_one(Unit, asset.office_id)
        local = private.taken.replace(tzinfo=zone(office.zone_name)) if assumed else private.taken
        captured = local.astimezone(UTC)
    return AssetFacts(
        asset_id=asset.id, office_id=asset.office_id, captured_at=captured, zone_assumed=assumed,
        latitude=private.latitude, longitude=private.longitude, camera=private.camera,
    )  # fmt: skip
