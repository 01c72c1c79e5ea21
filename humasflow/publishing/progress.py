"""How far a delivery has come: what its adapter keeps between the steps, and what the publisher keeps beside it.

Both stand in ``Delivery.prepare_state``: the adapter's own names, and the publisher's under ``~``, which adapters never
see.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from humasflow.channels.adapters.variant import JsonObject
from humasflow.publishing.models import Delivery

_OWN = "~"


@dataclass(frozen=True, slots=True)
class Progress:
    """``state``: the adapter's. ``polls``: only the channel is working, it is asked by ``poll``. ``since``: when the
    preparation began. ``late_from``: the instant from which lateness counts, where that is not the post's time (a quota
    was waited for). ``asked_since``: since when the channel is asked whether it arrived. ``lost``: how many calls in a
    row came to nothing (sent, and not there), ``lost_since``: since when. ``unheard_since``: since when such questions
    fail. ``called_until``: when the irreversible call has surely ended. ``absent_tick``: the
    mark (:func:`humasflow.core.clock.tick`) of the first "not there". ``taken_up``: the steps were made before it was
    stopped for a while. Instants are aware UTC.
    """

    state: JsonObject = field(default_factory=dict)
    polls: bool = False
    since: datetime | None = None
    late_from: datetime | None = None
    asked_since: datetime | None = None
    lost_since: datetime | None = None
    unheard_since: datetime | None = None
    called_until: datetime | None = None
    lost: int = 0
    absent_tick: str = ""
    taken_up: bool = False


_INSTANTS = ("since", "late_from", "asked_since", "lost_since", "unheard_since", "called_until")


def progress_of(delivery: Delivery) -> Progress:
    """What is stored."""
    stored: dict[str, Any] = dict(delivery.prepare_state or {})
    own = stored.pop(_OWN, {})
    instants: dict[str, Any] = {name: _instant(own.get(name)) for name in _INSTANTS}
    counted: dict[str, Any] = {
        "lost": int(own.get("lost", 0)),
        "absent_tick": str(own.get("absent_tick", "")),
        "taken_up": bool(own.get("taken_up")),
    }
    return Progress(stored, bool(own.get("polls")), **counted, **instants)


def keep_progress(delivery: Delivery, progress: Progress) -> None:
    """Put it into the delivery; the caller flushes."""
    own: dict[str, Any] = {"polls": progress.polls} if progress.polls else {}
    for name in _INSTANTS:
        instant: datetime | None = getattr(progress, name)
        if instant is not None:
            own[name] = instant.isoformat()
    if progress.lost:
        own["lost"] = progress.lost
    if progress.taken_up:
        own["taken_up"] = True
    if progress.absent_tick:
        own["absent_tick"] = progress.absent_tick
    delivery.prepare_state = {**progress.state, **({_OWN: own} if own else {})}


def begin_anew(delivery: Delivery) -> None:
    """Forget every step; from when lateness counts stays, and how many calls came to nothing."""
    kept = progress_of(delivery)
    anew = replace(Progress(), late_from=kept.late_from, lost=kept.lost, lost_since=kept.lost_since)
    keep_progress(delivery, anew)


def _instant(told: object) -> datetime | None:
    return datetime.fromisoformat(told) if isinstance(told, str) else None
