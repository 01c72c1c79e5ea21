"""Another time for an event: once, from once on, or always."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from humasflow.accounts.policy import Principal
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db, lock
from humasflow.core.errors import Refused
from humasflow.core.events import emit
from humasflow.core.localtime import show_instant
from humasflow.core.versions import expect_version
from humasflow.planning.agenda.enums import EventMove, EventState, Extent
from humasflow.planning.agenda.events import AgendaMoved
from humasflow.planning.agenda.models import AgendaEvent, AgendaException
from humasflow.planning.agenda.policy import reasons_not_to_move
from humasflow.planning.agenda.queries import Occurrence, get_exception, get_occurrence, series_of
from humasflow.planning.agenda.series import Series
from humasflow.planning.agenda.services.contents import check_times
from humasflow.planning.agenda.services.parting import moved_series, own, rekey, settled, split, touched
from humasflow.planning.agenda.workflow import EVENT


@dataclass(frozen=True)
class Moved:
    """From when to when. ``event_id`` and ``occurrence`` name what moved as it is named now, for moving it back."""

    before: datetime
    after: datetime
    event_id: int
    occurrence: datetime


def move_event(
    event: AgendaEvent,
    *,
    actor: Principal,
    occurrence: datetime | None,
    extent: Extent,
    starts_at: datetime,
    reason: str = "",
    row_version: int | None = None,
    drop: bool = False,
    stay: frozenset[int] = frozenset(),
) -> Moved:
    """Let an occurrence, it and the later ones, or all take place at another time, as long as before. One that waits
    for a time has it now. Without a ``reason`` the one that is known stays. ``stay``: tasks whose due times do not
    follow. Flushes; tells AgendaMoved. Raises Refused, Conflict, NotFound, BadContent, BadRule, and WouldDrop unless
    ``drop``: then nothing has changed.
    """
    lock(event)
    shown = get_occurrence(event, occurrence)
    reasons = reasons_not_to_move(actor, event, shown.state)
    if reasons:
        raise Refused(reasons)
    expect_version(event, row_version)
    series = series_of(event)
    starts_at = starts_at.astimezone(UTC)
    if event.all_day:
        day = series.local(starts_at).replace(hour=0, minute=0, second=0, microsecond=0)
        starts_at = series.instant(day)
    ends_at = _end(series, shown, starts_at)
    check_times(starts_at, ends_at)
    waits = shown.state is EventState.POSTPONED
    if starts_at == shown.starts_at and not waits:
        return Moved(shown.starts_at, starts_at, event.id, shown.occurrence)
    with db.session.begin_nested():
        return retime(
            event, shown, actor=actor, extent=extent, starts_at=starts_at, ends_at=ends_at, reason=reason.strip(),
            drop=drop, stay=stay,
        )  # fmt: skip


def retime(
    event: AgendaEvent,
    shown: Occurrence,
    *,
    actor: Principal,
    extent: Extent,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    drop: bool = False,
    stay: frozenset[int] = frozenset(),
) -> Moved:
    """The move itself, of what is locked and checked."""
    extent = settled(event, shown.occurrence, extent)
    key = shown.occurrence
    if extent is Extent.ONE:
        mine = own(event, key)
        mine.starts_at, mine.ends_at, mine.reason = starts_at, ends_at, reason or mine.reason
        if EVENT.allows(shown.state, EventMove.RETIME):
            mine.state = EVENT.target(shown.state, EventMove.RETIME)
        _unpin(event, mine)
        touched(event)
        tell_moved(
            event, AgendaMoved(event.id, key, shown.starts_at, starts_at, actor.id, reason, stay=stay), actor
        )
        return Moved(shown.starts_at, starts_at, event.id, key)
    moved = split(event, key, actor=actor) if extent is Extent.FUTURE else event
    series = series_of(moved)
    by = series.local(starts_at) - series.local(shown.starts_at)
    length = series.length_of(starts_at, ends_at)
    kept = length == series.length_of(shown.starts_at, shown.ends_at)
    pairs = moved_series(series, key, by, None if kept else length)
    adopt(moved, pairs.after)
    if EVENT.allows(moved.state, EventMove.RETIME):
        moved.state = EVENT.target(moved.state, EventMove.RETIME)
    moved.reason = reason or moved.reason
    mine_or_none = get_exception(moved, key)
    if mine_or_none is not None:
        if mine_or_none.state is EventState.POSTPONED:
            mine_or_none.state, mine_or_none.reason = None, "" if reason else mine_or_none.reason
        if (
            mine_or_none.starts_at is not None
        ):  # it stands elsewhere than its rule says: it goes where it was put
            mine_or_none.starts_at, mine_or_none.ends_at = starts_at, ends_at
    touched(moved)
    rekey(moved, pairs, drop=drop, actor=actor)
    new_key = pairs.of(key) or pairs.after.starts_at
    tell_moved(
        moved,
        AgendaMoved(
            moved.id, None, shown.starts_at, starts_at, actor.id, reason, pairs,
            dict.fromkeys(_elsewhere(moved), _NOTHING) | {new_key: starts_at - shown.starts_at}, stay,
        ),
        actor,
    )  # fmt: skip
    return Moved(shown.starts_at, starts_at, moved.id, new_key)


def _unpin(event: AgendaEvent, mine: AgendaException) -> None:
    """What stands where the rule puts it has no time of its own, and moves with the others again."""
    series = series_of(event)
    if (mine.starts_at, mine.ends_at) != (mine.occurrence, series.end_of(mine.occurrence)):
        return
    mine.starts_at = mine.ends_at = None
    told = (mine.title, mine.place, mine.needs, mine.state)
    if told == (None, None, None, None) and not mine.is_dropped:
        db.session.flush()  # it may have been made just now
        db.session.delete(mine)


_NOTHING = timedelta()


def _elsewhere(event: AgendaEvent) -> Sequence[datetime]:
    """Occurrences with a time of their own: they stay when the others move."""
    return db.session.scalars(
        select(AgendaException.occurrence).where(
            AgendaException.event_id == event.id, AgendaException.starts_at.is_not(None)
        )
    ).all()


def adopt(event: AgendaEvent, series: Series) -> None:
    """Give the event the times and the rule of a series."""
    check_times(series.starts_at, series.ends_at)
    event.starts_at, event.ends_at, event.rule = series.starts_at, series.ends_at, series.rule
    event.until_at = series.until_at()
    db.session.flush()


def _end(series: Series, shown: Occurrence, starts_at: datetime) -> datetime:
    return series.after(starts_at, series.length_of(shown.starts_at, shown.ends_at))


def tell_moved(event: AgendaEvent, told: AgendaMoved, actor: Principal) -> None:
    """Record it, and let the rooms above know."""
    detail: dict[str, Any] = {"reason": told.reason} if told.reason else {}
    before, after, key = told.before, told.after, told.occurrence
    audit.record(
        AuditAction.AGENDA_MOVED, ("agenda_event", event.id), office_id=event.office_id, actor=actor,
        label=f"{event.title}: {show_instant(before, event.zone)} → {show_instant(after, event.zone)}",
        occurrence=key.isoformat() if key else None, before=before.isoformat(), after=after.isoformat(),
        row_version=event.row_version, **detail,
    )  # fmt: skip
    emit(told)
