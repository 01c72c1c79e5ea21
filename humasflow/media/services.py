"""Receiving and describing pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from flask import current_app
from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotAllowed
from humasflow.core.permissions import Permission
from humasflow.core.versions import expect_version
from humasflow.media.models import Asset
from humasflow.media.processing import ImageLimits, Incoming, MediaRejected, ProcessedImage, process_many
from humasflow.media.storage import MediaStorage


@dataclass(frozen=True)
class Upload:
    """One file as it arrived."""

    filename: str
    stream: BinaryIO


@dataclass(frozen=True)
class Refusal:
    """A file that was not accepted, and the sentence for its sender."""

    filename: str
    message: str


def storage() -> MediaStorage:
    """Where pictures are kept: outside everything that is served by itself."""
    return MediaStorage(current_app.config["DATA_DIR"] / "media")


def receive(uploads: Sequence[Upload], *, actor: Principal, office_id: int) -> tuple[list[Asset], list[Refusal]]:
    """Check, re-encode and keep files; the good ones are kept even if others are refused. Flushes.

    Needs ``media:upload`` in the office.
    """
    if not actor.can(Permission.MEDIA_UPLOAD, office_id):
        raise NotAllowed(_("Peran Anda belum mencakup pengunggahan foto."))
    return keep_images(uploads, office_id=office_id, actor=actor)


def keep_images(
    uploads: Sequence[Upload], *, office_id: int, actor: audit.Actor | None
) -> tuple[list[Asset], list[Refusal]]:
    """The same without asking for a permission: for evidence of a manual task and for the sample office."""
    limits = ImageLimits(max_bytes=current_app.config["MAX_IMAGE_BYTES"])
    outcomes = process_many([Incoming(u.stream, u.filename) for u in uploads], limits=limits)
    kept: list[Asset] = []
    refused: list[Refusal] = []
    for upload, outcome in zip(uploads, outcomes, strict=True):
        if isinstance(outcome, MediaRejected):
            refused.append(Refusal(upload.filename[:120], outcome.message))
        else:
            kept.append(_keep(outcome, upload.filename, office_id=office_id, actor=actor))
    return kept, refused


def _keep(image: ProcessedImage, filename: str, *, office_id: int, actor: audit.Actor | None) -> Asset:
    store = storage()
    asset = Asset(
        office_id=office_id, uploaded_by=actor.id if actor else None, created_at=clock.now(),
        filename=filename[-200:] or "foto.jpg",
        original_key=store.put(image.original.data, image.original.suffix),
        medium_key=store.put(image.medium.data, image.medium.suffix),
        thumb_key=store.put(image.thumb.data, image.thumb.suffix),
        sha256=image.sha256, source_sha256=image.source_sha256, width=image.width, height=image.height,
        size=len(image.original.data), colour=image.dominant_colour, credit="", alt_text="", caption="",
    )  # fmt: skip
    db.session.add(asset)
    db.session.flush()
    audit.record(AuditAction.ASSET_UPLOADED, ("asset", asset.id), office_id=office_id, actor=actor)
    return asset


def describe_asset(
    asset: Asset, *, actor: Principal, credit: str, alt_text: str, caption: str, row_version: int | None
) -> None:
    """Say who took it, what it shows (for those who cannot see it) and the caption."""
    if not (actor.can(Permission.STORY_WRITE, asset.office_id) or asset.uploaded_by == actor.id):
        raise NotAllowed(_("Keterangan foto ini dilengkapi oleh redaktur atau pengunggahnya."))
    expect_version(asset, row_version)
    asset.credit, asset.alt_text, asset.caption = credit, alt_text, caption
    db.session.flush()
    audit.record(AuditAction.ASSET_DESCRIBED, ("asset", asset.id), office_id=asset.office_id, actor=actor)
