"""The repetitions a person picks from a form, and the rule each stands for."""

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from humasflow.planning.agenda.recurrence import Frequency, Rule, Weekday, parse_rule


class Repeat(StrEnum):
    """How an event repeats, as the form offers it. ``KEPT``: as it is, where the form has no words for its rule."""

    NEVER = ""
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY_DATE = "monthly_date"
    MONTHLY_DAY = "monthly_day"
    YEARLY = "yearly"
    KEPT = "kept"

    @property
    def label(self) -> str:
        """For people."""
        return str(_REPEATS[self])


_REPEATS = {
    Repeat.NEVER: _l("Tidak berulang"),
    Repeat.DAILY: _l("Per hari"),
    Repeat.WEEKLY: _l("Per pekan"),
    Repeat.MONTHLY_DATE: _l("Per bulan, pada tanggal yang sama"),
    Repeat.MONTHLY_DAY: _l("Per bulan, pada hari yang sama (misalnya Selasa kedua)"),
    Repeat.YEARLY: _l("Per tahun"),
    Repeat.KEPT: _l("Seperti sekarang"),
}
_FREQUENCIES = {
    Repeat.DAILY: Frequency.DAILY,
    Repeat.WEEKLY: Frequency.WEEKLY,
    Repeat.MONTHLY_DATE: Frequency.MONTHLY,
    Repeat.MONTHLY_DAY: Frequency.MONTHLY,
    Repeat.YEARLY: Frequency.YEARLY,
}


def rule_for(
    repeat: Repeat,
    first: date,
    *,
    interval: int,
    weekdays: tuple[int, ...],
    until: date | None,
    count: int | None,
) -> str:
    """The rule of what was picked, for an event whose first day it is."""
    if repeat in (Repeat.NEVER, Repeat.KEPT):
        return ""
    rule = Rule(_FREQUENCIES[repeat], interval, count=count, until=until)
    if repeat is Repeat.WEEKLY and weekdays and weekdays != (first.weekday(),):
        rule = replace(rule, by_day=tuple(Weekday(day) for day in sorted(weekdays)))
    if repeat is Repeat.MONTHLY_DAY:
        nth = (first.day - 1) // 7 + 1
        rule = replace(rule, by_day=(Weekday(first.weekday(), nth if nth < 5 else -1),))
    return str(rule)


def picked(rule: Rule, first: date) -> Repeat:
    """What the form shows for a rule."""
    bare = replace(rule.without_end, interval=1, week_start=0)
    if isinstance(rule.until, datetime) and rule.until.tzinfo is None:
        return Repeat.KEPT
    for repeat in _FREQUENCIES:
        days = tuple(one.day for one in bare.by_day if not one.nth)
        same = parse_rule(rule_for(repeat, first, interval=1, weekdays=days, until=None, count=None))
        if same == bare or (repeat is Repeat.WEEKLY and bare == replace(same, by_day=bare.by_day) and days):
            return repeat if not rule.week_start or repeat is not Repeat.WEEKLY else Repeat.KEPT
    return Repeat.KEPT


def until_day(rule: Rule, zone: str) -> date | None:
    """The last day a rule lets anything happen."""
    if isinstance(rule.until, datetime):
        return (rule.until.astimezone(ZoneInfo(zone)) if rule.until.tzinfo else rule.until).date()
    return rule.until
