"""What scoring tells higher rooms: what people decided about a publication that is live."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PointDisputed:
    """Somebody questions what a publication is worth. ``event_id``: the dated state that says so."""

    delivery_id: int
    event_id: int
    actor_id: int | None
    reason: str


@dataclass(frozen=True)
class PointCleared:
    """It is questioned no longer: it was looked at again, or the question was taken back."""

    delivery_id: int
    event_id: int
    actor_id: int


@dataclass(frozen=True)
class PointSetAside:
    """Somebody decided that it does not count, although it is live."""

    delivery_id: int
    event_id: int
    actor_id: int
    reason: str


@dataclass(frozen=True)
class PointRecounted:
    """What had been set aside counts after all, once it is confirmed."""

    delivery_id: int
    event_id: int
    actor_id: int
