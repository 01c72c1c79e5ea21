"""Reading the agenda: what takes place in a span, one event, one occurrence, what is coming."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select, union

from humasflow.accounts.policy import Principal, require
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.paging import PAGE_SIZE, Page, cut, decode_cursor
from humasflow.core.permissions import Permission
from humasflow.planning.agenda.enums import EventNeed, EventState
from humasflow.planning.agenda.models import AgendaEvent, AgendaException
from humasflow.planning.agenda.recurrence import FIRST_YEAR, LAST_YEAR
from humasflow.planning.agenda.series import Series

LIMIT: Final = 2000
LONGEST: Final = timedelta(days=366)  # of one occurrence
END_OF_TIME: Final = datetime(2101, 1, 2, tzinfo=UTC)


AHEAD: Final = timedelta(days=400)  # how far a narrowed list looks
_FIRST_LOOK: Final = timedelta(days=14)
_MANY: Final = 1_000_000
_NEEDS: Final = {need.value: need for need in EventNeed}
_COLUMNS: Final = (
    AgendaEvent.id, AgendaEvent.starts_at, AgendaEvent.ends_at, AgendaEvent.zone, AgendaEvent.all_day, AgendaEvent.rule,
    AgendaEvent.until_at, AgendaEvent.title, AgendaEvent.place, AgendaEvent.needs, AgendaEvent.state,
    AgendaEvent.reason, AgendaEvent.row_version, AgendaEvent.campaign_id, AgendaEvent.section_id,
    AgendaEvent.feed_id, AgendaEvent.is_private,
)  # fmt: skip
_OWN: Final = (
    AgendaException.occurrence, AgendaException.is_dropped, AgendaException.starts_at.label("own_starts_at"),
    AgendaException.ends_at.label("own_ends_at"), AgendaException.title.label("own_title"),
    AgendaException.place.label("own_place"), AgendaException.needs.label("own_needs"),
    AgendaException.state.label("own_state"), AgendaException.reason.label("own_reason"),
)  # fmt: skip


@dataclass(frozen=True)
class Occurrence:
    """Once of an event, as it takes place. ``occurrence`` is the instant the rule gives it: its name for ever."""

    event_id: int
    occurrence: datetime
    starts_at: datetime
    ends_at: datetime  # exclusive
    all_day: bool
    zone: str
    title: str
    place: str
    needs: tuple[EventNeed, ...]
    state: EventState
    reason: str
    repeats: bool
    row_version: int
    campaign_id: int | None
    section_id: int | None
    is_followed: bool = False  # of a calendar that somebody else keeps: changed there, not here
    is_private: bool = False  # that calendar keeps it from others: for the office's own eyes

    @property
    def takes_place(self) -> bool:
        """Neither cancelled nor waiting for a new time."""
        return self.state in (EventState.CONFIRMED, EventState.TENTATIVE)


@dataclass(frozen=True)
class Wanted:
    """Which occurrences a list is asked for. ``covered``: only those that something is made about, or nothing is."""

    words: str = ""
    section_id: int | None = None
    need: EventNeed | None = None
    state: EventState | None = None
    covered: bool | None = None
    coverage: Callable[[Sequence[Occurrence]], Sequence[bool]] | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.words or self.section_id or self.need or self.state) or self.covered is not None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """What every occurrence of an event shares."""
        return [AgendaEvent.section_id == self.section_id] if self.section_id else []

    def of(self, every: Sequence[Occurrence]) -> list[Occurrence]:
        """Those that are wanted."""
        words = self.words.casefold().split()
        kept = [
            one
            for one in every
            if (self.need is None or self.need in one.needs)
            and (self.state is None or one.state is self.state)
            and all(word in f"{one.title} {one.place}".casefold() for word in words)
        ]
        if self.covered is None or self.coverage is None:
            return kept
        return [one for one, yes in zip(kept, self.coverage(kept), strict=True) if yes is self.covered]


def moment(instant: datetime) -> str:
    """An occurrence in an address: the instant its rule gives, in UTC."""
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def parse_moment(text: str) -> datetime:
    """The other way round, of anything in the address; what no occurrence can be is "not found"."""
    try:
        found = datetime.fromisoformat(text)
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise NotFound from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise NotFound
    return found


def series_of(event: Any) -> Series:
    """What the rule of an event, or a row of one, gives."""
    return Series(event.starts_at, event.ends_at, event.zone, event.all_day, event.rule)


def get_event(actor: Principal, event_id: int) -> AgendaEvent:
    """An event of an office whose calendar the actor reads, or "not found"."""
    found = db.session.get(AgendaEvent, event_id)
    if found is None or found.removed_at is not None:
        raise NotFound
    require(actor, Permission.CALENDAR_READ, found.office_id)
    return found


def get_continued(event: AgendaEvent) -> AgendaEvent | None:
    """The event that this one goes on, where it is still on the agenda."""
    found = db.session.get(AgendaEvent, event.continues_id) if event.continues_id is not None else None
    return found if found is not None and found.removed_at is None else None


def get_exception(event: AgendaEvent, occurrence: datetime) -> AgendaException | None:
    """What is different at one occurrence."""
    return db.session.scalar(
        select(AgendaException).where(
            AgendaException.event_id == event.id, AgendaException.occurrence == occurrence
        )
    )


def get_occurrence(event: AgendaEvent, occurrence: datetime | None) -> Occurrence:
    """Once of the event, by the instant its rule gives (None: the first), or "not found"."""
    at = _named(event, occurrence)
    found = _once(event, at, get_exception(event, at))
    if found is None:
        raise NotFound
    return found


def get_occurrences(
    wanted: Sequence[tuple[AgendaEvent, datetime | None]],
) -> list[Occurrence | None]:
    """The same for many, in their order, None for what there is not. One statement however many there are."""
    keys = [(event, _named(event, occurrence)) for event, occurrence in wanted]
    if not keys:
        return []
    own = {
        (one.event_id, one.occurrence): one
        for one in db.session.scalars(
            select(AgendaException)
            .where(
                AgendaException.event_id.in_({event.id for event, _at in keys}),
                AgendaException.occurrence.in_({at for _event, at in keys}),
            )
            .execution_options(populate_existing=True)
        )
    }
    return [_once(event, at, own.get((event.id, at))) for event, at in keys]


def _named(event: AgendaEvent, occurrence: datetime | None) -> datetime:
    return occurrence.astimezone(UTC) if occurrence is not None and event.rule else event.starts_at


def _once(event: AgendaEvent, at: datetime, own: AgendaException | None) -> Occurrence | None:
    series = series_of(event)
    if (own is not None and own.is_dropped) or not series.has(at):
        return None
    return _with_own(event, series, at, own)


def next_occurrence(event: AgendaEvent, after: datetime) -> datetime | None:
    """The key of the first that is not over at ``after``; of one that is all over the last."""
    dropped = set(
        db.session.scalars(
            select(AgendaException.occurrence).where(
                AgendaException.event_id == event.id, AgendaException.is_dropped.is_(True)
            )
        )
    )
    series = series_of(event)
    ahead = series.between(after, END_OF_TIME, until=event.until_at, limit=len(dropped) + 1)
    known = [at for at in ahead if at not in dropped]
    if known:
        return known[0]
    at = series.last_before(after)
    while at is not None and at in dropped:
        at = series.last_before(at)
    return at


def occurrences_between(
    office_id: int, start: datetime, end: datetime, *, limit: int = LIMIT
) -> list[Occurrence]:
    """What takes place, or does not, from ``start`` to ``end`` (exclusive), in order; at most ``limit``, the earliest.

    One statement, however much there is; a series that is over is not read. A moved occurrence stands where it moved
    to.
    """
    if end <= start or limit < 1:
        return []
    return _Read(office_id, start, end, limit).between(end, limit)


def list_upcoming(
    office_id: int,
    since: datetime,
    *,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
    wanted: "Wanted | None" = None,
) -> Page[Occurrence]:
    """Occurrences that are not over at ``since``, in order, a page at a time, as they are ``wanted``. One statement,
    and those that ``wanted`` asks. What is wanted specially is looked for :data:`AHEAD`, not for ever.
    """
    key = decode_cursor(cursor)
    start = since if key is None else max(key[0], since)
    narrowed = wanted is not None and wanted.is_narrow
    last = min(start + AHEAD, END_OF_TIME) if narrowed else END_OF_TIME
    if start >= last:
        return Page([], None)
    read = _Read(office_id, start, last, _MANY if narrowed else 2 * size + LIMIT, wanted)
    ahead, more = _FIRST_LOOK, size + 1
    while True:
        end = min(start + ahead, last)
        # What starts at the cursor's instant may stand on either page: of those at most one an event.
        found = [one for one in read.between(end, _MANY) if key is None or _order(one) > key]
        if wanted is not None:
            found = wanted.of(found)
        if len(found) >= more or end >= last:
            return cut(found[:more], _order, size)
        ahead *= 4


def list_upcoming_of(event: AgendaEvent, after: datetime, count: int) -> list[Occurrence]:
    """The next few of a repeating event that are not over, by what the rule says."""
    if not event.rule:
        return []
    own = {
        one.occurrence: one
        for one in db.session.scalars(
            select(AgendaException).where(
                AgendaException.event_id == event.id, AgendaException.occurrence > after - LONGEST
            )
        )
    }
    series = series_of(event)
    ahead = series.between(after, END_OF_TIME, until=event.until_at, limit=count + len(own))
    shown = [
        _with_own(event, series, at, own.get(at)) for at in ahead if at not in own or not own[at].is_dropped
    ]
    return shown[:count]


def _order(one: Occurrence) -> tuple[datetime, int]:
    return one.starts_at, one.event_id


def _with_own(event: AgendaEvent, series: Series, at: datetime, other: AgendaException | None) -> Occurrence:
    if other is None:
        return _shown(event, at, series.end_of(at), None)
    own = _Own(other.starts_at, other.title, other.place, other.needs, other.state, other.reason)
    return _shown(event, at, other.ends_at or series.end_of(other.starts_at or at), own)


class _Own(NamedTuple):
    """What differs at an occurrence, by the names of the rows."""

    own_starts_at: datetime | None
    own_title: str | None
    own_place: str | None
    own_needs: list[str] | None
    own_state: EventState | None
    own_reason: str


class _Read:
    """The events of a span, and what differs at their occurrences: read once, looked at in parts. Rows, not objects:
    an office may have thousands of series.
    """

    def __init__(
        self, office_id: int, start: datetime, end: datetime, limit: int, wanted: "Wanted | None" = None
    ) -> None:
        self.start = start
        self.events: dict[int, Any] = {}
        self.own: dict[int, dict[datetime, Any]] = defaultdict(dict)
        for row in db.session.execute(_read(office_id, start, end, limit, wanted)):
            self.events[row.id] = row
            if row.occurrence is not None:
                self.own[row.id][row.occurrence] = row

    def between(self, end: datetime, limit: int) -> list[Occurrence]:
        """What there is from the start to ``end``, the earliest ``limit``, in order."""
        found: list[tuple[datetime, int, datetime, Any, Any, Any]] = []
        for event in self.events.values():
            if not event.rule:
                if event.starts_at < end:
                    found.append((event.starts_at, event.id, event.starts_at, None, event, None))
                continue
            series, own = series_of(event), self.own.get(event.id, {})
            starts = series.between(self.start, end, until=event.until_at, limit=limit + len(own))
            found += [(at, event.id, at, series, event, None) for at in starts if at not in own]
            for row in own.values():
                starts_at = row.own_starts_at or row.occurrence
                ends_at = row.own_ends_at or series.end_of(starts_at)
                if not row.is_dropped and starts_at < end and ends_at > self.start:
                    found.append((starts_at, event.id, row.occurrence, series, row, row))
        found.sort(key=itemgetter(0, 1, 2))
        shown = []
        for starts_at, _id, at, series, event, own in found[:limit]:
            ends_at = event.ends_at if series is None else series.end_of(starts_at)
            shown.append(_shown(event, at, own.own_ends_at or ends_at if own is not None else ends_at, own))
        return shown


def _read(office_id: int, start: datetime, end: datetime, limit: int, wanted: "Wanted | None") -> Select[Any]:
    """Singles, repeating ones, and those of which an occurrence was moved into the span: each found by its own index;
    with what is different in the span.
    """
    mine = [AgendaEvent.office_id == office_id, AgendaEvent.removed_at.is_(None)]
    if wanted is not None:
        mine += wanted.conditions
    different = or_(
        and_(AgendaException.occurrence < end, AgendaException.occurrence > start - LONGEST),
        and_(AgendaException.starts_at < end, AgendaException.starts_at > start - LONGEST),
    )
    singles = (
        select(AgendaEvent.id)
        .where(*mine, AgendaEvent.rule == "", AgendaEvent.starts_at < end, AgendaEvent.ends_at > start,
               AgendaEvent.starts_at > start - LONGEST)
        .order_by(AgendaEvent.starts_at, AgendaEvent.id)
        .limit(limit)
    )  # fmt: skip
    endless, ending = (
        select(AgendaEvent.id).where(*mine, AgendaEvent.rule != "", AgendaEvent.starts_at < end, until)
        for until in (AgendaEvent.until_at.is_(None), AgendaEvent.until_at > start)
    )
    moved = (
        select(AgendaEvent.id)
        .join(AgendaException, AgendaException.event_id == AgendaEvent.id)
        .where(*mine, AgendaEvent.rule != "", different)
    )
    ids = union(select(singles.subquery().c.id), endless, ending, moved).subquery()
    columns: Sequence[Any] = (*_COLUMNS, *_OWN)
    return (
        select(*columns)
        .join(ids, ids.c.id == AgendaEvent.id)
        .outerjoin(AgendaException, and_(AgendaException.event_id == AgendaEvent.id, different))
        .order_by(AgendaEvent.id)
    )


def _shown(event: Any, at: datetime, ends_at: datetime, own: Any) -> Occurrence:
    """Once of an event (an object or a row), with what differs at it (a row of :data:`_OWN`)."""
    starts_at, title, place, needs, state, reason = (
        at, event.title, event.place, event.needs, event.state, event.reason,
    )  # fmt: skip
    if own is not None:
        starts_at, title = own.own_starts_at or at, own.own_title or title
        place = own.own_place if own.own_place is not None else place
        needs = own.own_needs if own.own_needs is not None else needs
        reason = own.own_reason if own.own_state is not None or own.own_reason else reason
        state = own.own_state or state
    return Occurrence(
        event_id=event.id, occurrence=at, starts_at=starts_at, ends_at=ends_at, all_day=event.all_day,
        zone=event.zone, title=title, place=place, needs=tuple(_NEEDS[n] for n in needs), state=state,
        reason=reason, repeats=bool(event.rule), row_version=event.row_version, campaign_id=event.campaign_id,
        section_id=event.section_id, is_followed=event.feed_id is not None, is_private=event.is_private,
    )  # fmt: skip
