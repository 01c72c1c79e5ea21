"""What a subscription shows of each thing, and how that is written into the file."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import icalendar
from flask_babel import gettext as _

from humasflow.calendar.enums import EntryKind, FeedKind
from humasflow.calendar.feeds import queries
from humasflow.calendar.models import CalendarFeed
from humasflow.core import clock
from humasflow.orgs.models import Unit
from humasflow.planning.agenda.enums import EventState
from humasflow.planning.agenda.ics_writing import components_of, facts_of, summary_of
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.queries import series_of
from humasflow.stories.enums import AssignmentState, StoryState

Key: TypeAlias = tuple[EntryKind, int]

_LENGTH = timedelta(minutes=15)
_NEVER = datetime(1, 1, 2, tzinfo=UTC)
_FIRM = frozenset({StoryState.APPROVED, StoryState.PUBLISHED, StoryState.ARCHIVED})
_STATUS = {
    EventState.CONFIRMED: "CONFIRMED",
    EventState.TENTATIVE: "TENTATIVE",
    EventState.POSTPONED: "TENTATIVE",
    EventState.CANCELLED: "CANCELLED",
}
CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Stamp:
    """Which edition of an entry this is, and since when."""

    sequence: int
    changed_at: datetime


@dataclass(frozen=True)
class Entry:
    """One thing as the readers of one subscription see it. ``digest`` is of all that they see.

    ``until_at``: when it is over, None for what has no end. ``sequence``: not to be told below this.
    """

    kind: EntryKind
    ref_id: int
    digest: str
    starts_at: datetime
    until_at: datetime | None
    write: Callable[[Stamp], Iterable[icalendar.Event]]
    sequence: int = 0

    @property
    def key(self) -> Key:
        """What names it within its subscription."""
        return self.kind, self.ref_id


@dataclass(frozen=True)
class Lost:
    """Something that was told of, and when it would have been."""

    kind: EntryKind
    ref_id: int
    starts_at: datetime
    until_at: datetime | None


@dataclass(frozen=True)
class _Facts:
    """What a reader sees of something that is neither more nor less than a time and a line."""

    uid: str
    summary: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    all_day: bool
    status: str
    category: str
    description: str = ""
    place: str = ""


def current_entries(feed: CalendarFeed, office: Unit) -> tuple[list[Entry], dict[EntryKind, datetime]]:
    """What the subscription carries now, in order; and of each kind, up to which beginning it was cut off."""
    now = clock.now()
    start, end = now - queries.BACK, now + queries.AHEAD
    posts = [_post(row, feed, office) for row in queries.planned_posts(feed, start, end)]
    tasks = [_deadline(row, office) for row in queries.open_deadlines(feed, start, end)]
    rows = queries.agenda_events(feed, start, end)
    events = _agenda(rows, office)
    edges = dict.fromkeys(EntryKind, _NEVER)
    for kind, some in ((EntryKind.POST, posts), (EntryKind.DEADLINE, tasks)):
        if len(some) >= queries.MOST:  # cut: what lies before is not told, and not taken back either
            edges[kind] = min(e.starts_at for e in some)
    if len(rows) >= queries.MOST:
        edges[EntryKind.EVENT] = min(row[0].starts_at for row in rows)
        edges[EntryKind.COVERAGE] = end  # a date of a series that begins before the edge may be anywhere
    found = {e.key: e for e in (*posts, *tasks, *events)}
    return sorted(found.values(), key=lambda e: (e.starts_at, e.kind, e.ref_id)), edges


def lost_entries(lost: Sequence[Lost], feed: CalendarFeed, office: Unit) -> list[Entry]:
    """The same for what was told of and is gone: its name, as far as the readers may still know it, and CANCELLED."""
    ids: dict[EntryKind, dict[int, Lost]] = {kind: {} for kind in EntryKind}
    for one in lost:
        ids[one.kind][one.ref_id] = one
    posts: dict[int, Any] = {row[0]: row for row in queries.posts_by_id(feed, ids[EntryKind.POST])}
    tasks: dict[int, Any] = {row[0]: row for row in queries.deadlines_by_id(feed, ids[EntryKind.DEADLINE])}
    events = {e.id: e for e in queries.events_by_id(feed, ids[EntryKind.EVENT])}
    covered = queries.titles_covered(feed, ids[EntryKind.COVERAGE])
    made = []
    for one in lost:
        named = ""
        if one.kind is EntryKind.EVENT and one.ref_id in events:
            made.append(_event(events[one.ref_id], is_lost=True))
            continue
        if one.kind is EntryKind.POST and one.ref_id in posts:
            named = _("Batal: %(what)s", what=_post_line(posts[one.ref_id], feed))
        elif one.kind is EntryKind.DEADLINE and one.ref_id in tasks:
            row = tasks[one.ref_id]
            done = row[4] is AssignmentState.DONE
            line = f"{row[1]} · {row[2]}"
            named = _("Selesai: %(what)s", what=line) if done else _("Batal: %(what)s", what=line)
        elif one.kind is EntryKind.COVERAGE and one.ref_id in covered:
            named = _("Batal: %(what)s", what=covered[one.ref_id])
        facts = _Facts(
            uid_of(one.kind.value, one.ref_id, office), named or _("Dibatalkan"), one.starts_at,
            one.until_at or one.starts_at + _LENGTH, office.zone_name, False, CANCELLED, one.kind.label,
        )  # fmt: skip
        made.append(_entry(one.kind, one.ref_id, facts))
    return made


def uid_of(kind: str, ident: int, office: Unit) -> str:
    """The same for ever, whatever the installation's address; another one in every installation."""
    return str(
        uuid.uuid5(
            uuid.NAMESPACE_URL, f"humasflow:{office.created_at.isoformat()}:{office.id}:{kind}:{ident}"
        )
    )


