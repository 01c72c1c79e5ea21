"""Posts of a portal: which one is ours, and what its state there means.

A number alone proves nothing. The account may have been connected to another portal since, or the portal been filled
anew from a backup: then the number is that of a stranger's post. So before anything is written to a number, the post
behind it is read and has to be ours.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from humasflow.channels.adapters.base import Absent, CannotTell, Pending, Receipt
from humasflow.channels.adapters.errors import Conflict, Invalid
from humasflow.channels.adapters.http import HttpAnswer
from humasflow.channels.adapters.variant import Job
from humasflow.channels.adapters.wordpress.content import fingerprint, marker_of, slug_of
from humasflow.channels.adapters.wordpress.portal import Portal, thing_of
from humasflow.channels.adapters.wordpress.refusals import NO_SUCH_POST, code_of

AGAIN: Final = 300.0  # seconds until a portal is asked again about what it has put off
_SUFFIXES: Final = 5  # "-2" … "-5": what WordPress adds to a name that is taken
_PUT_OFF: Final = frozenset({"future", "pending"})  # may become public without us
_UNSEEN: Final = frozenset({"draft", "auto-draft"})
_ADDED: Final = re.compile(r"(?:-[2-9])?(?:__trashed)?$")


def look_at(portal: Portal, number: int) -> tuple[dict[str, Any] | None, HttpAnswer]:
    """The post of that number, None when there is none, and the raw answer. Raises AdapterError."""
    answer = portal.ask("GET", f"wp/v2/posts/{number}", query={"context": "edit"})
    return (None if code_of(answer) == NO_SUCH_POST else thing_of(answer)), answer


def look_up(portal: Portal, job: Job) -> dict[str, Any] | None:
    """Our post, in whatever state, by the names it can have or, where its title and so its name has changed since, by
    the marker in its text; best one first: published, then the oldest.
    """
    slug = slug_of(job)
    names = [slug, *(f"{slug}-{number}" for number in range(2, _SUFFIXES + 1))]
    for query in ({"slug": ",".join(names)}, {"search": fingerprint(job)}):
        given = portal.list("wp/v2/posts", query | {"status": "any", "context": "edit", "per_page": "100"})
        # A portal leaves out a filter that it does not know, and a stranger may hold the very name.
        ours = [
            one for one in given if _is_marked(one, job) and ("search" in query or one.get("slug") in names)
        ]
        if ours:
            return min(ours, key=lambda one: (one.get("status") != "publish", one["id"]))
    return None


def belongs(post: Mapping[str, Any], job: Job) -> bool:
    """Whether a post found under our number is ours: by the marker or, where somebody on the portal has edited that
    out, by its name.
    """
    slug = _ADDED.sub("", str(post.get("slug") or ""))
    is_named = slug == slug_of(job) or slug.endswith(f"-{fingerprint(job)[:8]}")
    return _is_marked(post, job) or is_named


def _is_marked(post: Mapping[str, Any], job: Job) -> bool:
    content = post.get("content")
    raw = content.get("raw") if isinstance(content, dict) else None
    return isinstance(post.get("id"), int) and isinstance(raw, str) and marker_of(job) in raw


def receipt_of(thing: Mapping[str, Any], answer: HttpAnswer | None = None) -> Receipt:
    """Raises Conflict for a post that nobody but the portal's people sees."""
    if thing.get("status") != "publish":
        raise Conflict(f"the portal keeps it as {str(thing.get('status'))[:20]}")
    link = thing.get("link")
    return Receipt(
        external_id=str(thing["id"]),
        permalink=link if isinstance(link, str) and link else None,
        answer_sha256=sha256(answer.body).hexdigest() if answer is not None else None,
    )


def put_off(thing: Mapping[str, Any], job: Job) -> Pending | None:
    """Somebody on the portal, or a plugin, lets it appear later or after a look at it: that is no "no"."""
    return Pending(dict(job.prepare_state), AGAIN) if thing.get("status") in _PUT_OFF else None


def found_as(
    thing: Mapping[str, Any], job: Job, answer: HttpAnswer | None = None
) -> Receipt | Absent | CannotTell | Pending:
    """What the state of our post means. What the portal's people have hidden or thrown away is for people to see to."""
    if thing.get("status") == "publish":
        return receipt_of(thing, answer)
    if thing.get("status") in _UNSEEN:
        return Absent()
    return put_off(thing, job) or CannotTell()


def is_unseen(thing: Mapping[str, Any]) -> bool:
    """Whether nobody but the portal's people sees the post, nor will by itself."""
    return thing.get("status") in _UNSEEN | {"trash"}


def post_of(job: Job) -> int:
    """The number of what is published."""
    if not job.external_id or not job.external_id.isdigit():
        raise Invalid("not a post of this portal")
    return int(job.external_id)


def require_ours(thing: Mapping[str, Any] | None, job: Job) -> None:
    """Raises Conflict for a post that is somebody else's."""
    if thing is not None and not belongs(thing, job):
        raise Conflict("another post stands under this number")
