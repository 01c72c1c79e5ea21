"""Which part of one text is which part of another: the engine under comparing and merging."""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from humasflow.stories.comparison.blocks import Block

# Two blocks that share less than this are one taken out and one put in, not a mosaic of words.
ALIKE = 0.35
# How many blocks further on a changed one is looked for: a rewritten book costs no minutes.
LOOK_AHEAD = 20
# Above this many pieces the matcher ignores the most frequent ones, for the same reason.
CAREFUL = 1500

H = TypeVar("H", bound=Hashable)
Step = tuple[str, int, int, int, int]
Piece = tuple[Hashable, Counter[str]]  # the form of a passage, and its words


def steps_between(before: Sequence[H], after: Sequence[H]) -> list[Step]:
    """How one sequence becomes the other: ``equal`` and ``replace`` (either side may be empty), in order. What is the
    same at both ends is told apart first, so that a small change in a long text costs little.
    """
    start = 0
    shortest = min(len(before), len(after))
    while start < shortest and before[start] == after[start]:
        start += 1
    end = 0
    while end < shortest - start and before[-1 - end] == after[-1 - end]:
        end += 1
    middle_a, middle_b = before[start : len(before) - end], after[start : len(after) - end]
    steps: list[Step] = [("equal", 0, start, 0, start)] if start else []
    if middle_a or middle_b:
        careless = max(len(middle_a), len(middle_b)) > CAREFUL
        steps += [
            ("equal" if tag == "equal" else "replace", a + start, b + start, c + start, d + start)
            for tag, a, b, c, d in SequenceMatcher(None, middle_a, middle_b, autojunk=careless).get_opcodes()
        ]
    if end:
        steps.append(("equal", len(before) - end, len(before), len(after) - end, len(after)))
    return steps


def pairs_of(before: Sequence[Block], after: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Positions of changed blocks that are the same one in other words, in order."""
    return pairs_between(*([((b.path, b.shape), Counter(b.words)) for b in side] for side in (before, after)))


def pairs_between(before: Sequence[Piece], after: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """The same for anything that has a form and words: only those of one form can be the same."""
    start = 0
    for j, new in enumerate(after):
        near = range(start, min(start + LOOK_AHEAD, len(before)))
        i = next((i for i in near if _alike(before[i], new)), None)
        if i is not None:
            yield i, j
            start = i + 1


def _alike(old: Piece, new: Piece) -> bool:
    (form, words), (other_form, other_words) = old, new
    if form != other_form:
        return False
    return 2 * (words & other_words).total() >= ALIKE * (words.total() + other_words.total())
