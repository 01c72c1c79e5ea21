"""The grid in which numbers are typed: one row a publication, one cell a number, and what is wrong with a cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _

from humasflow.channels.adapters.base import METRICS
from humasflow.core.urls import NotHttpUrl, canonical_url
from humasflow.metrics.numbers import NotANumber, read_number
from humasflow.metrics.queries import Received
from humasflow.metrics.spreadsheets.cells import Cell, read_text
from humasflow.metrics.spreadsheets.rows import places_of

LONGEST: Final = 40  # characters of a cell that are kept


@dataclass(slots=True)
class GridCell:
    """A cell with what was typed. ``known``: the newest number, shown as a hint and never taken for what is typed."""

    post: Received
    metric: str
    text: str = ""
    value: int | None = None
    error: str = ""

    @property
    def name(self) -> str:
        """Of its field."""
        return f"n-{self.post.delivery_id}-{self.metric}"

    @property
    def known(self) -> int | None:
        """The newest number of the publication."""
        return self.post.numbers[self.metric]


@dataclass(slots=True)
class GridRow:
    """A publication with its cells, in the order of METRICS."""

    post: Received
    cells: list[GridCell]


def build_grid(posts: Sequence[Received], sent: Mapping[str, str] | None = None) -> list[GridRow]:
    """The grid, with what was sent in it and an error beside each cell that is no number."""
    rows = [GridRow(p, [GridCell(p, name) for name in METRICS]) for p in posts]
    for cell in (c for row in rows for c in row.cells):
        fill(cell, (sent or {}).get(cell.name, ""))
    return rows


def fill(cell: GridCell, text: str) -> None:
    """Put a text into a cell and read it."""
    cell.text, cell.error, cell.value = text.strip()[:LONGEST], "", None
    try:
        cell.value = read_number(text)
    except NotANumber as error:
        cell.error = str(error)


def paste(rows: Sequence[GridRow], table: Sequence[Sequence[Cell]]) -> list[str]:
    """Put a pasted table into the grid; what does not fit is said, line by line, and the rest is taken.

    With headings, columns are found by them and rows by ID or address where there is such a column. Without, the table
    goes row by row and column by column into the grid as it stands. Cells that are empty leave the grid alone.
    """
    lines = [[str(cell).strip() for cell in row] for row in table]
    filled = [number for number, line in enumerate(lines) if any(line)]
    if not filled:
        return []
    places = places_of(lines[filled[0]])
    has_headings = any(name in places for name in METRICS)
    if not has_headings:
        places = {name: number for number, name in enumerate(METRICS)}
    first = filled[0] + 1 if has_headings else 0
    by_key = _keys(rows)
    complaints: list[str] = []
    for number in filled:
        if number < first:
            continue
        line = lines[number]
        if {"id", "url"} & places.keys():
            row = _row_of(line, places, by_key)
        else:  # by its place, in which an empty line is a publication that nothing is known of
            row = rows[number - first] if number - first < len(rows) else None
        if row is None:
            complaints.append(_("Baris %(n)s: publikasinya tidak ada pada halaman ini.", n=number + 1))
            continue
        if not has_headings and len(line) > len(METRICS):
            complaints.append(_("Baris %(n)s: ada lebih banyak kolom daripada di sini.", n=number + 1))
        for cell in row.cells:
            place = places.get(cell.metric)
            if place is not None and place < len(line) and line[place]:
                fill(cell, line[place])
    return complaints


def read_paste(text: str) -> list[list[Cell]]:
    """The table that was pasted. A comma separates only below headings: elsewhere it belongs to a number, as in
    ``1,2 rb``. Raises Unreadable.
    """
    head = next((line for line in text.splitlines() if line.strip()), "")
    if any(sign in head for sign in "\t;|"):
        return read_text(text, "\t;|")
    return read_text(text, "," if places_of(head.split(",")) else "\t")


def _keys(rows: Sequence[GridRow]) -> dict[str, GridRow]:
    found = {str(row.post.delivery_id): row for row in rows}
    for row in rows:
        if row.post.permalink:
            found[_address(row.post.permalink)] = row
    return found


def _row_of(line: Sequence[str], places: Mapping[str, int], by_key: Mapping[str, GridRow]) -> GridRow | None:
    """The row that ID and address name; None where they name none, or not the same."""

    def cell(name: str) -> str:
        place = places.get(name)
        return line[place] if place is not None and place < len(line) else ""

    keys = [key for key in (cell("id"), _address(cell("url")) if cell("url") else "") if key]
    found = [by_key.get(key) for key in keys]
    return found[0] if found and all(row is found[0] for row in found) else None


def _address(text: str) -> str:
    try:
        return canonical_url(text)
    except NotHttpUrl:
        return ""
