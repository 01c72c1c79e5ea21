"""The Graph API as one account's token opens it."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

from humasflow.channels.adapters.errors import (
    AuthRevoked,
    Conflict,
    Forbidden,
    Invalid,
    OutcomeUnknown,
    Transient,
    Unsupported,
)
from humasflow.channels.adapters.http import Http, HttpAnswer, form, irreversible, repeatable
from humasflow.channels.adapters.meta.refusals import refusal
from humasflow.channels.adapters.multipart import FilePart, multipart
from humasflow.channels.adapters.variant import Account

VERSION: Final = "v26.0"  # the newest in 2026-11; a version lives about two years
GRAPH: Final = f"https://graph.facebook.com/{VERSION}"
GRAPH_VIDEO: Final = f"https://graph-video.facebook.com/{VERSION}"  # uploads of videos go here
THREADS_VERSION: Final = "v1.0"
THREADS: Final = f"https://graph.threads.net/{THREADS_VERSION}"
TOKEN: Final = "access_token"  # the name under which a token is kept
PAGES: Final = 10  # of a list, read to its end at most this far


@dataclass(frozen=True, slots=True)
class Graph:
    """``root``: address and version. ``app_secret``: of the office's app, to prove that the call is the app's own
    (``appsecret_proof``); empty on Threads, which has no such proof. ``hidden``: a secret among what is sent, which no
    error repeats.
    """

    http: Http = field(repr=False)
    root: str
    token: str = field(default="", repr=False)
    app_secret: str = field(default="", repr=False)
    hidden: str = field(default="", repr=False)

    def get(self, path: str, **params: str) -> dict[str, Any]:
        """Read. Raises AdapterError."""
        return self._repeat(lambda: self.http("GET", self._url(path, params)))

    def items(self, path: str, **params: str) -> Iterator[dict[str, Any]]:
        """Read a list, page after page. Raises AdapterError."""
        after: dict[str, str] = {}
        for _page in range(PAGES):
            found = self.get(path, **params, **after)
            page = found.get("data")
            if not isinstance(page, list):
                raise Transient("a list that is none")
            yield from (one for one in page if isinstance(one, dict))
            cursor = _part(_part(found, "paging"), "cursors").get("after")
            if not page or not isinstance(cursor, str) or not cursor:
                return
            after = {"after": cursor}

    def post(self, path: str, values: Mapping[str, str]) -> dict[str, Any]:
        """Write something that nobody sees, or that may be written twice. Raises AdapterError."""
        content, headers = form(values)
        return self._repeat(lambda: self._send(path, headers, content))

    def upload(self, path: str, values: Mapping[str, str], part: FilePart) -> dict[str, Any]:
        """A file that nobody sees yet. Raises AdapterError."""

        def send() -> HttpAnswer:
            content, headers = multipart(values, [part])
            return self._send(path, headers, content)

        return self._repeat(send)

    def publish(self, path: str, values: Mapping[str, str], *needed: str) -> tuple[dict[str, Any], str]:
        """The irreversible call: what it gave and the sha256 of the answer. Raises AdapterError; OutcomeUnknown where
        the answer does not hold what is ``needed``.
        """
        content, headers = form(values)
        answer = irreversible(lambda: self._send(path, headers, content))
        found = self._understood(answer, publishing=True)
        if any(not found.get(name) for name in needed):
            raise OutcomeUnknown("a success that says nothing")
        return found, hashlib.sha256(answer.body).hexdigest()

    def delete(self, path: str) -> dict[str, Any]:
        """Take away. Raises AdapterError."""
        return self._repeat(lambda: self.http("DELETE", self._url(path, {})))

    def _send(self, path: str, headers: Mapping[str, str], content: bytes | Iterable[bytes]) -> HttpAnswer:
        return self.http("POST", self._url(path, {}), headers=headers, content=content)

    def _repeat(self, send: Callable[[], HttpAnswer]) -> dict[str, Any]:
        return self._understood(repeatable(send), publishing=False)

    def _url(self, path: str, params: Mapping[str, str]) -> str:
        query = dict(params)
        if self.token:
            query[TOKEN] = self.token
        if self.token and self.app_secret:
            proof = hmac.new(self.app_secret.encode(), self.token.encode(), hashlib.sha256)
            query["appsecret_proof"] = proof.hexdigest()
        return f"{self.root}/{path}?{urlencode(query)}"

    def _understood(self, answer: HttpAnswer, *, publishing: bool) -> dict[str, Any]:
        """The object of a success. An error in the body is one whatever the status says."""
        found = answer.json()
        if not answer.is_ok or (isinstance(found, dict) and "error" in found):
            raise refusal(answer, publishing=publishing, secrets=(self.token, self.app_secret, self.hidden))
        if not isinstance(found, dict):
            words = "a success that is no JSON"
            raise OutcomeUnknown(words) if publishing else Transient(words)
        return found


def graph_of(http: Http, account: Account, root: str = GRAPH, *, with_proof: bool = True) -> Graph:
    """The Graph API for an account. Raises AuthRevoked without a token."""
    token = account.secrets.get(TOKEN, "")
    if not token:
        raise AuthRevoked("no token")
    secret = account.app.client_secret if with_proof and account.app is not None else ""
    return Graph(http, root, token, secret)


def id_of(value: object) -> str:
    """An id as a part of a path, harmless whatever it holds."""
    return quote(str(value or ""), safe="")


def take_away(graph: Graph, post: str, owner: str) -> None:
    """Delete a post of the account ``owner``; one that is gone already is done. Raises AdapterError.

    Meta says "does not exist" also of what we may not delete: what can still be read is still there, and a person has
    to delete it (Unsupported).
    """
    try:
        if graph.delete(post).get("success") is not True:
            raise Transient("a success that says nothing")
    except Conflict as refused:
        try:
            graph.get(post, fields="id")
        except Conflict:
            graph.get(owner, fields="id")  # we are let in: then it is the post that is not there
            return
        raise Unsupported(refused.detail) from refused


def whole(value: object) -> int | None:
    """A count; None for anything that is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def instant_from(seconds: object) -> datetime | None:
    """An instant of seconds since 1970, UTC; None for none and for 0, which means never."""
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and seconds > 0 else None


def insights(found: Mapping[str, Any]) -> dict[str, Any]:
    """The values of ``/insights`` by their metric's name."""
    values: dict[str, Any] = {}
    for row in found.get("data") or ():
        total = _part(row, "total_value").get("value")
        listed: list[dict[str, Any]] = row.get("values") or [{}]
        values[str(row.get("name"))] = listed[0].get("value") if total is None else total
    return values


def insights_of(graph: Graph, post: str, names: Iterable[str]) -> dict[str, Any]:
    """The insights of a post by name, empty where they are closed to us. Meta withdraws names: where it refuses them
    together, each is asked for alone, so that one that is gone does not hide the others.
    """
    wanted = tuple(names)
    try:
        return insights(graph.get(f"{post}/insights", metric=",".join(wanted)))
    except (Forbidden, Unsupported):
        return {}
    except Invalid:
        if len(wanted) < 2:
            return {}
    found: dict[str, Any] = {}
    for name in wanted:
        found |= insights_of(graph, post, (name,))
    return found


def as_json(value: object) -> str:
    """A value inside of a form."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _part(found: Mapping[str, Any], name: str) -> dict[str, Any]:
    part = found.get(name)
    return part if isinstance(part, dict) else {}
