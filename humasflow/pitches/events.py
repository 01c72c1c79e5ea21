"""What pitches tell higher rooms."""

from dataclasses import dataclass

from humasflow.pitches.enums import PitchMove


@dataclass(frozen=True)
class PitchSent:
    """A new idea is in the pool."""

    pitch_id: int
    author_id: int


@dataclass(frozen=True)
class PitchDecided:
    """An editor accepted, parked, rejected or reopened it."""

    pitch_id: int
    move: PitchMove
    actor_id: int
    reason: str
