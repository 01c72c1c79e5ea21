"""People without an account whom an office asks, the links that were made for them, and their visits."""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.approvals.enums import LinkState
from humasflow.approvals.models.packages import Decision, Package
from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned


class GuestApprover(Versioned, Base):
    """Somebody known to the office by name, position and address who decides through a link. ``email`` is in lower
    case; ``phone`` is in E.164 or empty. Ended by switching off, never deleted: decisions name them.
    """

    __tablename__ = "guest_approver"
    __table_args__ = (UniqueConstraint("office_id", "email"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(120))
    position_title: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254), index=True)
    phone: Mapped[str] = mapped_column(String(20), default="")
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def capacity(self) -> str:
        """``Nama, Jabatan``."""
        return f"{self.name}, {self.position_title}" if self.position_title else self.name

    @property
    def masked_email(self) -> str:
        """``r***@kantor.go.id``: enough to know one's own address, too little to learn another's."""
        local, _at, domain = self.email.partition("@")
        return f"{local[:1]}***@{domain}"


class GuestLink(Base):
    """One link: a guest, a package and the seat of it that they may fill. Only the token's hash is kept.

    The code that identifies the guest is counted here, so that whoever asks for another visit gains no new tries.
    """

    __tablename__ = "guest_link"
    __table_args__ = (
        ForeignKeyConstraint(
            ["package_id", "position", "askee", "seat"],
            ["package_seat.package_id", "package_seat.position", "package_seat.askee", "package_seat.seat"],
        ),
        Index("ix_guest_link_package", "package_id", "id"),
        CheckConstraint("(code_hash IS NULL) = (code_expires_at IS NULL)", name="code_expires"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"))
    position: Mapped[int] = mapped_column(Integer)
    askee: Mapped[int] = mapped_column(Integer)
    seat: Mapped[int] = mapped_column(Integer)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest_approver.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[LinkState] = mapped_column(EnumText(LinkState), default=LinkState.OPEN)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))  # None: the chain asks for it
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)
    code_hash: Mapped[str | None] = mapped_column(String(64))
    code_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    code_sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    codes: Mapped[int] = mapped_column(Integer, default=0)  # sent so far
    attempts: Mapped[int] = mapped_column(Integer, default=0)  # at the present code

    guest: Mapped[GuestApprover] = relationship()
    package: Mapped[Package] = relationship()
    decision: Mapped[Decision | None] = relationship()


class GuestVisit(Base):
    """A browser that opened a link and asked for a code; ``identified_at`` once it had the right one. Good for its own
    link only. The cookie carries the token, of which only the hash is kept.
    """

    __tablename__ = "guest_visit"

    id: Mapped[PrimaryKey]
    link_id: Mapped[int] = mapped_column(ForeignKey("guest_link.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    identified_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    link: Mapped[GuestLink] = relationship()
