"""Plain words of a rich text, with places that can be pointed at.

The rule is that of the rendered page (``js/anchor-text.js``) and of the editor (``assets/editor/positions.js``), and
``tests/stories/projections.json`` holds all of them together: every tag of :data:`BLOCKS` ends a block; a block
is the text in it, white space folded and trimmed, a ``<br>`` as a line break; blocks without text count for nothing;
the others are joined by line breaks. Pictures with all that stands in their figures are nothing, a mention is what it
shows. Offsets count characters (code points), so that an emoji is one on every side.
"""

import re
from collections.abc import Iterator
from html import unescape

BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "caption", "colgroup", "dd", "details", "div", "dl", "dt",
    "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p",
    "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
BREAK = "\n"
_TAG = re.compile(
    rf"""<(?P<close>/?)(?:(?P<break>br)|(?P<block>{"|".join(sorted(BLOCKS))})|[a-z][a-z0-9]*)(?![a-z0-9])"""
    r"""(?:[^<>"']|"[^"]*"|'[^']*')*>|<!--.*?-->""",
    re.IGNORECASE | re.DOTALL,
)
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
WHITE = re.compile(r"[ \t\r\n\f]+")
_AROUND_BREAK = re.compile(r" *\n *")
_BLANKS = re.compile(r" {2,}")


def plain_blocks(html: str) -> list[str]:
    """The text of every block of cleaned HTML that holds text, in order."""
    return list(_blocks(html))


def plain_text(html: str) -> str:
    """The blocks joined by line breaks: what offsets are counted in."""
    return BREAK.join(_blocks(html))


def _blocks(html: str) -> Iterator[str]:
    pieces: list[str] = []
    position, in_figure = 0, False
    for tag in _TAG.finditer(html):
        if tag.start() > position and not in_figure:
            pieces.append(seen(html[position : tag.start()]))
        position = tag.end()
        if tag["block"]:
            if pieces and (text := folded("".join(pieces))):
                yield text
            pieces = []
            in_figure = not tag["close"] and tag["block"].lower() == "figure"
        elif tag["break"]:
            pieces.append(BREAK)
    pieces.append("" if in_figure else seen(html[position:]))
    if text := folded("".join(pieces)):
        yield text


def seen(raw: str) -> str:
    """What a reader sees of a text between two tags: entities as what they mean, white space as blanks."""
    return WHITE.sub(" ", ENTITY.sub(lambda m: unescape(m[0]), raw) if "&" in raw else raw)


def folded(text: str) -> str:
    """Blanks as one, none around line breaks or at the ends."""
    text = _BLANKS.sub(" ", text)
    return (_AROUND_BREAK.sub("\n", text) if "\n" in text else text).strip(" \n")
