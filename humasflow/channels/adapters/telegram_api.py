"""Talking to Telegram: a bot's call, and what its refusals mean.

The bot's token is part of the address of every call. It goes nowhere else: no refusal, detail or log holds an address.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from humasflow.channels.adapters.base import Field, Problem, ProblemCode, Severity
from humasflow.channels.adapters.errors import (
    AdapterError,
    AuthRevoked,
    Conflict,
    Forbidden,
    Invalid,
    MediaRejected,
    OutcomeUnknown,
    QuotaExceeded,
    RateLimited,
    Transient,
    Unsupported,
)
from humasflow.channels.adapters.http import (
    AnswerLost,
    Http,
    HttpAnswer,
    NotReached,
    irreversible,
    json_body,
)
from humasflow.channels.adapters.multipart import FilePart, multipart
from humasflow.channels.adapters.variant import Account
from humasflow.core import clock

API = "https://api.telegram.org"
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{30,64}", re.ASCII)

# Of an album that failed at one of its files the others have been seen in the channel all the same.
_IN_PART = ("failed to send message #", "group send failed")
_EMPTY = Problem(Severity.ERROR, Field.TEXT, ProblemCode.REQUIRED)

# Telegram has no codes, only English sentences after the status; these words have been stable for years.
_WORDS: tuple[tuple[tuple[str, ...], Callable[[str], AdapterError]], ...] = (
    (("message is too long", "caption is too long", "text is too long"), Invalid),
    (("message text is empty", "text must be non-empty"), lambda d: Invalid(d, [_EMPTY])),
    (("message can't be edited", "there is no caption", "there is no text"), Unsupported),
    (("message can't be deleted",), Unsupported),
    (("message to edit not found", "message to delete not found", "message_id_invalid"), Conflict),
    (
        (
            "wrong file", "photo_invalid", "image_process_failed", "photo_ext_invalid", "media_empty",
            "wrong type of", "file must be non-empty", "failed to get http url content", "too big",
            "dimensions", "photo_crop", "can't use file",
        ),
        MediaRejected,
    ),
    (
        (
            "not enough rights", "need administrator rights", "have no rights", "chat_write_forbidden",
            "chat_admin_required", "chat not found", "bot is not a member", "bot was kicked",
            "channel_private", "user_is_blocked", "chat_send_", "peer_id_invalid",
        ),
        Forbidden,
    ),
)  # fmt: skip


class TelegramApi:
    """One call each, with the account's bot. ``base``: scheme and host."""

    def __init__(self, http: Http, base: str = API) -> None:
        self._http, self._base = http, base

    def call(
        self,
        send: Callable[[Callable[[], HttpAnswer]], HttpAnswer],
        account: Account,
        method: str,
        values: Mapping[str, Any],
        files: Sequence[FilePart] = (),
    ) -> tuple[Any, HttpAnswer]:
        """The ``result`` of a method of the Bot API, and the answer it came in. ``send``: ``repeatable`` or
        ``irreversible``. Raises AdapterError.
        """
        address = f"{self._base}/bot{token_of(account)}/{method}"
        answer = send(lambda: self._send(address, values, files))
        found = answer.object()
        if answer.is_ok and found.get("ok") is True and "result" in found:
            return found["result"], answer
        if answer.is_ok and found.get("ok") is not False:
            # Not what Telegram says of a success: nobody knows what became of a message.
            says_nothing = OutcomeUnknown if send is irreversible else Transient
            raise says_nothing("a success that says nothing")
        words = str(found.get("description", "")).lower()
        if send is irreversible and any(part in words for part in _IN_PART):
            raise OutcomeUnknown("an album that may be there in part")
        raise refusal(answer)

    def _send(self, address: str, values: Mapping[str, Any], files: Sequence[FilePart]) -> HttpAnswer:
        if not files:
            content, headers = json_body(dict(values))
            return self._http("POST", address, headers=headers, content=content)
        fields = {
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for name, value in values.items()
        }
        body, headers = multipart(fields, files)
        watched = _Watched(body)
        try:
            return self._http("POST", address, headers=headers, content=watched)
        except AnswerLost as lost:
            if watched.is_over:
                raise
            # Telegram was told how long it is: what never came to its end was never acted upon.
            raise NotReached(lost.reason) from lost


class _Watched:
    """A body on its way. ``is_over``: its last piece was handed over, so it may have arrived whole."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self.is_over = pieces, False

    def __iter__(self) -> Iterator[bytes]:
        held: bytes | None = None
        for piece in self._pieces:
            if held is not None:
                yield held
            held = piece
        self.is_over = True
        if held is not None:
            yield held


def token_of(account: Account) -> str:
    """The bot's token. Raises AuthRevoked for one that cannot be one: it would become part of an address."""
    token = account.secrets.get("token", "").strip()
    if not _TOKEN.fullmatch(token):
        raise AuthRevoked("no_token" if not token else "not_a_token")
    return token


def refusal(answer: HttpAnswer) -> AdapterError:
    """What a refusal means: the sentence first, the status second."""
    found = answer.object()
    words = str(found.get("description", ""))
    status = found.get("error_code")
    status = status if isinstance(status, int) else answer.status
    parameters = found.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if status == 429 or wait is not None:
        seconds = wait if isinstance(wait, int) and wait > 0 else 30
        return RateLimited("retry_after", retry_at=clock.now() + timedelta(seconds=seconds))
    if isinstance(parameters, dict) and parameters.get("migrate_to_chat_id"):
        return Forbidden("chat_moved")
    if found.get("ok") is not False and status != 413:
        return Transient(f"status {status}")  # a page of something in between; it says nothing of our bot
    detail = words.partition(": ")[2][:120] or words[:120] or f"status {answer.status}"
    low = words.lower()
    for told, kind in _WORDS:
        if any(word in low for word in told):
            return kind(detail)
    return _by_status(status, detail)


def _by_status(status: int, detail: str) -> AdapterError:
    kinds: dict[int, type[AdapterError]] = {
        401: AuthRevoked,  # a bot's token has no end: it was revoked
        402: QuotaExceeded,
        403: Forbidden,
        404: AuthRevoked,  # the address holds the token: no such bot
        409: Conflict,
        413: MediaRejected,
    }
    if status in kinds:
        return kinds[status](detail)
    return Invalid(detail) if 400 <= status < 500 else Transient(detail)
