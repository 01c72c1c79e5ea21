"""A repetition in words: "Setiap pekan pada Senin dan Rabu, 10 kali"."""

from calendar import monthrange
from datetime import UTC, date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from humasflow.core.localtime import show_date, to_local
from humasflow.planning.agenda.recurrence import Frequency, Rule, Weekday, completed, parse_rule

_MONDAY = date(2024, 1, 1)


def describe(text: str, starts_at: datetime, zone: str) -> str:
    """The rule for people; empty for an event that does not repeat. Raises BadRule."""
    return describe_rule(parse_rule(text), starts_at, zone) if text else ""


def describe_rule(rule: Rule, starts_at: datetime, zone: str) -> str:
    """The rule for people: what it leaves open, its first day says."""
    full = completed(rule, to_local(starts_at, zone).date())
    if _is_of_weekdays(full):
        said = _("Setiap %(days)s", days=_joined([_weekday(one) for one in full.by_day]))
    elif full.freq is Frequency.YEARLY and full.interval == 1 and _is_of_one_date(full):
        day = date(2024, full.by_month[0], full.by_month_day[0])
        said = _("Setiap %(days)s", days=show_date(day, style="d MMMM"))
    else:
        said = _every(full)
        if on := _days(full):
            said = _("%(every)s pada %(days)s", every=said, days=on)
    if rule.count is not None:
        said = _("%(every)s, %(n)s kali", every=said, n=rule.count)
    elif rule.until is not None:
        said = _("%(every)s, sampai %(day)s", every=said, day=_until(rule, starts_at, zone))
    return said


def _is_of_weekdays(rule: Rule) -> bool:
    return (
        rule.freq is Frequency.WEEKLY
        and rule.interval == 1
        and bool(rule.by_day)
        and not (rule.by_month or rule.by_set_pos)
    )


def _is_of_one_date(rule: Rule) -> bool:
    dates = rule.by_month_day
    return (
        len(rule.by_month) == 1
        and len(dates) == 1
        and 0 < dates[0] <= monthrange(2024, rule.by_month[0])[1]
        and not (rule.by_day or rule.by_set_pos)
    )


def _every(rule: Rule) -> str:
    n = rule.interval
    if n == 1:
        return {
            Frequency.DAILY: _("Setiap hari"), Frequency.WEEKLY: _("Setiap pekan"),
            Frequency.MONTHLY: _("Setiap bulan"), Frequency.YEARLY: _("Setiap tahun"),
        }[rule.freq]  # fmt: skip
    if rule.freq is Frequency.DAILY:
        return ngettext("Setiap %(num)s hari", "Setiap %(num)s hari", n)
    if rule.freq is Frequency.WEEKLY:
        return ngettext("Setiap %(num)s pekan", "Setiap %(num)s pekan", n)
    if rule.freq is Frequency.MONTHLY:
        return ngettext("Setiap %(num)s bulan", "Setiap %(num)s bulan", n)
    return ngettext("Setiap %(num)s tahun", "Setiap %(num)s tahun", n)


def _days(rule: Rule) -> str:
    said = []
    if rule.by_day:
        said.append(_joined([_weekday(one) for one in rule.by_day]))
    if rule.by_month_day:
        said.append(_joined([_month_day(one) for one in rule.by_month_day]))
    if rule.by_set_pos:
        said.append(_("(%(which)s)", which=_joined([_nth(one) for one in rule.by_set_pos])))
    if rule.by_month:
        months = _joined([show_date(date(2024, n, 1), style="LLLL") for n in rule.by_month])
        said.append(_("bulan %(months)s", months=months))
    return " ".join(said)


def _weekday(one: Weekday) -> str:
    name = show_date(date(2024, 1, _MONDAY.day + one.day), style="EEEE")
    return _("%(day)s %(nth)s", day=name, nth=_nth(one.nth)) if one.nth else name


def _month_day(day: int) -> str:
    if day > 0:
        return _("tanggal %(n)s", n=day)
    return _("hari terakhir") if day == -1 else _("hari ke-%(n)s dari akhir bulan", n=-day)


def _nth(nth: int) -> str:
    named = {
        1: _("pertama"), 2: _("kedua"), 3: _("ketiga"), 4: _("keempat"), 5: _("kelima"), -1: _("terakhir"),
    }  # fmt: skip
    return named.get(nth) or (_("ke-%(n)s", n=nth) if nth > 0 else _("ke-%(n)s dari akhir", n=-nth))


def _joined(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s dan %(last)s", first=", ".join(words[:-1]), last=words[-1])


def _until(rule: Rule, starts_at: datetime, zone: str) -> str:
    until = rule.until
    if isinstance(until, datetime):
        return show_date(until, zone) if until.tzinfo else show_date(until.replace(tzinfo=UTC), "UTC")
    return show_date(until or starts_at.date())
