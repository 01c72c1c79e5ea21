"""Files that arrive in parts: opened, filled, abandoned, forgotten. The protocol itself is in ``views/tus.py``."""

from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _

from humasflow.accounts.policy import Principal
from humasflow.core import clock, rate_limit, unit_of_work
from humasflow.core.db import db, lock
from humasflow.core.errors import Conflict, NotAllowed, TooMany, UserError
from humasflow.core.permissions import Permission
from humasflow.core.secrets import new_token
from humasflow.media import queries
from humasflow.media.enums import AssetKind, UploadState
from humasflow.media.models import PendingUpload, UploadPart
from humasflow.media.parts import Part, PartStore
from humasflow.media.processing import MediaRejected, RejectionCode, sniff
from humasflow.media.storage import StorageFull
from humasflow.outbox import services as outbox

KEPT_FOR = timedelta(hours=48)  # after the last part: a weekend at home is not lost, a forgotten upload is
LEFT_AFTER = timedelta(minutes=15)
MAX_OPEN = 60  # uploads of one person at the same time
MAX_OPEN_BYTES = 4 * 1024**3
MAX_OPENED_PER_HOUR = 600
MAX_PARTS = 5000
RESERVE_BYTES = 256 * 1024 * 1024  # left on the disk for the database
FINISH = "media.finish"
MEBIBYTE = 1024 * 1024


class UploadGone(UserError):
    """Its time is over, or it was taken back."""

    status = 410

    def __init__(self) -> None:
        super().__init__(_("Pengiriman ini sudah berakhir. Pilih berkasnya sekali lagi."))


class OffsetConflict(Conflict):
    """The part does not begin where the last one ended. ``received`` says where it should."""

    def __init__(self, received: int) -> None:
        super().__init__(_("Bagian berkas ini sudah diterima lewat sambungan lain."))
        self.received = received


class UploadTooLarge(UserError):
    """Larger than anything that is taken here."""

    status = 413


def part_store() -> PartStore:
    """Where parts are kept until their file is whole."""
    return PartStore(current_app.config["DATA_DIR"] / "uploads")


def max_bytes(kind: AssetKind) -> int:
    """The largest file of a kind that this installation takes."""
    limit: int = current_app.config[f"MAX_{kind.value.upper()}_BYTES"]
    return limit


def open_upload(*, actor: Principal, office_id: int, filename: str, length: int) -> PendingUpload:
    """Announce a file of ``length`` bytes. Raises when it is too large, too many are open, or the disk is full."""
    if not actor.can(Permission.MEDIA_UPLOAD, office_id):
        raise NotAllowed(_("Peran Anda belum mencakup pengunggahan berkas."))
    largest = max(max_bytes(kind) for kind in AssetKind)
    if length > largest:
        raise UploadTooLarge(
            _("Berkas ini lebih dari %(max)s MB, batas yang paling besar di sini.", max=largest // MEBIBYTE)
        )
    if length <= 0:
        raise UserError(_("Berkas ini kosong."))
    if rate_limit.count("media.upload", str(actor.id), per_seconds=3600) > MAX_OPENED_PER_HOUR:
        raise TooMany(_("Terlalu banyak berkas dalam satu jam. Lanjutkan nanti."), retry_after=900)
    now = clock.now()
    number, size = queries.count_open(actor.id, now)
    if number >= MAX_OPEN or size + length > MAX_OPEN_BYTES:
        raise TooMany(
            _("Masih banyak berkas Anda yang belum selesai dikirim. Selesaikan atau batalkan dahulu."),
            retry_after=600,
        )
    if part_store().free_bytes() < length * 2 + RESERVE_BYTES:  # the parts, and the file they become
        raise StorageFull
    upload = PendingUpload(
        key=new_token(24), office_id=office_id, user_id=actor.id,
        filename=filename.replace("\x00", "").strip()[-200:] or "file", length=length, received=0,
        state=UploadState.OPEN, created_at=now, expires_at=now + KEPT_FOR,
    )  # fmt: skip
    db.session.add(upload)
    db.session.flush()
    return upload


def usable_upload(actor: Principal, key: str) -> PendingUpload:
    """The person's own upload. Raises "not found", :class:`UploadGone`."""
    upload = queries.get_upload(actor, key)
    if upload.expires_at <= clock.now():
        raise UploadGone
    return upload


def keep_part(upload: PendingUpload, part: Part) -> None:
    """Count a part that lies on the disk. Flushes; raises :class:`OffsetConflict` when another was faster.

    The first part shows what the file is. What cannot be taken is refused there, so that nobody sends the rest: the
    upload is then REFUSED and its ``refusal`` says why.
    """
    lock(upload)
    store = part_store()
    if upload.state is not UploadState.OPEN or upload.received != part.start:
        store.drop(upload.key, part.name)
        raise OffsetConflict(upload.received)
    if part.start and len(queries.list_parts(upload.id)) >= MAX_PARTS:
        store.drop(upload.key, part.name)
        refuse(upload, _("Berkas ini terputus-putus terlalu sering. Kirim ulang dari awal."))
        return
    db.session.add(UploadPart(upload_id=upload.id, start=part.start, size=part.size, name=part.name))
    upload.received += part.size
    upload.expires_at = clock.now() + KEPT_FOR
    db.session.flush()
    if part.start == 0:
        _refuse_early(upload, store.head(upload.key, part.name, sniff.HEAD_BYTES))


def _refuse_early(upload: PendingUpload, head: bytes) -> None:
    if len(head) < min(sniff.HEAD_BYTES, upload.length):
        return  # too little to tell; the whole file will
    kind = sniff.identify_media(head)
    try:
        check_kind(kind, upload.length, upload.filename)
    except MediaRejected as rejected:
        refuse(upload, rejected.message)


def check_kind(kind: AssetKind | RejectionCode, length: int, filename: str) -> AssetKind:
    """The kind, if it and its size are taken here. Raises :class:`MediaRejected`."""
    if isinstance(kind, RejectionCode):
        raise MediaRejected(kind, filename=filename)
    limit = max_bytes(kind)
    if length > limit:
        raise MediaRejected(RejectionCode.FILE_TOO_LARGE, filename=filename, facts={"max": limit // MEBIBYTE})
    return kind


def refuse(upload: PendingUpload, message: str) -> None:
    """Say why the file is not taken. Flushes; its parts are removed with the upload."""
    upload.state, upload.refusal = UploadState.REFUSED, message
    db.session.flush()


def abandon_upload(upload: PendingUpload) -> None:
    """Take it back. Flushes; the parts go once the database agreed, or with the next sweep."""
    key = upload.key
    db.session.delete(upload)
    db.session.flush()
    unit_of_work.after_commit(lambda: part_store().discard(key))


def enqueue_left() -> int:
    """A job: have files finished whose sender closed the page after the last byte. Returns how many."""
    now = clock.now()
    left = queries.list_left(now - LEFT_AFTER, now)
    for upload in left:
        outbox.enqueue(
            FINISH, upload.id, office_id=upload.office_id, key=f"{FINISH}:{upload.id}", max_attempts=3
        )
    return len(left)


def remove_spent() -> int:
    """A job: forget uploads whose time is over, and parts that belong to no upload. Returns how many uploads went.

    Their own parts go with the next sweep: no file is removed before the database says so.
    """
    now: datetime = clock.now()
    store = part_store()
    for key in store.list_keys(before=now - KEPT_FOR):
        if not queries.has_upload(key):
            store.discard(key)
    spent = queries.list_spent(now)
    for upload in spent:
        db.session.delete(upload)
    db.session.flush()
    return len(spent)
