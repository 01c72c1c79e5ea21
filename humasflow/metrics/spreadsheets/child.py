"""Reads one sheet of a workbook from standard input and writes its cells as JSON lines.

Runs as a script of its own, with limits on memory and time: a small file can unfold to a sheet of billions of cells,
and the reader would try to hold them all. Imports nothing of the product.
"""

import io
import json
import re
import resource
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice

import python_calamine as calamine

MEMORY = 768 * 1024 * 1024  # bytes of address space
SECONDS = 20  # of processor time
PASSWORD, NO_SHEET = 3, 4  # how it ends when that is why it reads nothing
LONGEST = 2_100  # characters of a cell
MERGED_MOST = 5_000  # areas of merged cells that are filled


def plain(cell: object) -> str | float:
    """Text, or a number that is no whole one as it is; whole numbers as their digits."""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, int | float):
        return str(int(cell)) if float(cell).is_integer() else float(cell)
    if isinstance(cell, datetime | date | time | timedelta):
        return str(cell)
    return str(cell)[:LONGEST]


def write(rows: Iterable[Iterable[object]], most: int, columns: int) -> None:
    """A line a row, no more than asked for and one, so that the caller knows whether there are more."""
    for number, row in enumerate(rows):
        if number > most:
            return
        cells = [plain(cell) for cell in list(row)[:columns]]
        sys.stdout.write(json.dumps(cells, ensure_ascii=True) + "\n")


def filled(
    rows: Iterable[list[object]], areas: list[tuple[int, int, int, int]], top: int
) -> Iterator[list[object]]:
    """The rows with what stands in the first cell of a merged area in all of its cells. ``areas``: first and last line,
    first and last place; ``top``: the line of the first row.
    """
    waiting = sorted(areas, reverse=True)
    active: list[tuple[int, int, int, object]] = []
    for line, row in enumerate(rows, start=top):
        active = [a for a in active if a[0] >= line]
        for _last, left, right, value in active:
            for place in range(left, min(right + 1, len(row))):
                row[place] = value
        while waiting and waiting[-1][0] <= line:
            first, last, left, right = waiting.pop()
            if first == line and left < len(row):
                active.append((last, left, right, row[left]))
                for place in range(left, min(right + 1, len(row))):
                    row[place] = row[left]
        yield row


def worth(sheet: calamine.CalamineSheet, known: frozenset[str]) -> tuple[int, int]:
    """How many of the known headings one of its first rows has, and how many lines there are."""
    rows = (
        {re.sub(r"[^a-z0-9]+", " ", str(c).lower()).strip() for c in r} for r in islice(sheet.iter_rows(), 30)
    )
    return max((len(row & known) for row in rows), default=0), sheet.height


def whole(
    book: calamine.CalamineWorkbook, wanted: str, most: int, columns: int, known: frozenset[str]
) -> None:
    """First a line with the names of all sheets that are shown and the one that is read; then its rows, the merged
    cells filled, from the first line and place of the sheet on. With no name wanted, the one that has the most of the
    known headings in a row, then the one with the most lines.
    """
    shown = [
        s.name
        for s in book.sheets_metadata
        if s.visible == calamine.SheetVisibleEnum.Visible and s.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    names = (shown or book.sheet_names)[:50]
    if wanted and wanted not in names:
        sys.exit(NO_SHEET)
    sheet = book.get_sheet_by_name(wanted) if wanted else None
    if sheet is None:
        offered = [book.get_sheet_by_name(name) for name in names[:10]]
        sheet = max(offered, key=lambda s: worth(s, known), default=None)
    if sheet is None:
        sys.exit(NO_SHEET)
    sys.stdout.write(json.dumps([names, sheet.name]) + "\n")
    top, left = sheet.start or (0, 0)
    for _line in range(min(top, most)):
        sys.stdout.write("[]\n")
    areas = [
        (a[0], b[0], a[1] - left, b[1] - left)
        for a, b in (sheet.merged_cell_ranges or [])[:MERGED_MOST]
        if a[1] >= left and b[0] < most
    ]
    pad: list[object] = [""] * min(left, columns)
    rows: Iterable[list[object]] = ([*row[:columns]] for row in sheet.iter_rows())
    # What iter_rows gives begins at the first line and place that hold anything.
    for number, row in enumerate(filled(rows, areas, top), start=top):
        if number > most:
            return
        sys.stdout.write(json.dumps([plain(c) for c in [*pad, *row][:columns]], ensure_ascii=True) + "\n")


def main() -> None:
    """Arguments: the most rows and the most columns; for a whole table also which sheet (or nothing), how many MiB, how
    many seconds, and the headings that it may have, as a JSON list.
    """
    most, columns = int(sys.argv[1]), int(sys.argv[2])
    memory = int(sys.argv[4]) * 1024 * 1024 if len(sys.argv) > 4 else MEMORY
    seconds = int(sys.argv[5]) if len(sys.argv) > 5 else SECONDS
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    except calamine.PasswordError:
        sys.exit(PASSWORD)
    if len(sys.argv) > 3:
        known = frozenset(json.loads(sys.argv[6])) if len(sys.argv) > 6 else frozenset[str]()
        whole(book, sys.argv[3], most, columns, known)
        return
    sheet = book.get_sheet_by_index(0)
    # Line numbers are those that people see, so empty rows at the top count.
    for _ in range(min((sheet.start or (0, 0))[0], 1000)):
        sys.stdout.write("[]\n")
    write(sheet.to_python(skip_empty_area=True, nrows=most + 1), most, columns)


if __name__ == "__main__":
    main()
