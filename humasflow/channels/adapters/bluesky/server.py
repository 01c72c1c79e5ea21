"""The personal data server of an account, and how it is asked (XRPC: atproto.com/specs/xrpc)."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from humasflow.channels.adapters.bluesky.refusals import refusal
from humasflow.channels.adapters.errors import AuthExpired, AuthRevoked, Invalid, OutcomeUnknown, Transient
from humasflow.channels.adapters.http import Http, HttpAnswer, irreversible, json_body, repeatable
from humasflow.channels.adapters.variant import Account
from humasflow.core.urls import is_http_url

ENTRYWAY: Final = "https://bsky.social"
Sender = Callable[[Callable[[], HttpAnswer]], HttpAnswer]
_DID_METHODS: Final = ("did:plc:", "did:web:")


def as_they_are(send: Callable[[], HttpAnswer]) -> HttpAnswer:
    """For calls whose every answer, and every failure, the caller reads itself."""
    return send()


@dataclass(frozen=True, slots=True)
class Server:
    """``base``: its address without a slash at the end; ``token`` empty: nobody in particular asks."""

    http: Http
    base: str
    token: str = field(default="", repr=False)

    def get(self, method: str, query: Mapping[str, str], *, by: Sender = repeatable) -> HttpAnswer:
        """A question (an XRPC query). ``by``: what a failure on the way means; else Transient, and so are 502 to
        504. Any other status comes back.
        """
        return by(lambda: self._send("GET", method, query=query))

    def put(self, method: str, values: Mapping[str, Any], *, is_final: bool = False) -> HttpAnswer:
        """A procedure with a JSON body. ``is_final``: it is the irreversible one. Any status comes back, but for those
        that become Transient or, for the irreversible one, OutcomeUnknown.
        """
        content, kind = json_body(values)
        by = irreversible if is_final else repeatable
        return by(lambda: self._send("POST", method, content=content, headers=kind))

    def upload(self, content: bytes, mime: str) -> HttpAnswer:
        """A file."""
        return repeatable(
            lambda: self._send(
                "POST", "com.atproto.repo.uploadBlob", content=content, headers={"Content-Type": mime}
            )
        )

    def renew(self) -> HttpAnswer:
        """Trade the token, which is the one for refreshing, for two new ones."""
        return repeatable(lambda: self._send("POST", "com.atproto.server.refreshSession"))

    def _send(
        self,
        verb: str,
        method: str,
        *,
        query: Mapping[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HttpAnswer:
        told = {"Accept": "application/json"} | dict(headers or {})
        if self.token:
            told["Authorization"] = f"Bearer {self.token}"
        tail = f"?{urlencode(query)}" if query else ""
        return self.http(verb, f"{self.base}/xrpc/{method}{tail}", headers=told, content=content)


def object_of(
    answer: HttpAnswer, *needed: str, of_file: bool = False, is_final: bool = False
) -> dict[str, Any]:
    """The object of a success with what it must hold. Raises AdapterError; a success that says nothing is Transient, or
    OutcomeUnknown after the irreversible call.
    """
    if not answer.is_ok:
        raise refusal(answer, of_file=of_file)
    found = answer.object()
    if any(not found.get(name) for name in needed):
        raise (OutcomeUnknown if is_final else Transient)("a success that says nothing")
    return found


def server_of(http: Http, account: Account) -> Server:
    """The account's own server with its token. Raises AuthExpired where there is none yet."""
    token = account.secrets.get("access_token", "")
    if not token:
        raise AuthExpired("no token")
    return Server(http, str(account.settings.get("pds") or typed_server(account)), token)


def typed_server(account: Account) -> str:
    """Where a person said that the account lives; without a word, Bluesky's own. Raises Invalid for no address."""
    text = str(account.settings.get("host") or "").strip().rstrip("/")
    if not text:
        return ENTRYWAY
    if "://" not in text:
        text = f"https://{text}"
    if not is_http_url(text):
        raise Invalid("address")
    parts = urlsplit(text)
    # What people see in the browser is the app, not the server behind it.
    if (parts.hostname or "").removeprefix("www.") in {"bsky.app", "bsky.social"}:
        return ENTRYWAY
    return f"{parts.scheme}://{parts.netloc}"


def own_server(document: object, asked: str) -> str:
    """The server that a DID document names (service ``#atproto_pds``); ``asked`` where it names none that is safe."""
    services = document.get("service") if isinstance(document, dict) else None
    for service in services if isinstance(services, list) else ():
        if not isinstance(service, dict) or not str(service.get("id", "")).endswith("#atproto_pds"):
            continue
        endpoint = str(service.get("serviceEndpoint", "")).rstrip("/")
        is_safe = endpoint.startswith("https://") or asked.startswith("http://")
        if is_http_url(endpoint) and is_safe:
            return endpoint
    return asked


def is_did(text: object) -> bool:
    """Whether this names an account for good."""
    return isinstance(text, str) and text.startswith(_DID_METHODS) and len(text) <= 300


def did_of(account: Account) -> str:
    """The account's DID: as it was kept, or as its token says. Raises AuthRevoked when neither knows it."""
    kept = account.settings.get("did")
    if is_did(kept):
        return str(kept)
    told = claims_of(account.secrets.get("access_token", "")).get("sub")
    if not is_did(told):
        raise AuthRevoked("no DID")
    return str(told)


def claims_of(token: str) -> dict[str, Any]:
    """What a token says of itself; empty where it cannot be read. Not verified: the server does that."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        found = json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def end_of(token: str) -> datetime | None:
    """When a token ends, UTC; None where it does not say."""
    end = claims_of(token).get("exp")
    try:
        return datetime.fromtimestamp(end, UTC) if isinstance(end, int | float) else None
    except (OverflowError, OSError, ValueError):
        return None
