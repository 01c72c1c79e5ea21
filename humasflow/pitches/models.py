"""Ideas and their photos."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, Time
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned
from humasflow.core.fulltext.indexing import index_words
from humasflow.media.models import Asset
from humasflow.orgs.models import Unit
from humasflow.pitches.enums import PitchState
from humasflow.stories.models import Story


class Pitch(Versioned, Base):
    """Usulan: a title, and whatever else its author knew."""

    __tablename__ = "pitch"
    __table_args__ = (
        Index("ix_pitch_office_state_created", "office_id", "state", "created_at", "id"),
        Index("ix_pitch_author_created", "author_id", "created_at", "id"),
        CheckConstraint("(state = 'accepted') = (story_id IS NOT NULL)", name="accepted_has_story"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decision_has_person"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    title: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(Text, default="")
    happened_on: Mapped[date | None] = mapped_column(Date)
    happened_at: Mapped[time | None] = mapped_column(Time)
    place: Mapped[str] = mapped_column(String(200), default="")
    people: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[PitchState] = mapped_column(EnumText(PitchState), default=PitchState.NEW)
    reason: Mapped[str] = mapped_column(Text, default="")
    story_id: Mapped[int | None] = mapped_column(ForeignKey("story.id"), index=True)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    author: Mapped[User] = relationship(foreign_keys=[author_id])
    section: Mapped[Unit | None] = relationship(foreign_keys=[section_id])
    story: Mapped[Story | None] = relationship()
    photos: Mapped[list["PitchPhoto"]] = relationship(order_by="PitchPhoto.position")


class PitchPhoto(Base):
    """A photo that came with a pitch."""

    __tablename__ = "pitch_photo"

    pitch_id: Mapped[int] = mapped_column(ForeignKey("pitch.id"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), index=True)

    asset: Mapped[Asset] = relationship(lazy="joined", innerjoin=True)


# What is searched.
PITCH_WORDS = index_words(Pitch, "title", "what", "place", "people")
