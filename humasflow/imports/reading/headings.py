"""Where the names of the columns stand, and what they are. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

LOOK_AT: Final = 30  # rows of the file; a title and an address may stand above


@dataclass(frozen=True)
class Headings:
    """``line``: of the first of ``lines`` heading rows; ``words`` by place, as they are shown."""

    line: int
    lines: int
    words: tuple[str, ...]


def plain(heading: str) -> str:
    """For comparing: lower case, letters and digits only, single spaces."""
    return re.sub(r"[^a-z0-9]+", " ", heading.lower()).strip()


def find_headings(rows: Sequence[tuple[int, Sequence[str]]], known: Collection[str]) -> Headings:
    """The row that has the most of the ``known`` headings (plain); where none has any, the first that looks like one:
    several short texts that are no numbers. ``rows``: the first lines of a file with their numbers.
    """
    scored = [(_known(cells, known), -place) for place, (_line, cells) in enumerate(rows[:LOOK_AT])]
    best, place = max(scored, default=(0, 0))
    start = -place if best else _first_like_one(rows)
    return headings_at(rows, rows[start][0], known) if rows else Headings(1, 1, ())


def headings_at(rows: Sequence[tuple[int, Sequence[str]]], line: int, known: Collection[str]) -> Headings:
    """The headings that stand in this line, and in the one below where that goes on with them: a group above
    ("Publikasi") and its parts below ("Tanggal", "Judul").
    """
    numbers = [number for number, _cells in rows]
    start = numbers.index(line) if line in numbers else 0
    cells = rows[start][1]
    below = rows[start + 1][1] if start + 1 < len(rows) and rows[start + 1][0] == line + 1 else []
    above = rows[start - 1][1] if start and rows[start - 1][0] == line - 1 else []
    if _goes_on(cells, below, known):
        return Headings(line, 2, _joined(cells, below))
    if _is_group(above, cells):
        return Headings(line - 1, 2, _joined(above, cells))
    return Headings(line, 1, tuple(cells))


def _known(cells: Sequence[str], known: Collection[str]) -> int:
    return len({plain(c) for c in cells} & set(known))


def _first_like_one(rows: Sequence[tuple[int, Sequence[str]]]) -> int:
    widest = max((len({c for c in cells if c}) for _line, cells in rows[:LOOK_AT]), default=0)
    for place, (_line, cells) in enumerate(rows[:LOOK_AT]):
        words = {c for c in cells if c and len(c) <= 60 and not re.fullmatch(r"[\d.,:/\- ]+", c)}
        if len(words) >= 2 and len(words) * 2 >= widest:
            return place
    return 0


def _goes_on(cells: Sequence[str], below: Sequence[str], known: Collection[str]) -> bool:
    """Whether the row below is a second row of headings: it has known ones where this row has none or a group."""
    here = {plain(c) for c in cells}
    return len(({plain(c) for c in below} & set(known)) - here) >= 1 and _short(below)


def _is_group(above: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether the row above groups these headings: one of its words stands over several different ones."""
    words = [c for c in above if c]
    over = {w: {cells[p] for p, c in enumerate(above) if c == w and p < len(cells)} for w in words}
    return len(set(words)) > 1 and _short(above) and any(len(found) > 1 for found in over.values())


def _short(cells: Sequence[str]) -> bool:
    return all(len(c) <= 60 and not re.fullmatch(r"[\d.,:/\- ]+", c) for c in cells if c)


def _joined(above: Sequence[str], below: Sequence[str]) -> tuple[str, ...]:
    width = max(len(above), len(below))
    upper, lower = [*above, *[""] * (width - len(above))], [*below, *[""] * (width - len(below))]
    return tuple(
        a if not b or a == b else b if not a else f"{a} {b}" for a, b in zip(upper, lower, strict=True)
    )
