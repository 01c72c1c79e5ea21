"""Looking at the public address of a post as a stranger would: it is there, it is gone, or nobody can tell."""

from enum import Enum, auto
from urllib.parse import urlsplit

from humasflow.channels.reaching import call_timeout
from humasflow.core import outbound
from humasflow.publishing.snapshots import base_url

_PAGE = 5_000_000  # bytes: more than that is no page
_GONE = frozenset({404, 410})
# Where platforms send a stranger who has not signed in: what is behind it, nobody learns there.
_WALLS = frozenset({"login", "signin", "sign_in", "checkpoint", "consent", "authwall", "challenge"})


class Seen(Enum):
    """What an address answered."""

    THERE = auto()
    GONE = auto()  # 404 or 410
    UNCLEAR = auto()  # no such name, no answer, a refusal, a sign-in page: says nothing about the post


def look_at(url: str) -> Seen:
    """One GET (many servers refuse HEAD). Must not run while a transaction holds the database."""
    seconds = call_timeout()
    limits = outbound.Limits(connect=min(5.0, seconds), read=seconds, total=seconds, size=_PAGE)
    try:
        answer = outbound.fetch(url, limits=limits)
    except outbound.FetchFailed as failed:
        return Seen.GONE if failed.status_code in _GONE else Seen.UNCLEAR
    return Seen.UNCLEAR if is_wall(answer.url, url) else Seen.THERE


def is_ours(url: str) -> bool:
    """Whether the address is of this installation's own newsroom: whether it is there, the database says."""
    return url.startswith(base_url() + "/")


def is_wall(found: str, asked: str) -> bool:
    """Whether who asked for the one was sent to sign in at the other."""
    if found == asked:
        return False
    return any(part.lower().removesuffix(".php") in _WALLS for part in urlsplit(found).path.split("/"))
