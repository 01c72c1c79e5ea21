"""Links, hashtags and mentions of a text as facets: the app underlines nothing by itself.

A facet names a piece of the text by its bytes in UTF-8, ``byteStart`` to before ``byteEnd`` (atproto.com/specs,
app.bsky.richtext.facet).
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from humasflow.channels.adapters.counters import (
    Span,
    count_bytes,
    count_graphemes,
    find_hashtags,
    find_links,
)

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
# A handle is a name in the DNS, in ASCII (atproto.com/specs/handle). The full stop that ends a sentence is none of it.
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MENTION: Final = re.compile(rf"(?<![^\s(\[\"'“‘])@({_LABEL}(?:\.{_LABEL})++)(?![A-Za-z0-9@_-])")
_LONGEST_HANDLE: Final = 253
_TAG_GRAPHEMES, _TAG_BYTES = 64, 640
_MOST_MENTIONS: Final = 20  # each is a question to the server; nobody calls out to more people than this


def clean(text: str) -> str:
    """Without NUL, other control characters and half characters, which no reader sees and some servers refuse."""
    return _CONTROL.sub("", text)


def find_mentions(text: str) -> list[Span]:
    """``@name.example`` in a text, in order, ``value`` with its sign; not in an address or a link."""
    links = find_links(text, bare=False)
    found = [
        Span(match.start(), match.end(), match[0])
        for match in _MENTION.finditer(text)
        if len(match[1]) <= _LONGEST_HANDLE
        and not any(_overlap(match.start(), match.end(), one) for one in links)
    ]
    return found[:_MOST_MENTIONS]


def handles_in(text: str) -> list[str]:
    """The handles that a text mentions, in lower case, each once, in order."""
    return list(dict.fromkeys(span.value[1:].lower() for span in find_mentions(text)))


def facets_of(text: str, people: Mapping[str, str]) -> list[dict[str, Any]]:
    """The facets of a text, in order and apart from each other. ``people``: DID by handle; who is not in it, or has an
    empty one, stays text.
    """
    taken: list[tuple[Span, dict[str, Any]]] = []
    for span in find_mentions(text):
        did = people.get(span.value[1:].lower(), "")
        if did:
            taken.append((span, {"$type": "app.bsky.richtext.facet#mention", "did": did}))
    named = [span for span, _feature in taken]
    taken += [
        (span, {"$type": "app.bsky.richtext.facet#link", "uri": _whole(span.value)})
        for span in find_links(text)
        if not any(_overlap(span.start, span.end, one) for one in named)
    ]
    for span in find_hashtags(text):
        tag = span.value[1:]
        if count_graphemes(tag) <= _TAG_GRAPHEMES and count_bytes(tag) <= _TAG_BYTES:
            taken.append((span, {"$type": "app.bsky.richtext.facet#tag", "tag": tag}))
    taken.sort(key=lambda one: one[0].start)
    return [
        {
            "index": {"byteStart": count_bytes(text[: span.start]), "byteEnd": count_bytes(text[: span.end])},
            "features": [feature],
        }
        for span, feature in taken
    ]


def _whole(link: str) -> str:
    return link if re.match(r"https?://", link, re.IGNORECASE) else f"https://{link}"


def _overlap(start: int, end: int, other: Span) -> bool:
    return start < other.end and other.start < end
