"""The token call of OAuth 2 (RFC 6749) with proof of the code (RFC 7636), as several platforms have it.

What is known of a refusal is its code alone: descriptions are the platform's prose and may repeat what was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from humasflow.channels.adapters.base import Grant, Tokens
from humasflow.channels.adapters.errors import (
    AdapterError,
    AuthRevoked,
    Forbidden,
    RateLimited,
    Transient,
)
from humasflow.channels.adapters.http import Http, HttpAnswer, form, repeatable
from humasflow.channels.adapters.variant import Account, AppKeys, JsonObject
from humasflow.core import clock

# The grant is dead: a person has to grant anew.
_DEAD = frozenset({"invalid_grant", "access_denied", "consent_required", "interaction_required"})
# The office's own registration is at fault; signing in again would not help.
OF_THE_APP = frozenset({
    "invalid_client", "unauthorized_client", "invalid_scope", "unsupported_grant_type", "redirect_uri_mismatch",
    "deleted_client", "disabled_client", "org_internal",
    "client_forbidden", "client_not_enrolled", "official_client_forbidden",  # the office's project at X
    "accessNotConfigured",  # at Google
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Granted:
    """What a token call gave. ``raw``: everything the platform said, secrets included."""

    access: str
    refresh: str | None
    expires_at: datetime | None
    refresh_expires_at: datetime | None
    scopes: tuple[str, ...]
    raw: JsonObject = field(repr=False)

    def __repr__(self) -> str:
        return f"Granted(expires_at={self.expires_at!r})"

    def as_grant(self) -> Grant:
        """For a new connection."""
        secrets = {"access_token": self.access}
        if self.refresh:
            secrets["refresh_token"] = self.refresh
        return Grant(secrets, self.expires_at, self.refresh_expires_at, self.scopes)

    def as_tokens(self) -> Tokens:
        """For a connection that exists: a refresh token that did not come leaves the one in use."""
        return Tokens(self.access, self.refresh, self.expires_at, self.refresh_expires_at)


def authorize_address(endpoint: str, values: Mapping[str, str | None]) -> str:
    """The address of a platform's sign-in page; what is None is left out."""
    return f"{endpoint}?{urlencode({name: value for name, value in values.items() if value is not None})}"


def app_of(account: Account) -> AppKeys:
    """The office's keys for the platform. Raises Forbidden where there are none."""
    if account.app is None:
        raise Forbidden("no_app_keys")
    return account.app


def access_of(account: Account) -> str:
    """The access token. Raises AuthRevoked where there is none."""
    token = account.secrets.get("access_token", "")
    if not token:
        raise AuthRevoked("no_token")
    return token


def refresh_of(account: Account) -> str:
    """The refresh token. Raises AuthRevoked where there is none."""
    token = account.secrets.get("refresh_token", "")
    if not token:
        raise AuthRevoked("no_refresh_token")
    return token


def call_for_tokens(
    http: Http,
    url: str,
    values: Mapping[str, str],
    *,
    headers: Mapping[str, str] | None = None,
    dead_when: tuple[str, ...] = (),
) -> Granted:
    """Ask for tokens. ``dead_when``: words (lower case) of a description that mean a dead grant on a platform that
    has no code for it.

    Raises AuthRevoked (the grant is dead), Forbidden (the app's registration is at fault), RateLimited or Transient:
    whatever else comes back disconnects nobody, and no empty token ever takes the place of a good one.
    """
    content, content_headers = form(values)
    answer = repeatable(
        lambda: http(
            "POST",
            url,
            headers={"Accept": "application/json"} | content_headers | dict(headers or {}),
            content=content,
        )
    )
    found = answer.object()
    access = found.get("access_token")
    if not answer.is_ok or found.get("error") or not isinstance(access, str) or not access:
        raise refusal(answer, dead_when)
    refresh = found.get("refresh_token")
    scope = found.get("scope")
    return Granted(
        access=access,
        refresh=refresh if isinstance(refresh, str) and refresh else None,
        expires_at=_in(found.get("expires_in")),
        refresh_expires_at=_in(
            found.get("refresh_expires_in", found.get("refresh_token_expires_in"))  # TikTok; Google
        ),
        scopes=tuple(scope.replace(",", " ").split()) if isinstance(scope, str) else (),
        raw=found,
    )


def refusal(answer: HttpAnswer, dead_when: tuple[str, ...] = ()) -> AdapterError:
    """What a refused token call means; the body's code first, the status second."""
    found = answer.object()
    said = found.get("error")
    if isinstance(said, dict):  # some wrap it: {"error": {"code": …, "message": …}}
        code, prose = str(said.get("code", "")), str(said.get("message", ""))
    else:
        code, prose = str(said or ""), str(found.get("error_description", ""))
    if code in _DEAD or any(words in prose.lower() for words in dead_when):
        return AuthRevoked(code)
    if code in OF_THE_APP:
        return Forbidden(code)
    if answer.status == 429 or code == "slow_down":
        return RateLimited(code or "status 429")
    return Transient(code or f"status {answer.status}")


def _in(seconds: object) -> datetime | None:
    """An instant so many seconds from now; None where the platform does not say."""
    try:
        number = int(str(seconds))
    except ValueError:
        return None
    return clock.now() + timedelta(seconds=number) if number > 0 else None
