"""One Mastodon server as one account's token opens it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlsplit

from humasflow.channels.adapters.errors import AuthRevoked, Forbidden, Invalid
from humasflow.channels.adapters.http import Http, HttpAnswer, body_or_transient, repeatable
from humasflow.channels.adapters.mastodon.refusals import accepted
from humasflow.channels.adapters.variant import Account
from humasflow.core.urls import is_http_url

TOKEN: Final = "access_token"  # the name under which the one secret is kept
_MASTODON: Final = re.compile(r"[2-9]\.\d+(?!.*compatible)")
_WRITING: Final = ("write:statuses", "write:media")


@dataclass(frozen=True, slots=True)
class Server:
    """``base``: its address without a path. ``token`` empty: asked as anybody."""

    http: Http
    base: str
    token: str = field(default="", repr=False)

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None,
        content: bytes | Iterable[bytes] | None = None,
    ) -> HttpAnswer:  # fmt: skip
        """One request. Raises NotReached or AnswerLost."""
        sent = dict(headers or {}) | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        return self.http(method, self.base + path, headers=sent, content=content)

    def get(self, path: str) -> HttpAnswer:
        """A reading request, whatever its status. Raises Transient."""
        return repeatable(lambda: self.ask("GET", path))

    def profile(self) -> dict[str, Any]:
        """Whom the token belongs to. Raises Invalid where no such server answers."""
        answer = self.get("/api/v1/accounts/verify_credentials")
        if answer.status == 404 or (answer.is_ok and "id" not in answer.object()):
            raise Invalid("not a server that speaks the Mastodon API")
        return body_or_transient(accepted(answer), "id")

    def granted(self) -> tuple[str, ...]:
        """What the app that made the token may do, where the server tells (since 4.3); the token may do less, never
        more. Raises Forbidden when it may not publish.
        """
        answer = self.get("/api/v1/apps/verify_credentials")
        scopes = answer.object().get("scopes") if answer.is_ok else None
        if not isinstance(scopes, list) or not scopes:
            return ()
        granted = tuple(str(scope) for scope in scopes)
        missing = [scope for scope in _WRITING if scope not in granted and "write" not in granted]
        if missing:
            raise Forbidden(f"the token lacks {' '.join(missing)}")
        return granted

    def limits(self) -> tuple[dict[str, int], dict[str, Any]]:
        """What the server says it accepts: by the names of Limits, and what only uploads need: ``picture_bytes`` and
        ``keeps_ids``, whether a file has the same id in a status as when it was uploaded. Mastodon keeps it; of its
        relatives, which name themselves in the version or count from 0, some do not.
        """
        answer = self.get("/api/v2/instance")
        if answer.status == 404:
            answer = self.get("/api/v1/instance")
        told = accepted(answer).object()
        configuration = _part(told, "configuration")
        statuses, media = _part(configuration, "statuses"), _part(configuration, "media_attachments")
        limits = {
            "text": statuses.get("max_characters"), "media_max": statuses.get("max_media_attachments"),
            "url_length": statuses.get("characters_reserved_per_url"),
            "video_bytes": media.get("video_size_limit"), "alt_text": media.get("description_limit"),
        }  # fmt: skip
        keeps = _MASTODON.match(str(told.get("version") or "")) is not None
        return _numbers(limits), _numbers({"picture_bytes": media.get("image_size_limit")}) | {
            "keeps_ids": keeps
        }


def instance_of(text: str) -> str:
    """A server's address from what a person typed: ``mastodon.social``, ``https://mastodon.social/@kantor``,
    ``@kantor@mastodon.social``. Raises Invalid.
    """
    typed = text.strip()
    if "://" not in typed:
        typed = f"https://{typed.split('/', 1)[0].rsplit('@', 1)[-1]}"
    if not is_http_url(typed):
        raise Invalid("not the address of a server")
    parts = urlsplit(typed)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def server_of(http: Http, account: Account) -> Server:
    """The server of an account. Raises AuthRevoked without a token, Invalid without an address."""
    token = account.secrets.get(TOKEN, "").strip()
    if not token:
        raise AuthRevoked("no token")
    typed = account.settings.get("host") or account.settings.get("instance") or account.host
    return Server(http, instance_of(str(typed)), token)


def id_in_path(value: object) -> str:
    """An id as a part of a path, harmless whatever it holds."""
    return quote(str(value or ""), safe="")


def whole(value: object) -> int | None:
    """A count; None for anything that is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _part(found: Mapping[str, Any], name: str) -> dict[str, Any]:
    part = found.get(name)
    return part if isinstance(part, dict) else {}


def _numbers(values: Mapping[str, object]) -> dict[str, int]:
    return {name: number for name, value in values.items() if (number := whole(value)) is not None}
