"""What changes share: an occurrence of its own, an event in two, occurrences that get other instants."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.events import emit
from humasflow.core.localtime import show_instant
from humasflow.planning.agenda.enums import Extent
from humasflow.planning.agenda.events import AgendaCancelled, AgendaRekeyed, AgendaSplit
from humasflow.planning.agenda.models import AgendaEvent, AgendaException
from humasflow.planning.agenda.queries import get_exception, series_of
from humasflow.planning.agenda.recurrence import BadRule, Frequency, Rule, completed
from humasflow.planning.agenda.series import Series
from humasflow.planning.agenda.services.losing import Lost, WouldDrop
from humasflow.planning.agenda.shifting import ended_before, months_between, names_a_period, shifted
from humasflow.planning.agenda.succession import Succession

_COPIED = (
    "office_id", "title", "description", "place", "organizer", "zone", "all_day", "section_id", "campaign_id", "state",
    "reason", "is_private", "created_by",
)  # fmt: skip


def touched(event: AgendaEvent) -> None:
    """It is another edition for whoever subscribes. Flushes, which raises its version."""
    event.sequence += 1
    event.updated_at = clock.now()
    db.session.flush()


def own(event: AgendaEvent, occurrence: datetime) -> AgendaException:
    """What is different at this occurrence; made when nothing was."""
    found = get_exception(event, occurrence)
    if found is None:
        found = AgendaException(event_id=event.id, occurrence=occurrence, is_dropped=False, reason="")
        db.session.add(found)
    return found


def settled(event: AgendaEvent, occurrence: datetime, extent: Extent) -> Extent:
    """What the extent comes to: an event that does not repeat is whole, and so is "from the first on"."""
    if not event.rule or (extent is Extent.FUTURE and occurrence <= event.starts_at):
        return Extent.ALL
    return extent


def split(event: AgendaEvent, occurrence: datetime, *, actor: Principal) -> AgendaEvent:
    """Let the event end before this occurrence and go on as another one from it, the same in everything; what is
    different at later occurrences goes along. Flushes; tells AgendaSplit.
    """
    series = series_of(event)
    rule = series.parsed
    if rule is None:
        raise ValueError("an event that does not repeat has no second part")
    done = series.before(occurrence) if rule.count is not None else 0
    rest = replace(rule, count=rule.count - done) if rule.count is not None else rule
    now = clock.now()
    made = AgendaEvent(
        **{name: getattr(event, name) for name in _COPIED}, uid=f"{uuid4()}@humasflow", sequence=0,
        continues_id=event.id, needs=list(event.needs), starts_at=occurrence, ends_at=series.end_of(occurrence),
        rule=str(rest), until_at=event.until_at, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(made)
    day = series.local(occurrence).date()
    event.rule = str(ended_before(rule, day))
    last = series.last_before(occurrence)
    event.until_at = series.end_of(last) if last is not None else event.ends_at
    touched(event)
    for one in exceptions_of(event):
        if one.occurrence >= occurrence:
            one.event_id = made.id
    db.session.flush()
    audit.record(
        AuditAction.AGENDA_SPLIT, ("agenda_event", made.id), office_id=event.office_id, actor=actor,
        context=("agenda_event", event.id), label=event.title, since=occurrence.isoformat(),
    )  # fmt: skip
    emit(AgendaSplit(event_id=event.id, continued_by=made.id, since=occurrence))
    return made


def moved_series(series: Series, occurrence: datetime, by: timedelta, length: timedelta | None) -> Succession:
    """What a series becomes when this occurrence takes place ``by`` later on the wall clock, as long as ``length``
    (None: as before), and every other one as much later or on the day of its month that corresponds. Raises BadRule
    where no rule says so.
    """
    start = series.instant(series.local_start + by)
    length = series.length_of(series.starts_at, series.ends_at) if length is None else length
    end = series.after(start, length)
    rule, day = series.parsed, series.local(occurrence).date()
    moved = (series.local(occurrence) + by).date()
    if rule is None or not by or (moved == day and rule.until is None):
        return Succession(series, replace(series, starts_at=start, ends_at=end), by)
    if moved == day or not names_a_period(rule):
        text = str(_later_end(shifted(rule, day, moved), series, by))
        return Succession(series, replace(series, starts_at=start, ends_at=end, rule=text), by)
    return _in_other_days(series, (day, moved), by, length)


def _in_other_days(series: Series, days: tuple[date, date], by: timedelta, length: timedelta) -> Succession:
    """The same for a rule that names a day of the month or the year: period by period."""
    rule = series.parsed
    if rule is None:
        raise ValueError("an event that does not repeat has no periods")
    day, moved = days
    months = months_between(rule, day, moved)
    plain = not (rule.by_day or rule.by_month_day or rule.by_month or rule.by_set_pos)
    named = replace(rule, by_month_day=(day.day,)) if plain else rule
    if plain and rule.freq is Frequency.YEARLY:
        named = replace(named, by_month=(day.month,))
    named = shifted(named, day, moved)
    begin = series.local_start
    at = begin.year * 12 + (0 if rule.freq is Frequency.YEARLY else begin.month - 1) + months
    clock_time = (begin + by).time()
    local = datetime.combine(date(at // 12, at % 12 + 1, 1), clock_time)
    endless = named.without_end
    begins = series.instant(local)
    asked = replace(series, starts_at=begins, ends_at=series.after(begins, length), rule=str(endless))
    first = asked.first()
    if first is None:
        raise BadRule(_("Pada hari itu pengulangannya tidak pernah jatuh. Ubah pengulangannya."))
    bare = replace(endless, by_month=(), by_month_day=())
    says_the_same = completed(bare, series.local(first).date()) == endless
    kept = bare if plain and says_the_same else endless
    after = replace(asked, starts_at=first, ends_at=asked.end_of(first), rule=str(kept))
    if rule.count is not None:
        after = replace(after, rule=str(replace(kept, count=rule.count)))
    elif rule.until is not None:
        after = replace(after, rule=str(replace(kept, until=_corresponding_end(series, after, by, months))))
    return Succession(series, after, by, months)


def _corresponding_end(before: Series, after: Series, by: timedelta, months: int) -> datetime | date:
    """The end of a rule whose last occurrence is the one that took the last one's place."""
    pairs, last = Succession(before, after, by, months), before.last()
    while last is not None:
        found = pairs.of(last)
        if found is not None:
            return before.local(found).date() if before.all_day else found
        last = before.last_before(last)
    return after.local_start.date() if after.all_day else after.starts_at


