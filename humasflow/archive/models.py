"""Archives that were asked for."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.archive.enums import ArchiveState
from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned


class ArchiveRun(Versioned, Base):
    """One order for an archive of an office and how far it is: ``done`` of ``total`` steps, ``phrase`` says at what.

    ``error`` is a sentence for people. ``missing``: files that the disk had lost when it was made.
    """

    __tablename__ = "archive_run"
    __table_args__ = (
        Index("ix_archive_run_office", "office_id", "id"),
        Index("ix_archive_run_expiry", "state", "expires_at"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    with_below: Mapped[bool] = mapped_column(Boolean, default=False)  # the offices below it as well
    state: Mapped[ArchiveState] = mapped_column(EnumText(ArchiveState), default=ArchiveState.QUEUED)
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    phrase: Mapped[str] = mapped_column(String(120), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    name: Mapped[str] = mapped_column(String(200), default="")  # as it is downloaded
    size: Mapped[int] = mapped_column(BigInteger, default=0)  # bytes
    sha256: Mapped[str] = mapped_column(String(64), default="")
    missing: Mapped[int] = mapped_column(Integer, default=0)
    requested_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    requester: Mapped[User] = relationship()
