"""What a file is, by its content and never by its name, and its rows."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask_babel import gettext as _

from humasflow.imports.reading.texts import read_text
from humasflow.imports.reading.workbooks import MAX_COLUMNS, Sheet, read_workbook
from humasflow.imports.values import without_overrides
from humasflow.metrics.spreadsheets.cells import Unreadable

MAX_BYTES: Final = 20 * 1024 * 1024
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_TABLES: Final = (
    (b"%PDF-", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"{\\rtf", "RTF"),
    (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7z"), (b"\x1f\x8b", "GZIP"), (b"PK\x05\x06", "ZIP"),
)  # fmt: skip


@dataclass
class Table:
    """One sheet of a file: ``rows`` are texts by place, with their line, empty lines left out. To be read once;
    ``note``, what a person should know of the file, is whole only then.
    """

    sheets: tuple[str, ...]
    sheet: str
    rows: Iterator[tuple[int, list[str]]]
    note: str = ""


def look_at(path: Path) -> None:
    """Refuse at once what can be seen from the first bytes. Raises Unreadable."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise Unreadable(_("Berkas ini terlalu besar. Paling besar 20 MB."))
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise Unreadable(_("Berkas ini kosong."))
    for sign, name in _NO_TABLES:
        if head.startswith(sign):
            raise Unreadable(
                _("Ini berkas %(name)s, bukan tabel. Pilih berkas XLSX, XLS, ODS, atau CSV.", name=name)
            )
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        raise Unreadable(
            _(
                "Ini halaman web yang dinamai seperti tabel. Buka di Excel, simpan sebagai XLSX, lalu unggah lagi."
            )
        )
    if start.startswith(b"<?xml"):
        raise Unreadable(_("Ini berkas XML. Buka di Excel, simpan sebagai XLSX, lalu unggah lagi."))


def read_file(path: Path, sheet: str = "", known: Collection[str] = ()) -> Table:
    """The rows of a file, or of one of its sheets; without its name, the one that has most of the known headings.
    Raises Unreadable here, and while the rows are read.
    """
    look_at(path)
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith((_ZIP, _OLE)):
        found: Sheet = read_workbook(path, sheet, known)
        return _table(Table(found.sheets, found.name, iter(()), found.note), found.rows)
    return _table(Table((), "", iter(())), read_text(path.read_bytes()))


def _table(table: Table, rows: Iterator[list[str]]) -> Table:
    table.rows = _kept(table, rows)
    return table


def _kept(table: Table, rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Lines with something in them, without what is empty at their end."""
    is_cut = False
    for line, found in enumerate(rows, start=1):
        cells = [without_overrides(cell) for cell in found]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            is_cut = True
            del cells[MAX_COLUMNS:]
        if cells:
            yield line, cells
    if is_cut:
        told = _("Hanya %(n)s kolom pertama yang dibaca; kolom sesudahnya tidak ikut.", n=MAX_COLUMNS)
        table.note = f"{table.note} {told}".strip()
