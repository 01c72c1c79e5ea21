"""Periods of the calendar and the zones of offices.

``Quarter`` is what offices are scored by; a scheme may also count by weeks, months, semesters or years. All of them
answer the same questions (:class:`Period`).
"""

from datetime import date

from humasflow.core.periods.base import MAX_YEAR, MIN_YEAR, Period, PeriodError, PeriodType
from humasflow.core.periods.others import Month, Semester, Week, Year, parse_other
from humasflow.core.periods.quarter import Quarter
from humasflow.core.periods.zones import OfficeZone

_CLASSES: dict[PeriodType, type[Week] | type[Month] | type[Quarter] | type[Semester] | type[Year]] = {
    PeriodType.WEEK: Week,
    PeriodType.MONTH: Month,
    PeriodType.QUARTER: Quarter,
    PeriodType.SEMESTER: Semester,
    PeriodType.YEAR: Year,
}


def period_of(type_: PeriodType, day: date) -> Period:
    """The period of that type in which a local date lies."""
    return _CLASSES[type_].from_local_date(day)


def parse_period(key: str, type_: PeriodType | None = None) -> Period:
    """The inverse of :attr:`Period.key`, strict. Raises PeriodError, also when it is not of ``type_``."""
    found: Period = Quarter.parse(key) if "TW" in key else parse_other(key)
    if type_ is not None and found.type is not type_:
        raise PeriodError(f"not a {type_}: {key[:20]!r}")
    return found


__all__ = [
    "MAX_YEAR",
    "MIN_YEAR",
    "Month",
    "OfficeZone",
    "Period",
    "PeriodError",
    "PeriodType",
    "Quarter",
    "Semester",
    "Week",
    "Year",
    "parse_period",
    "period_of",
]
