"""How much a channel account is to publish: what its office set, or its part of what the targets still miss. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from humasflow.calendar.pace.sharing import Part, sum_apart
from humasflow.calendar.pace.weeks import WEEKS, Week, by_days, by_weeks
from humasflow.scoring.calculation import per_week_whole


class QuotaSource(StrEnum):
    """Where a quota comes from."""

    OFFICE = "office"
    TARGETS = "targets"
    NONE = "none"


@dataclass(frozen=True)
class Quota:
    """``weekly``: a week of seven days from the present one on, rounded up; ``evenly``: the same, had the pace of the
    whole quarter always been kept. None: nothing is asked of this account. ``by_week``: what each week is asked, by its
    number: weeks gone against the even pace, the present one and those to come against what was missing when the
    present one began, of which they sum to exactly the whole.
    """

    source: QuotaSource
    weekly: int | None = None
    evenly: int | None = None
    parts: tuple[Part, ...] = ()
    by_week: Mapping[int, int] | None = None

    def counts(self, content_type: str) -> bool:
        """Whether this kind of content fills the quota."""
        return self.source is not QuotaSource.TARGETS or any(p.counts(content_type) for p in self.parts)

    def asked_in(self, week: Week) -> int | None:
        """Of one week; None when nothing is asked of the account at all."""
        return None if self.by_week is None else self.by_week[week.number]

    @property
    def target(self) -> int | None:
        """What the whole quarter asks, None when nothing."""
        if self.source is QuotaSource.OFFICE:
            return (self.weekly or 0) * WEEKS
        return sum_apart({p: p.wanted for p in self.parts}) if self.parts else None

    def missing(self, filling: int) -> int:
        """What is neither live nor planned. ``filling``: so many in the quarter that count for it."""
        if self.source is QuotaSource.OFFICE:
            return max((self.weekly or 0) * WEEKS - filling, 0)
        return sum_apart({p: p.short for p in self.parts})


NO_QUOTA = Quota(QuotaSource.NONE)


def office_quota(weekly: int, weeks: Sequence[Week]) -> Quota:
    """What the office itself set for an account."""
    return Quota(QuotaSource.OFFICE, weekly, weekly, by_week=by_weeks(weekly, weeks))


def quota_of(parts: Sequence[Part], weeks: Sequence[Week], opened: Sequence[Week]) -> Quota:
    """The quota of an account from its parts of the targets. ``opened``: the weeks from the present one on, none when
    the quarter is over.
    """
    if not parts:
        return NO_QUOTA
    even, asked = sum_apart({p: p.evenly for p in parts}), sum_apart({p: p.asked for p in parts})
    left = Fraction(sum(week.days for week in opened or weeks), 7)
    by_week = by_days(even, weeks) | (by_days(asked, opened) if opened else {})
    return Quota(
        QuotaSource.TARGETS, per_week_whole(asked, left), per_week_whole(even, WEEKS), tuple(parts), by_week
    )
