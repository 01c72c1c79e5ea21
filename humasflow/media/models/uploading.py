"""Files that arrive in parts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, EnumText, Id, PrimaryKey, UTCDateTime
from humasflow.media.enums import UploadState


class PendingUpload(Base):
    """A file on its way. ``received`` is how many bytes are safely here; the next part starts there."""

    __tablename__ = "pending_upload"
    __table_args__ = (Index("ix_pending_upload_user_id_state", "user_id", "state"),)

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(43), unique=True)  # what its address carries
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    filename: Mapped[str] = mapped_column(String(200))
    length: Mapped[int] = mapped_column(Id)  # bytes, as announced
    received: Mapped[int] = mapped_column(Id, default=0)  # bytes
    state: Mapped[UploadState] = mapped_column(EnumText(UploadState), default=UploadState.OPEN)
    refusal: Mapped[str] = mapped_column(Text, default="")  # the sentence for the sender
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))  # what became of it
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    @property
    def is_complete(self) -> bool:
        """Whether all bytes are here."""
        return self.received == self.length


class UploadPart(Base):
    """One piece: the bytes from ``start`` on, in a file that is never written again."""

    __tablename__ = "upload_part"

    upload_id: Mapped[int] = mapped_column(
        ForeignKey("pending_upload.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    start: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(60))
