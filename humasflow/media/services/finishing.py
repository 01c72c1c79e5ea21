"""The last step of an upload: look at the whole file, then write it down.

Everything slow (joining, hashing, decoding) happens while the database is free; only then is the row written. Asked for
by the sender's browser after the last byte, and by a job when the browser did not. Safe to repeat.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.accounts.queries import load_principal
from humasflow.audit import services as audit
from humasflow.core import unit_of_work
from humasflow.core.db import db, lock
from humasflow.core.errors import UserError
from humasflow.media import queries
from humasflow.media.enums import AssetKind, UploadState
from humasflow.media.models import Asset, PendingUpload
from humasflow.media.policy import refusal_of_blocked
from humasflow.media.processing import (
    MediaRejected,
    PrivateFacts,
    ProcessedImage,
    pdf,
    process_image,
    sniff,
    video,
)
from humasflow.media.services.keeping import add_asset, keep_picture, storage
from humasflow.media.services.receiving import image_limits
from humasflow.media.services.uploading import UploadGone, check_kind, part_store, refuse

NO_COLOUR = "#5b6472"  # behind a film without a poster


@dataclass(frozen=True)
class Outcome:
    """What became of an upload: ``asset``; or ``twin``, a file with the same bytes that the library has; or a refusal.

    With a twin the upload stays open: it is finished with ``keep_twin``, or abandoned.
    """

    asset: Asset | None = None
    twin: Asset | None = None
    refusal: str = ""


@dataclass(frozen=True)
class _Seen:
    """What looking at the file brought."""

    kind: AssetKind
    sha256: str
    image: ProcessedImage | None = None
    columns: dict[str, Any] | None = None
    private: PrivateFacts = field(default_factory=PrivateFacts)


def finish_upload(upload: PendingUpload, *, actor: Principal, keep_twin: bool = False) -> Outcome:
    """Turn the parts into a file of the library. Flushes.

    ``keep_twin``: keep it even though the library has the very same bytes. Raises when bytes are missing.
    """
    known = _known(upload)
    if known is not None:
        return known
    if not upload.is_complete:
        raise UserError(_("Berkas ini belum terkirim seluruhnya."))
    ident, key, filename = upload.id, upload.key, upload.filename
    names = [part.name for part in queries.list_parts(upload.id)]
    with storage().temporary() as whole:
        try:
            with unit_of_work.let_go():
                part_store().join(key, names, whole)
                digest = _hash(whole)
        except FileNotFoundError as error:  # cancelled in another tab
            raise UploadGone from error
        upload = _again(ident, locked=False)  # a lock would have to be kept while decoding
        known = _known(upload)
        if known is not None:
            return known
        blocked = queries.find_blocked(upload.office_id, [digest]).get(digest)
        if blocked is not None:
            return _refuse(upload, refusal_of_blocked(blocked))
        twin = _twin(upload, digest, actor)
        if twin is not None and (twin.uploaded_by == actor.id or not keep_twin):
            return _settle_twin(upload, twin, actor)
        try:
            with unit_of_work.let_go():
                seen = _look(whole, digest, filename)
        except MediaRejected as rejected:
            return _refuse(_again(ident), rejected.message)
        upload = _again(ident)
        known = _known(upload)
        if known is not None:
            return known
        asset = _keep(seen, whole, upload.filename, office_id=upload.office_id, actor=actor)
    upload.state, upload.asset_id = UploadState.DONE, asset.id
    db.session.flush()
    return Outcome(asset=asset)


def keep_file(data: bytes, filename: str, *, office_id: int, actor: audit.Actor | None) -> Asset:
    """Take in a whole file of any kind without asking for a permission: for the sample office. Flushes.

    Raises :class:`MediaRejected`.
    """
    with storage().temporary() as whole:
        whole.write_bytes(data)
        seen = _look(whole, _hash(whole), filename)
        return _keep(seen, whole, filename, office_id=office_id, actor=actor)


def finish_left(ref: str) -> None:
    """A job: finish an upload on behalf of its sender. A twin that nobody decided about is kept: nothing is lost."""
    upload = db.session.get(PendingUpload, int(ref))
    if upload is None or upload.state is not UploadState.OPEN or not upload.is_complete:
        return
    user = db.session.get_one(User, upload.user_id)
    with force_locale(user.locale):
        finish_upload(upload, actor=load_principal(user, office_id=upload.office_id), keep_twin=True)


def _again(ident: int, *, locked: bool = True) -> PendingUpload:
    """The upload as it stands after the database was let go; ``locked``: from here on one at a time."""
    upload = db.session.get(PendingUpload, ident)
    if upload is None:
        raise UploadGone
    if locked:
        lock(upload)
    return upload


def _known(upload: PendingUpload) -> Outcome | None:
    if upload.state is UploadState.REFUSED:
        return Outcome(refusal=upload.refusal)
    if upload.state is UploadState.DONE and upload.asset_id is not None:
        return Outcome(asset=db.session.get_one(Asset, upload.asset_id))
    return None


def _refuse(upload: PendingUpload, message: str) -> Outcome:
    """Unless another request was faster: what became of it there holds."""
    lock(upload)
    known = _known(upload)
    if known is not None:
        return known
    refuse(upload, message)
    return Outcome(refusal=message)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _twin(upload: PendingUpload, digest: str, actor: Principal) -> Asset | None:
    own = queries.find_uploads(upload.office_id, actor.id, [digest]).get(digest)
    return own or queries.find_twin(actor, upload.office_id, digest)


def _settle_twin(upload: PendingUpload, twin: Asset, actor: Principal) -> Outcome:
    """One's own photo sent again is that photo; a colleague's is a question."""
    if twin.uploaded_by != actor.id:
        return Outcome(twin=twin)
    lock(upload)
    known = _known(upload)
    if known is not None:
        return known
    upload.state, upload.asset_id = UploadState.DONE, twin.id
    db.session.flush()
    return Outcome(asset=twin)


def _look(whole: Path, digest: str, filename: str) -> _Seen:
    """Check and measure. Uses no database. Raises :class:`MediaRejected`."""
    with whole.open("rb") as file:
        head = file.read(sniff.HEAD_BYTES)
    kind = check_kind(sniff.identify_media(head), whole.stat().st_size, filename)
    if kind is AssetKind.IMAGE:
        image = process_image(whole, filename, limits=image_limits())
        return _Seen(kind, digest, image=image, private=image.private)
    if kind is AssetKind.PDF:
        poster = pdf.first_page(whole, filename)
        store = storage()
        return _Seen(
            kind, digest,
            columns={
                "medium_key": store.put(poster.medium, ".webp"), "thumb_key": store.put(poster.thumb, ".webp"),
                "width": poster.width, "height": poster.height, "colour": poster.colour, "page_count": poster.pages,
                "suffix": ".pdf",
            },
        )  # fmt: skip
    suffix = video.suffix_of(head) or video.MP4
    facts = video.clean(whole, suffix, filename)
    return _Seen(
        kind, digest, private=facts.private,
        columns={
            "medium_key": "", "thumb_key": "", "width": facts.width, "height": facts.height, "colour": NO_COLOUR,
            "duration_ms": facts.duration_ms, "suffix": suffix,
        },
    )  # fmt: skip


def _keep(seen: _Seen, whole: Path, filename: str, *, office_id: int, actor: audit.Actor | None) -> Asset:
    if seen.image is not None:
        return keep_picture(seen.image, filename, office_id=office_id, actor=actor)
    columns = dict(seen.columns or {})
    size = whole.stat().st_size
    original = storage().adopt(whole, columns.pop("suffix"))
    return add_asset(
        office_id=office_id, actor=actor, filename=filename, private=seen.private, kind=seen.kind,
        original_key=original, sha256=original.rpartition("/")[2].partition(".")[0], source_sha256=seen.sha256,
        look="", size=size, **columns,
    )  # fmt: skip
