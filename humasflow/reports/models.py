"""Runs, their files, and the letterhead of an office."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
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
from humasflow.core.db import Base, EnumText, Id, PrimaryKey, UTCDateTime, Versioned
from humasflow.media.models import Asset
from humasflow.reports.enums import ReportFormat, ReportKind, ReportScope, RunState, SpanKind


class ReportRun(Versioned, Base):
    """One order for a report: about whom, for which local days, as which files, and how far it is.

    ``done`` of ``total`` steps with ``phrase`` say where the making stands. ``error`` is a sentence for people.
    ``options``: ``scheme_id`` (int), ``language`` (``id`` or ``en``), ``title`` (str), all optional.
    """

    __tablename__ = "report_run"
    __table_args__ = (
        Index("ix_report_run_office", "office_id", "id"),
        Index("ix_report_run_expiry", "state", "expires_at"),
        CheckConstraint("end_on >= start_on", name="days_in_order"),
        CheckConstraint("(scope = 'office') = (subject_id IS NULL)", name="subject"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[ReportKind] = mapped_column(EnumText(ReportKind))
    scope: Mapped[ReportScope] = mapped_column(EnumText(ReportScope), default=ReportScope.OFFICE)
    subject_id: Mapped[int | None] = mapped_column(Id)  # the section or the person
    span: Mapped[SpanKind] = mapped_column(EnumText(SpanKind))
    start_on: Mapped[date] = mapped_column(Date)
    end_on: Mapped[date] = mapped_column(Date)
    formats: Mapped[list[Any]] = mapped_column(JSON)  # values of ReportFormat
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    names_people: Mapped[bool] = mapped_column(Boolean, default=False)  # what each of the office brought
    state: Mapped[RunState] = mapped_column(EnumText(RunState), default=RunState.QUEUED)
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    phrase: Mapped[str] = mapped_column(String(120), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    requested_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    requester: Mapped[User] = relationship()
    files: Mapped[list["ReportFile"]] = relationship(order_by="ReportFile.id", cascade="all, delete-orphan")

    @property
    def wanted(self) -> list[ReportFormat]:
        """The formats that were asked for, in the order in which they are made."""
        return [known for known in ReportFormat if known.value in self.formats]


class ReportFile(Base):
    """A finished file of a run, below the data folder; its row goes with the file."""

    __tablename__ = "report_file"
    __table_args__ = (UniqueConstraint("run_id", "format"),)

    id: Mapped[PrimaryKey]
    run_id: Mapped[int] = mapped_column(ForeignKey("report_run.id"))
    format: Mapped[ReportFormat] = mapped_column(EnumText(ReportFormat))
    name: Mapped[str] = mapped_column(String(200))  # as it is downloaded
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    sha256: Mapped[str] = mapped_column(String(64))
    path: Mapped[str] = mapped_column(String(200))  # relative to the folder of reports


class Letterhead(Versioned, Base):
    """Kop surat of an office: the logo, the lines over each other, and how to reach it."""

    __tablename__ = "letterhead"

    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    ministry: Mapped[str] = mapped_column(String(160), default="")
    directorate: Mapped[str] = mapped_column(String(160), default="")
    region: Mapped[str] = mapped_column(String(160), default="")  # the regional office above it
    office_line: Mapped[str] = mapped_column(String(160), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(80), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    site: Mapped[str] = mapped_column(String(120), default="")
    city: Mapped[str] = mapped_column(String(80), default="")  # where letters are signed
    rule: Mapped[str] = mapped_column(String(10), default="double")  # double, single, none
    signer_name: Mapped[str] = mapped_column(String(120), default="")
    signer_title: Mapped[str] = mapped_column(String(160), default="")
    signer_number: Mapped[str] = mapped_column(String(30), default="")  # NIP
    boilerplate: Mapped[str] = mapped_column(Text, default="")  # "about us" below a press release
    contact: Mapped[str] = mapped_column(String(300), default="")

    logo: Mapped[Asset | None] = relationship()
