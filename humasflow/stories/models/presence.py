"""Who has a story open now."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, EnumText, UTCDateTime
from humasflow.stories.enums import PresenceMode


class StoryPresence(Base):
    """A person at a story in one window of their browser. Not a lock: it keeps nobody from anything, it only tells, and
    it is forgotten when the window says nothing for a while.
    """

    __tablename__ = "story_presence"
    __table_args__ = (Index("ix_story_presence_seen_at", "seen_at"),)

    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("app_user.id"), primary_key=True, autoincrement=False, index=True
    )
    tab: Mapped[str] = mapped_column(String(32), primary_key=True)
    mode: Mapped[PresenceMode] = mapped_column(EnumText(PresenceMode))
    place: Mapped[str] = mapped_column(String(120), default="")
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
