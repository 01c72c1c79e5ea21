"""Writing the agenda as iCalendar (RFC 5545). What is written here, the module ``ics`` reads back whole."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
from flask_babel import gettext as _
from icalendar.prop import vDDDTypes, vText

from humasflow.planning.agenda.enums import EventState
from humasflow.planning.agenda.ics_lines import PRODUCT
from humasflow.planning.agenda.models import AgendaEvent, AgendaException
from humasflow.planning.agenda.queries import series_of
from humasflow.planning.agenda.recurrence import Rule, parse_rule

_STATUS = {
    EventState.CONFIRMED: "CONFIRMED",
    EventState.TENTATIVE: "TENTATIVE",
    EventState.POSTPONED: "TENTATIVE",
    EventState.CANCELLED: "CANCELLED",
}


_SHOWN = (
    "uid", "title", "description", "place", "organizer", "starts_at", "ends_at", "zone", "all_day", "rule", "needs",
    "state", "reason", "is_private",
)  # fmt: skip
_DIFFERENT = (
    "occurrence",
    "is_dropped",
    "starts_at",
    "ends_at",
    "title",
    "place",
    "needs",
    "state",
    "reason",
)


def facts_of(event: AgendaEvent) -> tuple[object, ...]:
    """All of an event that its components show, for telling whether anything changed."""
    own = tuple(tuple(getattr(e, name) for name in _DIFFERENT) for e in event.exceptions)
    return tuple(getattr(event, name) for name in _SHOWN), own


@dataclass(frozen=True)
class _Edition:
    """What every component of an event carries. ``state`` set: all of it is in that state, whatever it says."""

    sequence: int
    changed_at: datetime
    state: EventState | None


def components_of(
    event: AgendaEvent,
    *,
    sequence: int | None = None,
    changed_at: datetime | None = None,
    state: EventState | None = None,
) -> list[icalendar.Event]:
    """An event as components: itself, and one for each occurrence that differs.

    ``sequence`` and ``changed_at``: of the edition, where somebody else counts editions; ``state`` goes for all of it.
    """
    edition = _Edition(
        event.sequence if sequence is None else sequence, changed_at or event.updated_at, state
    )
    made = _component(event, event.starts_at, event.ends_at, event, edition)
    if event.description:
        made.add("description", event.description)
    if event.organizer:
        made.add("contact", event.organizer)
    if not event.rule:
        return [made]
    made.add("rrule", icalendar.vRecur.from_ical(str(_until_instant(parse_rule(event.rule), event))))
    dropped = [_wall(e.occurrence, event) for e in event.exceptions if e.is_dropped]
    if dropped:
        made.add("exdate", dropped)
        if event.all_day:
            made["exdate"].params["VALUE"] = "DATE"
    return [made, *(_override(event, e, edition) for e in event.exceptions if not e.is_dropped)]


def _until_instant(rule: Rule, event: AgendaEvent) -> Rule:
    """The rule with an end of the kind its beginning has, as RFC 5545 3.3.10 asks: a day or an instant of UTC."""
    if rule.until is None:
        return rule
    tz = ZoneInfo(event.zone)
    if event.all_day:
        if not isinstance(rule.until, datetime):
            return rule
        return replace(rule, until=(rule.until.astimezone(tz) if rule.until.tzinfo else rule.until).date())
    until = (
        rule.until
        if isinstance(rule.until, datetime)
        else datetime.combine(rule.until, time(23, 59, 59), tzinfo=tz)
    )
    return replace(rule, until=(until if until.tzinfo else until.replace(tzinfo=tz)).astimezone(UTC))


def summary_of(title: str, state: EventState) -> str:
    """What a calendar program shows. None of them knows of a postponed event, so its name says it."""
    return _("Ditunda: %(what)s", what=title) if state is EventState.POSTPONED else title


def _override(event: AgendaEvent, exception: AgendaException, edition: _Edition) -> icalendar.Event:
    starts_at = exception.starts_at or exception.occurrence
    ends_at = exception.ends_at or series_of(event).end_of(starts_at)
    made = _component(event, starts_at, ends_at, exception, edition)
    made.add("recurrence-id", _wall(exception.occurrence, event))
    return made


def _component(
    event: AgendaEvent, starts_at: datetime, ends_at: datetime, source: AgendaEvent | AgendaException,
    edition: _Edition,
) -> icalendar.Event:  # fmt: skip
    """``source`` says what is written; what it leaves open, the event says."""
    title = source.title if source.title is not None else event.title
    place = source.place if source.place is not None else event.place
    state = edition.state or (source.state if source.state is not None else event.state)
    needs = source.needs if source.needs is not None else event.needs
    made = icalendar.Event()
    made.add("uid", event.uid)
    made.add("dtstamp", edition.changed_at)
    made.add("last-modified", edition.changed_at)
    made.add("sequence", edition.sequence)
    made.add("dtstart", _wall(starts_at, event))
    made.add("dtend", _wall(ends_at, event))
    made.add("summary", summary_of(title, state))
    made.add("status", _STATUS[state])
    if place or source is not event:
        made.add("location", place)
    if state is EventState.POSTPONED:
        made["x-humasflow-state"] = vText(state.value)
        made["x-humasflow-title"] = vText(title)
    if needs or source is not event:
        made["x-humasflow-needs"] = vText(",".join(needs))
    if source.reason:
        made.add("comment", source.reason)
    if event.is_private:
        made.add("class", "PRIVATE")
    return made


def _wall(instant: datetime, event: AgendaEvent) -> date | datetime:
    local = instant.astimezone(ZoneInfo(event.zone)) if event.zone != "UTC" else instant.astimezone(UTC)
    return local.date() if event.all_day else local


def calendar_of(name: str, components: Iterable[icalendar.Event], *, refresh: timedelta) -> bytes:
    """A whole calendar with the definitions of its zones, byte for byte the same for the same events."""
    made = icalendar.Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made["x-wr-calname"] = vText(name)
    made["name"] = vText(name)
    made["refresh-interval"] = vDDDTypes(refresh)
    made["refresh-interval"].params["VALUE"] = "DURATION"
    made["x-published-ttl"] = vDDDTypes(refresh)
    for component in components:
        made.add_component(component)
    made.add_missing_timezones()
    return bytes(made.to_ical())
