"""Times of a calendar file as instants, and the clock that each hangs on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

import icalendar
from flask_babel import gettext as _

from humasflow.planning.agenda.ics_lines import world_zones
from humasflow.planning.agenda.ics_read import ReadCalendar
from humasflow.planning.agenda.ics_values import clean, single
from humasflow.planning.agenda.ics_zones import FileZone

# What a component that nobody can read raises somewhere between the parser and the calendar's arithmetic.
UNREADABLE: Final = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError)
_TIMES: Final = ("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE")
_INSTANT_LENGTH: Final = timedelta(hours=1)  # what has a beginning and no end
_UTC_NAMES: Final = frozenset({"UTC", "Etc/UTC", "GMT", "Z"})
_OF_INDONESIA: Final = {7: "Asia/Jakarta", 8: "Asia/Makassar", 9: "Asia/Jayapura"}


class Unusable(Exception):
    """A reason for people why an event is left out."""


@dataclass(frozen=True)
class Clocks:
    """The office's zone, the zones that the file defines, and what each name in it stood for."""

    office: str
    own: Mapping[str, FileZone]
    names: Mapping[str, str]

    def settle(self, component: icalendar.Event) -> None:
        """Put what is on the clock of a zone that the file defines on that of UTC. Raises OverflowError."""
        if not self.own:
            return
        for name in _TIMES:
            found = component.get(name, [])
            for several in found if isinstance(found, list) else [found]:
                zone = self.own.get(_tzid(several))
                # What is broken has no dates, and says so where it is read.
                for one in _dates(several) if zone is not None else ():
                    local = getattr(one, "dt", None)
                    if zone is not None and isinstance(local, datetime) and local.tzinfo is None:
                        one.dt = (local - zone.offset_at(local)).replace(tzinfo=UTC)

    def of(self, value: Any, read: ReadCalendar, *, repeats: bool) -> str | None:
        """The zone of a time as written, before it is settled; None when it repeats on a clock that only the file
        knows.
        """
        if not isinstance(value.dt, datetime):
            return self.office
        tzid = _tzid(value)
        if tzid in self.own:
            return _steady(self.own[tzid], value.dt) if repeats else self.office
        name = zone_name(value)
        if name in _UTC_NAMES or (value.dt.tzinfo is UTC and not name):
            return "UTC" if repeats else self.office
        if name:
            return name
        if tzid and value.dt.tzinfo is None:
            read.note(
                _("Zona waktu “%(zone)s” tidak dikenal, jadi jamnya dibaca sebagai jam kantor (%(office)s).",
                  zone=clean(self.names.get(tzid, tzid))[:60], office=self.office)
            )  # fmt: skip
        return self.office


def _tzid(value: Any) -> str:
    return str((getattr(value, "params", None) or {}).get("TZID", ""))


def _dates(several: Any) -> list[Any]:
    try:
        return list(getattr(several, "dts", None) or [several])
    except ValueError:
        return []


def _steady(zone: FileZone, local: datetime) -> str | None:
    """A zone of the world whose clock is the same from then on; None for one that changes or is not on the hour."""
    offset = zone.steady_offset(local.replace(tzinfo=None))
    if offset is None or offset % timedelta(hours=1):
        return None
    hours = offset // timedelta(hours=1)
    if not -12 <= hours <= 14:
        return None
    return _OF_INDONESIA.get(hours) or (f"Etc/GMT{-hours:+d}" if hours else "UTC")


def zone_name(value: Any) -> str:
    """The zone a time is written in, when it is one of the world's; empty otherwise."""
    tz: tzinfo | None = value.dt.tzinfo if isinstance(value.dt, datetime) else None
    key = getattr(tz, "key", "") or _tzid(value)
    return key if len(key) <= 64 and key in world_zones() else ""


def instant(value: date | datetime, zone: str) -> datetime:
    """A date (its beginning), a time on the clock of ``zone``, or one of its own zone. Raises OverflowError."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if value.tzinfo is None:
        value = value.replace(tzinfo=ZoneInfo(zone))
    return value.astimezone(UTC)


def occurrence_of(value: date | datetime, zone: str, *, all_day: bool, clock: time) -> datetime:
    """The instant that names an occurrence. Some say only the day of a timed one: at its usual time, ``clock``; some
    say a time of what takes the whole day.
    """
    if all_day and isinstance(value, datetime):
        value = (value.astimezone(ZoneInfo(zone)) if value.tzinfo is not None else value).date()
    elif not all_day and not isinstance(value, datetime):
        value = datetime.combine(value, clock)
    return instant(value, zone)


def occurrences_of(
    component: icalendar.Event, name: str, zone: str, *, all_day: bool, clock: time
) -> tuple[list[datetime], bool]:
    """What EXDATE or RDATE names, each once, in order; and whether some of it was unreadable."""
    found = component.get(name, [])
    instants: set[datetime] = set()
    is_broken = False
    for several in found if isinstance(found, list) else [found]:
        try:
            values = [one.dt for one in several.dts]
        except UNREADABLE:
            is_broken = True
            continue
        for value in values:
            try:
                at = value[0] if isinstance(value, tuple) else value  # RDATE may give periods
                instants.add(occurrence_of(at, zone, all_day=all_day, clock=clock))
            except UNREADABLE:
                is_broken = True
    return sorted(instants), is_broken


def span(component: icalendar.Event, start: Any, zone: str, *, all_day: bool) -> tuple[datetime, datetime]:
    """From when to when. Raises Unusable and what is in UNREADABLE."""
    starts_at = instant(start.dt, zone)
    if "DTEND" in component:
        end = single(component, "DTEND")
        ends_at = instant(end.dt, zone_name(end) or zone)
    elif "DURATION" in component:
        ends_at = starts_at + single(component, "DURATION").dt
    else:
        ends_at = starts_at
    if ends_at < starts_at:
        raise Unusable(_("Selesainya sebelum mulainya."))
    if ends_at == starts_at:
        ends_at = instant(start.dt + timedelta(days=1), zone) if all_day else starts_at + _INSTANT_LENGTH
    return starts_at, ends_at
