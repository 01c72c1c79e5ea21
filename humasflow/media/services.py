"""Receiving and describing pictures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import current_app
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotAllowed
from humasflow.core.permissions import Permission
from humasflow.core.versions import expect_version
from humasflow.media import queries
from humasflow.media.models import Asset
from humasflow.media.policy import can_describe
from humasflow.media.processing import ImageLimits, Incoming, MediaRejected, ProcessedImage, process_many
from humasflow.media.storage import MediaStorage

MAX_FILES = 20  # at once: each is decoded while the person waits


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


def uploads_from(files: Iterable[FileStorage] | None) -> list[Upload]:
    """The files of a form field, without the empty entry that a browser sends for a field left alone."""
    return [Upload(f.filename, cast(BinaryIO, f.stream)) for f in files or () if f.filename]


def receive(
    uploads: Sequence[Upload], *, actor: Principal, office_id: int, limit: int = MAX_FILES
) -> tuple[list[Asset], list[Refusal]]:
    """Check, re-encode and keep files; the good ones are kept even if others are refused. Flushes.

    Needs ``media:upload`` in the office. A photo that the same person sent before (a retry, a second look through
    the gallery) is recognised by its bytes and not kept twice. Files beyond ``limit`` are refused unread.
    """
    if not actor.can(Permission.MEDIA_UPLOAD, office_id):
        raise NotAllowed(_("Peran Anda belum mencakup pengunggahan foto."))
    images, refused = _process(uploads[: max(limit, 0)])
    surplus = uploads[max(limit, 0) :]
    refused += [
        Refusal(u.filename[:120], _("Belum diolah karena jumlah fotonya melebihi batas.")) for u in surplus
    ]
    sent = queries.find_uploads(office_id, actor.id, (image.source_sha256 for _upload, image in images))
    return _keep_all(images, office_id=office_id, actor=actor, sent=sent), refused


def keep_images(
    uploads: Sequence[Upload], *, office_id: int, actor: audit.Actor | None
) -> tuple[list[Asset], list[Refusal]]:
    """The same without asking for a permission, one record a file: for a task's evidence, the sample office."""
    images, refused = _process(uploads)
    return [_keep(image, u.filename, office_id=office_id, actor=actor) for u, image in images], refused


def _process(uploads: Sequence[Upload]) -> tuple[list[tuple[Upload, ProcessedImage]], list[Refusal]]:
    if not uploads:
        return [], []
    limits = ImageLimits(max_bytes=current_app.config["MAX_IMAGE_BYTES"])
    outcomes = process_many([Incoming(u.stream, u.filename) for u in uploads], limits=limits)
    images: list[tuple[Upload, ProcessedImage]] = []
    refused: list[Refusal] = []
    for upload, outcome in zip(uploads, outcomes, strict=True):
        if isinstance(outcome, MediaRejected):
            refused.append(Refusal(upload.filename[:120], outcome.message))
        else:
            images.append((upload, outcome))
    return images, refused


def _keep_all(
    images: Sequence[tuple[Upload, ProcessedImage]],
    *,
    office_id: int,
    actor: Principal,
    sent: Mapping[str, Asset],
) -> list[Asset]:
    kept = dict(sent)
    assets: list[Asset] = []
    for upload, image in images:
        if image.source_sha256 not in kept:
            kept[image.source_sha256] = _keep(image, upload.filename, office_id=office_id, actor=actor)
        if kept[image.source_sha256] not in assets:
            assets.append(kept[image.source_sha256])
    return assets


def _keep(image: ProcessedImage, filename: str, *, office_id: int, actor: audit.Actor | None) -> Asset:
    store = storage()
    asset = Asset(
        office_id=office_id, uploaded_by=actor.id if actor else None, created_at=clock.now(),
        filename=filename.replace("\x00", "")[-200:] or "foto.jpg",
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
    if not can_describe(actor, asset):
        raise NotAllowed(_("Keterangan foto ini dilengkapi oleh redaktur atau pengunggahnya."))
    expect_version(asset, row_version)
    if (asset.credit, asset.alt_text, asset.caption) == (credit, alt_text, caption):
        return
    asset.credit, asset.alt_text, asset.caption = credit, alt_text, caption
    db.session.flush()
    audit.record(AuditAction.ASSET_DESCRIBED, ("asset", asset.id), office_id=asset.office_id, actor=actor)
