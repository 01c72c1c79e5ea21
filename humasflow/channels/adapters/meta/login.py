"""Facebook Login, by which Pages and the Instagram accounts linked to them are connected.

A person's token of an hour is changed into one of sixty days, and that one gives each Page its own token, which ends
only when the person changes the password, loses the role or removes the app. Only the Page's token is kept.
"""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlencode

from humasflow.channels.adapters.base import Grant
from humasflow.channels.adapters.errors import (
    AuthExpired,
    AuthRevoked,
    Conflict,
    Forbidden,
    Invalid,
    Transient,
)
from humasflow.channels.adapters.http import Http
from humasflow.channels.adapters.meta.graph import GRAPH, TOKEN, VERSION, Graph, instant_from
from humasflow.channels.adapters.meta.refusals import APP_REFUSED
from humasflow.channels.adapters.variant import Account, AppKeys

DIALOG: Final = f"https://www.facebook.com/{VERSION}/dialog/oauth"
_CREATES: Final = frozenset({"CREATE_CONTENT", "PROFILE_PLUS_CREATE_CONTENT", "PROFILE_PLUS_FULL_CONTROL"})


class FacebookLogin:
    """What the adapters of Pages and of Instagram share. ``scopes`` are those an adapter asks for; ``spared`` those
    among them without which it can still publish. ``business_management`` opens the Pages that a business
    portfolio holds: without it Meta leaves them out of the list.
    """

    app_provider: str = "meta"
    scopes: tuple[str, ...] = ()
    spared: frozenset[str] = frozenset()
    uses_pkce: bool = False

    def __init__(self, http: Http) -> None:
        self._http = http

    def authorize_url(self, app: AppKeys, *, redirect_uri: str, state: str, challenge: str | None) -> str:
        """Facebook's own page."""
        query = {
            "client_id": app.client_id, "redirect_uri": redirect_uri, "state": state, "response_type": "code",
            "scope": ",".join(self.scopes),
        }  # fmt: skip
        return f"{DIALOG}?{urlencode(query)}"

    def exchange(self, app: AppKeys, *, code: str, redirect_uri: str, verifier: str | None) -> Grant:
        """The code for a token of a person, which is good for sixty days. Raises AdapterError."""
        graph = Graph(self._http, GRAPH, hidden=app.client_secret)
        keys = {"client_id": app.client_id, "client_secret": app.client_secret}
        try:
            short = _token_in(graph.get("oauth/access_token", **keys, redirect_uri=redirect_uri, code=code))
            found = graph.get(
                "oauth/access_token", **keys, grant_type="fb_exchange_token", fb_exchange_token=short
            )
        except (Invalid, Conflict, AuthExpired) as used:  # a code that was used, has ended, or is not ours
            raise AuthRevoked(used.detail) from used
        # The end told here is that of the person's token; what is kept is the Page's, which has none of its own.
        return Grant({TOKEN: _token_in(found)}, scopes=self.scopes)

    def _pages(self, app: AppKeys, grant: Grant, fields: str) -> Iterator[dict[str, Any]]:
        """The Pages on which the person may publish, with their tokens."""
        graph = Graph(self._http, GRAPH, grant.secrets[TOKEN], app.client_secret)
        for page in graph.items("me/accounts", fields=f"id,name,access_token,tasks,{fields}", limit="100"):
            tasks = page.get("tasks")
            if page.get(TOKEN) and (not isinstance(tasks, list) or _CREATES.intersection(tasks)):
                yield page

    def _check_token(self, account: Account) -> dict[str, Any]:
        """What Meta says of the token. Raises AuthRevoked when it is dead, Forbidden when it lacks a permission.

        Meta tells nobody when a token dies, so it is asked. Empty without the office's own keys.
        """
        if account.app is None:
            return {}
        token = account.secrets.get(TOKEN, "")
        graph = Graph(self._http, GRAPH, f"{account.app.client_id}|{account.app.client_secret}", hidden=token)
        try:
            data = graph.get("debug_token", input_token=token).get("data")
        except (AuthExpired, AuthRevoked) as refused:
            # Signed with the keys of the app: they are what is refused. Of a dead token Meta says so in a success.
            raise Forbidden(APP_REFUSED) from refused
        if not isinstance(data, dict):
            raise Transient("a token nobody knows of")
        if data.get("is_valid") is not True:
            error = data.get("error")
            raise AuthRevoked(
                str((error if isinstance(error, dict) else {}).get("message", "")).replace(token, "•••")[:300]
            )
        scopes = data.get("scopes")
        needed = [scope for scope in self.scopes if scope not in self.spared]
        missing = [scope for scope in needed if isinstance(scopes, list) and scope not in scopes]
        if missing:
            raise Forbidden(f"the token lacks {' '.join(missing)}")
        return data

    @staticmethod
    def _kept_of(data: dict[str, Any]) -> dict[str, str]:
        """Facts of a token to keep: when Meta wants a person to confirm that the app may read (ninety days)."""
        until = instant_from(data.get("data_access_expires_at"))
        return {"data_access_until": until.isoformat()} if until is not None else {}


def _token_in(found: dict[str, Any]) -> str:
    token = found.get(TOKEN)
    if not isinstance(token, str) or not token:
        raise Transient("a grant without a token")
    return token
