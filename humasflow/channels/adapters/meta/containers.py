"""Publishing in two steps, as Instagram and Threads do it: a container is made of what Meta fetches from our address,
and the container is published.

A container lives a day, is published at most once, and says itself whether it was: ``PUBLISHED`` is the proof. Which
post it became, it does not say, so the account's newest posts are read and compared by words and time; the newest one
is never taken for it unseen.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from humasflow.channels.adapters.base import (
    Absent,
    CannotTell,
    Done,
    Field,
    Limits,
    Pending,
    Problem,
    ProblemCode,
    Quota,
    Ready,
    Receipt,
    Severity,
)
from humasflow.channels.adapters.errors import Conflict, Invalid, MediaRejected, Transient
from humasflow.channels.adapters.http import Http
from humasflow.channels.adapters.matching import earliest, instant_of, resembles, text_key
from humasflow.channels.adapters.meta.graph import Graph, id_of, whole
from humasflow.channels.adapters.meta.refusals import TOO_EARLY
from humasflow.channels.adapters.validation import compose_text
from humasflow.channels.adapters.variant import (
    Account,
    Job,
    JsonObject,
    MediaItem,
    MediaKind,
    Variant,
    payload_digest,
)
from humasflow.core.urls import is_http_url

LIFE: Final = timedelta(hours=23)  # of a container: well before its day is over
TRIES: Final = 3  # of fetching our media, each with a container of its own
LOOKS: Final = 5  # for the post a published container became, before a person is asked
RECENT: Final = 50  # posts of the account
VIDEO_TYPES: Final = frozenset({"video/mp4", "video/quicktime"})
_UNPUBLISHED: Final = frozenset({"FINISHED", "EXPIRED", "ERROR"})
_SUBCODE: Final = re.compile(r"\b(2207\d{3})\b")


@dataclass(frozen=True, slots=True)
class Names:
    """What the two platforms call the same things."""

    create: str  # edges of the account
    publish: str
    posts: str
    limit: str
    status: str  # fields of a container
    error: str
    words: str  # field of a post


class Containers(ABC):
    """The steps. A platform adds what its containers are made of."""

    names: Names

    def __init__(self, http: Http) -> None:
        self._http = http

    @abstractmethod
    def _graph(self, account: Account) -> Graph:
        """The API as the account's token opens it. Raises AuthRevoked."""

    @abstractmethod
    def _me(self, account: Account) -> str:
        """The account's id, as a part of a path."""

    @abstractmethod
    def _alone(self, variant: Variant) -> dict[str, str]:
        """A container of no or of one medium."""

    @abstractmethod
    def _child(self, item: MediaItem) -> dict[str, str]:
        """A container of one medium of several."""

    @abstractmethod
    def _several(self, variant: Variant, children: list[str]) -> dict[str, str]:
        """The container that holds the others."""

    # Before

    def quota(self, account: Account) -> Quota | None:
        """What the platform says itself; None where it says nothing. The day is a moving one and ends at no hour."""
        path = f"{self._me(account)}/{self.names.limit}"
        for row in self._graph(account).items(path, fields="quota_usage,config"):
            config = row.get("config")
            used = whole(row.get("quota_usage"))
            total = whole((config if isinstance(config, dict) else {}).get("quota_total"))
            if used is not None and total is not None:
                return Quota(used, total, None)
        return None

    def prepare(self, job: Job) -> Ready | Pending:
        """Makes one container a call. None of them is seen by anybody."""
        state = _standing(job)
        if "container" in state:
            return Pending(state, poll=True)
        media = job.variant.media
        children: list[str] = list(state.get("children", ()))
        if len(media) > 1 and len(children) < len(media):
            children.append(self._make(job, self._child(media[len(children)])))
            return Pending({**state, "children": children}, 0 if len(children) < len(media) else 2)
        finished = int(state.get("finished", 0))
        if finished < len(children):
            status, said = self._fate(job.account, children[finished])
            if status == "IN_PROGRESS":
                return Pending(state, 10)
            return (
                Pending({**state, "finished": finished + 1}) if status == "FINISHED" else _again(state, said)
            )
        made = self._several(job.variant, children) if len(media) > 1 else self._alone(job.variant)
        return Pending({**state, "container": self._make(job, made)}, 2, poll=True)

    def poll(self, job: Job) -> Ready | Pending | Done:
        """Asks the container how far it is. One that Meta has lost is made anew."""
        status, said = self._fate(job.account, str(job.prepare_state.get("container", "")))
        if status == "FINISHED":
            # One that nobody can publish any more would be refused again and again.
            return Pending({}) if _is_old(job.prepare_state, _now(job)) else Ready(job.prepare_state)
        if status == "IN_PROGRESS":
            return Pending(job.prepare_state, 10, poll=True)
        if status == "PUBLISHED":
            try:
                found = self._look(job)
            except _Doubt:
                found = None
            return Done(found) if found is not None else Pending(job.prepare_state, 30, poll=True)
        return _again(job.prepare_state, said)

    # The call

    def commit(self, job: Job) -> Receipt | Pending:
        """Publishes the container."""
        container = job.prepare_state.get("container")
        if not container or _is_old(job.prepare_state, _now(job)):
            raise Transient("the container has expired")
        path = f"{self._me(job.account)}/{self.names.publish}"
        found, digest = self._graph(job.account).publish(path, {"creation_id": str(container)}, "id")
        return Receipt(str(found["id"]), None, digest)

    # After

    def find(self, job: Job) -> Receipt | Absent | CannotTell | Pending:
        """Asks the container first, and the account's newest posts in every case."""
        if job.external_id is not None:
            return self._by_id(job.account, job.external_id)
        try:
            status, _said = self._status(job.account, str(job.prepare_state.get("container", "")))
        except Conflict:
            status = ""
        try:
            found = self._look(job)
        except _Doubt:
            # A container that was never published, and a post that only looks much like it: two different things.
            return Absent() if status in _UNPUBLISHED else CannotTell()
        if found is not None:
            return found
        if status == "PUBLISHED":
            # It is there; only which one it is, is not known yet.
            looks = int(job.prepare_state.get("looks", 0)) + 1
            return CannotTell() if looks > LOOKS else Pending({**job.prepare_state, "looks": looks}, 30)
        if status == "IN_PROGRESS":
            return Pending(job.prepare_state, 30)
        return Absent() if status in _UNPUBLISHED else CannotTell()

    def permalink(self, receipt: Receipt) -> str | None:
        """Known once it was asked for."""
        return receipt.permalink

    def _make(self, job: Job, values: dict[str, str]) -> str:
        made = self._graph(job.account).post(f"{self._me(job.account)}/{self.names.create}", values)
        if not made.get("id"):
            raise Transient("a container without an id")
        return str(made["id"])

    def _status(self, account: Account, container: str) -> tuple[str, str]:
        """The state of a container and what it says of its failure."""
        names = self.names
        found = self._graph(account).get(id_of(container), fields=f"id,{names.status},{names.error}")
        return str(found.get(names.status) or ""), str(found.get(names.error) or "")

    def _fate(self, account: Account, container: str) -> tuple[str, str]:
        """The same while nothing was published yet: one that is not there any more has come to nothing."""
        try:
            return self._status(account, container)
        except Conflict:
            return "", ""

    def _look(self, job: Job) -> Receipt | None:
        """The post with the words of the job since it was sent, never another delivery's. Raises _Doubt when one is
        only almost it. Without words there is nothing to compare: then the container alone can tell.
        """
        since = earliest(job.committing_at or job.created_at)
        wanted = _key(compose_text(job.variant))
        if not wanted:
            return None
        fields = f"id,{self.names.words},timestamp,permalink"
        is_doubtful = False
        for post in self._newest(job.account, fields):
            made = instant_of(post.get("timestamp"))
            if made is None or made < since or str(post.get("id")) in job.known_ids:
                continue
            shown = _key(str(post.get(self.names.words) or ""))
            if shown == wanted:
                return _receipt(post)
            is_doubtful = is_doubtful or resembles(shown, wanted)
        if is_doubtful:
            raise _Doubt
        return None

    def _newest(self, account: Account, fields: str) -> Iterator[dict[str, Any]]:
        path = f"{self._me(account)}/{self.names.posts}"
        for number, post in enumerate(self._graph(account).items(path, fields=fields, limit=str(RECENT))):
            if number >= RECENT:
                return
            yield post

    def _by_id(self, account: Account, external_id: str) -> Receipt | CannotTell:
        """A post by its id. A "no" may also mean that it is not ours to see: nobody can tell."""
        try:
            return _receipt(self._graph(account).get(id_of(external_id), fields="id,permalink"))
        except Conflict:
            return CannotTell()


