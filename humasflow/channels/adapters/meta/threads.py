"""Threads.

A post cannot be changed through the API; it can be deleted. A token lives sixty days and is renewed while it lives;
once it has ended, a person has to sign in again.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from humasflow.channels.adapters.base import (
    AccountInfo,
    Caps,
    Grant,
    Limits,
    Metric,
    Outlet,
    Problem,
    Quota,
    Receipt,
    Tokens,
)
from humasflow.channels.adapters.errors import (
    AuthExpired,
    AuthRevoked,
    Conflict,
    Forbidden,
    Invalid,
    Transient,
    Unsupported,
)
from humasflow.channels.adapters.meta.containers import (
    Containers,
    Names,
    address_of,
    check_count,
    check_videos,
)
from humasflow.channels.adapters.meta.graph import (
    THREADS,
    THREADS_VERSION,
    TOKEN,
    Graph,
    graph_of,
    id_of,
    insights_of,
    take_away,
    whole,
)
from humasflow.channels.adapters.posted import posted_id
from humasflow.channels.adapters.validation import compose_text, validate_variant
from humasflow.channels.adapters.variant import Account, AppKeys, Job, MediaItem, MediaKind, Variant
from humasflow.core import clock

DIALOG: Final = "https://threads.net/oauth/authorize"
ROOT: Final = "https://graph.threads.net"  # the token calls have no version
CAROUSEL: Final = 20
_INSIGHTS: Final = {
    "views": "views", "likes": "likes", "comments": "replies", "reposts": "reposts", "quotes": "quotes",
    "shares": "shares",
}  # fmt: skip


class ThreadsAdapter(Containers):
    """``account.settings``: ``user_id``; ``secrets``: ``access_token``."""

    key = "threads"
    caps = Caps(
        needs_public_url=True,
        two_step=True,
        can_find=True,
        trusts_absence=True,
        can_retract=True,
        metrics=tuple(_INSIGHTS),
    )
    names = Names(
        create="threads", publish="threads_publish", posts="threads", limit="threads_publishing_limit",
        status="status", error="error_message", words="text",
    )  # fmt: skip
    app_provider: str = "threads"
    scopes: tuple[str, ...] = (
        "threads_basic", "threads_content_publish", "threads_delete", "threads_manage_insights",
    )  # fmt: skip
    uses_pkce: bool = False

    # Connecting

    def authorize_url(self, app: AppKeys, *, redirect_uri: str, state: str, challenge: str | None) -> str:
        """Threads' own page."""
        query = {
            "client_id": app.client_id, "redirect_uri": redirect_uri, "scope": ",".join(self.scopes),
            "response_type": "code", "state": state,
        }  # fmt: skip
        return f"{DIALOG}?{urlencode(query)}"

    def exchange(self, app: AppKeys, *, code: str, redirect_uri: str, verifier: str | None) -> Grant:
        """The code for a token of an hour, and that one for a token of sixty days. Raises AdapterError."""
        values = {
            "client_id": app.client_id, "client_secret": app.client_secret, "grant_type": "authorization_code",
            "redirect_uri": redirect_uri, "code": code,
        }  # fmt: skip
        try:
            short = Graph(self._http, ROOT, hidden=app.client_secret).post("oauth/access_token", values)
            tokens = self._long_lived(
                _token_in(short),
                "access_token",
                grant_type="th_exchange_token",
                client_secret=app.client_secret,
            )
        except (Invalid, Conflict, AuthExpired) as used:  # a code that was used, has ended, or is not ours
            raise AuthRevoked(used.detail) from used
        return Grant({TOKEN: tokens.access}, expires_at=tokens.expires_at, scopes=self.scopes)

    def outlets(self, app: AppKeys, grant: Grant) -> tuple[Outlet, ...]:
        """The one profile that granted it."""
        who = Graph(self._http, THREADS, grant.secrets[TOKEN]).get("me", fields="id,username,name")
        user_id, handle = str(who.get("id") or ""), str(who.get("username") or "")
        return (
            Outlet(
                user_id, str(who.get("name") or handle), handle, _address(handle),
                secrets=dict(grant.secrets), settings={"user_id": user_id},
            ),
        )  # fmt: skip

    def verify(self, account: Account) -> AccountInfo:
        """Whose the token is, and whether it may publish: the number of posts is told to those only. When the token
        ends is known from when it was given. Raises Forbidden.
        """
        self.quota(account)
        who = self._graph(account).get("me", fields="id,username,name")
        handle = str(who.get("username") or "")
        return AccountInfo(
            str(who.get("name") or handle),
            handle,
            _address(handle),
            settings={"user_id": str(who.get("id") or "")},
        )

    def refresh(self, account: Account) -> Tokens | None:
        """Another sixty days for a token that still lives and is at least a day old."""
        return self._long_lived(
            self._graph(account).token, "refresh_access_token", grant_type="th_refresh_token"
        )

    def quota(self, account: Account) -> Quota | None:
        """What the platform says itself."""
        return super().quota(account)

    # Publishing

    def validate(self, variant: Variant, limits: Limits) -> tuple[Problem, ...]:
        """By the account's limits, never more media than a carousel holds, and videos that Meta can read."""
        own = (*check_count(variant, limits, CAROUSEL), *check_videos(variant))
        return (*own, *validate_variant(variant, limits, self.caps))

    def update(self, job: Job) -> Receipt:
        """Never: raises Unsupported."""
        raise Unsupported("Threads changes no post through its API")

    def retract(self, job: Job) -> None:
        """Deletes the post; one that is gone already is done. Raises Unsupported where a person has to do it."""
        post = id_of(posted_id(job))
        try:
            take_away(self._graph(job.account), post, "me")
        except (Forbidden, Invalid) as refused:
            raise Unsupported(refused.detail) from refused

    def metrics(self, receipt: Receipt, account: Account, *, at: datetime) -> tuple[Metric, ...]:
        """Insights; what is not told is unknown."""
        told = insights_of(self._graph(account), id_of(receipt.external_id), _INSIGHTS.values())
        return tuple(
            Metric(name, whole(told.get(metric)), THREADS_VERSION, at) for name, metric in _INSIGHTS.items()
        )

    def _long_lived(self, token: str, path: str, **params: str) -> Tokens:
        found = Graph(self._http, ROOT, token, hidden=params.get("client_secret", "")).get(path, **params)
        seconds = found.get("expires_in")
        ends = clock.now() + timedelta(seconds=seconds) if isinstance(seconds, int) and seconds > 0 else None
        return Tokens(_token_in(found), None, ends)

    def _graph(self, account: Account) -> Graph:
        return graph_of(self._http, account, THREADS, with_proof=False)

    def _me(self, account: Account) -> str:
        return id_of(account.settings.get("user_id") or "me")

    def _alone(self, variant: Variant) -> dict[str, str]:
        text = compose_text(variant)
        if not variant.media:
            link = {"link_attachment": variant.link.strip()} if variant.link else {}
            return {"media_type": "TEXT", "text": text} | link
        return _medium(variant.media[0]) | {"text": text}

    def _child(self, item: MediaItem) -> dict[str, str]:
        return _medium(item) | {"is_carousel_item": "true"}

    def _several(self, variant: Variant, children: list[str]) -> dict[str, str]:
        return {"media_type": "CAROUSEL", "children": ",".join(children), "text": compose_text(variant)}


def _medium(item: MediaItem) -> dict[str, str]:
    kind = "VIDEO" if item.kind is MediaKind.VIDEO else "IMAGE"
    alt_text = item.alt_text.strip()
    values = {"media_type": kind, f"{kind.lower()}_url": address_of(item)}
    return values | ({"alt_text": alt_text} if alt_text else {})


def _address(handle: str) -> str:
    return f"https://www.threads.com/@{handle}" if handle else ""


def _token_in(found: dict[str, Any]) -> str:
    token = found.get(TOKEN)
    if not isinstance(token, str) or not token:
        raise Transient("a grant without a token")
    return token
