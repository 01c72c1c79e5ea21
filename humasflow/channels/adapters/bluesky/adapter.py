"""The Bluesky adapter.

A post is a record with a name. The name follows from the job (:mod:`…bluesky.tid`), and everything in the record from
the job and what its preparation kept, its time included; writing it twice is writing it once. That makes the one
irreversible call safe to repeat.

What is asked of an account: ``handle`` and the secret ``password`` (an app password); ``settings``: ``host`` (a server
other than Bluesky's, optional), ``did`` and ``pds`` (kept by ``verify``). Kept as secrets: ``password``,
``access_token`` (2 h) and ``refresh_token`` (90 d). The password is kept because a token that was traded and never
arrived would otherwise need a person; it can be withdrawn in the app at any time.

Posts cannot be edited: a server stores a changed record, but Bluesky's app does not offer it, does not mark it, and
other readers of the network keep showing the first one (bluesky-social/social-app #673, snarfed/bridgy-fed #947, read
2026-11). A correction nobody can see is none, so it is made by taking the post down.

Proven against Bluesky's own personal data server 0.5 (tests/servers/pds). Numbers come from an AppView, which that
server does not bring along: without one they stay unknown.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

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
    Pending,
    Problem,
    ProblemCode,
    Quota,
    Ready,
    Receipt,
    Severity,
    Tokens,
)
from humasflow.channels.adapters.bluesky import record
from humasflow.channels.adapters.bluesky.refusals import CHANGED, NOT_FOUND, name_of, refusal
from humasflow.channels.adapters.bluesky.richtext import handles_in
from humasflow.channels.adapters.bluesky.server import (
    Server,
    as_they_are,
    did_of,
    end_of,
    is_did,
    object_of,
    own_server,
    server_of,
    typed_server,
)
from humasflow.channels.adapters.bluesky.tid import is_tid, tid_of
from humasflow.channels.adapters.errors import (
    AuthExpired,
    AuthRevoked,
    Conflict,
    Invalid,
    RateLimited,
    Transient,
    Unsupported,
)
from humasflow.channels.adapters.http import AnswerLost, Http, NotReached
from humasflow.channels.adapters.validation import validate_variant
from humasflow.channels.adapters.variant import Account, Job, MediaKind, Variant

API: Final = "app.bsky.feed.getPosts"
BLOBS_LAST: Final = timedelta(hours=1)  # a server throws away what no record names after a while
AT: Final = "created_at"  # under which the post's own time stands in the state
_TURNS: Final = 5
_ASKED: Final = "asked"  # how often somebody who is mentioned was asked about
_ASKED_AT_MOST: Final = 3
_ASKED_AGAIN: Final = 60.0  # seconds
_NUMBERS: Final = {
    "likes": "likeCount",
    "comments": "replyCount",
    "shares": "repostCount",
    "quotes": "quoteCount",
}


class BlueskyAdapter:
    """See the module."""

    key = "bluesky"
    caps = Caps(
        idempotent=True,
        can_find=True,
        trusts_absence=True,
        can_retract=True,
        is_proven=True,
        metrics=tuple(_NUMBERS),
    )

    def __init__(self, http: Http) -> None:
        self._http = http

    # The account

    def sign_in(self, account: Account) -> Grant:
        """Open a session with what was typed."""
        password = account.secrets.get("password", "").strip()
        session = self._new_session(account, account.handle, typed_server(account))
        access, refresh = str(session["accessJwt"]), str(session["refreshJwt"])
        return Grant(
            {"password": password, "access_token": access, "refresh_token": refresh},
            expires_at=end_of(access),
        )

    def verify(self, account: Account) -> AccountInfo:
        """Asks who the token belongs to, and where that account lives."""
        server = server_of(self._http, account)
        session = object_of(server.get("com.atproto.server.getSession", {}), "did", "handle")
        if not is_did(session["did"]):
            raise Transient("a success that says nothing")
        handle = str(session["handle"])
        return AccountInfo(
            name=handle,
            handle=handle,
            url=f"https://bsky.app/profile/{_address_name(handle, session['did'])}",
            expires_at=end_of(server.token),
            settings={"did": session["did"], "pds": own_server(session.get("didDoc"), server.base)},
        )

    def refresh(self, account: Account) -> Tokens | None:
        """New tokens by the one for refreshing or, where that has ended too, by the password."""
        base = str(account.settings.get("pds") or typed_server(account))
        token = account.secrets.get("refresh_token", "")
        session: dict[str, Any] | None = None
        if token:
            try:
                session = object_of(Server(self._http, base, token).renew(), "accessJwt", "refreshJwt")
            except (AuthExpired, Invalid):
                session = None
        if session is None:
            # By the DID where it is known: a handle may have changed hands since.
            name = str(account.settings.get("did") or account.handle)
            session = self._new_session(account, name, base)
        access, refresh = str(session["accessJwt"]), str(session["refreshJwt"])
        return Tokens(access, refresh, end_of(access))

    def quota(self, account: Account) -> Quota | None:
        """Points an hour and a day, far above what an office posts; told only when they are used up."""
        return None

    # The post

    def validate(self, variant: Variant, limits: Limits) -> tuple[Problem, ...]:
        """Videos and documents are not sent."""
        kinds = tuple(
            Problem(Severity.ERROR, Field.MEDIA, ProblemCode.WRONG_KIND, item=index, detail=item.kind.value)
            for index, item in enumerate(variant.media)
            if item.kind is not MediaKind.IMAGE and item.kind in limits.media_kinds
        )
        return kinds + validate_variant(variant, limits, self.caps)

    def prepare(self, job: Job) -> Ready | Pending:
        """The people it mentions, its pictures, and a name that is free: one a call."""
        server, state = server_of(self._http, job.account), dict(job.prepare_state)
        people: dict[str, str] = dict(state.get("people", {}))
        for handle in handles_in(record.text_of(job.variant)):
            if handle not in people:
                return self._meet(server, state, people, handle)
        blobs = _fresh_blobs(state, job)
        pictures = record.pictures_of(job.variant)
        if len(blobs) < len(pictures):
            content, mime = job.files.picture(
                pictures[len(blobs)], max_bytes=record.MAX_BYTES, max_side=record.MAX_SIDE
            )
            found = object_of(server.upload(content, mime), "blob", of_file=True)
            if not isinstance(found["blob"], dict):
                raise Transient("a success that says nothing")
            sent_at = state.get("sent_at") if blobs else job.now.isoformat() if job.now else None
            return Pending({**state, "blobs": [*blobs, found["blob"]], "sent_at": sent_at})
        rkey, stands = _free_name(server, job)
        there: dict[str, Any] = stands or {"cid": None, "value": {"createdAt": record.time_of(job)}}
        told = {"rkey": rkey, "replaces": there["cid"], AT: str(there["value"]["createdAt"])}
        return Ready({**state, **told, "did": did_of(job.account)})

    def poll(self, job: Job) -> Ready | Pending | Done:
        """There is nothing to wait for."""
        return Ready(job.prepare_state)

    def commit(self, job: Job) -> Receipt | Pending:
        """Write the record under its name. Twice is once: what is the same already is left as it is, and something else
        that came under the name meanwhile is not overwritten: it is looked at first (Transient).
        """
        server, state = server_of(self._http, job.account), job.prepare_state
        did, rkey = did_of(job.account), str(state.get("rkey") or _first_name(job))
        at = str(state.get(AT) or record.time_of(replace(job, now=None)))
        values = {
            "repo": did,
            "collection": record.COLLECTION,
            "rkey": rkey,
            "swapRecord": state.get(
                "replaces"
            ),  # what may be there: nothing, or this post as an earlier try wrote it
            "record": record.record_of(
                job, at=at, people=state.get("people", {}), blobs=state.get("blobs", ())
            ),
        }
        answer = server.put("com.atproto.repo.putRecord", values, is_final=True)
        if name_of(answer) == CHANGED:
            raise Transient("something came under the name meanwhile")
        found = object_of(answer, "uri", "cid", is_final=True)
        return self._receipt(job, did, rkey, str(found["uri"]), answer.body)

    def find(self, job: Job) -> Receipt | Absent | CannotTell:
        """By its name. Under that of another post nothing can be told."""
        server, did = server_of(self._http, job.account), did_of(job.account)
        rkey = str(job.prepare_state.get("rkey") or _first_name(job))
        found, body = _look(server, did, rkey)
        if found is None:
            return Absent()
        if not record.is_same(found["value"], job):
            return CannotTell()
        return self._receipt(job, did, rkey, _uri(did, rkey), body)

    def update(self, job: Job) -> Receipt:
        """Never: nobody would see it. See the module."""
        raise Unsupported("posts cannot be edited")

    def retract(self, job: Job) -> None:
        """Delete the record; deleting what is gone is no error."""
        server = server_of(self._http, job.account)
        did, rkey = _parts(job.external_id)
        if did != did_of(job.account):
            raise Invalid("the post of another account")
        answer = server.put(
            "com.atproto.repo.deleteRecord", {"repo": did, "collection": record.COLLECTION, "rkey": rkey}
        )
        if not answer.is_ok and name_of(answer) != NOT_FOUND:
            raise refusal(answer)

    def permalink(self, receipt: Receipt) -> str | None:
        """In the app; by the DID, which stays when the handle changes, where the receipt has no address."""
        if receipt.permalink:
            return receipt.permalink
        try:
            did, rkey = _parts(receipt.external_id)
        except Invalid:
            return None
        return f"https://bsky.app/profile/{did}/post/{rkey}"

    def metrics(self, receipt: Receipt, account: Account, *, at: datetime) -> tuple[Metric, ...]:
        """Likes, replies, reposts and quotes as the AppView counts them; unknown where none answers."""
        server = server_of(self._http, account)
        found: dict[str, Any] = {}
        try:
            answer = server.get(API, {"uris": receipt.external_id})
        except Transient:
            answer = None
        if answer is not None and not answer.is_ok:
            error = refusal(answer)
            if isinstance(error, AuthExpired | RateLimited):
                raise error
        elif answer is not None:
            posts = answer.object().get("posts")
            for post in posts if isinstance(posts, list) else ():
                if isinstance(post, dict) and post.get("uri") == receipt.external_id:
                    found = post
        return tuple(Metric(name, _count(found.get(theirs)), API, at) for name, theirs in _NUMBERS.items())

    def _new_session(self, account: Account, name: str, base: str) -> dict[str, Any]:
        """Sign in by the password, as this handle or DID. Raises AuthRevoked when it is not accepted."""
        identifier = name.strip().lstrip("@")
        password = account.secrets.get("password", "").strip()
        if not identifier or not password:
            raise AuthRevoked("no name or no password")
        answer = Server(self._http, base).put(
            "com.atproto.server.createSession", {"identifier": identifier, "password": password}
        )
        try:
            return object_of(answer, "accessJwt", "refreshJwt", "did")
        except AuthExpired as refused:
            raise AuthRevoked(refused.detail) from refused

    def _meet(self, server: Server, state: dict[str, Any], people: dict[str, str], handle: str) -> Pending:
        """Whom a handle belongs to, which makes a mention of it; empty when there is no such account. Who cannot be
        asked about is asked about a few times, and then stays words: a mention keeps no post from going out.
        """
        try:
            answer = server.get("com.atproto.identity.resolveHandle", {"handle": handle}, by=as_they_are)
        except (NotReached, AnswerLost) as lost:
            raise Transient(lost.reason) from lost
        if answer.status == 429:
            raise refusal(answer)
        did, asked = answer.object().get("did") if answer.is_ok else None, int(state.get(_ASKED, 0)) + 1
        is_told = is_did(did) or (400 <= answer.status < 500 and bool(name_of(answer)))
        if not is_told and asked < _ASKED_AT_MOST:
            return Pending({**state, _ASKED: asked}, _ASKED_AGAIN)
        return Pending({**state, _ASKED: 0, "people": {**people, handle: str(did) if is_did(did) else ""}})

    @staticmethod
    def _receipt(job: Job, did: str, rkey: str, uri: str, body: bytes) -> Receipt:
        name = _address_name(job.account.handle, did)
        return Receipt(uri, f"https://bsky.app/profile/{name}/post/{rkey}", sha256(body).hexdigest())


def _look(server: Server, did: str, rkey: str) -> tuple[dict[str, Any] | None, bytes]:
    """What stands under a name (``value``, ``cid``; None: nothing does), and the raw answer. Raises AdapterError."""
    query = {"repo": did, "collection": record.COLLECTION, "rkey": rkey}
    answer = server.get("com.atproto.repo.getRecord", query)
    if name_of(answer) == NOT_FOUND:
        return None, answer.body
    return object_of(answer, "uri", "cid", "value"), answer.body


def _free_name(server: Server, job: Job) -> tuple[str, dict[str, Any] | None]:
    """A name under which nothing stands, or this very post, which is told with it. Raises Conflict."""
    did = did_of(job.account)
    for turn in range(_TURNS):
        rkey = tid_of(job.created_at, job.idempotency_key, turn=turn)
        found, _body = _look(server, did, rkey)
        if found is None or record.is_same(found["value"], job):
            return rkey, found
    raise Conflict("every name is taken")


def _first_name(job: Job) -> str:
    return tid_of(job.created_at, job.idempotency_key)


def _fresh_blobs(state: dict[str, Any], job: Job) -> list[dict[str, Any]]:
    """The pictures that were sent, unless that is so long ago that the server may have thrown them away."""
    blobs, sent_at = list(state.get("blobs", ())), state.get("sent_at")
    if job.now is not None and isinstance(sent_at, str):
        try:
            if job.now - datetime.fromisoformat(sent_at) > BLOBS_LAST:
                return []
        except (TypeError, ValueError):
            return []
    return blobs


def _uri(did: str, rkey: str) -> str:
    return f"at://{did}/{record.COLLECTION}/{rkey}"


def _parts(uri: str | None) -> tuple[str, str]:
    """DID and record key of a post's address in the network. Raises Invalid."""
    did, _, rest = (uri or "").removeprefix("at://").partition("/")
    collection, _, rkey = rest.partition("/")
    if not is_did(did) or collection != record.COLLECTION or not is_tid(rkey):
        raise Invalid("not a post of Bluesky")
    return did, rkey


def _address_name(handle: str, did: str) -> str:
    """The handle, or the DID of an account whose handle does not work."""
    name = handle.strip().lstrip("@").lower()
    return name if "." in name and name != "handle.invalid" else did


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
