"""What the media library tells other rooms."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TakedownOpened:
    """A consent ended: what shows the person has to come down within 72 hours."""

    task_id: int


@dataclass(frozen=True)
class TakedownOverdue:
    """The 72 hours are over and nobody has said that it is done."""

    task_id: int


@dataclass(frozen=True)
class TakedownClosed:
    """It is done, the consent was renewed, or a withdrawal asks for the same anew."""

    task_id: int
