"""What went out without the approvals in force, and whether somebody agreed to it afterwards."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.approvals.enums import UrgentState
from humasflow.approvals.models.packages import Package
from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned


class UrgentRelease(Versioned, Base):
    """A package that was let out unapproved, with the reason typed then. It stays flagged, also when an edit makes the
    package void, until another person clears it or what went out is taken down.
    """

    __tablename__ = "urgent_release"
    __table_args__ = (
        Index("ix_urgent_release_office_state", "office_id", "state", "released_at", "id"),
        Index("ix_urgent_release_story", "story_id", "state"),
        CheckConstraint("cleared_by IS NULL OR cleared_by <> released_by", name="cleared_by_another"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"))
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), unique=True)
    state: Mapped[UrgentState] = mapped_column(EnumText(UrgentState), default=UrgentState.OPEN)
    released_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    released_as: Mapped[str] = mapped_column(String(300))
    released_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text)
    objected_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    objected_as: Mapped[str] = mapped_column(String(300), default="")
    objected_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    objection: Mapped[str] = mapped_column(Text, default="")
    cleared_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    cleared_as: Mapped[str] = mapped_column(String(300), default="")
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    package: Mapped[Package] = relationship()
    releaser: Mapped[User] = relationship(foreign_keys=[released_by])
