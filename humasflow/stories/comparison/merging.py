"""Three texts into one: what both began with, what one person made of it, and what another did.

Where only one side changed something, that change is taken. Where both did, it is a clash, and a person chooses. Pure
functions; the order of the two sides makes no difference to what merges by itself.
"""

import operator
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from flask_babel import gettext as _

from humasflow.stories.comparison.aligning import pairs_of, steps_between
from humasflow.stories.comparison.blocks import Block, Token, read_blocks, tokens_of, write_blocks

# Of a paragraph that both changed, at least this much has to stand as it was before words are put together.
KEPT = 0.5
# Words between two people's changes in one paragraph: what is nearer is one thought, and a person reads it.
APART = 3

T = TypeVar("T")
H = TypeVar("H", bound=Hashable)


class Choice(StrEnum):
    """Whose passage is taken."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"

    @property
    def label(self) -> str:
        """For people."""
        return {
            Choice.MINE: _("Milik saya"), Choice.THEIRS: _("Milik orang lain"), Choice.BOTH: _("Keduanya"),
        }[self]  # fmt: skip


@dataclass(frozen=True)
class Agreed(Generic[T]):
    """A stretch that merged by itself."""

    items: Sequence[T]


@dataclass(frozen=True)
class Clash(Generic[T]):
    """A stretch that both sides changed, each in another way."""

    base: Sequence[T]
    mine: Sequence[T]
    theirs: Sequence[T]


@dataclass(frozen=True)
class _Edit(Generic[T]):
    """On one side, these items stand in place of ``base[start:end]``."""

    start: int
    end: int
    items: Sequence[T]


Merged = list[Agreed[T] | Clash[T]]


def merge_bodies(base: str, mine: str, theirs: str) -> Merged[Block]:
    """Three clean bodies, block by block, and inside a block that both changed word by word."""
    old, ours, others = read_blocks(base), read_blocks(mine), read_blocks(theirs)
    found: Merged[Block] = []
    for part in _merge(old, _block_edits(old, ours), _block_edits(old, others), same=_exactly):
        found += _by_words(part) if isinstance(part, Clash) else [part]
    return found


def merge_texts(base: str, mine: str, theirs: str) -> str | None:
    """Three short texts, word by word; None when both changed the same words."""
    if theirs in (mine, base):
        return mine
    if mine == base:
        return theirs
    tokens = _merge_tokens(*(tuple(tokens_of(text)) for text in (base, mine, theirs)))
    return None if tokens is None else "".join(token.text for token in tokens)


def merge_value(base: T, mine: T, theirs: T) -> tuple[bool, T]:
    """Whether three values merge, and into what; mine where they do not."""
    if mine in (base, theirs):
        return True, theirs
    return bool(theirs == base), mine


def resolve(parts: Merged[T], choices: Sequence[Choice]) -> list[T]:
    """The whole after choosing; ``choices`` in the order of the clashes, both where one is missing."""
    left = iter(choices)
    found: list[T] = []
    for part in parts:
        if isinstance(part, Agreed):
            found += part.items
            continue
        choice = next(left, Choice.BOTH)
        found += part.mine if choice is not Choice.THEIRS else ()
        found += part.theirs if choice is not Choice.MINE else ()
    return found


def body_of(parts: Merged[Block], choices: Sequence[Choice]) -> str:
    """HTML after choosing."""
    return write_blocks(resolve(parts, choices))


def clashes_of(parts: Merged[T]) -> list[Clash[T]]:
    """What a person has to choose."""
    return [part for part in parts if isinstance(part, Clash)]


def _edits(base: Sequence[H], side: Sequence[H]) -> list[_Edit[H]]:
    return [_Edit(a, b, side[c:d]) for tag, a, b, c, d in steps_between(base, side) if tag != "equal"]


def _block_edits(base: Sequence[Block], side: Sequence[Block]) -> list[_Edit[Block]]:
    """Edits as small as they can be: a changed paragraph is one, even when its neighbour changed too."""
    numbers: dict[Block, int] = {}
    keys = [[numbers.setdefault(block, len(numbers)) for block in blocks] for blocks in (base, side)]
    found: list[_Edit[Block]] = []
    for tag, a, b, c, d in steps_between(*keys):
        if tag == "equal":
            # The same blocks may hang together otherwise: a list that was parted in two.
            found += [
                _Edit(i, i + 1, [side[j]])
                for i, j in zip(range(a, b), range(c, d), strict=True)
                if base[i].joined != side[j].joined
            ]
            continue
        at, new = a, c
        for i, j in pairs_of(base[a:b], side[c:d]):
            found += _gap(at, a + i, side[new : c + j])
            found.append(_Edit(a + i, a + i + 1, [side[c + j]]))
            at, new = a + i + 1, c + j + 1
        found += _gap(at, b, side[new:d])
    return found


def _gap(start: int, end: int, items: Sequence[T]) -> list[_Edit[T]]:
    return [_Edit(start, end, items)] if start != end or items else []


def _merge(
    base: Sequence[T],
    mine: Sequence[_Edit[T]],
    theirs: Sequence[_Edit[T]],
    *,
    same: Callable[[Sequence[T], Sequence[T]], bool] = operator.eq,
    apart: int = 0,
) -> Merged[T]:
    """Apply two lists of edits. Edits of the two sides with fewer than ``apart`` items between them are a clash."""
    found: Merged[T] = []
    at = 0
    for start, end, ours, others in _groups(mine, theirs, apart=apart):
        if at < start:
            found.append(Agreed(base[at:start]))
        old = base[start:end]
        one, other = _applied(base, start, end, ours), _applied(base, start, end, others)
        if not ours:
            found.append(Agreed(other))
        elif not others or same(one, other):
            found.append(Agreed(one))
        else:
            found.append(Clash(old, one, other))
        at = end
    if at < len(base):
        found.append(Agreed(base[at:]))
    return [part for part in found if not isinstance(part, Agreed) or part.items]


_Group = tuple[int, int, list[_Edit[T]], list[_Edit[T]]]


def _groups(mine: Sequence[_Edit[T]], theirs: Sequence[_Edit[T]], *, apart: int) -> list[_Group[T]]:
    """Edits of both sides that get in each other's way, with the stretch of the base they cover, in order. Who is who
    makes no difference: an edit that is near two groups makes them one.
    """
    # An insertion comes before a change that begins where it stands.
    waiting = sorted(
        [(e, True) for e in mine] + [(e, False) for e in theirs], key=lambda p: (p[0].start, p[0].end)
    )
    groups: list[_Group[T]] = []
    for edit, is_mine in waiting:
        found: _Group[T] = (edit.start, edit.end, *(([edit], []) if is_mine else ([], [edit])))
        while groups:
            start, end, ours, others = groups[-1]
            # In the way of the other side's, or inside a stretch that is in question already.
            if edit.start >= end and not any(
                _meet(edit, other, apart) for other in (others if is_mine else ours)
            ):
                break
            groups.pop()
            found = (start, max(end, found[1]), ours + found[2], others + found[3])
        groups.append(found)
    return groups


def _meet(one: _Edit[T], other: _Edit[T], apart: int) -> bool:
    if one.start == one.end == other.start == other.end:
        return True  # two insertions at one place: nobody knows which comes first
    return one.start - other.end < apart and other.start - one.end < apart


def _exactly(one: Sequence[Block], other: Sequence[Block]) -> bool:
    return list(one) == list(other) and [b.joined for b in one] == [b.joined for b in other]


def _applied(base: Sequence[T], start: int, end: int, edits: Sequence[_Edit[T]]) -> list[T]:
    found: list[T] = []
    at = start
    for edit in edits:
        found += [*base[at : edit.start], *edit.items]
        at = edit.end
    return found + list(base[at:end])


def _by_words(clash: Clash[Block]) -> Merged[Block]:
    """A clash of paragraphs that match one to one, decided word by word for each."""
    if list(clash.mine) == list(clash.theirs):  # they only hang together otherwise
        pairs = zip(clash.mine, clash.theirs, strict=True)
        return [Agreed([Block(a.path, a.tokens, min(a.joined, b.joined)) for a, b in pairs])]
    sides = (clash.base, clash.mine, clash.theirs)
    if len({len(side) for side in sides}) != 1:
        return [clash]
    found: Merged[Block] = []
    for base, mine, theirs in zip(*sides, strict=True):
        merged = _merge_block(base, mine, theirs)
        found.append(Clash([base], [mine], [theirs]) if merged is None else Agreed([merged]))
    return found


def _merge_block(base: Block, mine: Block, theirs: Block) -> Block | None:
    merges, joined = merge_value(base.joined, mine.joined, theirs.joined)
    if not merges:
        joined = min(mine.joined, theirs.joined)
    if mine == theirs:
        return Block(mine.path, mine.tokens, joined)
    if base in (mine, theirs):
        changed = theirs if mine == base else mine
        return Block(changed.path, changed.tokens, joined)
    if not base.path == mine.path == theirs.path or not base.shape == mine.shape == theirs.shape:
        return None
    tokens = _merge_tokens(base.tokens, mine.tokens, theirs.tokens)
    return None if tokens is None else Block(base.path, tuple(tokens), joined)


def _merge_tokens(
    base: Sequence[Token], mine: Sequence[Token], theirs: Sequence[Token]
) -> list[Token] | None:
    """Words of both, when the changes are apart and most of the text stands; None otherwise."""
    old, ours, others = _words(base), _words(mine), _words(theirs)
    edits = (_edits(old, ours), _edits(old, others))
    for side in edits:
        if sum(edit.end - edit.start for edit in side) > (1 - KEPT) * len(old):
            return None
    parts = _merge(old, *edits, apart=APART)
    if any(isinstance(part, Clash) for part in parts):
        return None
    return [token for part in parts if isinstance(part, Agreed) for word in part.items for token in word]


def _words(tokens: Sequence[Token]) -> list[tuple[Token, ...]]:
    """Words, each with the gap before it: a gap alone is nothing to hold on to."""
    found: list[tuple[Token, ...]] = []
    gap: tuple[Token, ...] = ()
    for token in tokens:
        if token.is_gap:
            gap += (token,)
        else:
            found.append((*gap, token))
            gap = ()
    return [*found, gap] if gap else found
