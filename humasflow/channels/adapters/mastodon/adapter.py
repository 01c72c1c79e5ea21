"""The Mastodon adapter.

The irreversible call carries an ``Idempotency-Key``, which the server remembers for about an hour and shows nowhere.
After that, and whenever nobody knows how the call ended, the account's own statuses are read: a status is written to
the server's database before the call is answered, and the account's list is read from that same database. So a
status that is not there a while later was not written, and the server's "no" can be trusted.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from humasflow.channels.adapters.base import (
    Absent,
    AccountInfo,
    CannotTell,
    Caps,
    Done,
    Field,
    Grant,
    Limits,
    Metric,
    Outlet,
    Pending,
    Problem,
    ProblemCode,
    Quota,
    Ready,
    Receipt,
    Severity,
    Tokens,
)
from humasflow.channels.adapters.errors import AuthRevoked, Conflict, Forbidden, OutcomeUnknown, Transient
from humasflow.channels.adapters.http import (
    Http,
    body_or_transient,
    body_or_unknown,
    form,
    irreversible,
    json_body,
    repeatable,
)
from humasflow.channels.adapters.mastodon import finding, media
from humasflow.channels.adapters.mastodon.finding import NEWEST, address_of, receipt_of
from humasflow.channels.adapters.mastodon.refusals import accepted, said
from humasflow.channels.adapters.mastodon.server import (
    TOKEN,
    Server,
    id_in_path,
    instance_of,
    server_of,
    whole,
)
from humasflow.channels.adapters.validation import compose_text, validate_variant
from humasflow.channels.adapters.variant import Account, AppKeys, Job, MediaKind, Variant, payload_digest

APP_NAME: Final = "Humasflow"
_TURNS: Final = 3  # keys of one delivery
_ACCOUNT: Final = "account"  # in a delivery's state: whose statuses its ids are of
_ALONE: Final = frozenset(
    {MediaKind.VIDEO, MediaKind.DOCUMENT}
)  # a server takes these with nothing beside them
_HOST: Final = re.compile(r"(?<![=/\w])(@\w(?:[\w.-]*\w)?)@[\w.-]*\w")
_COUNTS: Final = {"likes": "favourites_count", "shares": "reblogs_count", "comments": "replies_count"}


class MastodonAdapter:
    """``account.settings``: ``instance`` (the server's address), ``account_id``, ``picture_bytes``;
    ``secrets``: ``access_token``.
    """

    key = "mastodon"
    caps = Caps(
        can_find=True,
        trusts_absence=True,
        can_edit=True,
        can_retract=True,
        is_proven=True,
        metrics=tuple(_COUNTS),
    )
    app_provider: str = "mastodon"
    scopes: tuple[str, ...] = ("read:accounts", "read:statuses", "write:media", "write:statuses")
    uses_pkce: bool = True  # servers before 4.3 leave it aside

    def __init__(self, http: Http) -> None:
        self._http = http

    # Connecting

    def register_app(self, instance: str, *, redirect_uri: str, website: str) -> AppKeys:
        """New app keys of that server. Raises AdapterError."""
        server = Server(self._http, instance_of(instance))
        content, headers = form(
            {
                "client_name": APP_NAME, "redirect_uris": redirect_uri, "scopes": " ".join(self.scopes),
                "website": website,
            }
        )  # fmt: skip
        answer = repeatable(lambda: server.ask("POST", "/api/v1/apps", headers, content))
        found = body_or_transient(accepted(answer), "client_id", "client_secret")
        return AppKeys(str(found["client_id"]), str(found["client_secret"]), server.base)

    def authorize_url(self, app: AppKeys, *, redirect_uri: str, state: str, challenge: str | None) -> str:
        """The server's own page."""
        query = {
            "response_type": "code", "client_id": app.client_id, "redirect_uri": redirect_uri,
            "scope": " ".join(self.scopes), "state": state,
        }  # fmt: skip
        if challenge:
            query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        return f"{instance_of(app.instance)}/oauth/authorize?{urlencode(query)}"

    def exchange(self, app: AppKeys, *, code: str, redirect_uri: str, verifier: str | None) -> Grant:
        """The code for a token that does not end by itself. Raises AdapterError."""
        values = {
            "grant_type": "authorization_code", "code": code, "client_id": app.client_id,
            "client_secret": app.client_secret, "redirect_uri": redirect_uri, "scope": " ".join(self.scopes),
        }  # fmt: skip
        content, headers = form(values | ({"code_verifier": verifier} if verifier else {}))
        server = Server(self._http, instance_of(app.instance))
        answer = repeatable(lambda: server.ask("POST", "/oauth/token", headers, content))
        if answer.status in (400, 401):
            raise AuthRevoked(_without(said(answer), code, app.client_secret, verifier))
        found = body_or_transient(accepted(answer), TOKEN)
        return Grant({TOKEN: str(found[TOKEN])}, scopes=tuple(str(found.get("scope") or "").split()))

    def outlets(self, app: AppKeys, grant: Grant) -> tuple[Outlet, ...]:
        """The one account that granted it."""
        server = Server(self._http, instance_of(app.instance), grant.secrets[TOKEN])
        who = server.profile()
        return (
            Outlet(
                str(who["id"]), _name(who), _handle(who, server), address_of(who) or "",
                secrets=dict(grant.secrets), settings=_settings(who, server),
            ),
        )  # fmt: skip

    def sign_in(self, account: Account) -> Grant:
        """With a token that somebody copied from the server's page for developers. Raises AdapterError."""
        server = server_of(self._http, account)
        _may_read(server, server.profile()["id"])
        return Grant({TOKEN: server.token}, scopes=server.granted())

    def verify(self, account: Account) -> AccountInfo:
        """Who the token belongs to, whether it may publish, and what the server accepts."""
        server = server_of(self._http, account)
        who = server.profile()
        server.granted()
        _may_read(server, who["id"])
        limits, of_uploads = server.limits()
        return AccountInfo(
            _name(who), _handle(who, server), address_of(who) or "",
            settings=_settings(who, server) | of_uploads, limits=limits,
        )  # fmt: skip

    def refresh(self, account: Account) -> Tokens | None:
        """A token lasts until it is withdrawn."""
        return None

    def quota(self, account: Account) -> Quota | None:
        """Servers limit only how fast."""
        return None

    # Publishing

    def validate(self, variant: Variant, limits: Limits) -> tuple[Problem, ...]:
        """By the limits of the server the account is on. It does not count where a person who is mentioned lives, and
        takes one video alone.
        """
        problems = validate_variant(replace(variant, text=_HOST.sub(r"\1", variant.text)), limits, self.caps)
        has_film = any(item.kind in _ALONE for item in variant.media)
        if len(variant.media) < 2 or not has_film or any(p.code is ProblemCode.TOO_MANY for p in problems):
            return problems
        alone = Problem(Severity.ERROR, Field.MEDIA, ProblemCode.TOO_MANY, 1, len(variant.media))
        return (alone, *problems)

    def prepare(self, job: Job) -> Ready | Pending:
        """Uploads one picture or video a call; none is seen by anybody before a status takes it up. At last it notes
        which status is the account's newest.
        """
        server, state = server_of(self._http, job.account), media.standing(job)
        uploaded = media.uploads_in(state)
        if len(uploaded) < len(job.variant.media):
            item = job.variant.media[len(uploaded)]
            uploaded.append(media.upload(server, job, item))
            begun = state.get("uploaded_at") or media.now_of(job).isoformat()
            state = {"media": uploaded, "uploaded_at": begun}
            if len(uploaded) < len(job.variant.media):
                return Pending(state)
        whose = _account_of(server, job.account)
        state |= {NEWEST: finding.newest_of(server, whose), _ACCOUNT: whose}
        return media.progress(state)

    def poll(self, job: Job) -> Ready | Pending | Done:
        """Asks after the first upload that the server is still working on."""
        uploaded = media.uploads_in(job.prepare_state)
        for one in uploaded:
            if not one["ready"]:
                if not media.is_finished(server_of(self._http, job.account), one):
                    return Pending(job.prepare_state, 5, poll=True)
                one["ready"] = True
                break
        return media.progress({**job.prepare_state, "media": uploaded})

    def commit(self, job: Job) -> Receipt | Pending:
        """Publishes the status."""
        if media.is_stale(job.prepare_state, media.now_of(job)):
            raise Transient("the media were uploaded too long ago")
        server = server_of(self._http, job.account)
        content, headers = json_body(
            {
                "status": compose_text(job.variant),
                "media_ids": [one["id"] for one in media.uploads_in(job.prepare_state)],
                "visibility": "public",
                "language": _language(job.variant),
            }
        )
        for turn in range(_TURNS):
            headers["Idempotency-Key"] = _key_of(job, turn)
            answer = irreversible(lambda: server.ask("POST", "/api/v1/statuses", headers, content))
            if answer.status == 422 and not self._has_finished(server, job):
                raise Transient("the server is still working on the media")
            found = body_or_unknown(accepted(answer), "id")
            if str(found["id"]) not in job.known_ids:
                return receipt_of(found, answer)
            # Nothing was made: the key's status is there, and was taken for that of another delivery with the same
            # words, whose own never arrived. So there is one too few, and another key makes it.
        raise OutcomeUnknown("every key is taken")

    def find(self, job: Job) -> Receipt | Absent | CannotTell | Pending:
        """By its id where it is known; otherwise among the account's own statuses."""
        server = server_of(self._http, job.account)
        if job.external_id is not None:
            answer = server.get(f"/api/v1/statuses/{id_in_path(job.external_id)}")
            if answer.status in (404, 410):
                return Absent()
            return receipt_of(body_or_transient(accepted(answer), "id"), answer)
        return finding.find(server, _account_of(server, job.account), job)

    def update(self, job: Job) -> Receipt:
        """Edits the status; pictures other than those it was published with are uploaded anew."""
        server = server_of(self._http, job.account)
        _require_same(job)
        attached = media.attached(server, job)
        content, headers = json_body(
            {
                "status": compose_text(job.variant),
                "language": _language(job.variant),
                "media_ids": [one["id"] for one in attached],
                "media_attributes": [
                    {"id": one["id"], "description": item.alt_text.strip()}
                    for one, item in zip(attached, job.variant.media, strict=True)
                ],
            }
        )
        path = f"/api/v1/statuses/{id_in_path(job.external_id)}"
        answer = repeatable(lambda: server.ask("PUT", path, headers, content))
        return receipt_of(body_or_transient(accepted(answer), "id"), answer)

    def retract(self, job: Job) -> None:
        """Deletes the status; one that is gone already is done. Raises Conflict when it is another account's: there it
        is not gone, it was never there.
        """
        server = server_of(self._http, job.account)
        _require_same(job)
        path = f"/api/v1/statuses/{id_in_path(job.external_id)}"
        answer = repeatable(lambda: server.ask("DELETE", path))
        if answer.status not in (404, 410):
            accepted(answer)

    def permalink(self, receipt: Receipt) -> str | None:
        """The address the server gave."""
        return receipt.permalink

    def metrics(self, receipt: Receipt, account: Account, *, at: datetime) -> tuple[Metric, ...]:
        """Favourites, boosts and replies, as far as the account's own server has heard of them."""
        answer = server_of(self._http, account).get(f"/api/v1/statuses/{id_in_path(receipt.external_id)}")
        found = body_or_transient(accepted(answer), "id")
        return tuple(Metric(name, whole(found.get(count)), "v1", at) for name, count in _COUNTS.items())

    def _has_finished(self, server: Server, job: Job) -> bool:
        """Whether no upload is unfinished. A refusal speaks the language of the account, so the media are asked."""
        return all(media.is_finished(server, one) for one in media.uploads_in(job.prepare_state))


def _key_of(job: Job, turn: int = 0) -> str:
    """The same for every try of one delivery, and for nothing else: the server keeps keys by account, and another
    installation that posts to it, or this one after its database was restored, counts its posts from 1 too.
    """
    told = [job.idempotency_key, job.created_at.isoformat(), payload_digest(job.variant.to_payload())]
    told += [str(turn)] if turn else []
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _account_of(server: Server, account: Account) -> str:
    return str(account.settings.get("account_id") or server.profile()["id"])


def _require_same(job: Job) -> None:
    """What one account published, another cannot see to: its server knows no such status."""
    theirs, ours = job.prepare_state.get(_ACCOUNT), job.account.settings.get("account_id")
    if theirs and ours and str(theirs) != str(ours):
        raise Conflict("published as another account")


def _may_read(server: Server, account_id: object) -> None:
    """Whoever may not read their own statuses could never be told whether one arrived. Raises AdapterError."""
    try:
        finding.newest_of(server, account_id)
    except Forbidden as refused:
        raise Forbidden("the token lacks read:statuses") from refused


def _without(text: str, *secrets: str | None) -> str:
    """A server may repeat what it was sent."""
    for secret in secrets:
        text = text.replace(secret, "•••") if secret else text
    return text


def _settings(who: Mapping[str, Any], server: Server) -> dict[str, Any]:
    return {"instance": server.base, "account_id": str(who["id"])}


def _name(who: Mapping[str, Any]) -> str:
    return str(who.get("display_name") or who.get("username") or "")


def _handle(who: Mapping[str, Any], server: Server) -> str:
    return f"{who.get('username') or ''}@{urlsplit(server.base).netloc}"


def _language(variant: Variant) -> str:
    """ISO 639-1: what Mastodon takes of a language tag."""
    return variant.language.split("-", 1)[0].lower() or "id"
