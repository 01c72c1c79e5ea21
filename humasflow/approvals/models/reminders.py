"""Whom we called to mind that something waits, and when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.approvals.enums import EscalateTo, ReminderKind
from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime


class Reminder(Base):
    """One reminder about one step of a package. ``number`` counts within its kind; the constraint makes sending the
    same one twice impossible, whatever is repeated. ``to`` stands with an escalation.
    """

    __tablename__ = "approval_reminder"
    __table_args__ = (UniqueConstraint("package_id", "position", "kind", "number"),)

    id: Mapped[PrimaryKey]
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"))
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[ReminderKind] = mapped_column(EnumText(ReminderKind))
    number: Mapped[int] = mapped_column(Integer)
    to: Mapped[EscalateTo | None] = mapped_column(EnumText(EscalateTo))
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))  # a person, or the product
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
