"""What follows for others when an event became what somebody else's calendar says: which of its dates moved, fell
through or take place after all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from humasflow.core import clock
from humasflow.core.events import emit
from humasflow.planning.agenda.enums import EventState
from humasflow.planning.agenda.events import AgendaCancelled, AgendaMoved, AgendaRekeyed, AgendaRestored
from humasflow.planning.agenda.models import AgendaEvent
from humasflow.planning.agenda.queries import series_of
from humasflow.planning.agenda.series import Series
from humasflow.planning.agenda.shifting import months_between, names_a_period
from humasflow.planning.agenda.succession import Succession

_OFF = frozenset({EventState.CANCELLED, EventState.POSTPONED})
_NOTHING = timedelta()


@dataclass(frozen=True)
class Once:
    """What was different at one occurrence. ``state`` None: as the event's."""

    starts_at: datetime
    is_dropped: bool
    state: EventState | None
    reason: str

    @property
    def is_off(self) -> bool:
        """Whether it does not take place, by its own."""
        return self.is_dropped or self.state in _OFF


@dataclass(frozen=True)
class Snapshot:
    """An event as it was, as far as others depend on it."""

    series: Series
    state: EventState
    is_removed: bool
    own: Mapping[datetime, Once]


def remember(event: AgendaEvent) -> Snapshot:
    """The event as it is now."""
    own = {
        e.occurrence: Once(e.starts_at or e.occurrence, e.is_dropped, e.state, e.reason)
        for e in event.exceptions
    }
    return Snapshot(series_of(event), event.state, event.removed_at is not None, own)


def tell(event: AgendaEvent, before: Snapshot, *, actor_id: int | None) -> None:
    """Emit what became of the event and its dates since ``before``."""
    after = remember(event)
    said = event.reason or _("Berubah di kalender asalnya.")
    pairs = _pairs(before.series, after.series)
    lost: list[datetime] = []
    if pairs is not None:
        emit(AgendaRekeyed(event.id, pairs, lost))
    if after.state is EventState.CANCELLED:
        if before.state is not EventState.CANCELLED:
            emit(
                AgendaCancelled(
                    event.id, None, False, actor_id, event.reason or _("Dibatalkan di kalender asalnya.")
                )
            )
        return
    if (before.state in _OFF and after.state not in _OFF) or before.is_removed:
        emit(AgendaRestored(event.id, None, actor_id))
    if after.state is EventState.POSTPONED and before.state is not EventState.POSTPONED:
        emit(AgendaCancelled(event.id, None, True, actor_id, said))
    if after.series.starts_at != before.series.starts_at:
        elsewhere = {key: _NOTHING for key, one in after.own.items() if one.starts_at != key}
        emit(
            AgendaMoved(
                event.id,
                None,
                before.series.starts_at,
                after.series.starts_at,
                actor_id,
                said,
                pairs,
                elsewhere,
            )
        )
    for key in lost:
        emit(AgendaCancelled(event.id, key, False, actor_id, _("Tidak ada lagi di kalender asalnya.")))
    if after.series.parsed is not None:
        _tell_dates(event, before, after, pairs, actor_id)


def _pairs(before: Series, after: Series) -> Succession | None:
    """Which date took the place of which; None where all have the names they had."""
    if before == after or (before.parsed is None and after.parsed is None):
        return None
    by = after.local_start - before.local_start
    old, new = before.parsed, after.parsed
    if (
        old is not None
        and new is not None
        and old.freq is new.freq
        and names_a_period(old)
        and names_a_period(new)
    ):
        return Succession(
            before, after, by, months_between(new, before.local_start.date(), after.local_start.date())
        )
    return Succession(before, after, by)


def _tell_dates(
    event: AgendaEvent, before: Snapshot, after: Snapshot, pairs: Succession | None, actor_id: int | None
) -> None:
    """Single dates that are otherwise now; what is over is of no interest any more."""
    was = {(pairs.of(key) if pairs is not None else key): (key, one) for key, one in before.own.items()}
    now = clock.now()
    for key in sorted({*after.own, *(key for key in was if key is not None)}):
        old_key, old = was.get(key, (None, None))
        new = after.own.get(key)
        shift_before = old.starts_at - old_key if old is not None and old_key is not None else _NOTHING
        starts_at = new.starts_at if new is not None else key
        if max(starts_at, key + shift_before) < now:
            continue
        is_off, was_off = new is not None and new.is_off, old is not None and old.is_off
        reason = (new.reason if new is not None else "") or _("Berubah di kalender asalnya.")
        if is_off and not was_off:
            waits = new is not None and new.state is EventState.POSTPONED and not new.is_dropped
            emit(AgendaCancelled(event.id, key, waits, actor_id, reason))
        elif was_off and not is_off:
            emit(AgendaRestored(event.id, key, actor_id))
        if not is_off and starts_at - key != shift_before:
            emit(AgendaMoved(event.id, key, key + shift_before, starts_at, actor_id, reason))
