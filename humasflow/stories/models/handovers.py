"""Stories that go from one office to another: a ready release down, a submission up."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned
from humasflow.stories.enums import HandoverKind, HandoverState


class StoryHandover(Versioned, Base):
    """One version of a story, given to another office. What comes of it there is a story of its own (``taken_as_id``)
    that credits where it is from; later changes on either side stay there.
    """

    __tablename__ = "story_handover"
    __table_args__ = (
        CheckConstraint("from_office_id <> to_office_id", name="two_offices"),
        Index("ix_story_handover_to", "to_office_id", "state", "id"),
        Index("ix_story_handover_story", "story_id", "to_office_id"),
    )

    id: Mapped[PrimaryKey]
    kind: Mapped[HandoverKind] = mapped_column(EnumText(HandoverKind))
    from_office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    to_office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("story_version.id"))
    campaign_offer_id: Mapped[int | None] = mapped_column(ForeignKey("campaign_offer.id"))
    note: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[HandoverState] = mapped_column(EnumText(HandoverState), default=HandoverState.OFFERED)
    reason: Mapped[str] = mapped_column(String(300), default="")
    taken_as_id: Mapped[int | None] = mapped_column(ForeignKey("story.id"), index=True)
    offered_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    offered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
