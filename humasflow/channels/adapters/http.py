"""How an adapter reaches its channel: one narrow door, given to it, so that an adapter opens no connection itself.

Two failures, because what may be done next hangs on the difference: :class:`NotReached` (nothing was sent; the call
may be made again) and :class:`AnswerLost` (the channel may have acted; it has to be asked).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

from humasflow.channels.adapters.errors import OutcomeUnknown, Transient


class NotReached(Exception):
    """The request never left: no such host, no connection, no trust. ``reason`` is a stable word (``tls``,
    ``private``, ``unknown_host``, ``unreachable``, ``too_slow``, ``address``).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AnswerLost(Exception):
    """The request left, and no whole answer came: too slow, cut off, too large, not HTTP, a redirect."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer of any status. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def is_ok(self) -> bool:
        """2xx."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body as JSON, or None where it is something else (a page of HTML, half of an answer)."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def object(self) -> dict[str, Any]:
        """The body as a JSON object; empty where it is something else."""
        found = self.json()
        return found if isinstance(found, dict) else {}


class Http(Protocol):
    """Sends one request. Raises NotReached or AnswerLost; a refusal is an answer like any other."""

    def __call__(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | Iterable[bytes] | None = None,
        timeout: float | None = None,
        max_bytes: int = 2_000_000,
    ) -> HttpAnswer:
        """``timeout`` in seconds for everything; None is the installation's own for a call of a channel."""


def repeatable(send: Callable[[], HttpAnswer]) -> HttpAnswer:
    """A call that may be made again: whatever happens to it on the way is Transient."""
    try:
        answer = send()
    except (NotReached, AnswerLost) as lost:
        raise Transient(lost.reason) from lost
    if answer.status in (502, 503, 504):
        raise Transient(f"status {answer.status}")
    return answer


def irreversible(send: Callable[[], HttpAnswer]) -> HttpAnswer:
    """The one call that publishes: what never left is Transient; an answer that is lost or that blames the server
    (5xx) is OutcomeUnknown. Refusals (4xx) come back as they are.
    """
    try:
        answer = send()
    except NotReached as never:
        raise Transient(never.reason) from never
    except AnswerLost as lost:
        raise OutcomeUnknown(lost.reason) from lost
    if answer.status >= 500:
        raise OutcomeUnknown(f"status {answer.status}")
    return answer


def body_or_unknown(answer: HttpAnswer, *needed: str) -> dict[str, Any]:
    """The object of a success of the irreversible call. A 2xx without what it must hold proves nothing: raises
    OutcomeUnknown.
    """
    found = answer.object()
    if any(not found.get(name) for name in needed):
        raise OutcomeUnknown("a success that says nothing")
    return found


def body_or_transient(answer: HttpAnswer, *needed: str) -> dict[str, Any]:
    """The object of a success of a repeatable call. Raises Transient where it is not what it must be."""
    found = answer.object()
    if any(name not in found for name in needed):
        raise Transient("a success that says nothing")
    return found


def form(values: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
    """A form's body (application/x-www-form-urlencoded) and its headers."""
    return urlencode(values).encode(), {"Content-Type": "application/x-www-form-urlencoded"}


def json_body(values: Any) -> tuple[bytes, dict[str, str]]:
    """A JSON body and its headers."""
    return json.dumps(values, ensure_ascii=False).encode(), {"Content-Type": "application/json"}


__all__ = [
    "AnswerLost",
    "Http",
    "HttpAnswer",
    "NotReached",
    "body_or_transient",
    "body_or_unknown",
    "form",
    "irreversible",
    "json_body",
    "repeatable",
]
