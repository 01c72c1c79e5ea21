"""Errors a person can cause, each with a sentence for that person.

A ``UserError`` carries the HTTP status it becomes and a translated message. Views let them rise: the application
turns them into a page (or a message beside the form) and rolls the unit of work back.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class UserError(Exception):
    """Something the person can read and act on. ``message`` is translated text."""

    status = 422

    def __init__(self, message: str) -> None:
        super().__init__(str(message))
        self.message = str(message)


class NotAllowed(UserError):
    """The person may not do this."""

    status = 403


class NotFound(UserError):
    """There is no such thing, or not for this person: the two answers are the same on purpose."""

    status = 404

    def __init__(self, message: str = "") -> None:
        super().__init__(message)


class Conflict(UserError):
    """Somebody else changed it first."""

    status = 409


class TooMany(UserError):
    """A limit of frequency was reached. ``retry_after`` in seconds."""

    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Reason:
    """One reason why something cannot be done now: a stable code and a sentence."""

    code: str
    message: str

    def __str__(self) -> str:
        return str(self.message)


class Refused(UserError):
    """A move that is not possible now, with every reason at once."""

    status = 409

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(" ".join(str(r) for r in reasons))
        self.reasons = tuple(reasons)
