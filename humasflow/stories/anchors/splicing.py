"""Putting a suggestion into a text: only the words that differ are touched, and the markup around them stays."""

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape

from humasflow.guidelines.texts import BREAK
from humasflow.stories.anchors.projection import (
    Block,
    Character,
    plain_characters,
    project_plain,
    seen_blocks,
)
from humasflow.stories.comparison import Mark, compare_words

# What is left of emphasis or a link whose words are all gone; and of a paragraph that a suggestion emptied.
_HOLLOW = re.compile(r"<(strong|em|a|u|s|b|i|mark|code|sub|sup|span)(?:\s(?:[^<>\"]|\"[^\"]*\")*)?></\1>")
_MENTION = re.compile(r'<span data-mention-user="[0-9]+" class="mention">([^<]*)</span>')
_PARAGRAPH = re.compile(r"<(p|h2|h3)></\1>")
_BLANK = re.compile(r"[ \t\r\f\v]+")


class SpliceError(ValueError):
    """The range is not one passage in one paragraph of this text."""


def splice_html(source: str, start: int, end: int, replacement: str) -> str:
    """The HTML with the passage from ``start`` to ``end`` (offsets of its plain text) replaced by some plain text.

    Line breaks in the replacement become ``<br>``. Raises :class:`SpliceError` for a range that is empty, lies outside
    or reaches over more than one block.
    """
    offset = 0
    for block, text in seen_blocks(source):
        if offset <= start < end <= offset + len(text):
            characters = block.characters(source)
            passage = characters[start - offset : end - offset]
            changed = _spliced(source, passage, _tidy_lines(replacement), _as_html)
            return _tidied(source, changed, block)
        offset += len(text) + len(BREAK)
    raise SpliceError("not one passage of one paragraph")


def splice_plain(source: str, start: int, end: int, replacement: str) -> str:
    """The same for a field without HTML; line breaks become blanks."""
    characters = plain_characters(source)
    if not 0 <= start < end <= len(characters):
        raise SpliceError("not a passage of this text")
    return _spliced(source, characters[start:end], project_plain(replacement), str)


def _tidy_lines(text: str) -> str:
    lines = [_BLANK.sub(" ", line).strip() for line in text.replace("\r\n", "\n").split("\n")]
    return "\n".join(lines).strip("\n ")


def _as_html(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


def _spliced(
    source: str, passage: Sequence[Character], replacement: str, encode: Callable[[str], str]
) -> str:
    for a, b, new in sorted(_cuts(passage, replacement), reverse=True):
        source = source[:a] + encode(new) + source[b:]
    return source


def _cuts(passage: Sequence[Character], replacement: str) -> Iterator[tuple[int, int, str]]:
    """What to take out of the source and what to put there. New words stand in the markup of the words they replace,
    or else of the word before them.
    """
    position, gone = 0, False
    pieces = compare_words("".join(c.text for c in passage), replacement)
    for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
        if piece.mark is Mark.DELETED:
            ranges = [r for c in passage[position : position + len(piece.text)] for r in c.ranges]
            is_replaced = following is not None and following.mark is Mark.INSERTED
            yield (*ranges[0], following.text if following and is_replaced else "")
            yield from ((a, b, "") for a, b in ranges[1:])
        elif piece.mark is Mark.INSERTED and not gone:
            at = passage[position - 1].ranges[-1][1] if position else passage[0].ranges[0][0]
            yield at, at, piece.text
        gone = piece.mark is Mark.DELETED
        if piece.mark is not Mark.INSERTED:
            position += len(piece.text)


def _tidied(source: str, changed: str, block: Block) -> str:
    """Emphasis and links that lost all their words go, a mention whose name changed names nobody any more, and a
    paragraph that lost everything goes too.
    """
    start, end = block.opened[1], block.closed[0] + len(changed) - len(source)
    known = source[start : block.closed[0]]
    inner, before = _MENTION.sub(lambda m: m[0] if m[0] in known else m[1], changed[start:end]), None
    while before != inner:
        before, inner = inner, _HOLLOW.sub("", inner)
    opening, closing = changed[slice(*block.opened)], changed[end : end + block.closed[1] - block.closed[0]]
    if not inner.strip() and _PARAGRAPH.fullmatch(opening + closing):
        return changed[: block.opened[0]] + changed[end + len(closing) :]
    return changed[:start] + inner + changed[end:]
