"""Where each character of a text's plain text stands in its source; what the plain text is stands in
``guidelines/texts.py``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape

from humasflow.guidelines.texts import BLOCKS, BREAK, ENTITY, WHITE, folded, plain_text, seen

# Quoted attribute values may hold a ">": what the cleaner writes escapes only ampersands and quotes there.
_TOKEN = re.compile(
    r"""<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>|<!--.*?-->|[^<]+|<""", re.DOTALL
)

Range = tuple[int, int]


@dataclass
class Block:
    """The text of one block in the source: ranges of text and of breaks in order, and the tags around it."""

    opened: Range = (0, 0)
    closed: Range = (0, 0)
    pieces: list[tuple[bool, int, int]] = field(default_factory=list)  # is a break, from, to

    def text(self, source: str) -> str:
        """What a reader sees of it."""
        return folded("".join(BREAK if is_break else seen(source[a:b]) for is_break, a, b in self.pieces))

    def characters(self, source: str) -> list["Character"]:
        """The same, character by character, each with where it stands in the source."""
        kept: list[Character] = []
        for is_break, a, b in self.pieces:
            for character in _characters(source, is_break, a, b):
                _add(kept, character)
        while kept and kept[-1].text in " \n":
            kept.pop()
        first = next((i for i, c in enumerate(kept) if c.text not in " \n"), len(kept))
        return kept[first:]


@dataclass
class Character:
    """One character that a reader sees, and the ranges of the source that make it (several for folded blanks)."""

    text: str
    ranges: list[Range]


project_html = plain_text


def project_plain(source: str) -> str:
    """The plain text of a field that holds no HTML (title, lead): line breaks count as blanks there."""
    return WHITE.sub(" ", source).strip(" ")


def seen_blocks(source: str) -> Iterator[tuple[Block, str]]:
    """The blocks with text, in order, each with its text."""
    for block in _blocks(source):
        text = block.text(source)
        if text:
            yield block, text


def plain_characters(source: str) -> Sequence[Character]:
    """The characters of a field without HTML, with where they stand."""
    kept: list[Character] = []
    for position, letter in enumerate(source):
        _add(kept, Character(" " if WHITE.fullmatch(letter) else letter, [(position, position + 1)]))
    while kept and kept[-1].text == " ":
        kept.pop()
    return kept


def _blocks(source: str) -> Iterator[Block]:
    block, in_figure = Block(), False
    for token in _TOKEN.finditer(source):
        name = token[2].lower() if token[2] else ""
        if name in BLOCKS:
            in_figure = name == "figure" and not token[1]
            block.closed = token.span()
            yield block
            block = Block(opened=token.span())
        elif not in_figure and not token[0].startswith("<!--") and (name == "br" or not name):
            block.pieces.append((name == "br", *token.span()))
    block.closed = (len(source), len(source))
    yield block


def _characters(source: str, is_break: bool, start: int, end: int) -> Iterator[Character]:
    if is_break:
        yield Character(BREAK, [(start, end)])
        return
    position = start
    for entity in ENTITY.finditer(source, start, end):
        yield from _letters(source, position, entity.start())
        meant = unescape(entity[0])
        for index, letter in enumerate(
            meant
        ):  # a few names stand for two characters: the first carries the name
            at = (entity.start(), entity.end()) if index == 0 else (entity.end(), entity.end())
            yield Character(_folded(letter), [at])
        position = entity.end()
    yield from _letters(source, position, end)


def _letters(source: str, start: int, end: int) -> Iterator[Character]:
    for position in range(start, end):
        yield Character(_folded(source[position]), [(position, position + 1)])


def _folded(letter: str) -> str:
    return " " if letter in " \t\r\n\f" else letter


def _add(kept: list[Character], character: Character) -> None:
    """Fold blanks: those after a blank or a break, and those before a break, belong to it."""
    before = kept[-1].text if kept else BREAK
    if character.text == " " and before in " \n":
        if kept and before == " ":
            kept[-1].ranges += character.ranges
        return
    if character.text == BREAK and before == " ":
        kept.pop()
    kept.append(character)