class _Doubt(Exception):
    """Something there is almost what was sent."""


def address_of(item: MediaItem) -> str:
    """Where Meta fetches a medium from. Raises Invalid where there is no such address."""
    url = item.public_url or ""
    if not url.startswith("https://") or not is_http_url(url):
        problem = Problem(Severity.ERROR, Field.MEDIA, ProblemCode.UNSUPPORTED, detail="public_url")
        raise Invalid("no public address that begins with https://", (problem,))
    return url


def check_count(variant: Variant, limits: Limits, own: int) -> list[Problem]:
    """More media than the platform itself takes, where the account's limits would let them through."""
    count = len(variant.media)
    if count <= own or (limits.media_max is not None and limits.media_max <= own):
        return []
    return [Problem(Severity.ERROR, Field.MEDIA, ProblemCode.TOO_MANY, own, count)]


def check_videos(variant: Variant) -> list[Problem]:
    """Videos of a kind that Meta fetches and then refuses. What kind one is, is not always known."""
    return [
        Problem(Severity.ERROR, Field.MEDIA, ProblemCode.WRONG_KIND, item=index, detail=item.mime)
        for index, item in enumerate(variant.media)
        if item.kind is MediaKind.VIDEO and item.mime and item.mime not in VIDEO_TYPES
    ]


