"""What other rooms may hear of people."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UserInvited:
    """A person got a link to set a password. ``url`` is a secret: sent, but never listed or written to logs."""

    user_id: int
    office_id: int
    url: str
