"""Measurements: facts that no publication tells, entered by a named person."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.core.db import Base, EnumText, PrimaryKey, UTCDateTime
from humasflow.scoring.enums import ComponentKind


class Measurement(Base):
    """Pengukuran of a component in a period: a reviewer's mark, a rank, a growth, a checklist, a gate, a typed rate.

    Append-only: a newer one supersedes it. ``facts``: what its kind needs (``calculation.facts``), exact numbers as
    text. ``post_id`` where one post is judged.
    """

    __tablename__ = "measurement"
    __table_args__ = (
        Index("ix_measurement_lookup", "office_id", "scheme_id", "period", "component_key", "id"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    scheme_id: Mapped[int] = mapped_column(ForeignKey("score_scheme.id"))
    component_key: Mapped[str] = mapped_column(String(60))
    kind: Mapped[ComponentKind] = mapped_column(EnumText(ComponentKind))
    period: Mapped[str] = mapped_column(String(8))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text, default="")
    document: Mapped[str] = mapped_column(String(200), default="")
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    measured_on: Mapped[date] = mapped_column(Date)  # local to the office
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    recorded_label: Mapped[str] = mapped_column(String(300), default="")  # in which capacity
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("measurement.id"), unique=True)

    recorder: Mapped[User | None] = relationship()
