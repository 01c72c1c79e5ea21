"""Anchors, and where they are in the next text: lines first, then words of the lines that changed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property

from humasflow.stories.comparison import Mark, compare_words
from humasflow.stories.enums import AnchorState

# Characters kept on each side of a passage, and how many of them have to agree when it is looked for elsewhere.
CONTEXT = 48
NEARBY = 24
ENOUGH = 12
# A passage this long that occurs once is itself, wherever it went.
UNMISTAKABLE = 24
# How many lines around the place a rewritten one is looked for, and which share of its words it has to keep;
# the line in the same place is taken at once when it keeps this much.
LOOK_AROUND = 12
ALIKE = 0.35
SURELY = 0.6
CAREFUL = 1500


@dataclass(frozen=True)
class Anchor:
    """A passage: ``start`` to ``end`` in the plain text, the words that were chosen, and what stood around them.

    ``quote`` stays what was chosen. HELD: the text there is the quote. CHANGED: the passage was rewritten, the range
    is where it stood. LOST: it is gone; the range is the last one known.
    """

    start: int
    end: int
    quote: str
    prefix: str = ""
    suffix: str = ""
    state: AnchorState = AnchorState.HELD


def anchor_at(text: str, start: int, end: int) -> Anchor:
    """The anchor of a range, without blanks at its ends. The ends of the text count as line breaks in what stands
    around it.
    """
    while start < end and text[start] in " \n":
        start += 1
    while start < end and text[end - 1] in " \n":
        end -= 1
    padded = f"\n{text}\n"
    return Anchor(
        start, end, text[start:end], padded[max(start + 1 - CONTEXT, 0) : start + 1],
        padded[end + 1 : end + 1 + CONTEXT],
    )  # fmt: skip


def find_quote(text: str, quote: str, prefix: str, suffix: str, near: int = 0) -> tuple[int, int] | None:
    """Where a passage is now, by its words and what stands around them; None when that is not certain.

    Of several places that fit equally the one nearest to ``near``.
    """
    if not quote:
        return None
    padded = f"\n{text}\n"
    before, after = prefix[-NEARBY:], suffix[:NEARBY]
    tries = [(before, after)]
    tries += [t for t in ((before, ""), ("", after)) if len(t[0] + t[1]) >= ENOUGH]
    for head, tail in tries:
        if not head and not tail:
            continue
        found = _nearest(padded, head + quote + tail, near + 1 - len(head))
        if found is not None:
            start = found + len(head) - 1
            if start >= 0 and start + len(quote) <= len(text):
                return start, start + len(quote)
    if len(quote) >= UNMISTAKABLE and text.count(quote) == 1:
        start = text.index(quote)
        return start, start + len(quote)
    return None


def map_anchors(old: str, new: str, anchors: Sequence[Anchor]) -> list[Anchor]:
    """The same anchors in the next text, in the same order. Equal texts change nothing."""
    if old == new:
        return list(anchors)
    way = _Way(old, new)
    return [_mapped(way, anchor) for anchor in anchors]


def _mapped(way: "_Way", anchor: Anchor) -> Anchor:
    place = None
    if anchor.state is not AnchorState.LOST:
        place = way.range(anchor.start, anchor.end, anchor.quote)
        if place and way.new[slice(*place)] == anchor.quote:
            return anchor_at(way.new, *place)
    near = place[0] if place else anchor.start
    found = find_quote(way.new, anchor.quote, anchor.prefix, anchor.suffix, near)
    if found:
        return anchor_at(way.new, *found)
    if place:
        return replace(anchor, start=place[0], end=place[1], state=AnchorState.CHANGED)
    last = min(anchor.start, len(way.new))
    return replace(anchor, start=last, end=last, state=AnchorState.LOST)


def _nearest(text: str, wanted: str, near: int) -> int | None:
    after = text.find(wanted, max(near, 0))
    before = text.rfind(wanted, 0, max(near, 0) + len(wanted) - 1)
    places = [p for p in (before, after) if p >= 0]
    return min(places, key=lambda p: abs(p - near), default=None)


@dataclass(frozen=True)
class _Step:
    """Lines ``a`` to ``b`` of the old text became ``c`` to ``d`` of the new one."""

    same: bool
    a: int
    b: int
    c: int
    d: int


class _Way:
    """From a place in the old text to the one in the new text. What is costly is worked out when it is asked for."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self._old_lines, self._new_lines = old.split("\n"), new.split("\n")
        self._old_starts, self._new_starts = _starts(self._old_lines), _starts(self._new_lines)
        self._became: dict[int, int | None] = {}
        self._words: dict[tuple[int, int], list[tuple[int, int, int, int]]] = {}

    def range(self, start: int, end: int, quote: str) -> tuple[int, int] | None:
        """Where the passage stood, as far as its ends can be followed; None when neither can or nothing is left."""
        first, last = self._line_of(start), self._line_of(max(end - 1, start))
        at, to = self._line_became(first), self._line_became(last)
        if at is None and to is None:
            return None
        if at is not None and first == last:
            sure = self._only_place(first, at, start, quote)
            if sure is not None:
                return sure
        a = self._point(first, at, start, opens=True) if at is not None else self._new_starts[to or 0]
        b = self._point(last, to, end, opens=False) if to is not None else self._end_of(at or 0)
        while a < b and self.new[a] in " \n":
            a += 1
        while a < b and self.new[b - 1] in " \n":
            b -= 1
        return (a, b) if a < b else None

    @cached_property
    def _steps(self) -> list[_Step]:
        old, new = self._old_lines, self._new_lines
        head = next(
            (i for i, (x, y) in enumerate(zip(old, new, strict=False)) if x != y), min(len(old), len(new))
        )
        most = min(len(old), len(new)) - head
        tail = next((i for i in range(most) if old[-1 - i] != new[-1 - i]), most)
        before, after = old[head : len(old) - tail], new[head : len(new) - tail]
        careless = max(len(before), len(after)) > CAREFUL
        middle = SequenceMatcher(None, before, after, autojunk=careless).get_opcodes()
        return [
            _Step(True, 0, head, 0, head),
            *(_Step(tag == "equal", a + head, b + head, c + head, d + head) for tag, a, b, c, d in middle),
            _Step(True, len(old) - tail, len(old), len(new) - tail, len(new)),
        ]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for number, line in enumerate(self._new_lines):
            places.setdefault(line, []).append(number)
        return places

    def _line_of(self, offset: int) -> int:
        low, high = 0, len(self._old_starts) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._old_starts[middle] <= offset else (low, middle - 1)
        return low

    def _end_of(self, line: int) -> int:
        return self._new_starts[line] + len(self._new_lines[line])

    def _line_became(self, line: int) -> int | None:
        if line not in self._became:
            step = next(s for s in self._steps if s.a <= line < s.b)
            self._became[line] = step.c + line - step.a if step.same else self._most_alike(line, step)
        return self._became[line]

    def _most_alike(self, line: int, step: _Step) -> int | None:
        expected = step.c + (line - step.a) * (step.d - step.c) // max(step.b - step.a, 1)
        moved = self._places.get(self._old_lines[line])
        if moved:
            return min(moved, key=lambda n: abs(n - expected))
        near = range(max(step.c, expected - LOOK_AROUND), min(step.d, expected + LOOK_AROUND + 1))
        words = self._vocabulary(self._old_lines[line])
        if step.b - step.a == step.d - step.c and self._alike(words, expected) >= SURELY:
            return expected
        best = max(near, key=lambda n: (self._alike(words, n), -abs(n - expected)), default=None)
        return best if best is not None and self._alike(words, best) >= ALIKE else None

    def _alike(self, words: Counter[str], line: int) -> float:
        others = self._vocabulary(self._new_lines[line])
        total = words.total() + others.total()
        return 2 * (words & others).total() / total if total else 0.0

    @staticmethod
    def _vocabulary(text: str) -> Counter[str]:
        return Counter(text.lower().split())

    def _only_place(self, line: int, became: int, start: int, quote: str) -> tuple[int, int] | None:
        """A passage that a line holds once before and after is there: no word has to be compared."""
        before, after = self._old_lines[line], self._new_lines[became]
        if before == after:
            at = self._new_starts[became] + start - self._old_starts[line]
            return at, at + len(quote)
        is_alone = before.count(quote) == 1 == after.count(quote)
        if is_alone and before.index(quote) == start - self._old_starts[line]:
            at = self._new_starts[became] + after.index(quote)
            return at, at + len(quote)
        return None

    def _point(self, line: int, became: int, offset: int, *, opens: bool) -> int:
        within = offset - self._old_starts[line]
        for a, b, c, d in self._compared(line, became):
            same = b - a == d - c and self._old_lines[line][a:b] == self._new_lines[became][c:d]
            if opens and a <= within < b:
                return self._new_starts[became] + (c + within - a if same else c)
            if not opens and a < within <= b:
                return self._new_starts[became] + (c + within - a if same else d)
        return self._new_starts[became] if opens and within == 0 else self._end_of(became)

    def _compared(self, line: int, became: int) -> list[tuple[int, int, int, int]]:
        key = (line, became)
        if key not in self._words:
            self._words[key] = list(_ranges(self._old_lines[line], self._new_lines[became]))
        return self._words[key]


def _ranges(old: str, new: str) -> Iterator[tuple[int, int, int, int]]:
    """Which characters of a line became which, run by run; what replaced some words belongs to their run."""
    a = c = 0
    gone = 0
    for piece in compare_words(old, new):
        size = len(piece.text)
        if piece.mark is Mark.DELETED:
            if gone:
                yield a - gone, a, c, c
            a, gone = a + size, size
        elif piece.mark is Mark.INSERTED:
            if gone:
                yield a - gone, a, c, c + size
            c, gone = c + size, 0
        else:
            if gone:
                yield a - gone, a, c, c
            yield a, a + size, c, c + size
            a, c, gone = a + size, c + size, 0
    if gone:
        yield a - gone, a, c, c


def _starts(lines: Sequence[str]) -> list[int]:
    starts, offset = [], 0
    for line in lines:
        starts.append(offset)
        offset += len(line) + 1
    return starts
