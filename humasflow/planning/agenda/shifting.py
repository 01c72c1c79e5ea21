"""What a rule becomes when its occurrences move by days: every Tuesday becomes every Wednesday."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from flask_babel import gettext as _

from humasflow.planning.agenda.recurrence import BadRule, Frequency, Rule, Weekday


def shifted(rule: Rule, before: date, after: date) -> Rule:
    """The rule whose occurrence on ``before`` takes place on ``after``; its end stays. Raises :class:`BadRule` where no
    rule says so.
    """
    days = (after - before).days
    if not days:
        return rule
    if not (rule.by_day or rule.by_month_day or rule.by_month or rule.by_set_pos):
        return rule
    if rule.freq in (Frequency.DAILY, Frequency.WEEKLY) and not (rule.by_month or rule.by_month_day):
        return replace(
            rule, week_start=(rule.week_start + days) % 7,
            by_day=tuple(sorted(Weekday((one.day + days) % 7) for one in rule.by_day)),
        )  # fmt: skip
    if len(rule.by_month) > 1 or rule.by_set_pos or (rule.by_month and rule.freq is not Frequency.YEARLY):
        raise _cannot()
    if rule.freq is Frequency.YEARLY and rule.by_month_day and not rule.by_month:
        raise _cannot()  # a day of every month: it has twelve a year, which no move by days can be counted from
    moved = replace(rule, by_month=(after.month,) if rule.by_month else ())
    if len(rule.by_month_day) == 1 and not rule.by_day and rule.freq is not Frequency.DAILY:
        return replace(moved, by_month_day=(_month_day(rule.by_month_day[0], before, after),))
    if len(rule.by_day) == 1 and rule.by_day[0].nth and not rule.by_month_day:
        if rule.freq is Frequency.YEARLY and not rule.by_month:
            raise _cannot()
        return replace(moved, by_day=(Weekday(after.weekday(), _nth(rule.by_day[0].nth, before, after)),))
    if not rule.by_day and not rule.by_month_day:
        return moved
    raise _cannot()


def names_a_period(rule: Rule) -> bool:
    """Whether it gives one day a month or a year, or none, which a move by days cannot be counted from."""
    return rule.freq in (Frequency.MONTHLY, Frequency.YEARLY)


def months_between(rule: Rule, before: date, after: date) -> int:
    """How many months later, in whole periods of the rule, a day lies."""
    years = after.year - before.year
    return years * 12 + (after.month - before.month if rule.freq is Frequency.MONTHLY else 0)


def _month_day(day: int, before: date, after: date) -> int:
    from_end = after.day - monthrange(after.year, after.month)[1] - 1
    return from_end if _counts_from_end(day, before, after) else after.day


def _nth(nth: int, before: date, after: date) -> int:
    """Which of its month a day is: never the fifth, which few months have."""
    first = (after.day - 1) // 7 + 1
    last = -((monthrange(after.year, after.month)[1] - after.day) // 7 + 1)
    if _counts_from_end(nth, before, after):
        return last if last > -5 else 1
    return first if first < 5 else -1


def _counts_from_end(number: int, before: date, after: date) -> bool:
    """What leaves its month counts from the edge that it came over."""
    if (before.year, before.month) == (after.year, after.month):
        return number < 0
    return after < before


def ended_before(rule: Rule, day: date) -> Rule:
    """The rule up to the day before this one, on its wall clock: no day has two of its occurrences."""
    return replace(rule, count=None, until=day - timedelta(days=1))


def _cannot() -> BadRule:
    return BadRule(
        _(
            "Harinya tidak dapat dipindahkan untuk semua, karena aturannya menyebut beberapa hari. Ubah pengulangannya."
        )
    )
