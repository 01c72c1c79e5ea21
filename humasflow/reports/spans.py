"""The stretch of local days that a report is about: chosen by kind and key, named for people."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask_babel import gettext as _

from humasflow.core.localtime import show_date
from humasflow.core.periods import Period, PeriodType, period_of
from humasflow.reports.enums import SpanKind

LONGEST: Final = 366 * 3  # days of a free stretch
TYPES: Final = {
    SpanKind.WEEK: PeriodType.WEEK,
    SpanKind.MONTH: PeriodType.MONTH,
    SpanKind.QUARTER: PeriodType.QUARTER,
    SpanKind.SEMESTER: PeriodType.SEMESTER,
    SpanKind.YEAR: PeriodType.YEAR,
}


@dataclass(frozen=True)
class Span:
    """First and last local day, both in it."""

    kind: SpanKind
    start: date
    end: date

    @property
    def period(self) -> Period | None:
        """The calendar's own period, None for a day and a free stretch."""
        return period_of(TYPES[self.kind], self.start) if self.kind in TYPES else None

    @property
    def label(self) -> str:
        """``Triwulan IV 2026``, ``Senin, 5 Januari 2026``, ``1 Jan – 15 Feb 2026``; in the present language."""
        if self.period is not None:
            return self.period.label
        if self.kind is SpanKind.DAY or self.start == self.end:
            return show_date(self.start, style="EEEE, d MMMM yyyy")
        return _("%(start)s sampai %(end)s", start=show_date(self.start, style="d MMMM yyyy"),
                 end=show_date(self.end, style="d MMMM yyyy"))  # fmt: skip

    @property
    def key(self) -> str:
        """For file names: ``2026-TW4``, ``2026-01-05``, ``2026-01-01_2026-02-15``."""
        if self.period is not None:
            return self.period.key
        return self.start.isoformat() if self.start == self.end else f"{self.start}_{self.end}"


def span_around(kind: SpanKind, day: date) -> Span:
    """The stretch of a kind that a day lies in; of a free one that day alone. Raises PeriodError."""
    if kind in TYPES:
        found = period_of(TYPES[kind], day)
        return Span(kind, found.start, found.end)
    return Span(kind, day, day)


def span_before(kind: SpanKind, day: date) -> Span:
    """The last stretch of a kind that was over before a day."""
    return span_around(kind, span_around(kind, day).start - timedelta(days=1))
