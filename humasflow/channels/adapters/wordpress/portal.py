"""One portal and how it is asked: its REST root, its password, and answers that are what they should be."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from humasflow.channels.adapters.errors import OutcomeUnknown, Transient
from humasflow.channels.adapters.http import Http, HttpAnswer, json_body, repeatable
from humasflow.channels.adapters.variant import Account
from humasflow.channels.adapters.wordpress.discovery import find_root
from humasflow.channels.adapters.wordpress.refusals import code_of, refusal

ROOT: Final = "rest_root"  # the setting in which a connection keeps what was found

Sender = Callable[[Callable[[], HttpAnswer]], HttpAnswer]


@dataclass(frozen=True, slots=True)
class Portal:
    """``root``: the address of the REST API, as :func:`find_root` finds it."""

    http: Http
    root: str
    authorization: str = field(repr=False)

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        values: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        by: Sender = repeatable,
    ) -> HttpAnswer:
        """One request. ``values`` are sent as JSON. ``by``: what a failure on the way means. Any status comes back."""
        told = {"Accept": "application/json", "Authorization": self.authorization} | dict(headers or {})
        if values is not None:
            content, kind = json_body(values)
            told |= kind
        url = address_of(self.root, path, query or {})
        return by(lambda: self.http(method, url, headers=told, content=content))

    def read(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """One thing by its address. Raises AdapterError."""
        return thing_of(self.ask("GET", path, query=query))

    def list(self, path: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
        """What a search finds. Raises AdapterError. Whatever it was asked for, the portal may have left out a filter
        that it does not know: the caller compares.
        """
        answer = self.ask("GET", path, query=query)
        if not answer.is_ok or code_of(answer):
            raise refusal(answer)
        found = answer.json()
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise Transient("a list that is none")
        return found

    def write(self, path: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Make or change something that nobody sees yet, or that may be done again. Raises AdapterError."""
        return thing_of(self.ask("POST", path, values=values))


def thing_of(answer: HttpAnswer, *, of_file: bool = False, is_final: bool = False) -> dict[str, Any]:
    """The thing that a success tells of. A success without one proves nothing: Transient, or OutcomeUnknown where the
    call was the irreversible one (``is_final``).
    """
    if not answer.is_ok or code_of(answer):
        raise refusal(answer, of_file=of_file)
    found = answer.object()
    if not isinstance(found.get("id"), int):
        raise (OutcomeUnknown if is_final else Transient)("a success that says nothing")
    return found


def address_of(root: str, path: str, query: Mapping[str, str]) -> str:
    """The address of a route under a REST root, pretty (``/wp-json``) or plain (``?rest_route=``)."""
    tail = urlencode(query)
    if "rest_route=" in root:
        return f"{root}/{path}" + (f"&{tail}" if tail else "")
    return f"{root}/{path}" + (f"?{tail}" if tail else "")


def username_of(account: Account) -> str:
    """The name that a person signs in with on the portal."""
    return str(account.settings.get("username") or account.handle).strip()


def authorization_of(account: Account) -> str:
    """Basic authentication (RFC 7617, UTF-8)."""
    pair = f"{username_of(account)}:{account.secrets.get('password', '').strip()}"
    return f"Basic {b64encode(pair.encode('utf-8', 'replace')).decode()}"


def portal_of(http: Http, account: Account) -> Portal:
    """The portal of a connected account. Raises AdapterError when it has to be looked for and is not found."""
    kept = account.settings.get(ROOT)
    root = kept if isinstance(kept, str) and kept else find_root(http, account.host).url
    return Portal(http, root, authorization_of(account))
