"""What an office asks of its texts: checklist items, choices about rules, and its own words."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime, Versioned
from humasflow.guidelines.enums import ItemLevel, RuleCode, RuleLevel, Ticker
from humasflow.planning.models import ProductionRole
from humasflow.planning.offered import Offered


class ChecklistItem(Offered, Base):
    """Butir daftar periksa of a content type, or of all (``content_type_id`` None). Switched off, never deleted: what
    was ticked keeps its words.
    """

    __tablename__ = "checklist_item"
    __table_args__ = (
        Index("ix_checklist_item_office_id_content_type_id", "office_id", "content_type_id"),
        CheckConstraint("(ticker = 'role') = (production_role_id IS NOT NULL)", name="role_named"),
    )

    content_type_id: Mapped[int | None] = mapped_column(ForeignKey("content_type.id"))
    text: Mapped[str] = mapped_column(String(200))
    help: Mapped[str] = mapped_column(String(300), default="")  # why, or how to make sure
    level: Mapped[ItemLevel] = mapped_column(EnumText(ItemLevel))
    ticker: Mapped[Ticker] = mapped_column(EnumText(Ticker))
    production_role_id: Mapped[int | None] = mapped_column(
        ForeignKey("production_role.id")
    )  # with Ticker.ROLE
    asked_again: Mapped[bool] = mapped_column(Boolean, default=False)  # unticked by a change of the text

    production_role: Mapped[ProductionRole | None] = relationship(lazy="joined")

    @property
    def called(self) -> str:
        """What is asked, for people."""
        return self.text

    @property
    def asked_of(self) -> str:
        """Who ticks it, for people."""
        return self.production_role.label if self.production_role else self.ticker.label


class RuleSetting(Versioned, Base):
    """What an office set for a rule; a rule without a row has its default. ``options``: ``{"max": 90}``."""

    __tablename__ = "rule_setting"
    __table_args__ = (UniqueConstraint("office_id", "code"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    code: Mapped[RuleCode] = mapped_column(EnumText(RuleCode))
    level: Mapped[RuleLevel] = mapped_column(EnumText(RuleLevel))
    options: Mapped[dict[str, Any]] = mapped_column(JSON)


class GlossaryWord(Base):
    """A word, phrase, abbreviation or number of the office that is never flagged."""

    __tablename__ = "glossary_word"
    __table_args__ = (UniqueConstraint("office_id", "folded"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    word: Mapped[str] = mapped_column(String(80))
    folded: Mapped[str] = mapped_column(String(160))  # case-folded: may be longer than the word
    meaning: Mapped[str] = mapped_column(String(200), default="")
    added_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
