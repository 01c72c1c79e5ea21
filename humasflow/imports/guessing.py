"""Which place of a table is which column: what the office meant the last time, then headings, then what stands below.
Pure.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from humasflow.core.urls import is_http_url
from humasflow.imports.kinds.base import Column
from humasflow.imports.reading.headings import plain
from humasflow.imports.values import read_moment

LOOK_AT: Final = 50  # rows below the headings
ENOUGH: Final = 0.6  # of the filled cells that have to fit


def guess_mapping(
    columns: Sequence[Column],
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    choices: Mapping[str, Sequence[str]],
    remembered: Mapping[str, str],
) -> dict[str, int]:
    """Column key → place. ``remembered``: plain heading → column key, or empty where it was left out; ``rows``: some of
    the table; ``choices``: the words that a column takes.
    """
    words = [plain(h) for h in headings]
    found: dict[str, int] = {}
    free = {place for place, word in enumerate(words) if word}
    keys = {column.key for column in columns}
    for place in sorted(free):
        told = remembered.get(words[place])
        if told is not None:
            free.discard(place)
            if told in keys and told not in found:
                found[told] = place
    for fits in (_is, _ends_with, _starts_with):
        for column in columns:
            if column.key in found:
                continue
            # The office's first wording first: of "tanggal" and "tanggal terbit" the one that says more.
            names = [plain(n) for n in (column.key, *column.headings)]
            fitting = next((p for n in names for p in sorted(free) if fits(words[p], n)), None)
            if fitting is not None:
                found[column.key] = fitting
                free.discard(fitting)
    free |= {place for place, word in enumerate(words) if not word}
    for column in columns:
        if column.key not in found and column.is_required:
            likely = _by_values(column, sorted(free), rows, choices.get(column.key, ()))
            if likely is not None:
                found[column.key] = likely
                free.discard(likely)
    return found


def _is(word: str, name: str) -> bool:
    return word == name


def _ends_with(word: str, name: str) -> bool:
    return word.endswith(f" {name}")


def _starts_with(word: str, name: str) -> bool:
    return word.startswith(f"{name} ")


def _by_values(
    column: Column, places: Sequence[int], rows: Sequence[Sequence[str]], choices: Sequence[str]
) -> int | None:
    words = {c.lower() for c in choices}
    best, chosen = ENOUGH, None
    for place in places:
        cells = [row[place] for row in rows[:LOOK_AT] if place < len(row) and row[place]]
        if not cells:
            continue
        if words:
            share = sum(c.lower() in words for c in cells) / len(cells)
        elif is_http_url(column.example):
            share = sum(is_http_url(c) for c in cells) / len(cells)
        elif read_moment(column.example) is not None:
            share = sum(read_moment(c) is not None for c in cells) / len(cells)
        else:
            continue
        if share > best:
            best, chosen = share, place
    return chosen
