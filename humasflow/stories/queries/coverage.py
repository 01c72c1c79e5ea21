"""What stories cover: which stories hang on an occurrence of the agenda, and how that occurrence stands now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.planning.agenda.enums import EventState
from humasflow.planning.agenda.models import AgendaEvent, AgendaException
from humasflow.planning.agenda.queries import series_of
from humasflow.stories.enums import OVER
from humasflow.stories.models import Story

Key = tuple[int, datetime | None]  # an event and the instant its rule gives; None: it does not repeat

_OFF = frozenset({EventState.CANCELLED, EventState.POSTPONED})


@dataclass(frozen=True)
class Covered:
    """An occurrence as it stands now: with what differs at it."""

    event_id: int
    occurrence: datetime | None
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    all_day: bool
    zone: str
    state: EventState
    reason: str
    is_gone: bool  # removed from the agenda, or left out of its series
    off_by_itself: EventState | None  # whatever all the others do; left out of its series counts as cancelled

    @property
    def is_off(self) -> bool:
        """Whether it does not take place at this time."""
        return self.is_gone or self.state in _OFF

    def meets(self, start: datetime, end: datetime) -> bool:
        """Whether the two are at the same time, in part at least."""
        return self.starts_at < end and start < self.ends_at


def of_occurrence(event: AgendaEvent, occurrence: datetime | None) -> ColumnElement[bool]:
    """A condition on Story: it covers this occurrence, or (None) any of the event's."""
    mine = Story.event_id == event.id
    if occurrence is None:
        return mine if event.rule else and_(mine, Story.occurrence.is_(None))
    if not event.rule:  # a name that is left over from when it did repeat
        first = Story.occurrence.is_(None) if occurrence == event.starts_at else false()
        return and_(mine, or_(Story.occurrence == occurrence, first))
    # Covered while the event did not repeat yet: then it is the first one.
    first = Story.occurrence.is_(None) if occurrence == event.starts_at else false()
    return and_(mine, or_(Story.occurrence == occurrence, first))


def list_covering(
    event: AgendaEvent, occurrence: datetime | None, *, with_ended: bool = False
) -> Sequence[Story]:
    """The stories in work, or out, that cover an occurrence (None: any of the event's), oldest first. One statement.
    ``with_ended``: those that are over as well.
    """
    statement = select(Story).where(of_occurrence(event, occurrence)).order_by(Story.id)
    if not with_ended:
        statement = statement.where(Story.state.not_in(sorted(OVER)))
    found = db.session.scalars(statement).all()
    if occurrence is not None or not event.rule:
        return found
    series = series_of(
        event
    )  # not those whose occurrence the rule gives no longer: they were told that it is gone
    return [s for s in found if s.occurrence is None or series.has(s.occurrence)]


def list_concerned(
    event: AgendaEvent, occurrence: datetime | None, *, with_past: bool = False, with_off: bool = False
) -> list[tuple[Story, Covered]]:
    """The stories in work, or out, to which it matters what became of an occurrence, with how that stands now. Of all
    (None) of a repeating event those whose occurrence is over are not concerned (unless ``with_past``), nor those whose
    occurrence is off by itself (unless ``with_off``): it stays so. Three statements.
    """
    stories = list_covering(event, occurrence)
    known = covered_of((event.id, s.occurrence) for s in stories)
    found = [(s, known[event.id, s.occurrence]) for s in stories]
    if occurrence is not None or not event.rule:
        return found
    now = clock.now()
    return [
        (story, one)
        for story, one in found
        if (with_past or one.ends_at > now) and (with_off or not _stays_off(one, event))
    ]


def _stays_off(one: Covered, event: AgendaEvent) -> bool:
    """Whether what becomes of all is nothing to it; what waits for a time does so no longer once all are removed."""
    return one.off_by_itself is not None and (
        one.off_by_itself is EventState.CANCELLED or event.removed_at is None
    )


def get_covered(story: Story) -> Covered | None:
    """What a story covers, as it stands now; None when it covers nothing of the agenda. Two statements at most."""
    if story.event_id is None:
        return None
    return covered_of([(story.event_id, story.occurrence)])[story.event_id, story.occurrence]


def covered_of(keys: Iterable[Key]) -> dict[Key, Covered]:
    """The same for many, in two statements however many there are."""
    wanted = set(keys)
    if not wanted:
        return {}
    ids = {event_id for event_id, _occurrence in wanted}
    events = {e.id: e for e in db.session.scalars(select(AgendaEvent).where(AgendaEvent.id.in_(ids)))}
    dates = {at for _event_id, at in wanted if at is not None}
    different = {}
    if dates:
        different = {
            (x.event_id, x.occurrence): x
            for x in db.session.scalars(
                select(AgendaException).where(
                    AgendaException.event_id.in_(ids), AgendaException.occurrence.in_(dates)
                )
            )
        }
    return {
        key: _covered(events[key[0]], key[1], different.get((key[0], key[1])) if key[1] else None)
        for key in wanted
    }


def _off_by_itself(other: AgendaException) -> EventState | None:
    if other.is_dropped:
        return EventState.CANCELLED
    return other.state if other.state in _OFF else None


def _covered(event: AgendaEvent, occurrence: datetime | None, other: AgendaException | None) -> Covered:
    series = series_of(event)
    start = occurrence or event.starts_at
    starts_at = other.starts_at if other is not None and other.starts_at is not None else start
    ends_at = other.ends_at if other is not None and other.ends_at is not None else series.end_of(starts_at)
    own_state = other.state if other is not None else None
    return Covered(
        event_id=event.id, occurrence=occurrence,
        title=(other.title if other is not None else None) or event.title,
        place=other.place if other is not None and other.place is not None else event.place,
        starts_at=starts_at, ends_at=ends_at, all_day=event.all_day, zone=event.zone,
        state=own_state or event.state,
        reason=other.reason if other is not None and own_state is not None else event.reason,
        is_gone=event.removed_at is not None or (other.is_dropped if other is not None else not series.has(start)),
        off_by_itself=_off_by_itself(other) if other is not None else None,
    )  # fmt: skip
