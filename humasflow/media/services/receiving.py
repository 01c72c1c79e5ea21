"""Receiving pictures with a form. Decoding, which is slow, happens while the database is free."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import current_app
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.core import unit_of_work
from humasflow.core.errors import NotAllowed
from humasflow.core.permissions import Permission
from humasflow.media import queries
from humasflow.media.models import Asset
from humasflow.media.policy import refusal_of_blocked
from humasflow.media.processing import ImageLimits, Incoming, MediaRejected, ProcessedImage, process_many
from humasflow.media.services.keeping import keep_picture, storage

MAX_FILES = 20  # at once: each is decoded while the person waits

__all__ = [
    "MAX_FILES",
    "Refusal",
    "Upload",
    "image_limits",
    "keep_images",
    "receive",
    "storage",
    "uploads_from",
]


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


def uploads_from(files: Iterable[FileStorage] | None) -> list[Upload]:
    """The files of a form field, without the empty entry that a browser sends for a field left alone."""
    return [Upload(f.filename, cast(BinaryIO, f.stream)) for f in files or () if f.filename]


def image_limits() -> ImageLimits:
    """The limits of this installation."""
    return ImageLimits(max_bytes=current_app.config["MAX_IMAGE_BYTES"])


def receive(
    uploads: Sequence[Upload], *, actor: Principal, office_id: int, limit: int = MAX_FILES
) -> tuple[list[Asset], list[Refusal]]:
    """Check, re-encode and keep files; the good ones are kept even if others are refused. Flushes.

    Needs ``media:upload`` in the office. A photo that the same person sent before (a retry, a second look through
    the gallery) is recognised by its bytes and not kept twice; what may not be used is refused, whoever sends it.
    Files beyond ``limit`` are refused unread.
    """
    if not actor.can(Permission.MEDIA_UPLOAD, office_id):
        raise NotAllowed(_("Peran Anda belum mencakup pengunggahan foto."))
    images, refused = _process(uploads[: max(limit, 0)])
    surplus = uploads[max(limit, 0) :]
    refused += [
        Refusal(u.filename[:120], _("Belum diolah karena jumlah fotonya melebihi batas.")) for u in surplus
    ]
    digests = [image.source_sha256 for _upload, image in images]
    blocked = queries.find_blocked(office_id, digests)
    refused += [
        Refusal(upload.filename[:120], refusal_of_blocked(blocked[image.source_sha256]))
        for upload, image in images
        if image.source_sha256 in blocked
    ]
    images = [(upload, image) for upload, image in images if image.source_sha256 not in blocked]
    sent = queries.find_uploads(office_id, actor.id, digests)
    return _keep_all(images, office_id=office_id, actor=actor, sent=sent), refused


def keep_images(
    uploads: Sequence[Upload], *, office_id: int, actor: audit.Actor | None
) -> tuple[list[Asset], list[Refusal]]:
    """The same without asking for a permission, one record a file: for a task's evidence, the sample office."""
    images, refused = _process(uploads)
    return [keep_picture(image, u.filename, office_id=office_id, actor=actor) for u, image in images], refused


def _process(uploads: Sequence[Upload]) -> tuple[list[tuple[Upload, ProcessedImage]], list[Refusal]]:
    if not uploads:
        return [], []
    with unit_of_work.let_go():
        outcomes = process_many([Incoming(u.stream, u.filename) for u in uploads], limits=image_limits())
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
            kept[image.source_sha256] = keep_picture(image, upload.filename, office_id=office_id, actor=actor)
        if kept[image.source_sha256] not in assets:
            assets.append(kept[image.source_sha256])
    return assets
