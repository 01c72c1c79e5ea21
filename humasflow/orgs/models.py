"""The unit tree."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, EnumText, Id, PrimaryKey, UTCDateTime, Versioned
from humasflow.core.localtime import zone_label
from humasflow.orgs.enums import OfficeKind, UnitKind


class Unit(Versioned, Base):
    """An office or a section. ``path`` is ``/1/4/9/``: the ids from the root, so a subtree is one prefix."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("(kind = 'office') = (slug IS NOT NULL)", name="office_has_slug"),
        CheckConstraint("(kind = 'office') = (timezone IS NOT NULL)", name="office_has_timezone"),
        CheckConstraint("kind = 'office' OR parent_id IS NOT NULL", name="section_has_parent"),
        Index("ix_unit_path", "path"),
    )

    id: Mapped[PrimaryKey]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    office_id: Mapped[int | None] = mapped_column(
        Id, index=True
    )  # the office it is or belongs to; set at creation
    kind: Mapped[UnitKind] = mapped_column(EnumText(UnitKind))
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(60))
    slug: Mapped[str | None] = mapped_column(String(80), unique=True)
    office_kind: Mapped[OfficeKind | None] = mapped_column(EnumText(OfficeKind))
    timezone: Mapped[str | None] = mapped_column(String(40))
    path: Mapped[str] = mapped_column(String(200))
    four_eyes: Mapped[bool] = mapped_column(Boolean, default=True)
    is_sample: Mapped[bool] = mapped_column(Boolean, default=False)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def zone_label(self) -> str:
        """WIB, WITA or WIT; empty for a section."""
        return zone_label(self.timezone) if self.timezone else ""

    @property
    def zone_name(self) -> str:
        """The IANA zone on whose clock the office lives. Every office has one; the column is empty for sections."""
        return self.timezone or "Asia/Jakarta"
