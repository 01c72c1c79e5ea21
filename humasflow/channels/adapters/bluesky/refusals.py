"""What a personal data server means when it says no: the error's name first, the HTTP status second.

The message may repeat what we sent; only the name is taken over into a detail.
"""

import re
from datetime import datetime, timedelta
from typing import Any, Final

from humasflow.channels.adapters.errors import (
    AdapterError,
    AuthExpired,
    AuthRevoked,
    Conflict,
    Forbidden,
    Invalid,
    MediaRejected,
    RateLimited,
    Transient,
    Unsupported,
)
from humasflow.channels.adapters.http import HttpAnswer
from humasflow.core import clock

# A token that is over, or that the server no longer knows: signing in again may help, so that is tried first.
_EXPIRED: Final = frozenset(
    {"AuthMissing", "AuthRequired", "AuthenticationRequired", "ExpiredToken", "InvalidToken"}
)
_FORBIDDEN: Final = frozenset({
    "AccountDeactivated", "AccountSuspended", "AccountTakedown", "Forbidden", "InsufficientScope", "RepoDeactivated",
    "RepoSuspended", "RepoTakendown", "ScopeMissingError",
})  # fmt: skip
_REJECTED_FILES: Final = frozenset({"BlobTooLarge", "InvalidMimeType", "PayloadTooLarge"})
_PASSING: Final = frozenset({
    "BlobNotFound", "InternalServerError", "NotEnoughResources", "UpstreamFailure", "UpstreamTimeout",
})  # fmt: skip
_UNSUPPORTED: Final = frozenset({"MethodNotImplemented", "XRPCNotSupported"})
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_LONGEST_WAIT: Final = 86_400  # seconds

NOT_FOUND: Final = "RecordNotFound"
CHANGED: Final = "InvalidSwap"


def name_of(answer: HttpAnswer) -> str:
    """The error's name; empty where the body is none of the protocol's."""
    name = answer.object().get("error")
    return name if isinstance(name, str) and _NAME.fullmatch(name) else ""


def refusal(answer: HttpAnswer, *, of_file: bool = False) -> AdapterError:
    """The error for an answer that is no success. ``of_file``: what was refused is a picture."""
    name = name_of(answer)
    detail = f"{answer.status} {name}".strip()
    if answer.status == 429 or name == "RateLimitExceeded":
        return RateLimited(detail, retry_at=retry_at(answer))
    by_name = _by_name(name, detail, of_file=of_file)
    return by_name if by_name is not None else _by_status(answer, name, detail, of_file=of_file)


def _by_name(name: str, detail: str, *, of_file: bool) -> AdapterError | None:
    if name in _EXPIRED:
        return AuthExpired(detail)
    if name == "AuthFactorTokenRequired":
        return AuthRevoked("needs_app_password")
    if name in _FORBIDDEN:
        return Forbidden(detail)
    if name in _REJECTED_FILES:
        return MediaRejected(detail) if of_file else Invalid(detail)
    if name in _PASSING:
        return Transient(detail)
    if name == CHANGED:
        return Conflict(detail)
    if name in _UNSUPPORTED:
        return Unsupported(detail)
    return None


def _by_status(answer: HttpAnswer, name: str, detail: str, *, of_file: bool) -> AdapterError:
    if answer.status == 413:
        return MediaRejected(detail) if of_file else Invalid(detail)
    if not name:
        # No answer of the protocol: something in front of the server, or another server altogether.
        return Unsupported(detail) if answer.status in {404, 405, 501} else Transient(detail)
    if answer.status == 401:
        return AuthExpired(detail)
    if answer.status == 403:
        return Forbidden(detail)
    if answer.status in {404, 405, 501}:
        return Unsupported(detail)
    if 400 <= answer.status < 500:
        return MediaRejected(detail) if of_file else Invalid(detail)
    return Transient(detail)


def retry_at(answer: HttpAnswer) -> datetime | None:
    """When the server takes requests again: ``ratelimit-reset`` (seconds since 1970) or ``retry-after`` (seconds)."""
    now = clock.now()
    reset = _number(answer.headers.get("ratelimit-reset", ""))
    wait = _number(answer.headers.get("retry-after", "")) if reset is None else reset - int(now.timestamp())
    return None if wait is None else now + timedelta(seconds=min(max(wait, 0), _LONGEST_WAIT))


def _number(told: Any) -> int | None:
    told = str(told).strip()
    return int(told[:12]) if told.isascii() and told.isdigit() else None