def _standing(job: Job) -> dict[str, Any]:
    """What earlier steps left, while it is of the same content and still alive."""
    content = payload_digest(job.variant.to_payload())
    kept = dict(job.prepare_state)
    if kept.get("content") == content and not _is_old(kept, _now(job)):
        return kept
    tries = {"tries": kept["tries"]} if "tries" in kept else {}
    return {"content": content, "made_at": _now(job).isoformat(), **tries}


def _is_old(state: JsonObject, now: datetime) -> bool:
    made_at = instant_of(state.get("made_at"))
    return made_at is None or now - made_at > LIFE


def _now(job: Job) -> datetime:
    return job.now or job.committing_at or job.created_at


def _again(state: JsonObject, said: str) -> Pending:
    """A container that came to nothing: made anew where that may help. Raises MediaRejected otherwise."""
    found = _SUBCODE.search(said)
    if said.startswith("INVALID_") or (found is not None and int(found[1]) not in TOO_EARLY):
        raise MediaRejected(said[:300])
    tries = int(state.get("tries", 0)) + 1
    if tries > TRIES:
        raise MediaRejected(said[:300] or "the media could not be fetched")
    return Pending({"tries": tries}, 30)


def _key(text: str) -> str:
    """Instagram shows captions without the sign of a mention."""
    return text_key(text).replace("@", "")


def _receipt(post: dict[str, Any]) -> Receipt:
    link = post.get("permalink")
    return Receipt(str(post["id"]), link if isinstance(link, str) and is_http_url(link) else None)
