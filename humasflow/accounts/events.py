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
    """A person will be (or was) away, or is now for other days than before: both ends are local dates, included."""

    absence_id: int
    user_id: int
    office_id: int
    starts_on: date
    ends_on: date
    actor_id: int
