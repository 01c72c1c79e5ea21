"""Which occurrence took the place of which, when a series got other times or another rule."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from humasflow.planning.agenda.series import Series


@dataclass(frozen=True)
class Succession:
    """Occurrences of ``before`` and those of ``after``. They belong together by their day, ``by`` later on the wall
    clock, or, where a month or a year has one of them ("every second Tuesday"), by their period, ``months`` later.
    ``only``: the one that stays when the event does not repeat any longer. One that did not repeat yet is the first.
    """

    before: Series
    after: Series
    by: timedelta = timedelta()
    months: int | None = None
    only: datetime | None = None

    def of(self, key: datetime) -> datetime | None:
        """What took the place of this one; None when nothing did."""
        if self.before.parsed is None or self.after.parsed is None:
            return self.after.starts_at if key == (self.only or self.before.starts_at) else None
        if self.months is not None:
            return _only_one(self.after, _period(self.before, self.before.local(key).date(), self.months))
        day = (self.before.local(key) + self.by).date()
        return _only_one(self.after, (day, day))

    def origin(self, key: datetime) -> datetime | None:
        """The other way round."""
        if self.before.parsed is None or self.after.parsed is None:
            return (self.only or self.before.starts_at) if key == self.after.starts_at else None
        return self._back.of(key)

    def shift(self, key: datetime) -> timedelta:
        """How much later the occurrence takes place that is called ``key`` now; nothing where it is a new one."""
        origin = self.origin(key)
        return key - origin if origin is not None else timedelta()

    @cached_property
    def _back(self) -> "Succession":
        return Succession(
            self.after, self.before, -self.by, -self.months if self.months is not None else None
        )


def _period(series: Series, day: date, months: int) -> tuple[date, date]:
    """The month or the year, so many months later, that a day's lies in."""
    at = day.year * 12 + day.month - 1 + months
    if series.is_yearly:
        year = day.year + months // 12
        return date(year, 1, 1), date(year, 12, 31)
    following = date((at + 1) // 12, (at + 1) % 12 + 1, 1)
    return date(at // 12, at % 12 + 1, 1), following - timedelta(days=1)


def _only_one(series: Series, days: tuple[date, date]) -> datetime | None:
    inside = series.on_days(*days)
    return inside[0] if len(inside) == 1 else None
