"""Schemes, targets, the append-only ledger and the dated states of a point."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.core.db import Base, EnumText, ExactDecimal, Id, PrimaryKey, UTCDateTime, Versioned
from humasflow.publishing.models import Delivery
from humasflow.scoring.calculation import RoundingRule
from humasflow.scoring.enums import Beneficiary, ComponentKind, PointState


class ScoreScheme(Versioned, Base):
    """Skema penilaian of an office: a name and where it comes from; what it says is in its versions."""

    __tablename__ = "score_scheme"
    __table_args__ = (UniqueConstraint("office_id", "name"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(120))
    issuer: Mapped[str] = mapped_column(String(120), default="")
    legal_basis: Mapped[str] = mapped_column(String(200), default="")
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)

    versions: Mapped[list["SchemeVersion"]] = relationship(
        order_by="SchemeVersion.number", back_populates="scheme"
    )


class SchemeVersion(Base):
    """Immutable rules from a local date on."""

    __tablename__ = "scheme_version"
    __table_args__ = (UniqueConstraint("scheme_id", "number"),)

    id: Mapped[PrimaryKey]
    scheme_id: Mapped[int] = mapped_column(ForeignKey("score_scheme.id"))
    number: Mapped[int] = mapped_column(Integer)
    effective_from: Mapped[date] = mapped_column(Date)  # first day of a quarter
    rounding: Mapped[RoundingRule] = mapped_column(EnumText(RoundingRule), default=RoundingRule.HALF_UP_2)
    note: Mapped[str] = mapped_column(String(300), default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    scheme: Mapped[ScoreScheme] = relationship(back_populates="versions")
    components: Mapped[list["Component"]] = relationship(order_by="Component.position")


class Component(Base):
    """One line of a scheme version. ``key`` stays the same over versions, so that targets and trends follow it."""

    __tablename__ = "component"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[PrimaryKey]
    version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    key: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(80))
    kind: Mapped[ComponentKind] = mapped_column(EnumText(ComponentKind), default=ComponentKind.COUNT_RATIO)
    weight: Mapped[Decimal] = mapped_column(ExactDecimal)  # per cent of the total; 0: shown, not summed
    cap: Mapped[Decimal] = mapped_column(ExactDecimal, default=Decimal(100))  # per cent
    partial_credit: Mapped[bool] = mapped_column(Boolean, default=True)
    content_types: Mapped[list[str]] = mapped_column(JSON)  # codes; empty: all
    channel_kinds: Mapped[list[str]] = mapped_column(JSON)  # codes; empty: all
    counts_reposts: Mapped[bool] = mapped_column(Boolean, default=False)  # tayang ulang under a new address
    position: Mapped[int] = mapped_column(Integer, default=0)


class Target(Base):
    """Sasaran of a component in a quarter. A revision is a new row with its reason; the newest is in force."""

    __tablename__ = "target"
    __table_args__ = (Index("ix_target_lookup", "office_id", "scheme_id", "quarter", "component_key", "id"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    scheme_id: Mapped[int] = mapped_column(ForeignKey("score_scheme.id"))
    component_key: Mapped[str] = mapped_column(String(60))
    quarter: Mapped[str] = mapped_column(String(8))  # "2026-TW4"
    value: Mapped[Decimal] = mapped_column(ExactDecimal)
    letter: Mapped[str] = mapped_column(String(200))  # the letter the number comes from
    reason: Mapped[str] = mapped_column(String(300), default="")
    set_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)


class LedgerEntry(Base):
    """Baris buku nilai: append-only. A correction is a further line that reverses one."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint(
            "scheme_version_id",
            "component_key",
            "subject_key",
            "beneficiary",
            "beneficiary_id",
            "role",
            "sequence",
            name="uq_ledger_entry_once",
        ),
        Index("ix_ledger_entry_standing", "office_id", "quarter", "scheme_version_id", "component_key"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    component_key: Mapped[str] = mapped_column(String(60))
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    subject_key: Mapped[str] = mapped_column(
        String(1000)
    )  # canonical address: the same one never counts twice
    beneficiary: Mapped[Beneficiary] = mapped_column(EnumText(Beneficiary), default=Beneficiary.OFFICE)
    beneficiary_id: Mapped[int] = mapped_column(Id)
    role: Mapped[str] = mapped_column(String(40), default="")
    share: Mapped[Decimal] = mapped_column(ExactDecimal, default=Decimal(100))  # per cent
    quantity: Mapped[Decimal] = mapped_column(ExactDecimal)  # +1, or −1 on a reversing line
    sequence: Mapped[int] = mapped_column(Integer, default=1)
    deciding_date: Mapped[date] = mapped_column(Date)  # local to the office
    quarter: Mapped[str] = mapped_column(String(8))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    delivery: Mapped[Delivery] = relationship()


class PointEvent(Base):
    """A dated state of a publication's point. The newest row is its present state."""

    __tablename__ = "point_event"
    __table_args__ = (Index("ix_point_event_delivery", "delivery_id", "id"),)

    id: Mapped[PrimaryKey]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    state: Mapped[PointState] = mapped_column(EnumText(PointState))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    actor_label: Mapped[str] = mapped_column(String(300), default="")
    document: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")

    actor: Mapped[User | None] = relationship()
