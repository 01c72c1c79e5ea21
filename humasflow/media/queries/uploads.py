"""Files on their way."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.media.enums import UploadState
from humasflow.media.models import PendingUpload, UploadPart


def get_upload(actor: Principal, key: str) -> PendingUpload:
    """An upload of this very person, or "not found"."""
    found = db.session.scalars(select(PendingUpload).where(PendingUpload.key == key)).first()
    if (
        found is None
        or found.user_id != actor.id
        or not any(h.office_id == found.office_id for h in actor.held)
    ):
        raise NotFound
    return found


def count_open(user_id: int, now: datetime) -> tuple[int, int]:
    """How many uploads of a person are open, and how many bytes they were announced to have."""
    number, size = db.session.execute(
        select(func.count(), func.coalesce(func.sum(PendingUpload.length), 0)).where(
            PendingUpload.user_id == user_id,
            PendingUpload.state == UploadState.OPEN,
            PendingUpload.expires_at > now,
        )
    ).one()
    return number, int(size)


def list_parts(upload_id: int) -> Sequence[UploadPart]:
    """The parts of an upload in their order."""
    return db.session.scalars(
        select(UploadPart).where(UploadPart.upload_id == upload_id).order_by(UploadPart.start)
    ).all()


def list_left(before: datetime, now: datetime) -> Sequence[PendingUpload]:
    """Uploads that are whole since that time and that nobody finished: the tab was closed too early."""
    return db.session.scalars(
        select(PendingUpload)
        .where(
            PendingUpload.state == UploadState.OPEN, PendingUpload.received == PendingUpload.length,
            PendingUpload.created_at < before, PendingUpload.expires_at > now,
        )
        .order_by(PendingUpload.id)
    ).all()  # fmt: skip


def list_spent(now: datetime) -> Sequence[PendingUpload]:
    """Uploads whose time is over, whatever became of them."""
    return db.session.scalars(
        select(PendingUpload).where(PendingUpload.expires_at <= now).order_by(PendingUpload.id)
    ).all()


def has_upload(key: str) -> bool:
    """Whether an upload with this key exists."""
    return db.session.scalar(select(PendingUpload.id).where(PendingUpload.key == key)) is not None
