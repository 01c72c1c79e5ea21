"""Schedules, who gets what they bring, and each turn of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from humasflow.accounts.models import User
from humasflow.core.db import Base, EnumText, Id, PrimaryKey, UTCDateTime, Versioned
from humasflow.reports.enums import ReportFormat, ReportScope
from humasflow.reports.scheduling.enums import DeliveryState, Rhythm


class ReportSchedule(Versioned, Base):
    """Jadwal laporan: what is made, how often, and when next.

    ``day``: of the week (1 is Monday), of the month (the last one where it is shorter), or after the end of a quarter;
    1 for a daily one. ``hour``: full hour on the office's clock. ``owner_id``: in whose name it is made; when that
    person may no longer make reports, the schedule stops and says so. ``stopped`` is why it does not run; empty while
    nothing is in its way.
    """

    __tablename__ = "report_schedule"
    __table_args__ = (
        Index("ix_report_schedule_office", "office_id", "id"),
        Index("ix_report_schedule_next_due", "is_active", "next_due"),
        CheckConstraint("day BETWEEN 1 AND 60 AND hour BETWEEN 0 AND 23", name="time"),
        CheckConstraint("(scope = 'office') = (subject_id IS NULL)", name="subject"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    title: Mapped[str] = mapped_column(String(120))
    scope: Mapped[ReportScope] = mapped_column(EnumText(ReportScope), default=ReportScope.OFFICE)
    subject_id: Mapped[int | None] = mapped_column(Id)  # the section or the person
    formats: Mapped[list[Any]] = mapped_column(JSON)  # values of ReportFormat
    rhythm: Mapped[Rhythm] = mapped_column(EnumText(Rhythm))
    day: Mapped[int] = mapped_column(Integer, default=1)
    hour: Mapped[int] = mapped_column(Integer, default=7)
    is_active: Mapped[bool] = mapped_column(default=True)
    stopped: Mapped[str] = mapped_column(Text, default="")
    next_due: Mapped[datetime] = mapped_column(UTCDateTime)
    last_run: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    owner: Mapped[User] = relationship()
    recipients: Mapped[list["ReportRecipient"]] = relationship(order_by="ReportRecipient.id")

    @property
    def wanted(self) -> list[ReportFormat]:
        """The formats, in the order in which they are made."""
        return [known for known in ReportFormat if known.value in self.formats]


class ReportRecipient(Base):
    """A person of the office, or an address outside it. Nothing goes to an address before an admin confirmed it."""

    __tablename__ = "report_recipient"
    __table_args__ = (
        UniqueConstraint("schedule_id", "user_id"),
        UniqueConstraint("schedule_id", "address"),
        CheckConstraint("(user_id IS NULL) <> (address IS NULL)", name="person_or_address"),
    )

    id: Mapped[PrimaryKey]
    schedule_id: Mapped[int] = mapped_column(ForeignKey("report_schedule.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    address: Mapped[str | None] = mapped_column(String(254))
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    confirmer: Mapped[User | None] = relationship(foreign_keys=[confirmed_by])


class ReportDelivery(Base):
    """One turn: what was reported, the run that made it, and whom it reached. Once a schedule, period and number
    (1 by the schedule itself, more when somebody asked for it again).
    """

    __tablename__ = "report_delivery"
    __table_args__ = (
        UniqueConstraint("schedule_id", "period", "number"),
        Index("ix_report_delivery_schedule", "schedule_id", "id"),
    )

    id: Mapped[PrimaryKey]
    schedule_id: Mapped[int] = mapped_column(ForeignKey("report_schedule.id"))
    period: Mapped[str] = mapped_column(String(12))
    starts_on: Mapped[date] = mapped_column(Date)  # the first and last local day that is reported
    ends_on: Mapped[date] = mapped_column(Date)
    number: Mapped[int] = mapped_column(Integer, default=1)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))  # None: the schedule
    run_id: Mapped[int | None] = mapped_column(ForeignKey("report_run.id"), index=True)
    state: Mapped[DeliveryState] = mapped_column(EnumText(DeliveryState), default=DeliveryState.WAITING)
    mails: Mapped[int] = mapped_column(Integer, default=0)
    note: Mapped[str] = mapped_column(Text, default="")  # a sentence for people: late, skipped, why it failed
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    schedule: Mapped[ReportSchedule] = relationship()
