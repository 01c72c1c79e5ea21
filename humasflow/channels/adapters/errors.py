"""The ways a channel says no, or says nothing.

Which one it is decides what the publisher does next: retry, wait, refresh a token, ask a person, or give up. An
adapter maps the code in the body of an answer first and the HTTP status second.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Self

from humasflow.channels.adapters.base import Problem


class AdapterError(Exception):
    """A channel said no, or said nothing. ``code`` is stable; ``detail`` is for the record and holds no secret."""

    code: ClassVar[str] = "error"
    is_retryable: ClassVar[bool] = False

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.code)
        self.detail = detail
        self.is_outcome = False

    def as_outcome(self) -> Self:
        """Marks a refusal of ``find`` as what became of the post itself: the channel says that it is over and nothing
        is public. Without it, only the question was refused.
        """
        self.is_outcome = True
        return self


class Invalid(AdapterError):
    """The channel refuses this content; sending it again will not help."""

    code = "invalid"

    def __init__(self, detail: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(detail)
        self.problems = tuple(problems)


class MediaRejected(AdapterError):
    """The channel refuses a picture or video."""

    code = "media_rejected"


class AuthExpired(AdapterError):
    """The permission ran out; it may be refreshed once."""

    code = "auth_expired"


class AuthRevoked(AdapterError):
    """The permission was withdrawn; a person has to connect the account again."""

    code = "auth_revoked"


class Forbidden(AdapterError):
    """The account may not do this."""

    code = "forbidden"


class RateLimited(AdapterError):
    """Too fast. ``retry_at`` in UTC, None where the channel does not say."""

    code = "rate_limited"
    is_retryable = True

    def __init__(self, detail: str = "", *, retry_at: datetime | None = None) -> None:
        super().__init__(detail)
        self.retry_at = retry_at


class QuotaExceeded(AdapterError):
    """The day's number is used up. ``resets_at`` in UTC, None where the channel does not say."""

    code = "quota_exceeded"
    is_retryable = True

    def __init__(self, detail: str = "", *, resets_at: datetime | None = None) -> None:
        super().__init__(detail)
        self.resets_at = resets_at


class Conflict(AdapterError):
    """What is there is not what we expected: somebody else changed it, or something else holds the name."""

    code = "conflict"


class Transient(AdapterError):
    """A passing failure, known to have happened before the irreversible step."""

    code = "transient"
    is_retryable = True


class OutcomeUnknown(AdapterError):
    """The irreversible call was made and its outcome is not known. Never repeated without looking."""

    code = "outcome_unknown"


class Unsupported(AdapterError):
    """The channel cannot do this at all."""

    code = "unsupported"
