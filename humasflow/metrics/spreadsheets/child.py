"""Reads the first sheet of a workbook from standard input and writes its cells as JSON lines.

Runs as a script of its own, with limits on memory and time: a small file can unfold to a sheet of billions of cells,
and the reader would try to hold them all. Imports nothing of the product.
"""

import io
import json
import resource
import sys
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import python_calamine as calamine

MEMORY = 768 * 1024 * 1024  # bytes of address space
SECONDS = 20  # of processor time


def plain(cell: object) -> str | float:
    """Text, or a number that is no whole one as it is; whole numbers as their digits."""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, int | float):
        return str(int(cell)) if float(cell).is_integer() else float(cell)
    if isinstance(cell, datetime | date | time | timedelta):
        return str(cell)
    return str(cell)[:2000]


def write(rows: Iterable[Iterable[object]], most: int, columns: int) -> None:
    """A line a row, no more than asked for and one, so that the caller knows whether there are more."""
    for number, row in enumerate(rows):
        if number > most:
            return
        cells = [plain(cell) for cell in list(row)[:columns]]
        sys.stdout.write(json.dumps(cells, ensure_ascii=True) + "\n")


def main() -> None:
    """Arguments: the most rows and the most columns."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    sheet = book.get_sheet_by_index(0)
    # Line numbers are those that people see, so empty rows at the top count.
    for _ in range(min((sheet.start or (0, 0))[0], 1000)):
        sys.stdout.write("[]\n")
    write(
        sheet.to_python(skip_empty_area=True, nrows=int(sys.argv[1]) + 1), int(sys.argv[1]), int(sys.argv[2])
    )


if __name__ == "__main__":
    main()
