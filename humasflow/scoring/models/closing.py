"""What ends a period: its close, and what the head office announced about it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.core.db import Base, EnumText, ExactDecimal, PrimaryKey, UTCDateTime, Versioned
from humasflow.scoring.enums import ResultKind


class PeriodClose(Versioned, Base):
    """Penutupan of a period under a scheme: who signed it, and a digest of the lines it froze.

    ``result``: the standing as it was then, exact numbers as text. Reopened, it stays as a record; the next close is
    a further row (``number``).
    """

    __tablename__ = "period_close"
    __table_args__ = (UniqueConstraint("scheme_id", "period", "number"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("score_scheme.id"))
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    period: Mapped[str] = mapped_column(String(8))
    number: Mapped[int] = mapped_column(Integer, default=1)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    closed_label: Mapped[str] = mapped_column(String(300), default="")  # name and capacity, as signed
    closed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answers: Mapped[dict[str, Any]] = mapped_column(
        JSON
    )  # open questions of the checklist, each with its answer
    lines: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))  # sha256, hex
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    reopened_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    reopened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reopen_reason: Mapped[str] = mapped_column(Text, default="")

    closer: Mapped[User | None] = relationship(foreign_keys=[closed_by])
    reopener: Mapped[User | None] = relationship(foreign_keys=[reopened_by])

    @property
    def is_in_force(self) -> bool:
        """Whether it still holds."""
        return self.reopened_at is None


class OfficialResult(Base):
    """Hasil resmi: a score or a rank that the head office announced, with its document. Append-only: a correction is
    a newer row that supersedes one.
    """

    __tablename__ = "official_result"
    __table_args__ = (Index("ix_official_result_lookup", "office_id", "period", "id"),)

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    scheme_id: Mapped[int | None] = mapped_column(ForeignKey("score_scheme.id"))
    component_key: Mapped[str] = mapped_column(String(60), default="")  # empty: the total
    label: Mapped[str] = mapped_column(String(80), default="")  # what was ranked, where no component has it
    kind: Mapped[ResultKind] = mapped_column(EnumText(ResultKind))
    period: Mapped[str] = mapped_column(String(8))
    value: Mapped[Decimal | None] = mapped_column(ExactDecimal)  # None takes one back
    out_of: Mapped[int | None] = mapped_column(Integer)  # of so many offices
    announced_on: Mapped[date] = mapped_column(Date)
    document: Mapped[str] = mapped_column(String(200))
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("official_result.id"), unique=True)

    recorder: Mapped[User | None] = relationship()
