"""The weeks or days of a cadence that belong to a period.

A week runs from Monday to Sunday and belongs, whole, to the period that holds its Thursday: so every week is looked at
once, also where a period begins in the middle of one.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from humasflow.core.periods import Period
from humasflow.scoring.calculation.parameters import CadenceParameters, CadenceUnit

_THURSDAY = 3
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Stretch:
    """One week or day, and the days of it that count."""

    start: date
    end: date
    days: tuple[date, ...]


def stretches(rules: CadenceParameters, period: Period) -> tuple[Stretch, ...]:
    """The weeks (or days) of a period, in order. With ``weekdays`` only those days count: of a week, its publications
    on them; of days, only they are looked at at all.
    """
    if rules.unit is CadenceUnit.DAY:
        return tuple(Stretch(day, day, (day,)) for day in period.days() if _counts(day, rules))
    first = period.start - timedelta(days=period.start.weekday())
    if period.start.weekday() > _THURSDAY:
        first += timedelta(days=_WEEK)
    found = []
    monday = first
    while monday + timedelta(days=_THURSDAY) <= period.end:
        days = (monday + timedelta(days=n) for n in range(_WEEK))
        found.append(
            Stretch(monday, monday + timedelta(days=_WEEK - 1), tuple(d for d in days if _counts(d, rules)))
        )
        monday += timedelta(days=_WEEK)
    return tuple(found)


def _counts(day: date, rules: CadenceParameters) -> bool:
    return not rules.weekdays or day.weekday() in rules.weekdays
