"""Where a version's text came from, when it came from a Word file."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, PrimaryKey, UTCDateTime


class StoryDocument(Base):
    """A .docx that became a version. The file itself is not kept; its hash stands in the record."""

    __tablename__ = "story_document"
    __table_args__ = (Index("ix_story_document_story_id", "story_id", "id"),)

    id: Mapped[PrimaryKey]
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"))
    version_number: Mapped[int] = mapped_column(Integer)
    filename: Mapped[str] = mapped_column(String(200))
    taken: Mapped[list[str]] = mapped_column(JSON)  # sentences, as they were told to who sent it
    left: Mapped[list[str]] = mapped_column(JSON)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
