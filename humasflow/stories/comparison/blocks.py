"""Clean HTML as a flat list of blocks, and back.

A block is the smallest part that is compared as a whole: a paragraph, a heading, an entry of a list, a row of a table,
a picture. It knows the elements around it (``path``) and how many of them it shares with the block before it
(``joined``), so that the same list of blocks gives the same HTML again, whatever was put in or taken out between.

Inside a block every word carries its own formatting. That is what makes it safe to put words of two texts together: the
result is well formed, whoever had made what bold. Text stays escaped from end to end, and a tag that the cleaner does
not write is text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from humasflow.core.html import ALLOWED_TAGS

_INLINE = ALLOWED_TAGS & {"a", "em", "span", "strong"}
_ALONE = ALLOWED_TAGS & {"figure", "hr"}
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+="[^"]*")*)\s*/?>')
_WORDS = re.compile(r"\s+|&[a-zA-Z0-9#]+;|\w+|[^\w\s]")


class Token(NamedTuple):
    """A word, a mark, a gap, a line break, or (``tags`` None) an element inside a row of a table."""

    text: str
    tags: tuple[str, ...] | None = ()

    @property
    def is_gap(self) -> bool:
        """Nothing but white space."""
        return self.text.isspace()

    @property
    def is_structure(self) -> bool:
        """A cell or paragraph of a row begins or ends."""
        return self.tags is None


BREAK = "<br>"


@dataclass(frozen=True)
class Block:
    """A block. Two are the same when they look the same; what they share with the one before is a matter of place."""

    path: tuple[str, ...]
    tokens: tuple[Token, ...]
    joined: int = field(default=0, compare=False)

    @property
    def words(self) -> list[str]:
        """What can be read in it."""
        return [t.text for t in self.tokens if not t.is_structure and not t.is_gap and t.text != BREAK]

    @property
    def shape(self) -> tuple[str, ...]:
        """The elements inside it, if it is a row."""
        return tuple(t.text for t in self.tokens if t.is_structure)


def read_blocks(html: str) -> list[Block]:
    """The blocks of some clean HTML. White space between elements is nothing."""
    return _Reader(html).blocks


def write_blocks(blocks: Iterable[Block]) -> str:
    """HTML of blocks, the same that :func:`read_blocks` read."""
    writer = Writer()
    for block in blocks:
        writer.enter(block)
        writer.out.append(write_tokens(block.tokens))
    return writer.text()


def write_tokens(tokens: Iterable[Token]) -> str:
    """HTML of tokens, each in its formatting."""
    out: list[str] = []
    opened: tuple[str, ...] = ()
    for text, tags in tokens:
        wanted = tags or ()
        if wanted != opened:
            shared = shared_start(opened, wanted)
            out += [_end(tag) for tag in reversed(opened[shared:])]
            out += wanted[shared:]
            opened = wanted
        out.append(text)
    out += [_end(tag) for tag in reversed(opened)]
    return "".join(out)


class Writer:
    """Opens and closes the elements around blocks."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.path: tuple[str, ...] = ()
        self.begun = False

    def enter(self, block: Block) -> bool:
        """Go to a block's place. Whether it begins at the top, apart from what stood before."""
        shared = min(block.joined, shared_start(self.path, block.path)) if self.begun else 0
        self.out += [_end(tag) for tag in reversed(self.path[shared:])]
        self.out += block.path[shared:]
        self.path, self.begun = block.path, True
        return shared == 0

    def text(self) -> str:
        """Everything, closed."""
        self.out += [_end(tag) for tag in reversed(self.path)]
        self.path = ()
        return "".join(self.out)


def shared_start(one: Sequence[object], other: Sequence[object]) -> int:
    """How many elements at the start are the same."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def tokens_of(text: str, tags: tuple[str, ...] = ()) -> Iterator[Token]:
    """The words, marks and gaps of a text."""
    return (Token(word, tags) for word in _WORDS.findall(text))


def _end(tag: str) -> str:
    return f"</{tag[1:].split(maxsplit=1)[0].rstrip('>')}>"


@dataclass
class _Element:
    name: str
    tag: str
    number: int
    used: bool = False  # something was written in it


class _Reader:
    def __init__(self, html: str) -> None:
        self.blocks: list[Block] = []
        self.open: list[_Element] = []
        self.inline: list[tuple[str, str]] = []
        self.tokens: list[Token] = []
        self.row = 0  # depth inside a row
        self.count = 0
        self.last: tuple[int, ...] = ()  # numbers of the elements around the last block
        position = 0
        for found in _TAG.finditer(html):
            if found[2] not in ALLOWED_TAGS:
                continue
            self._text(html[position : found.start()])
            self._tag(found[0], found[2], closes=bool(found[1]))
            position = found.end()
        self._text(html[position:])
        while self.open:
            self._close(self.open[-1].name)
        self._flush()

    def _text(self, text: str) -> None:
        if text:
            tags = tuple(tag for _name, tag in self.inline)
            if "<" in text or ">" in text:
                text = text.replace("<", "&lt;").replace(">", "&gt;")
            self.tokens += [Token(word, tags) for word in _WORDS.findall(text)]

    def _tag(self, whole: str, name: str, *, closes: bool) -> None:
        if name in _INLINE:
            self._format(whole, name, closes=closes)
        elif name == "br":
            if not closes:
                self.tokens.append(Token(BREAK, tuple(tag for _name, tag in self.inline)))
        elif name in _ALONE and not self.row:
            if not closes:
                self._flush()
                self.tokens.append(Token(f"{whole}</figure>" if name == "figure" else whole))
                self._flush()
        elif self.row and name != "tr":
            self._trim()
            self.tokens.append(Token(whole, None))
        elif closes:
            self._close(name)
        else:
            self._open(whole, name)

    def _format(self, whole: str, name: str, *, closes: bool) -> None:
        if not closes:
            self.inline.append((name, whole))
            return
        for position in range(len(self.inline) - 1, -1, -1):
            if self.inline[position][0] == name:
                del self.inline[position]
                return

    def _open(self, whole: str, name: str) -> None:
        self._flush()
        self.count += 1
        self.open.append(_Element(name, whole, self.count))
        self.row += name == "tr"

    def _close(self, name: str) -> None:
        if all(element.name != name for element in self.open):
            return
        while True:
            self._flush(always=not self.open[-1].used)
            element = self.open.pop()
            self.row -= element.name == "tr"
            if element.name == name:
                return

    def _trim(self) -> None:
        while self.tokens and self.tokens[-1].is_gap:
            self.tokens.pop()

    def _flush(self, *, always: bool = False) -> None:
        """What was gathered becomes a block; ``always``: an empty element is one too."""
        self._trim()
        while self.tokens and self.tokens[0].is_gap:
            self.tokens.pop(0)
        if not self.tokens and not always:
            return
        numbers = tuple(element.number for element in self.open)
        self.blocks.append(
            Block(
                tuple(element.tag for element in self.open), tuple(self.tokens),
                shared_start(self.last, numbers),
            )
        )  # fmt: skip
        for element in self.open:
            element.used = True
        self.tokens, self.last = [], numbers
