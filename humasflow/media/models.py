"""Pictures."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, PrimaryKey, UTCDateTime, Versioned


class Asset(Versioned, Base):
    """A picture as we keep it: re-encoded, without metadata, in three sizes. Never changed, only described."""

    __tablename__ = "asset"
    __table_args__ = (Index("ix_asset_office_id_created_at", "office_id", "created_at", "id"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    filename: Mapped[str] = mapped_column(String(200))  # as the person's file was called
    original_key: Mapped[str] = mapped_column(String(120))
    medium_key: Mapped[str] = mapped_column(String(120))
    thumb_key: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))  # of the stored original
    source_sha256: Mapped[str] = mapped_column(String(64), index=True)  # of the bytes received
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    size: Mapped[int] = mapped_column(Integer)  # bytes of the stored original
    colour: Mapped[str] = mapped_column(String(7))
    credit: Mapped[str] = mapped_column(String(120), default="")
    alt_text: Mapped[str] = mapped_column(String(1000), default="")
    caption: Mapped[str] = mapped_column(Text, default="")