def rekey(event: AgendaEvent, pairs: Succession, *, drop: bool, actor: Principal) -> None:
    """What was different at an occurrence is different at the one that took its place, and what hangs on it is told
    its new name. What has no such place is lost, and told that it is, unless it is over; unless ``drop``, that raises
    :class:`WouldDrop`. Flushes; tells AgendaRekeyed.
    """
    lost, kept, ends = [], [], {}
    for one in exceptions_of(event):
        key = pairs.of(one.occurrence)
        ends[one.occurrence] = one.ends_at or pairs.before.end_of(one.starts_at or one.occurrence)
        if key is None and not one.is_dropped and one.occurrence != pairs.only:
            lost += [Lost(one.occurrence, event.zone, said)] if (said := _told(event, one)) else []
        if key is not None and pairs.after.rule:
            kept.append({**{c: getattr(one, c) for c in _OWN}, "occurrence": key})
        db.session.delete(one)
    db.session.flush()
    db.session.add_all([AgendaException(event_id=event.id, **values) for values in kept])
    db.session.flush()
    db.session.expire(event, ["exceptions"])
    asked = AgendaRekeyed(event_id=event.id, pairs=pairs, lost=[])
    emit(asked)
    hanging = set(asked.lost)
    if drop or not (lost or hanging):
        now, said = clock.now(), _("Pengulangannya berubah; kali ini tidak ada lagi.")
        for key in sorted(hanging):
            if ends.get(key, pairs.before.end_of(key)) > now:
                emit(AgendaCancelled(event.id, key, False, actor.id, said))
        return
    known = {one.at for one in lost}
    lost += [Lost(at, event.zone, _("sedang diliput")) for at in hanging - known]
    raise WouldDrop(sorted(lost, key=lambda one: one.at))


def _told(event: AgendaEvent, one: AgendaException) -> str:
    """What is different, in words; nothing where it was cancelled, say, and is on again like all the others."""
    said = []
    if one.state is not None and one.state is not event.state:
        said.append(": ".join(t for t in (one.state.label.lower(), one.reason) if t))
    if one.starts_at is not None and one.starts_at != one.occurrence:
        said.append(_("pindah ke %(when)s", when=show_instant(one.starts_at, event.zone)))
    if one.title:
        said.append(f"“{one.title}”")
    if one.place is not None:
        said.append(_("tempat lain"))
    if one.needs is not None:
        said.append(_("kebutuhan lain"))
    return ", ".join(said)


_OWN = ("is_dropped", "starts_at", "ends_at", "title", "place", "needs", "state", "reason")


def exceptions_of(event: AgendaEvent) -> list[AgendaException]:
    """What is different at single occurrences."""
    return list(db.session.scalars(select(AgendaException).where(AgendaException.event_id == event.id)).all())


def _later_end(rule: Rule, series: Series, by: timedelta) -> Rule:
    if rule.until is None:
        return rule
    if not isinstance(rule.until, datetime):
        days = ((series.local_start + by).date() - series.local_start.date()).days
        return replace(rule, until=rule.until + timedelta(days=days))
    if rule.until.tzinfo is None:
        return replace(rule, until=rule.until + by)
    return replace(rule, until=series.instant(series.local(rule.until) + by))
