"""Days that are data. Holidays and Pawukon days are computed (see :mod:`humasflow.planning.days`)."""

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, EnumText, PrimaryKey, Versioned
from humasflow.planning.days.enums import DayKind


class SpecialDay(Versioned, Base):
    """A national day (seeded, then the office's to change) or a day of its own. ``year`` None: every year.

    ``lasts``: how many days it takes, itself included; a week that begins on 30 December ends in the next year.
    """

    __tablename__ = "special_day"
    __table_args__ = (
        CheckConstraint("month BETWEEN 1 AND 12 AND day BETWEEN 1 AND 31", name="a_date"),
        CheckConstraint("kind IN ('national', 'office')", name="kind"),
        CheckConstraint("lasts BETWEEN 1 AND 60", name="lasts"),
        Index("ix_special_day_office", "office_id", "month", "day"),
    )

    id: Mapped[PrimaryKey]
    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[DayKind] = mapped_column(EnumText(DayKind), default=DayKind.OFFICE)
    month: Mapped[int] = mapped_column(Integer)
    day: Mapped[int] = mapped_column(Integer)
    year: Mapped[int | None] = mapped_column(Integer)
    lasts: Mapped[int] = mapped_column(Integer, default=1)
    name: Mapped[str] = mapped_column(String(120))
    is_confirmed: Mapped[bool] = mapped_column(Boolean, default=True)  # False: shown as "perlu dipastikan"
    source: Mapped[str] = mapped_column(String(200), default="")
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)


class DaySettings(Versioned, Base):
    """Which computed days an office sees."""

    __tablename__ = "day_settings"

    office_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    shows_pawukon: Mapped[bool] = mapped_column(Boolean, default=False)
