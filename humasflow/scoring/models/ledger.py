"""The append-only ledger, the dated states of a point, and what is added up from both."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.core.db import Base, EnumText, ExactDecimal, Id, PrimaryKey, UTCDateTime
from humasflow.publishing.models import Delivery
from humasflow.scoring.enums import Beneficiary, PointState
from humasflow.scoring.models.measurements import Measurement


class LedgerEntry(Base):
    """Baris buku nilai: append-only. A correction is a further line that reverses one.

    ``period`` is where it is booked: that of ``deciding_date``, or, for what came to light after that period was
    closed, the open one, with ``adjusts`` naming the closed one. The subject is a publication or a measurement; an
    adjustment that a person writes may have neither.
    """

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
        CheckConstraint("delivery_id IS NULL OR measurement_id IS NULL", name="one_subject"),
        Index("ix_ledger_entry_standing", "office_id", "period", "scheme_version_id", "component_key"),
        Index("ix_ledger_entry_beneficiary", "office_id", "period", "beneficiary", "beneficiary_id"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    component_key: Mapped[str] = mapped_column(String(60))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    measurement_id: Mapped[int | None] = mapped_column(ForeignKey("measurement.id"), index=True)
    subject_key: Mapped[str] = mapped_column(
        String(1000)
    )  # canonical address: the same one never counts twice
    beneficiary: Mapped[Beneficiary] = mapped_column(EnumText(Beneficiary), default=Beneficiary.OFFICE)
    beneficiary_id: Mapped[int] = mapped_column(Id)
    role: Mapped[str] = mapped_column(String(40), default="")  # a production role's code
    share: Mapped[Decimal] = mapped_column(ExactDecimal, default=Decimal(100))  # per cent
    quantity: Mapped[Decimal] = mapped_column(ExactDecimal)  # +1 or points, negative on a reversing line
    sequence: Mapped[int] = mapped_column(Integer, default=1)
    deciding_date: Mapped[date] = mapped_column(Date)  # local to the office
    period: Mapped[str] = mapped_column(String(8))
    adjusts: Mapped[str | None] = mapped_column(String(8))
    # Counts as verified whatever becomes of its publication's point: a measurement, or an adjustment.
    stands_alone: Mapped[bool] = mapped_column(Boolean, default=False)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    delivery: Mapped[Delivery | None] = relationship()
    measurement: Mapped[Measurement | None] = relationship()


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


class Point(Base):
    """The present state of a publication's point, kept beside its events so that lists and totals need not look for
    the newest one. Written with each event; ``flask scoring verify`` compares the two.
    """

    __tablename__ = "point"
    __table_args__ = (Index("ix_point_state", "office_id", "state", "live_at", "delivery_id"),)

    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), primary_key=True, autoincrement=False)
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    state: Mapped[PointState] = mapped_column(EnumText(PointState))
    live_at: Mapped[datetime] = mapped_column(UTCDateTime)  # Delivery.published_at
    since: Mapped[datetime] = mapped_column(UTCDateTime)


class ScoreCount(Base):
    """The ledger added up: lines and quantity of one beneficiary under one component in one period, by the present
    state of the point. Derived: written in the transaction of the line or event, and recomputable from them.
    """

    __tablename__ = "score_count"

    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    scheme_version_id: Mapped[int] = mapped_column(
        ForeignKey("scheme_version.id"), primary_key=True, autoincrement=False
    )
    period: Mapped[str] = mapped_column(String(8), primary_key=True)
    component_key: Mapped[str] = mapped_column(String(60), primary_key=True)
    beneficiary: Mapped[Beneficiary] = mapped_column(EnumText(Beneficiary), primary_key=True)
    beneficiary_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    state: Mapped[PointState] = mapped_column(EnumText(PointState), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, default=0)  # publications: lines written less lines reversed
    quantity: Mapped[Decimal] = mapped_column(
        ExactDecimal, default=Decimal(0)
    )  # share already taken into account


class AttributionPolicy(Base):
    """How an office divides a publication between those who made it, from a local date on. Append-only.

    ``shares``: per cent by part (calculation.attribution), summing to exactly 100.
    """

    __tablename__ = "attribution_policy"
    __table_args__ = (Index("ix_attribution_policy_office", "office_id", "effective_from", "id"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    effective_from: Mapped[date] = mapped_column(Date)
    shares: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(String(300), default="")
    set_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)
