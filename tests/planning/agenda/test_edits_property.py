"""Changes to one, to the later ones and to all against dateutil: whatever is done in whatever order, what takes place is
what a plain list of the reference's days says.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from humasflow.core.db import db
from humasflow.planning.agenda.enums import Extent
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.queries import get_occurrence, occurrences_between, series_of
from humasflow.planning.agenda.services import (
    EventContent,
    WouldDrop,
    cancel_event,
    change_event,
    create_event,
    move_event,
    remove_event,
    restore_event,
)  # fmt: skip
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG = timedelta(minutes=90)
ZONES = ["Asia/Jakarta", "Asia/Jayapura", "America/New_York", "Australia/Lord_Howe", "Europe/Berlin"]
FAR = datetime(2029, 1, 1, tzinfo=UTC)
QUIET = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # fmt: skip


@contextmanager
def undone() -> Iterator[None]:
    """What one example writes is gone before the next."""
    saved = db.session.begin_nested()
    try:
        yield
    finally:
        saved.rollback()
        db.session.expire_all()


@dataclass(frozen=True)
class Once:
    """What the reference says of one; None: as all the others of its part."""

    own: tuple[datetime, datetime] | None = None
    is_on: bool | None = None
    title: str | None = None
    is_gone: bool = False


@dataclass
class Part:
    """A series as a plain list of its days on the wall clock: what one event of the agenda stands for."""

    tz: ZoneInfo
    days: dict[datetime, Once]
    title: str = "Rapat"
    is_on: bool = True
    length: timedelta = LONG  # of whole days on the wall clock
    all_day: bool = False

    def instant(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.tz).astimezone(UTC)

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.tz).replace(tzinfo=None)

    def after(self, start: datetime, length: timedelta) -> datetime:
        return self.instant(self.local(start) + length) if self.all_day else start + length

    def lasts(self, span: tuple[datetime, datetime]) -> timedelta:
        return self.local(span[1]) - self.local(span[0]) if self.all_day else span[1] - span[0]

    def span(self, key: datetime) -> tuple[datetime, datetime]:
        start = self.instant(key)
        return self.days[key].own or (start, self.after(start, self.length))

    def takes_place(self, key: datetime) -> bool:
        own = self.days[key].is_on
        return self.is_on if own is None else own

    @property
    def skips(self) -> bool:
        """Summer time skips one: what the clock says then is tested with the rule itself."""
        return any(self.local(self.instant(at)) != at for at in self.days)

    @property
    def told(self) -> list[tuple[datetime, datetime, bool, str]]:
        return [
            (*self.span(at), self.takes_place(at), once.title or self.title)
            for at, once in self.days.items()
            if not once.is_gone
        ]

    def split(self, key: datetime) -> "Part":
        later = {at: self.days.pop(at) for at in sorted(self.days) if at >= key}
        return replace(self, days=later)

    def say(self, key: datetime, **values: Any) -> None:
        self.days[key] = replace(self.days[key], **values)

    def move_one(self, key: datetime, span: tuple[datetime, datetime]) -> None:
        self.say(key, own=None)
        self.say(
            key, own=span if span != self.span(key) else None
        )  # back in its place it is as all the others

    def move_all(self, key: datetime, span: tuple[datetime, datetime]) -> None:
        """As far as the one that was meant, on the wall clock; what has a time of its own stays, but for that one."""
        stood = self.span(key)
        by = self.local(span[0]) - self.local(stood[0])
        if self.lasts(span) != self.lasts(stood):
            self.length = self.lasts(span)
        if self.days[key].own is not None:
            self.say(key, own=span)
        self.days = {at + by: once for at, once in self.days.items()}

    def switch(self, key: datetime, span: tuple[datetime, datetime]) -> None:
        """Whole days or a clock time, on the days that they have."""
        self.all_day = not self.all_day
        clock = self.local(span[0]).time()
        self.length = self.lasts(span)
        for at, once in list(self.days.items()):
            if once.own is None:
                continue
            start, end = (self.local(one) for one in once.own)
            first = self.instant(datetime.combine(start.date(), clock))
            if self.all_day:
                last = (end - timedelta(microseconds=1)).date()
                own = first, self.instant(datetime.combine(last, clock) + DAY)
            else:
                own = first, first + self.length
            self.say(at, own=span if at == key else own)
        self.days = {datetime.combine(at.date(), clock): once for at, once in self.days.items()}

    def repeat(self, key: datetime, rule: str) -> None:
        """Another rule from the first day on; what the rule leaves open, the day of the one that was meant says."""
        if "WEEKLY" in rule and "BYDAY" not in rule:
            rule += (
                ";BYDAY="
                + ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][self.local(self.span(key)[0]).weekday()]
            )
        self.days = {at: self.days.get(at, Once()) for at in rrulestr(rule, dtstart=min(self.days))}


@st.composite
def series(draw: st.DrawFn) -> tuple[str, datetime, str]:
    """A rule that ends, so that all of it can be compared; daily or weekly, whose moves by days are exact."""
    weekly = draw(st.booleans())
    days = draw(st.sets(st.sampled_from(["MO", "TU", "WE", "FR", "SU"]), max_size=3)) if weekly else set()
    parts = [f"FREQ={'WEEKLY' if weekly else 'DAILY'}", f"INTERVAL={draw(st.integers(1, 3))}"]
    if days:
        parts.append(f"BYDAY={','.join(sorted(days))}")
    parts.append(
        draw(st.sampled_from(["COUNT=4", "COUNT=9", "UNTIL=20261115T235900", "UNTIL=20261101T120000"]))
    )
    start = draw(st.datetimes(datetime(2026, 9, 20), datetime(2026, 10, 30))).replace(second=0, microsecond=0)
    return ";".join(parts), start, draw(st.sampled_from(ZONES))


KINDS = ["move", "retime", "cancel", "restore", "remove", "name", "rule", "all_day"]
RULES = [
    "FREQ=WEEKLY;COUNT=4", "FREQ=DAILY;COUNT=5", "FREQ=WEEKLY;COUNT=6;BYDAY=MO,TH", "FREQ=DAILY;INTERVAL=2;COUNT=3",
]  # fmt: skip
STEPS = st.lists(
    st.tuples(
        st.sampled_from(KINDS), st.integers(0, 30), st.sampled_from(list(Extent)), st.integers(-50, 120)
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@QUIET
@given(series(), STEPS)
def test_whatever_is_done_in_whatever_order_a_plain_list_says_the_same(
    world: World, made_of: tuple[str, datetime, str], steps: list[tuple[str, int, Extent, int]]
) -> None:
    rule, start, zone = made_of
    part = Part(ZoneInfo(zone), {at: Once() for at in rrulestr(rule, dtstart=start)})
    if part.days and not part.skips:
        with undone():
            _try(world, part, steps, rule)


def _try(world: World, part: Part, steps: list[tuple[str, int, Extent, int]], rule: str) -> None:
    world.office.timezone = str(part.tz)
    actor = world.as_(world.editor)
    begin = part.instant(min(part.days))
    made = create_event(
        actor=actor, office_id=world.office.id, content=EventContent("Rapat", begin, begin + LONG, rule=rule)
    )  # fmt: skip
    parts = {made.id: part}
    for step, pick, extent, hours in steps:
        live = sorted(
            (event_id, at)
            for event_id, one in parts.items()
            for at, once in one.days.items()
            if not once.is_gone
        )
        if not live:
            break
        event_id, key = live[pick % len(live)]
        _do(step, parts, event_id, key, extent, hours, actor)
        found = occurrences_between(world.office.id, datetime(2020, 1, 1, tzinfo=UTC), FAR)
        said = sorted((one.starts_at, one.ends_at, one.takes_place, one.title) for one in found)
        assert said == sorted(told for one in parts.values() for told in one.told)
        for one in found:  # and each is found by its own name
            owner = db.session.get_one(AgendaEvent, one.event_id)
            assert get_occurrence(owner, one.occurrence).starts_at == one.starts_at
            last = series_of(owner).last()
            assert owner.until_at == series_of(owner).until_at() and last is not None


class NotDone(Exception):
    """A step that says nothing: what summer time skips, or what is refused and tested by itself."""


@dataclass
class Step:
    """One step, to the reference first; what is asked of the agenda, as what it is to be or by its own service."""

    event: AgendaEvent
    part: Part
    key: datetime
    extent: Extent
    hours: int
    actor: Any

    def __post_init__(self) -> None:
        self.span = self.part.span(self.key)
        self.meant: dict[str, Any] = {
            "actor": self.actor, "occurrence": self.part.instant(self.key), "extent": self.extent,
        }  # fmt: skip

    def content(self, **values: Any) -> EventContent:
        event = self.event
        told: dict[str, Any] = {
            "title": event.title, "place": event.place, "rule": event.rule, "all_day": event.all_day,
            "starts_at": self.span[0], "ends_at": self.span[1],
        }  # fmt: skip
        return EventContent(**told | values)

    def change(self, **values: Any) -> int:
        content = self.content(**values)
        if self.part.skips:
            raise NotDone
        return change_event(self.event, content=content, drop=True, **self.meant).id

    def _moved(self, length: timedelta) -> tuple[datetime, datetime]:
        part, start = self.part, self.span[0]
        to = start + self.hours * HOUR
        if part.all_day:
            to = part.instant(part.local(start) + self.hours // 24 * DAY)
        if not part.takes_place(self.key) or to == start:
            raise NotDone
        span = to, part.after(to, length)
        (part.move_one if self.extent is Extent.ONE else part.move_all)(self.key, span)
        if part.skips:
            raise NotDone
        return span

    def move(self) -> int:
        to, _end = self._moved(self.part.lasts(self.span))
        return move_event(self.event, starts_at=to, **self.meant).event_id

    def retime(self) -> int:
        self.part.say(self.key, title=None)
        start, end = self._moved((1 + self.hours % 3) * (DAY if self.part.all_day else HOUR))
        return self.change(starts_at=start, ends_at=end)

    def cancel(self) -> int:
        part, key = self.part, self.key
        if self.extent is Extent.ONE:
            part.say(key, is_on=False if part.takes_place(key) else part.days[key].is_on)
        else:
            part.is_on = False
            for day, once in list(part.days.items()):
                part.say(day, is_on=None if once.is_on or day == key else once.is_on)
        return cancel_event(self.event, reason="Libur", **self.meant).id

    def restore(self) -> int:
        part, key = self.part, self.key
        if self.extent is Extent.ONE:
            part.say(key, is_on=part.days[key].is_on if part.takes_place(key) else True)
        else:  # what was cancelled singly stays so
            part.is_on = True
            part.say(key, is_on=None)
        return restore_event(self.event, **self.meant).id

    def remove(self) -> int | None:
        remove_event(self.event, **self.meant)
        if self.extent is not Extent.ONE:
            return None
        self.part.say(self.key, is_gone=True)
        return self.event.id

    def name(self) -> int:
        name = f"Nama {self.hours}"
        if self.extent is Extent.ONE:
            self.part.say(self.key, title=name if name != self.part.title else None)
        else:
            self.part.title = name
            self.part.say(self.key, title=None)
        return self.change(title=name)

    def rule(self) -> int:
        rule = RULES[self.hours % len(RULES)]
        if self.extent is Extent.ONE or rule == self.event.rule:
            raise NotDone
        self.part.say(self.key, title=None)
        self.part.repeat(self.key, rule)
        return self.change(rule=rule)

    def all_day(self) -> int:
        part, by = self.part, self.hours // 24 * DAY
        if self.extent is Extent.ONE or not part.takes_place(self.key):
            raise NotDone
        start, end = (part.instant(part.local(at) + by) for at in self.span)
        day = datetime.combine(part.local(start).date(), datetime.min.time())
        if part.all_day:
            begins = part.instant(day + (self.hours % 20 + 3) * HOUR)
            span = begins, begins + LONG
        else:
            span = part.instant(day), part.instant(day + (1 + self.hours % 2) * DAY)
        part.say(self.key, title=None)
        if by:
            part.move_all(self.key, (start, end))
        part.switch(self.key + by, span)
        return self.change(starts_at=span[0], ends_at=span[1], all_day=not self.event.all_day)


def _do(
    step: str, parts: dict[int, Part], event_id: int, key: datetime, extent: Extent, hours: int, actor: Any
) -> None:
    """From once on the part is two: the first stays as it is."""
    part = parts[event_id]
    if extent is Extent.FUTURE and key == min(part.days):
        extent = Extent.ALL
    before = replace(part, days=dict(part.days))
    mine = part.split(key) if extent is Extent.FUTURE else part
    try:
        now = getattr(
            Step(db.session.get_one(AgendaEvent, event_id), mine, key, extent, hours, actor), step
        )()
    except NotDone:
        parts[event_id] = before
        return
    if extent is Extent.ALL:
        del parts[event_id]
    if now is not None:
        parts[now] = mine


def test_another_rule_says_what_it_would_lose_and_loses_it_only_on_purpose(world: World) -> None:
    monday = datetime(2026, 11, 2, 2, tzinfo=UTC)
    actor = world.as_(world.editor)
    event = create_event(
        actor=actor, office_id=world.office.id,
        content=EventContent("Rapat", monday, monday + HOUR, rule="FREQ=WEEKLY;COUNT=4"),
    )  # fmt: skip
    cancel_event(event, actor=actor, occurrence=monday + 7 * DAY, extent=Extent.ONE, reason="Hujan")
    other = EventContent("Lain", monday, monday + HOUR, rule="FREQ=WEEKLY;INTERVAL=2;COUNT=4")
    with pytest.raises(WouldDrop, match=r"9 Nov 2026 09.00 WIB \(dibatalkan: Hujan\)") as error:
        change_event(event, actor=actor, occurrence=monday, extent=Extent.ALL, content=other)
    assert [one.at for one in error.value.lost] == [monday + 7 * DAY]
    assert (event.title, event.rule) == ("Rapat", "FREQ=WEEKLY;COUNT=4"), "nothing has changed"
    assert get_occurrence(event, monday + 7 * DAY).reason == "Hujan"
    change_event(event, actor=actor, occurrence=monday, extent=Extent.ALL, content=other, drop=True)
    found = occurrences_between(world.office.id, monday, FAR)
    assert [one.starts_at for one in found] == [monday + n * 14 * DAY for n in range(4)]
    assert all(one.takes_place and one.title == "Lain" for one in found)