def _post(row: Any, feed: CalendarFeed, office: Unit) -> Entry:
    ident, state, at = row[0], row[3], row[5]
    facts = _Facts(
        uid_of(EntryKind.POST.value, ident, office), _post_line(row, feed), at, at + _LENGTH, office.zone_name, False,
        "CONFIRMED" if state in _FIRM else "TENTATIVE", EntryKind.POST.label,
        _("Keadaan naskah: %(state)s", state=state.label),
    )  # fmt: skip
    return _entry(EntryKind.POST, ident, facts)


def _post_line(row: Any, feed: CalendarFeed) -> str:
    """Account and title. What others share with their calendar program's maker says no title under embargo."""
    title, account, embargo = row[1], row[2], row[4]
    if embargo is not None and embargo > clock.now() and feed.kind is not FeedKind.PERSON:
        title = _("naskah yang masih diembargo")
    return f"{account}: {title}"


def _deadline(row: Any, office: Unit) -> Entry:
    ident, role, title, brief, _state, due_at = row
    facts = _Facts(
        uid_of(EntryKind.DEADLINE.value, ident, office), _("Tenggat: %(what)s", what=f"{role} · {title}"), due_at,
        due_at + _LENGTH, office.zone_name, False, "CONFIRMED", EntryKind.DEADLINE.label, brief,
    )  # fmt: skip
    return _entry(EntryKind.DEADLINE, ident, facts)


def _agenda(rows: Iterable[tuple[AgendaEvent, int | None, datetime | None]], office: Unit) -> list[Entry]:
    made = []
    for event, story_id, occurrence in rows:
        if story_id is None or occurrence is None or not event.rule:
            made.append(_event(event))
            continue
        one = _occurrence(event, story_id, occurrence, office)
        if one is not None:
            made.append(one)
    return made


def _event(event: AgendaEvent, *, is_lost: bool = False) -> Entry:
    """An event with its rule and what differs at single occurrences."""
    state = EventState.CANCELLED if is_lost else None

    def write(stamp: Stamp) -> list[icalendar.Event]:
        return components_of(event, sequence=stamp.sequence, changed_at=stamp.changed_at, state=state)

    return Entry(
        EntryKind.EVENT, event.id, _digest((facts_of(event), is_lost)), event.starts_at, event.until_at, write,
        sequence=event.sequence,
    )  # fmt: skip


def _occurrence(event: AgendaEvent, story_id: int, key: datetime, office: Unit) -> Entry | None:
    """Once of an event, as it takes place; None when its rule has it no longer."""
    own = next((e for e in event.exceptions if e.occurrence == key), None)
    series = series_of(event)
    if not series.has(key) or (own is not None and own.is_dropped):
        return None
    starts_at = own.starts_at if own is not None and own.starts_at is not None else key
    ends_at = own.ends_at if own is not None and own.ends_at is not None else series.end_of(starts_at)
    state = own.state if own is not None and own.state is not None else event.state
    title = own.title if own is not None and own.title is not None else event.title
    facts = _Facts(
        uid_of(EntryKind.COVERAGE.value, story_id, office), summary_of(title, state), starts_at, ends_at, event.zone,
        event.all_day, _STATUS[state], EntryKind.COVERAGE.label, event.description,
        own.place if own is not None and own.place is not None else event.place,
    )  # fmt: skip
    return _entry(EntryKind.COVERAGE, story_id, facts)


def _entry(kind: EntryKind, ref_id: int, facts: _Facts) -> Entry:
    return Entry(
        kind, ref_id, _digest(facts), facts.starts_at, facts.ends_at, lambda stamp: [_component(facts, stamp)]
    )


def _digest(facts: object) -> str:
    return sha256(repr(facts).encode()).hexdigest()


def _component(facts: _Facts, stamp: Stamp) -> icalendar.Event:
    zone = ZoneInfo(facts.zone)
    start, end = facts.starts_at.astimezone(zone), facts.ends_at.astimezone(zone)
    made = icalendar.Event()
    made.add("uid", facts.uid)
    made.add("dtstamp", stamp.changed_at)
    made.add("last-modified", stamp.changed_at)
    made.add("sequence", stamp.sequence)
    made.add("summary", facts.summary)
    made.add("dtstart", start.date() if facts.all_day else start)
    made.add("dtend", end.date() if facts.all_day else end)
    made.add("status", facts.status)
    made.add("transp", "TRANSPARENT")
    made.add("categories", [facts.category])
    if facts.description:
        made.add("description", facts.description)
    if facts.place:
        made.add("location", facts.place)
    return made
