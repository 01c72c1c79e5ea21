"""Repetitions that others wrote: what an agenda can follow of them, within a fixed amount of work for a whole file."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import icalendar
from flask_babel import gettext as _

from humasflow.planning.agenda.ics_values import single
from humasflow.planning.agenda.recurrence import BadRule, Frequency, Rule, parse_rule
from humasflow.planning.agenda.series import Series

MAX_HARD_RULES: Final = 20  # of a file: rules that may have to be walked through for a lifetime to find a day
MAX_COUNTED: Final = 50_000  # times that rules with a COUNT ask to be counted, all together
_LAST_SECOND: Final = time(23, 59, 59)


@dataclass
class RuleCosts:
    """What the rules of a file cost so far."""

    hard_rules: int = 0
    counted: int = 0

    def weigh(self, rule: Rule, first: Series) -> None:
        """Count what the rule may cost wherever the agenda is read. Raises BadRule for more than a file may ask, and
        for one that costs much and gives nothing.
        """
        picks = bool(rule.by_day or rule.by_month_day or rule.by_month or rule.by_set_pos)
        if _is_hard(rule):
            self.hard_rules += 1
        elif picks and rule.count is not None:
            self.counted += rule.count
        if self.hard_rules > MAX_HARD_RULES or self.counted > MAX_COUNTED:
            raise BadRule(_("Terlalu banyak pengulangan yang rumit dalam satu berkas."))
        if _is_hard(rule) and replace(first, rule=str(rule)).first() is None:
            raise BadRule(_("Pengulangan ini tidak pernah jatuh pada hari mana pun."))


def read_rule(component: icalendar.Event, first: Series, costs: RuleCosts, *, has_zone: bool) -> Series:
    """The event with its rule, beginning on the first day that the rule names; ``first``: the event without it.
    Raises BadRule where an agenda cannot follow it, as on a clock that only the file knows (not ``has_zone``).
    """
    if not has_zone:
        raise BadRule(_("Jam pengulangannya mengikuti zona waktu yang hanya dikenal berkas ini."))
    if isinstance(component["RRULE"], list):
        raise BadRule(_("Agenda ini memakai beberapa aturan pengulangan sekaligus."))
    rule = parse_rule(single(component, "RRULE").to_ical().decode("ascii", "replace"))
    rule = replace(rule, until=_until(rule.until, first))
    costs.weigh(rule, first)
    found = replace(first, rule=str(rule))
    begins = found.first()
    if begins is None:
        raise BadRule(_("Pengulangannya berakhir sebelum tanggal pertamanya."))
    if begins == first.starts_at:
        return found
    # The date it begins with is none of the rule's. It takes place nevertheless, and counts.
    if rule.count == 1:
        return first
    if rule.count is not None:
        rule = replace(rule, count=rule.count - 1)
    return replace(found, starts_at=begins, ends_at=found.end_of(begins), rule=str(rule))


def _until(until: date | datetime | None, first: Series) -> date | datetime | None:
    """The last day of what ends with a day, however that is written; else an instant."""
    if not isinstance(until, datetime):
        return until
    tz = ZoneInfo(first.zone)
    local = until.astimezone(tz) if until.tzinfo is not None else until
    if first.all_day:  # a day of UTC where it is written as one, else the day that the instant is on
        return (until if until.time() in (time(), _LAST_SECOND) else local).date()
    if local.time() == _LAST_SECOND:
        return local.date()
    return until if until.tzinfo is not None else until.replace(tzinfo=tz).astimezone(UTC)


def _is_hard(rule: Rule) -> bool:
    """Whether years may pass between two days that it names, or all days must be counted to find its last."""
    rare = (
        bool(rule.by_set_pos)
        or bool(rule.by_month_day and (rule.by_day or any(abs(d) > 28 for d in rule.by_month_day)))
        or (rule.freq is Frequency.DAILY and bool(rule.by_month or rule.by_month_day))
        or any(abs(d.nth) > 4 for d in rule.by_day)
    )
    picks = bool(rule.by_day or rule.by_month_day or rule.by_month)
    return rare or (picks and rule.interval > 50) or (picks and (rule.count or 0) > 2_000)
