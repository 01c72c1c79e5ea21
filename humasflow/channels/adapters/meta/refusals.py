"""What a refusal of the Graph API means: ``{"error": {"code", "error_subcode", "is_transient", "message"}}``.

The subcode says most, the code next, the HTTP status least. Read 2026-11 from Meta's pages on error codes (Graph API,
Instagram Platform, Threads) and from its SDK, version 26.
"""

import json
from collections.abc import Mapping
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
    OutcomeUnknown,
    QuotaExceeded,
    RateLimited,
    Transient,
)
from humasflow.channels.adapters.http import HttpAnswer
from humasflow.core import clock

# Nothing was published, and it may work in a while.
TOO_EARLY: Final = frozenset({
    2207027,  # 9007: the media is not ready for publishing yet
    2207052,  # 9004: Meta could not fetch the media just now
    4279009,  # 24, Threads: the container is not known everywhere yet
    2207003,  # -2: fetching the media took too long
    2207020,  # -2: the container has expired
    2207006,  # 24: the container is gone
})  # fmt: skip
# The server stumbled: before publishing it may be done again, afterwards nobody knows.
_STUMBLED: Final = frozenset({2207001, 2207008, 2207032, 2207053})
_MEDIA: Final = frozenset({2207004, 2207005, 2207009, 2207023, 2207026, 2207028, 2207057, 2207067})
_QUOTA: Final = frozenset({2207042, 2207069})
_RESTRICTED: Final = 2207050  # the account is switched off or restricted until somebody signs in to it
_SPAM: Final = 2207051  # taken for spam: it has been seen published all the same

_WRONG_OFFSET: Final = 1363037  # of a part of a video: another one is wanted, and error_data says which

_RATE: Final = frozenset({4, 17, 32, 341, 613, *range(80_000, 80_015)})
_TOKEN: Final = frozenset({102, 190})
_EXPIRED: Final = frozenset({463, 467})  # ended by itself; any other means that somebody withdrew it
_PERMISSION: Final = frozenset({3, 10, *range(200, 300)})
_STUMBLE_CODES: Final = frozenset({-3, -2, -1, 1, 2})
_NOT_THERE: Final = frozenset({(100, 33), (803, 0), (24, 0)})  # gone, never there, or not ours to see
_DUPLICATE: Final = 506
# The office's app is what is refused, under whatever code: its secret or its number is wrong, or Meta has switched it
# off. No account and no content is at fault, and what was granted works again once the app does.
_OF_THE_APP: Final = (
    "appsecret_proof", "validating client secret", "validating application", "api access deactivated",
    "api access blocked",
)  # fmt: skip
APP_REFUSED: Final = "invalid_client"


class WrongOffset(Transient):
    """A part of a video that is there already, or comes too early. ``start`` and ``end``: from which byte to which one
    more is wanted; None where that is not said.
    """

    def __init__(self, detail: str, span: tuple[int, int] | None) -> None:
        super().__init__(detail)
        self.span = span


class Duplicate(OutcomeUnknown):
    """Refused because the words are there already: an earlier call of ours, or somebody's older post."""


def refusal(answer: HttpAnswer, *, publishing: bool, secrets: tuple[str, ...] = ()) -> AdapterError:
    """The error of a refusing answer. ``publishing``: it is the answer to the irreversible call, where a stumble of
    the server leaves the outcome open. ``secrets`` are blotted out of its words.
    """
    told = _told(answer.object())
    code, subcode = _number(told.get("code")), _number(told.get("error_subcode"))
    words = _words(told, answer, secrets)
    stumble = OutcomeUnknown(words) if publishing else Transient(words)
    if any(known in str(told.get("message", "")).lower() for known in _OF_THE_APP):
        return Forbidden(APP_REFUSED)
    if subcode == _WRONG_OFFSET:
        return WrongOffset(words, _span(told.get("error_data")))
    by_subcode = _of_subcode(subcode, words, stumble, publishing=publishing)
    if by_subcode is not None:
        return by_subcode
    return _of_code(code, subcode, words, stumble, answer, is_transient=told.get("is_transient") is True)


def _told(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is said of the refusal; the token call of Threads says it without the wrapping (``error_type``, ``code``,
    ``error_message``).
    """
    error = found.get("error")
    if isinstance(error, dict):
        return error
    return {**found, "message": found.get("error_message", "")} if "error_type" in found else {}


def _of_subcode(subcode: int, words: str, stumble: AdapterError, *, publishing: bool) -> AdapterError | None:
    if subcode in TOO_EARLY:
        return Transient(words)
    if subcode in _STUMBLED or (subcode == _SPAM and publishing):
        return stumble
    if subcode in _MEDIA:
        return MediaRejected(words)
    if subcode in _QUOTA:
        return QuotaExceeded(words)
    if subcode == _RESTRICTED:
        return Forbidden(words)
    return None


def _of_code(
    code: int, subcode: int, words: str, stumble: AdapterError, answer: HttpAnswer, *, is_transient: bool
) -> AdapterError:
    if code in _RATE or answer.status == 429:
        return RateLimited(words, retry_at=_regains_access(answer))
    if code in _TOKEN:
        return AuthExpired(words) if subcode in _EXPIRED or not subcode else AuthRevoked(words)
    if code in _PERMISSION:
        return Forbidden(words)
    if (code, subcode) in _NOT_THERE or (code == 100 and answer.status == 404):
        return Conflict(words)
    if code == _DUPLICATE and isinstance(stumble, OutcomeUnknown):
        return Duplicate(words)
    # Without a code it is not the API that answered, but something in front of it: that is nobody's permission.
    if not code or code == _DUPLICATE or is_transient or code in _STUMBLE_CODES or answer.status >= 500:
        return stumble
    return Invalid(words)


def _span(data: object) -> tuple[int, int] | None:
    """The offsets of a refused part: an object, or one written as JSON."""
    try:
        found = json.loads(data) if isinstance(data, str) else data
        return (int(found["start_offset"]), int(found["end_offset"]))  # type: ignore[index]
    except (KeyError, ValueError, TypeError, IndexError):
        return None


def _words(told: Mapping[str, Any], answer: HttpAnswer, secrets: tuple[str, ...]) -> str:
    """Code and message in one line, without what lets anybody in (a refused token is quoted by the message)."""
    if not told:
        return f"status {answer.status}"
    text = " ".join(f"{told.get('message', '')} {told.get('error_user_msg') or ''}".split())
    for secret in secrets:
        if secret:
            text = text.replace(secret, "•••")
    return f"{_number(told.get('code'))}/{_number(told.get('error_subcode'))} {text}"[:300]


def _regains_access(answer: HttpAnswer) -> datetime | None:
    """When calls are let through again, as far as the answer tells: minutes in a header for each business use case."""
    try:
        usage = json.loads(answer.headers.get("x-business-use-case-usage", "") or "{}")
        minutes = max(
            (_number(use.get("estimated_time_to_regain_access")) for uses in usage.values() for use in uses),
            default=0,
        )
    except (ValueError, AttributeError, TypeError):
        return None
    return clock.now() + timedelta(minutes=minutes) if minutes > 0 else None


def _number(value: object) -> int:
    """A code as a number; 0 for none."""
    try:
        return int(str(value))
    except ValueError:
        return 0
