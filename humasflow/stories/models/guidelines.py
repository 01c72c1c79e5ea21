"""What people answered to the office's guidelines on a story: ticks, findings set aside, the declaration.

Each keeps the digest of what it was about; whether it still holds is worked out when it is read, so that no later save,
restore or folded autosave can forget to undo it. What was taken back is in the record.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime
from humasflow.guidelines.enums import RuleCode, Severity


class ChecklistTick(Base):
    """A checklist item ticked on a story. ``digest`` is the text's at that moment."""

    __tablename__ = "checklist_tick"
    __table_args__ = (UniqueConstraint("story_id", "item_id"),)

    id: Mapped[PrimaryKey]
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("checklist_item.id"), index=True)
    version_number: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    ticked_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    ticked_as: Mapped[str] = mapped_column(String(300))  # "Plh. Kepala Seksi …, Nama"
    ticked_at: Mapped[datetime] = mapped_column(UTCDateTime)


class FindingOverride(Base):
    """A finding set aside with a reason. It holds for this rule and exactly this passage, at most to ``severity``.

    The passage itself is not kept: it may be the very number that must not go round.
    """

    __tablename__ = "finding_override"
    __table_args__ = (UniqueConstraint("story_id", "code", "passage_hash"),)

    id: Mapped[PrimaryKey]
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"))
    code: Mapped[RuleCode] = mapped_column(EnumText(RuleCode))
    passage_hash: Mapped[str] = mapped_column(String(64))
    severity: Mapped[Severity] = mapped_column(EnumText(Severity))
    reason: Mapped[str] = mapped_column(Text)
    version_number: Mapped[int] = mapped_column(Integer)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    made_as: Mapped[str] = mapped_column(String(300))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class StoryDeclaration(Base):
    """The statement that a text holds no excluded information (UU 14/2008), made for exactly this text."""

    __tablename__ = "story_declaration"

    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), primary_key=True, autoincrement=False)
    version_number: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    made_as: Mapped[str] = mapped_column(String(300))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
