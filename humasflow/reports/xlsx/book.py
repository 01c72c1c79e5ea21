"""Writing a workbook of plain tables: typed columns, filters, a header that stays, and nothing that runs.

What people typed is always stored as text: a title that begins like a formula is shown as it was typed and never
calculated. Times are those of the office's clock, because a cell knows no zone.
"""

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from humasflow.core.urls import is_http_url
from humasflow.reports.neutral import plain

# A table needs its cells in memory; beyond so many of them a sheet is written row by row, with filters and no table.
TABLE_CELLS: Final = 400_000
MOST_ROWS: Final = 1_048_575  # below the header
MOST_LINKS: Final = 65_000  # on a sheet; Excel refuses more than 65,530
LONGEST_LINK: Final = 2_000  # characters; Excel opens no longer ones
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_A4: Final = 9
_A3: Final = 8
_WIDE: Final = 180  # characters; more of them on A4 nobody can read


class Kind(StrEnum):
    """What a column holds. Empty cells are None in each of them."""

    TEXT = "text"
    WHOLE = "whole"  # int
    NUMBER = "number"  # Decimal, two places shown
    DAY = "day"  # date
    MOMENT = "moment"  # aware datetime, shown on the office's clock
    LINK = "link"  # text; an address that a browser opens is one


@dataclass(frozen=True)
class Column:
    """A heading, what is below it, and its width in characters."""

    heading: str
    kind: Kind = Kind.TEXT
    width: int = 16


Progress = Callable[[int], object]  # rows written since the last call


class Book:
    """A workbook that is being written. ``cells``: about how many there will be decides how."""

    def __init__(
        self, path: Path, *, zone: ZoneInfo, title: str, author: str, made_at: datetime, cells: int
    ) -> None:
        self.zone = zone
        self.title = title
        self.has_tables = cells <= TABLE_CELLS
        self._book: Any = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": not self.has_tables,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_date_format": "yyyy-mm-dd",
                "tmpdir": str(path.parent),  # where room is looked after, and the same disk
            },
        )
        self._book.set_properties(
            {
                "title": plain(title), "author": plain(author), "company": plain(author),
                "created": made_at.astimezone(UTC).replace(tzinfo=None),
            }
        )  # fmt: skip
        top = {"valign": "top"}
        self._head = self._book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "vcenter",
                "bg_color": "#1F4E79",
                "font_color": "#FFFFFF",
            }
        )
        self._formats: dict[Kind, Format] = {
            Kind.TEXT: self._book.add_format(top | {"text_wrap": True, "num_format": "@"}),
            Kind.LINK: self._book.add_format(top | {"num_format": "@"}),
            Kind.WHOLE: self._book.add_format(top | {"num_format": "#,##0"}),
            Kind.NUMBER: self._book.add_format(top | {"num_format": "#,##0.00"}),
            Kind.DAY: self._book.add_format(top | {"num_format": "yyyy-mm-dd"}),
            Kind.MOMENT: self._book.add_format(top | {"num_format": "yyyy-mm-dd hh:mm"}),
        }
        self._quoted = self._book.add_format(
            top | {"text_wrap": True, "num_format": "@", "quote_prefix": True}
        )
        self._linked = self._book.add_format(top | {"font_color": "#0563C1", "underline": 1})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None:
            try:
                self._book.close()
            except FileCreateError as error:  # the library's wrapping of whatever the system said
                raise error.args[0] from error
        else:
            # Nothing is written to the path before close(); its temporary files go with the object.
            self._book.fileclosed = True

    def sheet(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[object]],
        *,
        progress: Progress | None = None,
    ) -> None:
        """One sheet of one table. ``name`` is ASCII, it names the table too. Raises ValueError for more rows than a
        sheet has.
        """
        sheet: Worksheet = self._book.add_worksheet(name)
        self._dress(sheet, name, columns)
        for number, column in enumerate(columns):
            sheet.write_string(0, number, column.heading, self._head)
        count, links = 0, 0
        for count, row in enumerate(rows, start=1):
            if count > MOST_ROWS:
                raise ValueError(f"more than {MOST_ROWS} rows on one sheet")
            for number, (column, value) in enumerate(zip(columns, row, strict=True)):
                links += self._write(sheet, count, number, column.kind, value, may_link=links < MOST_LINKS)
            if progress is not None:
                progress(1)
        if count and self.has_tables:
            self._table(sheet, name, columns, count)
        elif count:
            sheet.autofilter(0, 0, count, len(columns) - 1)

    def _dress(self, sheet: Worksheet, name: str, columns: Sequence[Column]) -> None:
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(_A3 if sum(column.width for column in columns) > _WIDE else _A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        # In a header & begins a command, and more than 255 characters are refused.
        title = plain(self.title).replace("&", "&&")[:160]
        sheet.set_header(f"&L{title}&R{name}")
        sheet.set_footer("&R&P / &N")

    def _table(self, sheet: Worksheet, name: str, columns: Sequence[Column], count: int) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # the library only warns, and leaves the table out
            sheet.add_table(
                0, 0, count, len(columns) - 1,
                {
                    "name": name.replace(" ", "_"),
                    "style": "Table Style Light 9",
                    "columns": [{"header": column.heading, "header_format": self._head} for column in columns],
                },
            )  # fmt: skip

    def _write(
        self, sheet: Worksheet, row: int, number: int, kind: Kind, value: object, *, may_link: bool
    ) -> bool:
        """Whether the cell became a link."""
        if value is None or value == "":
            return False
        style = self._formats[kind]
        if kind in (Kind.TEXT, Kind.LINK):
            return self._write_text(sheet, row, number, kind, plain(str(value)), may_link)
        if isinstance(value, datetime):
            value = value.astimezone(self.zone).replace(tzinfo=None)
            if value.time() == time():
                # A cell tells no midnight from a mere day, which a reader may take for noon.
                value += timedelta(milliseconds=500)
        if isinstance(value, date):
            sheet.write_datetime(row, number, value, style)
        elif isinstance(value, int | Decimal):
            if value == int(value):
                style = self._formats[Kind.WHOLE]
            sheet.write_number(row, number, float(value) if isinstance(value, Decimal) else value, style)
        else:
            raise TypeError(f"{value!r} in a column of kind {kind}")
        return False

    def _write_text(
        self, sheet: Worksheet, row: int, number: int, kind: Kind, text: str, may_link: bool
    ) -> bool:
        if kind is Kind.LINK and may_link and len(text) <= LONGEST_LINK and is_http_url(text):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what it refuses is written as text below
                if sheet.write_url(row, number, text, self._linked, string=text) == 0:
                    return True
        style = self._quoted if text.startswith(_FORMULA) else self._formats[kind]
        sheet.write_string(row, number, text, style)
        return False
