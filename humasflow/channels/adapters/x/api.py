"""Talking to X: the request with the account's token, and what its refusals mean."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from humasflow.channels.adapters.errors import (
    AdapterError,
    AuthExpired,
    Conflict,
    Forbidden,
    Invalid,
    MediaRejected,
    OutcomeUnknown,
    QuotaExceeded,
    RateLimited,
    Transient,
)
from humasflow.channels.adapters.http import Http, HttpAnswer, irreversible, json_body, repeatable
from humasflow.channels.adapters.oauth import access_of
from humasflow.channels.adapters.variant import Account

API = "https://api.x.com"
VERSION = "2"
_DETAIL = 200  # characters of the platform's own words that are worth keeping

DUPLICATE = "duplicate_content"


class XApi:
    """One request each, with the account's token. ``base``: scheme and host."""

    def __init__(self, http: Http, base: str = API) -> None:
        self._http, self._base = http, base

    def ask(
        self,
        account: Account,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        content: Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HttpAnswer:
        """A call that may be made again. Raises AdapterError for anything but a success."""
        answer = repeatable(lambda: self._send(account, method, path, query, body, content, headers))
        if not answer.is_ok:
            raise refusal(answer)
        return answer

    def publish(self, account: Account, body: Any) -> HttpAnswer:
        """The one call that publishes. Raises AdapterError for anything but a success."""
        answer = irreversible(lambda: self._send(account, "POST", "/2/tweets", None, body, None, None))
        if not answer.is_ok:
            raise refusal(answer)
        return answer

    def read_posts(
        self, account: Account, path: str, fields: str, query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Posts with these fields. The parameter is ``post.fields`` in the contract as of 2.167 and ``tweet.fields``
        before it and in the guides; a server that does not know the one is asked with the other. The whole of a long
        text is called ``note_post`` there and ``note_tweet`` before (the latter in ``fields``).
        """
        wanted = dict(query or {})
        by_contract = fields.replace("note_tweet", "note_post")
        try:
            return self.ask(account, "GET", path, query=wanted | {"post.fields": by_contract}).object()
        except Invalid:
            return self.ask(account, "GET", path, query=wanted | {"tweet.fields": fields}).object()

    def _send(
        self,
        account: Account,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: Any,
        content: Iterable[bytes] | None,
        headers: Mapping[str, str] | None,
    ) -> HttpAnswer:
        told = {"Authorization": f"Bearer {access_of(account)}", "Accept": "application/json"}
        told |= dict(headers or {})
        sent: bytes | Iterable[bytes] | None = content
        if body is not None:
            sent, body_headers = json_body(body)
            told |= body_headers
        where = f"{self._base}{path}" + (f"?{urlencode(query)}" if query else "")
        return self._http(method, where, headers=told, content=sent)


def refusal(answer: HttpAnswer) -> AdapterError:
    """What a refusal means: the problem's type and words first, the status second."""
    found = answer.object()
    first = found.get("errors")
    first = first[0] if isinstance(first, list) and first and isinstance(first[0], dict) else {}
    kind = str(found.get("type") or first.get("type") or "").rsplit("/", 1)[-1]
    reason = str(found.get("reason") or first.get("reason") or "")
    detail = str(
        found.get("detail") or first.get("detail") or first.get("message") or found.get("title") or ""
    )
    return (
        _by_words(detail, first.get("code"))
        or _by_kind(kind, reason, detail, answer)
        or _by_status(answer, detail[:_DETAIL])
    )


def _by_words(detail: str, code: object) -> AdapterError | None:
    """What only the sentence tells apart; X answers most of it with a plain 403."""
    words = detail.lower()
    if "duplicate content" in words or code == 187:
        # Ours from the try before, or somebody's older one: the timeline knows.
        return OutcomeUnknown(DUPLICATE)
    if "too long" in words:
        return Invalid("too_long")
    if "suspended" in words or "temporarily locked" in words:
        return Forbidden("account_suspended")
    if "media id" in words:  # "Your media IDs are invalid."
        return MediaRejected("media_ids")
    return None


def _by_kind(kind: str, reason: str, detail: str, answer: HttpAnswer) -> AdapterError | None:
    short = detail[:_DETAIL]
    if kind == "credits" or answer.status == 402:
        return QuotaExceeded("credits_depleted")
    if kind == "usage-capped":
        return QuotaExceeded("usage_capped")
    if kind == "client-forbidden":
        return Forbidden((reason or "client_forbidden").replace("-", "_"))
    if kind == "rate-limit-exceeded":
        return _limited(answer)
    if kind in {"invalid-request", "unsupported-media"}:
        return Invalid(short)
    if kind == "resource-not-found":
        return Conflict("not_found")
    if kind in {"not-authorized-for-resource", "disallowed-resource", "unsupported-authentication"}:
        return Forbidden(kind.replace("-", "_"))
    return None


def _by_status(answer: HttpAnswer, detail: str) -> AdapterError:
    if answer.status == 429:
        return _limited(answer)
    if answer.status in (403, 404) and not answer.object():
        return Transient(
            f"status {answer.status}"
        )  # a page of something in between; it says nothing of the account
    simple: dict[int, type[AdapterError]] = {
        401: AuthExpired, 403: Forbidden, 404: Conflict, 409: Conflict, 413: MediaRejected,
    }  # fmt: skip
    if answer.status in simple:
        return simple[answer.status](detail)
    if 400 <= answer.status < 500:
        return Invalid(detail or f"status {answer.status}")
    return Transient(f"status {answer.status}")


def _limited(answer: HttpAnswer) -> AdapterError:
    """The window of minutes, or the day's number: the headers tell which one is used up."""
    for whose in ("user", "app"):
        if answer.headers.get(f"x-{whose}-limit-24hour-remaining") == "0":
            reset = _instant(answer.headers.get(f"x-{whose}-limit-24hour-reset"))
            return QuotaExceeded("limit_24hour", resets_at=reset)
    return RateLimited(retry_at=_instant(answer.headers.get("x-rate-limit-reset")))


def _instant(epoch: str | None) -> datetime | None:
    if epoch is None or not epoch.isascii() or not epoch.isdigit() or len(epoch) > 11:
        return None
    return datetime.fromtimestamp(int(epoch), UTC)
