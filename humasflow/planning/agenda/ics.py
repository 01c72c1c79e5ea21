"""Reading iCalendar (RFC 5545) that others wrote, with every doubt told."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import icalendar
from flask_babel import gettext as _

from humasflow.planning.agenda.enums import EventState
from humasflow.planning.agenda.ics_lines import (
    LOST,
    MAX_BYTES,
    MAX_EVENTS,
    MAX_EXCEPTIONS,
    Cut,
    IcsRefused,
    cut,
)
from humasflow.planning.agenda.ics_read import (
    ReadCalendar,
    ReadEvent,
    ReadException,
    Skipped,
    lone_uid,
    stem_of,
)
from humasflow.planning.agenda.ics_rules import RuleCosts, read_rule
from humasflow.planning.agenda.ics_times import (
    UNREADABLE,
    Clocks,
    Unusable,
    occurrence_of,
    occurrences_of,
    span,
)
from humasflow.planning.agenda.ics_values import (
    Words,
    is_private,
    needs_of,
    sequence_of,
    single,
    state_of,
    uid_of,
)
from humasflow.planning.agenda.recurrence import FIRST_YEAR, LAST_YEAR, BadRule
from humasflow.planning.agenda.series import Series

__all__ = [
    "MAX_BYTES",
    "MAX_EVENTS",
    "IcsRefused",
    "ReadCalendar",
    "ReadEvent",
    "ReadException",
    "Skipped",
    "parse",
]

MAX_EXTRA: Final = 200  # dates beside the rule, of one event


def parse(data: bytes, office_zone: str) -> ReadCalendar:
    """Read a file. Times without a known zone are on the office's clock, which a note says. Raises IcsRefused.

    The work is bounded, whatever the file holds: at worst a few seconds, in a process that has nothing else to do.
    """
    shortened = cut(data)
    reader = _Reader(shortened, office_zone)
    reader.run(_components(shortened.text))
    return reader.read


def _components(text: str) -> list[icalendar.Event]:
    try:
        calendar = icalendar.Calendar.from_ical(text)
        return [c for c in calendar.walk("VEVENT") if isinstance(c, icalendar.Event)]
    except (*UNREADABLE, RecursionError, OSError) as error:
        raise IcsRefused(_("Susunan berkas kalender ini rusak.")) from error


@dataclass
class _Made:
    """An event in the making: the series itself, what stands beside it, and what differs at its dates."""

    event: ReadEvent
    lone: dict[datetime, ReadEvent] = field(default_factory=dict)
    different: dict[datetime, ReadException] = field(default_factory=dict)

    @property
    def series(self) -> Series:
        """Its rule."""
        e = self.event
        return Series(e.starts_at, e.ends_at, e.zone, e.all_day, e.rule)

    def alone(self, at: datetime) -> ReadEvent:
        """One date as an event of its own."""
        return replace(
            self.event, uid=lone_uid(self.event.uid, at), starts_at=at, ends_at=self.series.end_of(at), rule="",
            exceptions=(),
        )  # fmt: skip


class _Reader:
    """Reads one file."""

    def __init__(self, shortened: Cut, office_zone: str) -> None:
        self.read = ReadCalendar(is_cut_off=shortened.is_cut_off)
        self._clocks = Clocks(office_zone, shortened.zones, shortened.names)
        self._words = Words(shortened.is_own)
        self._costs = RuleCosts()

    def run(self, components: Iterable[icalendar.Event]) -> None:
        """Read all of it."""
        if self.read.is_cut_off:
            self.read.note(_("Berkas ini terpotong di bagian akhir; yang terbaca tetap diambil."))
        own: dict[str, icalendar.Event] = {}
        overrides: dict[str, list[icalendar.Event]] = {}
        for component in components:
            try:
                uid = uid_of(component)
            except UNREADABLE:
                self._skip(self._title(component), _("Tanggal atau jamnya tidak dapat dibaca."))
                continue
            self.read.uids.add(uid)
            if "RECURRENCE-ID" in component:
                overrides.setdefault(uid, []).append(component)
            elif uid not in own or sequence_of(component) >= sequence_of(own[uid]):
                own[uid] = component
        for uid, component in own.items():
            self._take(uid, component, overrides.pop(uid, []))
        for uid, orphans in overrides.items():  # occurrences of a series that the file does not hold
            for orphan in orphans:
                self._take(uid, orphan, [])

    def _take(self, uid: str, component: icalendar.Event, overrides: list[icalendar.Event]) -> None:
        title = self._title(component)
        try:
            if "RECURRENCE-ID" in component:
                uid = self._orphan_uid(uid, component)
            made = self._series(uid, title, component)
            self._add_dates(made, component)
            self._add_overrides(made, overrides)
            changed = sorted(made.different.values(), key=lambda e: e.occurrence)
            found = [replace(made.event, exceptions=tuple(changed)), *made.lone.values()]
        except Unusable as error:
            self._skip(title, str(error), uid)
        except UNREADABLE:
            self._skip(title, _("Tanggal atau jamnya tidak dapat dibaca."), uid)
        else:
            for event in found:
                self._keep(event)
        self._tell_shortened(title)

    def _keep(self, event: ReadEvent) -> None:
        if len(self.read.events) >= MAX_EVENTS and event.uid not in self.read.uids:
            self.read.partly.add(event.uid.rpartition("/")[0])
            self.read.note(_("Agenda lebih dari %(most)s; selebihnya tidak diambil.", most=MAX_EVENTS))
            return
        self.read.keep(event)

    def _skip(self, title: str, why: str, uid: str = "") -> None:
        self.read.skipped.append(Skipped(title, why))
        if uid:
            self.read.partly.add(stem_of(uid))

    def _title(self, component: icalendar.Event) -> str:
        return self._words.title(component) or _("(tanpa judul)")

    def _tell_shortened(self, title: str) -> None:
        names = self._words.take_shortened()
        if names:
            self.read.note(
                _("“%(title)s”: %(what)s terlalu panjang, jadi dipotong.", title=title, what=names)
            )

    def _orphan_uid(self, uid: str, component: icalendar.Event) -> str:
        which = single(component, "RECURRENCE-ID")
        self._clocks.settle(component)
        all_day = "DTSTART" in component and not isinstance(single(component, "DTSTART").dt, datetime)
        clock = datetime.min.time()
        at = occurrence_of(which.dt, self._clocks.office, all_day=all_day, clock=clock)
        self.read.uids.add(lone_uid(uid, at))
        return lone_uid(uid, at)

    def _series(self, uid: str, title: str, component: icalendar.Event) -> _Made:
        """The event and its rule. What begins on a day that its rule does not name begins twice."""
        if "DTSTART" not in component:
            raise Unusable(_("Tidak ada waktu mulainya."))
        start = single(component, "DTSTART")
        all_day = not isinstance(start.dt, datetime)
        repeats = "RRULE" in component
        zone = self._clocks.of(start, self.read, repeats=repeats)
        self._clocks.settle(component)
        starts_at, ends_at = span(component, start, zone or self._clocks.office, all_day=all_day)
        if not FIRST_YEAR <= starts_at.year <= LAST_YEAR or ends_at.year > LAST_YEAR + 1:
            raise Unusable(
                _("Tahunnya di luar %(first)s sampai %(last)s.", first=str(FIRST_YEAR), last=str(LAST_YEAR))
            )
        words = self._words
        made = _Made(
            ReadEvent(
                uid=uid, sequence=sequence_of(component), title=title, starts_at=starts_at, ends_at=ends_at,
                zone=zone or self._clocks.office, all_day=all_day,
                description=words.plain(component, "DESCRIPTION", "description", lines=True),
                place=words.plain(component, "LOCATION", "place"), organizer=words.organizer(component),
                needs=needs_of(component) or (), state=state_of(component) or EventState.CONFIRMED,
                reason=words.plain(component, "COMMENT", "reason"), is_private=is_private(component),
            )
        )  # fmt: skip
        if not repeats:
            return made
        try:
            found = read_rule(component, made.series, self._costs, has_zone=zone is not None)
        except BadRule as error:
            self.read.note(
                _("“%(title)s” hanya diambil tanggal pertamanya. %(why)s", title=title, why=error.message)
            )
            return made
        if found.starts_at != starts_at:
            made.lone[starts_at] = made.alone(starts_at)
            self._tell_lone(title)
        made.event = replace(made.event, starts_at=found.starts_at, ends_at=found.ends_at, rule=found.rule)
        return made

    def _add_dates(self, made: _Made, component: icalendar.Event) -> None:
        """Dates beside the rule, and without those it does not have."""
        event, series = made.event, made.series
        clock = series.local_start.time()
        dropped, is_broken = occurrences_of(
            component, "EXDATE", event.zone, all_day=event.all_day, clock=clock
        )
        extra, is_bad = occurrences_of(component, "RDATE", event.zone, all_day=event.all_day, clock=clock)
        of_our_age = [at for at in extra if FIRST_YEAR <= at.year <= LAST_YEAR]
        is_bad |= len(of_our_age) < len(extra)
        for at in of_our_age[:MAX_EXTRA]:
            if at != event.starts_at and not (event.rule and series.has(at)):
                made.lone[at] = made.alone(at)
                self._tell_lone(event.title)
        for at in dropped:
            made.lone.pop(at, None)
        if event.rule:
            made.different = {at: ReadException(at, is_dropped=True) for at in dropped}
        elif event.starts_at in dropped and made.lone:
            made.event = replace(event, state=EventState.CANCELLED)
        unreadable, _space, beyond = str(component.get(LOST, "0 0")).partition(" ")
        if is_broken or is_bad or unreadable != "0":
            self.read.partly.add(stem_of(event.uid))
            self.read.note(
                _("“%(title)s”: sebagian tanggal tambahan atau pengecualiannya tidak dapat dibaca.",
                  title=event.title)
            )  # fmt: skip
        if beyond != "0" or len(extra) > MAX_EXTRA:
            self.read.partly.add(stem_of(event.uid))
            self.read.note(
                _("“%(title)s”: tanggal tambahan atau pengecualiannya terlalu banyak; tidak semuanya diambil.",
                  title=event.title)
            )  # fmt: skip

    def _tell_lone(self, title: str) -> None:
        self.read.note(_("“%(title)s”: tanggal tambahannya menjadi agenda tersendiri.", title=title))

    def _add_overrides(self, made: _Made, overrides: list[icalendar.Event]) -> None:
        """Dates that are different: of a date of the rule as that, of any other as an event of its own."""
        event = made.event
        if len(overrides) > MAX_EXCEPTIONS:
            self.read.partly.add(stem_of(event.uid))
            self.read.note(
                _("“%(title)s”: perubahannya terlalu banyak; hanya %(most)s tanggal yang diambil.",
                  title=event.title, most=MAX_EXCEPTIONS)
            )  # fmt: skip
        ordered = sorted(overrides, key=sequence_of)  # of one date the latest edition counts
        for component in ordered[:MAX_EXCEPTIONS]:
            try:
                one = self._override(event, made.series, component)
            except Unusable as error:
                self._skip(self._title(component), str(error), event.uid)
                continue
            except UNREADABLE:
                self._skip(self._title(component), _("Tanggal atau jamnya tidak dapat dibaca."), event.uid)
                continue
            if is_private(component) and not made.event.is_private:
                made.event = replace(made.event, is_private=True)
            at = one.occurrence
            if event.rule and at not in made.lone:
                made.different[at] = one
            elif at == event.starts_at and not event.rule:
                made.event = _become(made.event, one, sequence_of(component))
            else:
                made.lone[at] = _become(made.lone.get(at) or made.alone(at), one, sequence_of(component))
                self._tell_lone(event.title)

    def _override(self, event: ReadEvent, series: Series, component: icalendar.Event) -> ReadException:
        which = single(component, "RECURRENCE-ID")
        if which.params.get("RANGE"):
            self.read.note(
                _(
                    "“%(title)s”: perubahan untuk semua sesudahnya diambil untuk satu tanggal saja.",
                    title=event.title,
                )
            )
        start = single(component, "DTSTART") if "DTSTART" in component else which
        self._clocks.of(start, self.read, repeats=False)  # for its note about one that is unknown
        self._clocks.settle(component)
        occurrence = occurrence_of(
            which.dt, event.zone, all_day=event.all_day, clock=series.local_start.time()
        )
        if start is which:
            starts_at, ends_at = occurrence, series.end_of(occurrence)
        else:
            starts_at, ends_at = span(component, start, event.zone, all_day=event.all_day)
            if "DTEND" not in component and "DURATION" not in component:
                ends_at = series.end_of(starts_at)
        if not FIRST_YEAR <= starts_at.year <= LAST_YEAR or ends_at.year > LAST_YEAR + 1:
            raise Unusable(_("Tanggal atau jamnya tidak dapat dibaca."))
        same_time = starts_at == occurrence and ends_at == series.end_of(occurrence)
        title = self._words.title(component)
        place = self._words.plain(component, "LOCATION", "place")
        needs, state = needs_of(component), state_of(component)
        return ReadException(
            occurrence,
            starts_at=None if same_time else starts_at,
            ends_at=None if same_time else ends_at,
            title=title if title and title != event.title else None,
            place=place if "LOCATION" in component and place != event.place else None,
            needs=needs if needs is not None and needs != event.needs else None,
            state=state if state is not None and state is not event.state else None,
            reason=self._words.plain(component, "COMMENT", "reason"),
        )


def _become(event: ReadEvent, one: ReadException, sequence: int) -> ReadEvent:
    """An event as one date of it is said to be."""
    return replace(
        event,
        sequence=max(event.sequence, sequence),
        starts_at=one.starts_at or event.starts_at,
        ends_at=one.ends_at or event.ends_at,
        title=one.title or event.title,
        place=event.place if one.place is None else one.place,
        needs=event.needs if one.needs is None else one.needs,
        state=one.state or event.state,
        reason=one.reason or event.reason,
    )
