"""What a Mastodon server's refusals mean. Its body is ``{"error": "a sentence"}`` in the language of the account: there
are no codes, so it is the status that counts, and the sentence is for the record.
"""

from datetime import UTC, datetime

from humasflow.channels.adapters.errors import (
    AdapterError,
    AuthRevoked,
    Conflict,
    Forbidden,
    Invalid,
    MediaRejected,
    RateLimited,
    Transient,
)
from humasflow.channels.adapters.http import HttpAnswer
from humasflow.channels.adapters.matching import instant_of


def said(answer: HttpAnswer) -> str:
    """The server's own words in one line; the status where it has none."""
    found = answer.object()
    text = found.get("error_description") or found.get("error") or f"status {answer.status}"
    return " ".join(str(text).split())[:300]


def accepted(answer: HttpAnswer) -> HttpAnswer:
    """The answer if it is a success. Raises what it means otherwise."""
    if answer.is_ok:
        return answer
    raise refusal(answer)


def refusal(answer: HttpAnswer) -> AdapterError:
    """What a refusal means."""
    words, status = said(answer), answer.status
    if status == 429:
        return RateLimited(words, retry_at=_reset(answer))
    if status == 401:
        return AuthRevoked(words)
    if status >= 500 or status in (408, 425):
        return Transient(words)
    if status == 403:
        # Without the server's own sentence it is a wall in front of it that refuses, and that is nobody's permission.
        return Forbidden(words) if "error" in answer.object() else Transient(words)
    if status == 413:
        return MediaRejected(words)
    if status in (404, 410):
        return Conflict(words)
    return Invalid(words)


def _reset(answer: HttpAnswer) -> datetime | None:
    """When the server counts anew: an instant, or seconds since 1970 on some of its relatives."""
    told = answer.headers.get("x-ratelimit-reset", "")
    if told.isascii() and told.isdigit() and len(told) <= 11:
        return datetime.fromtimestamp(int(told), UTC)
    found = instant_of(told)
    return found.astimezone(UTC) if found is not None else None
