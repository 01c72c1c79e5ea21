"""What other rooms may hear of people."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class UserInvited:
    """A person got a link to set a password. ``url`` is a secret: sent, but never listed or written to logs."""

    user_id: int
    office_id: int
    url: str


@dataclass(frozen=True)
class AbsenceRecorded:
    """A person is away on these days, or now on these instead of those of an :class:`AbsenceEnded` just before. Both
    ends are local dates, included.
    """

    absence_id: int
    user_id: int
    office_id: int
    starts_on: date
    ends_on: date
    actor_id: int


@dataclass(frozen=True)
class AbsenceEnded:
    """What was said of a person's absence on these days (local dates, both included) no longer stands: it was removed,
    moved to other days, or became part of a longer one.
    """

    user_id: int
    office_id: int
    starts_on: date
    ends_on: date
    actor_id: int
