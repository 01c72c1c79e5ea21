"""Who does what for a story, until when, and what became of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned
from humasflow.planning.production_roles.models import ProductionRole
from humasflow.stories.enums import AssignmentState
from humasflow.stories.models.story import Story


class Assignment(Versioned, Base):
    """Penugasan: one person in one production role on one story. Never deleted; a new person is a new row.

    Opened, accepted, declined and done are facts with their times, kept whatever follows. ``due_at`` is when the work
    is to be handed over, not when anything is published.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("replaces_id"),  # two editors cannot both replace the same one
        Index("ix_assignment_story_state", "story_id", "state"),
        Index("ix_assignment_person_state_due", "person_id", "state", "due_at", "id"),
        Index("ix_assignment_office_state_due", "office_id", "state", "due_at"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"))
    role_id: Mapped[int] = mapped_column(ForeignKey("production_role.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    state: Mapped[AssignmentState] = mapped_column(EnumText(AssignmentState), default=AssignmentState.OFFERED)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    brief: Mapped[str] = mapped_column(Text, default="")  # what is wanted
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decline_reason: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    done_note: Mapped[str] = mapped_column(String(300), default="")  # what was handed over, or where it lies
    end_reason: Mapped[str] = mapped_column(Text, default="")  # why it was cancelled or passed on
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    # For which due time the person has been reminded, so that each time is told once and a new one again.
    soon_told: Mapped[datetime | None] = mapped_column(UTCDateTime)
    overdue_told: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    story: Mapped[Story] = relationship()
    role: Mapped[ProductionRole] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[User] = relationship(foreign_keys=[person_id], lazy="joined", innerjoin=True)
    creator: Mapped[User | None] = relationship(foreign_keys=[created_by])
