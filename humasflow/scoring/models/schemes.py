"""Score schemes: what an office is judged by, in versions."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.core.db import Base, EnumText, ExactDecimal, PrimaryKey, UTCDateTime, Versioned
from humasflow.core.periods import PeriodType
from humasflow.scoring.calculation import RoundingRule
from humasflow.scoring.enums import ComponentKind, Consolidation, Polarity, VersionState


class ScoreScheme(Versioned, Base):
    """Skema penilaian of an office: a name and where it comes from; what it says is in its versions."""

    __tablename__ = "score_scheme"
    __table_args__ = (UniqueConstraint("office_id", "name"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(120))
    issuer: Mapped[str] = mapped_column(String(120), default="")
    legal_basis: Mapped[str] = mapped_column(String(200), default="")
    preset: Mapped[str] = mapped_column(String(40), default="")  # which bundled one it began as
    # The scheme of an office above that this one took over: what makes offices comparable.
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("score_scheme.id"), index=True)
    period_type: Mapped[PeriodType] = mapped_column(EnumText(PeriodType), default=PeriodType.QUARTER)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)

    versions: Mapped[list["SchemeVersion"]] = relationship(
        order_by="SchemeVersion.number", back_populates="scheme"
    )


class SchemeVersion(Versioned, Base):
    """Rules from a local date on. A draft may be written on and thrown away; once activated it never changes."""

    __tablename__ = "scheme_version"
    __table_args__ = (UniqueConstraint("scheme_id", "number"),)

    id: Mapped[PrimaryKey]
    scheme_id: Mapped[int] = mapped_column(ForeignKey("score_scheme.id"))
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[VersionState] = mapped_column(EnumText(VersionState), default=VersionState.ACTIVE)
    effective_from: Mapped[date] = mapped_column(Date)  # first day of a period
    rounding: Mapped[RoundingRule] = mapped_column(EnumText(RoundingRule), default=RoundingRule.HALF_UP_2)
    total_cap: Mapped[Decimal | None] = mapped_column(ExactDecimal)  # None: none
    consolidation: Mapped[Consolidation] = mapped_column(
        EnumText(Consolidation), default=Consolidation.AVERAGE
    )  # how several periods become one number
    conversion: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # calculation.conversion
    bands: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # calculation.bands
    note: Mapped[str] = mapped_column(String(300), default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    activated_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    activated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    scheme: Mapped[ScoreScheme] = relationship(back_populates="versions")
    components: Mapped[list["Component"]] = relationship(
        order_by="Component.position", cascade="all, delete-orphan"
    )


class Component(Base):
    """One line of a scheme version. ``key`` stays the same over versions, so that targets and trends follow it.

    The lists are its selection: a publication counts when it is in each of them; an empty list means all.
    ``parameters``: what its kind needs, as ``calculation.parameters`` reads it.
    """

    __tablename__ = "component"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[PrimaryKey]
    version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    key: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(80))
    kind: Mapped[ComponentKind] = mapped_column(EnumText(ComponentKind), default=ComponentKind.COUNT_RATIO)
    weight: Mapped[Decimal] = mapped_column(ExactDecimal)  # per cent of the total; 0: shown, not summed
    cap: Mapped[Decimal | None] = mapped_column(ExactDecimal)  # per cent; None: none
    polarity: Mapped[Polarity] = mapped_column(EnumText(Polarity), default=Polarity.MAXIMISE)
    partial_credit: Mapped[bool] = mapped_column(Boolean, default=True)
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    content_types: Mapped[list[str]] = mapped_column(JSON)  # codes
    channel_kinds: Mapped[list[str]] = mapped_column(JSON)  # codes
    account_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    pillar_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    campaign_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    section_ids: Mapped[list[int]] = mapped_column(JSON, default=list)  # of the story's owner
    counts_reposts: Mapped[bool] = mapped_column(Boolean, default=False)  # tayang ulang under a new address
    counts_unverified: Mapped[bool] = mapped_column(Boolean, default=False)  # minimum state of a point
    position: Mapped[int] = mapped_column(Integer, default=0)
