"""What changed between two texts, word by word. Pure; templates print the pieces, so everything is escaped there."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from humasflow.core.html import text_from_html

SAME, DELETED, INSERTED = "same", "del", "ins"

# Above this many pieces the matcher ignores the most frequent ones: a long text of few words costs no minutes.
_CAREFUL = 1500

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"[^>]*>(.*?)</a>', re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Piece:
    """A run of text: ``same``, ``del`` or ``ins``."""

    kind: str
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with its pieces; ``skipped`` counts unchanged paragraphs that were left out in its place."""

    pieces: tuple[Piece, ...] = ()
    skipped: int = 0


@dataclass(frozen=True)
class FieldChange:
    """A changed part of a story or post: what it is called and its paragraphs."""

    label: str
    paragraphs: tuple[Paragraph, ...]


def diff_words(old: str, new: str) -> tuple[Piece, ...]:
    """The two texts as one, word by word. Joining what is not ``del`` gives the new text, not ``ins`` the old one."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in _matcher(before, after).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(SAME, "".join(after[j1:j2])))
            continue
        if i2 > i1:
            pieces.append(Piece(DELETED, "".join(before[i1:i2])))
        if j2 > j1:
            pieces.append(Piece(INSERTED, "".join(after[j1:j2])))
    return tuple(_smooth(pieces))


def diff_paragraphs(old: str, new: str) -> tuple[Paragraph, ...]:
    """Only the changed paragraphs, word by word, with a count where unchanged ones were left out; empty when equal."""
    if old == new:
        return ()
    before, after = _paragraphs(old), _paragraphs(new)
    found: list[Paragraph] = []
    for tag, i1, i2, j1, j2 in _matcher(before, after).get_opcodes():
        if tag == "equal":
            found.append(Paragraph(skipped=i2 - i1))
        else:
            found += _replaced(before[i1:i2], after[j1:j2])
    return tuple(found)


def readable(html: str) -> str:
    """Text of some clean HTML for comparing, with the address of each link, because an address is content too."""
    return text_from_html(_LINK.sub(r"\2 (\1)", html))


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[Paragraph]:
    """Paragraphs that took each other's place, compared in pairs as long as they are related."""
    for index in range(max(len(before), len(after))):
        old = before[index] if index < len(before) else ""
        new = after[index] if index < len(after) else ""
        if old and new and not _related(old, new):
            yield Paragraph((Piece(DELETED, old),))
            yield Paragraph((Piece(INSERTED, new),))
        else:
            yield Paragraph(diff_words(old, new))


def _related(old: str, new: str) -> bool:
    """Whether word marks help: two unrelated texts read better one after the other."""
    before, after = set(re.findall(r"\w+", old)), set(re.findall(r"\w+", new))
    return len(before & after) * 4 >= max(len(before), len(after))


def _paragraphs(text: str) -> list[str]:
    return [p.strip() for p in _BREAK.split(text.replace("\r\n", "\n")) if p.strip()]


def _matcher(before: Sequence[str], after: Sequence[str]) -> "SequenceMatcher[str]":
    return SequenceMatcher(None, before, after, autojunk=max(len(before), len(after)) > _CAREFUL)


def _smooth(pieces: list[Piece]) -> list[Piece]:
    """Join marks that only white space parts: "satu ~~dua~~ ~~tiga~~" reads as one change."""
    joined: list[Piece] = []
    index = 0
    while index < len(pieces):
        if pieces[index].kind == SAME:
            joined.append(pieces[index])
            index += 1
            continue
        deleted = inserted = ""
        while index < len(pieces):
            piece = pieces[index]
            following = pieces[index + 1] if index + 1 < len(pieces) else None
            if piece.kind == SAME:
                if piece.text.strip() or following is None:
                    break
                deleted, inserted = deleted + piece.text, inserted + piece.text
            elif piece.kind == DELETED:
                deleted += piece.text
            else:
                inserted += piece.text
            index += 1
        joined += [Piece(k, t) for k, t in ((DELETED, deleted), (INSERTED, inserted)) if t]
    return joined
