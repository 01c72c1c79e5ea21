"""Targets: what a component should reach, for whom and from which letter."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Boolean, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, EnumText, ExactDecimal, Id, PrimaryKey, UTCDateTime
from humasflow.scoring.enums import TargetScope


class Target(Base):
    """Sasaran of a component in a period. A revision is a new row with its reason; the newest is in force.

    ``scope`` and ``scope_id`` say whose it is: the office (0), a section or a person; or which part of the office's
    publications must at least be there (a pillar, a content type), beside the total. A withdrawn row takes the target
    back.
    """

    __tablename__ = "target"
    __table_args__ = (Index("ix_target_lookup", "office_id", "scheme_id", "period", "component_key", "id"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    scheme_id: Mapped[int] = mapped_column(ForeignKey("score_scheme.id"))
    component_key: Mapped[str] = mapped_column(String(60))
    period: Mapped[str] = mapped_column(String(8))  # "2026-TW4"
    scope: Mapped[TargetScope] = mapped_column(EnumText(TargetScope), default=TargetScope.OFFICE)
    scope_id: Mapped[int] = mapped_column(Id, default=0)
    value: Mapped[Decimal] = mapped_column(ExactDecimal)  # with ``upper``: the lower end of a range
    upper: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    is_withdrawn: Mapped[bool] = mapped_column(Boolean, default=False)
    letter: Mapped[str] = mapped_column(String(200))  # the letter the number comes from
    reason: Mapped[str] = mapped_column(String(300), default="")
    set_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)
