"""Plain words of a rich text, with places that can be pointed at.

The rule is that of the comments (``stories/anchors``) and of the editor, and a test holds them together: every block
tag ends a block; a block is the text in it, white space folded and trimmed, a ``<br>`` as a line break; blocks without
text count for nothing; the others are joined by line breaks. Pictures are nothing, a mention is what it shows.
Offsets count characters (code points).
"""

import re
from collections.abc import Iterator
from html import unescape

_BLOCKS = (
    "address|article|aside|blockquote|caption|colgroup|dd|details|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li|"
    "main|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
_TAG = re.compile(
    rf"""<(?P<close>/?)(?:(?P<break>br)|(?P<block>{_BLOCKS})|[a-z][a-z0-9]*)(?![a-z0-9])"""
    r"""(?:[^<>"']|"[^"]*"|'[^']*')*>|<!--.*?-->""",
    re.IGNORECASE | re.DOTALL,
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_WHITE = re.compile(r"[ \t\r\n\f]+")
_AROUND_BREAK = re.compile(r" *\n *")
_BLANKS = re.compile(r" {2,}")


def plain_blocks(html: str) -> list[str]:
    """The text of every block of cleaned HTML that holds text, in order."""
    return list(_blocks(html))


def plain_text(html: str) -> str:
    """The blocks joined by line breaks: what offsets are counted in."""
    return "\n".join(_blocks(html))


def _blocks(html: str) -> Iterator[str]:
    pieces: list[str] = []
    position, in_figure = 0, False
    for tag in _TAG.finditer(html):
        if tag.start() > position and not in_figure:
            pieces.append(_seen(html[position : tag.start()]))
        position = tag.end()
        if tag["block"]:
            if pieces and (text := _folded("".join(pieces))):
                yield text
            pieces = []
            in_figure = not tag["close"] and tag["block"].lower() == "figure"
        elif tag["break"]:
            pieces.append("\n")
    pieces.append("" if in_figure else _seen(html[position:]))
    if text := _folded("".join(pieces)):
        yield text


def _seen(raw: str) -> str:
    return _WHITE.sub(" ", _ENTITY.sub(lambda m: unescape(m[0]), raw) if "&" in raw else raw)


def _folded(text: str) -> str:
    text = _BLANKS.sub(" ", text)
    return (_AROUND_BREAK.sub("\n", text) if "\n" in text else text).strip(" \n")
