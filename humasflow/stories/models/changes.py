"""What happened to a story after readers had seen it: what, when, by whose order."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime
from humasflow.stories.enums import ChangeKind


class StoryChange(Base):
    """An entry of the public change log. Without ``published_at`` it is prepared and readers do not see it yet."""

    __tablename__ = "story_change"
    __table_args__ = (
        Index("ix_story_change_story_id_published_at", "story_id", "published_at", "id"),
        # One correction is prepared at a time.
        Index(
            "uq_story_change_story_id_prepared", "story_id", unique=True,
            sqlite_where=text("published_at IS NULL"), postgresql_where=text("published_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[PrimaryKey]
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"))
    kind: Mapped[ChangeKind] = mapped_column(EnumText(ChangeKind))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("story_version.id"))  # None: withdrawn
    base_version_id: Mapped[int | None] = mapped_column(ForeignKey("story_version.id"))  # what it corrects
    public_note: Mapped[str] = mapped_column(Text, default="")  # what readers are told
    ordered_by: Mapped[str] = mapped_column(
        String(200), default=""
    )  # by whose order or request; for the office
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    author: Mapped[User | None] = relationship()
