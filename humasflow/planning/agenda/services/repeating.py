"""Another repetition for an event, none any longer, or whole days instead of a clock time."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from humasflow.accounts.policy import Principal
from humasflow.planning.agenda.events import AgendaMoved
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.queries import Occurrence, get_exception, series_of
from humasflow.planning.agenda.recurrence import completed, parse_rule
from humasflow.planning.agenda.series import Series
from humasflow.planning.agenda.services.contents import EventContent, aligned
from humasflow.planning.agenda.services.moving import adopt, tell_moved
from humasflow.planning.agenda.services.parting import exceptions_of, rekey
from humasflow.planning.agenda.succession import Succession


def become_single(event: AgendaEvent, shown: Occurrence, *, drop: bool, actor: Principal) -> datetime:
    """The occurrence that was meant is the only one, where and as it stands. Returns its name now. Flushes; raises
    WouldDrop unless ``drop``.
    """
    before = series_of(event)
    mine = get_exception(event, shown.occurrence)
    if mine is not None and mine.state is not None:
        event.state, event.reason = mine.state, mine.reason
    adopt(event, replace(before, starts_at=shown.starts_at, ends_at=shown.ends_at, rule=""))
    rekey(event, Succession(before, series_of(event), only=shown.occurrence), drop=drop, actor=actor)
    return event.starts_at


def repeat_otherwise(
    event: AgendaEvent, key: datetime, told: EventContent, *, drop: bool, actor: Principal
) -> None:
    """Another rule, from the event's own first day on. What the rule leaves open, the day says that the person saw.
    Flushes; tells AgendaMoved where one that did not repeat begins on another day. Raises BadRule, WouldDrop.
    """
    before = series_of(event)
    asked = parse_rule(told.rule)
    full = completed(asked, before.local(told.starts_at).date())
    wanted = aligned(
        replace(told, starts_at=event.starts_at, ends_at=event.ends_at, rule=str(full)), event.zone
    )
    if completed(asked, before.local(wanted.starts_at).date()) == full:  # its first day says the same
        wanted = replace(wanted, rule=told.rule)
    adopt(event, replace(before, starts_at=wanted.starts_at, ends_at=wanted.ends_at, rule=wanted.rule))
    pairs = Succession(before, series_of(event))
    rekey(event, pairs, drop=drop, actor=actor)
    if not before.rule and wanted.starts_at != key:
        tell_moved(
            event, AgendaMoved(event.id, None, key, wanted.starts_at, actor.id, "", pairs), actor
        )  # fmt: skip


def switch_all_day(event: AgendaEvent, key: datetime, told: EventContent, *, actor: Principal) -> datetime:
    """From a clock time to whole days or back, on the days it has; returns the name of the occurrence now. Flushes;
    tells AgendaMoved, with which nothing moves that hangs on it: plans are made for the day.
    """
    before = series_of(event)
    begin = before.local(told.starts_at)
    start = datetime.combine(before.local_start.date(), begin.time())
    after = replace(before, starts_at=before.instant(start), all_day=told.all_day)
    length = after.length_of(told.starts_at, told.ends_at)
    after = replace(after, ends_at=after.after(after.starts_at, length))
    if before.parsed is not None and isinstance(
        before.parsed.until, datetime
    ):  # an instant would be another day's
        last = before.last() or before.starts_at
        after = replace(after, rule=str(replace(before.parsed, until=before.local(last).date())))
    event.all_day = told.all_day
    shifts = {}
    pairs = Succession(before, after)
    for one in exceptions_of(event):
        if one.starts_at is None:
            continue
        stood, name = one.starts_at, pairs.of(one.occurrence)
        if one.occurrence == key:
            one.starts_at, one.ends_at = told.starts_at, told.ends_at
        elif told.all_day:
            one.starts_at, one.ends_at = _whole_days(before, stood, one.ends_at or before.end_of(stood))
        else:
            one.starts_at = before.instant(datetime.combine(before.local(stood).date(), begin.time()))
            one.ends_at = one.starts_at + length
        if name is not None:
            shifts[name] = one.starts_at - stood
    adopt(event, after)
    rekey(event, pairs, drop=True, actor=actor)  # every day keeps its own: nothing can be lost
    named = pairs.of(key) or event.starts_at
    mine = get_exception(event, named)
    stands = mine.starts_at if mine is not None and mine.starts_at is not None else named
    by = shifts.get(named, named - key)
    if by:
        told_all = AgendaMoved(
            event.id, None, stands - by, stands, actor.id, "", pairs, shifts, keeps_plans=True
        )
        tell_moved(event, told_all, actor)
    return named


def _whole_days(series: Series, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """The days that something touches, from midnight to midnight."""
    first = series.local(starts_at).date()
    last = series.local(ends_at - timedelta(microseconds=1)).date()
    begin, end = datetime.combine(first, time()), datetime.combine(last + timedelta(days=1), time())
    return series.instant(begin), series.instant(end)
