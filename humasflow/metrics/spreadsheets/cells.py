"""The cells of a file: a workbook (xlsx, xls, ods) or a delimited text in any common encoding."""

import csv
import io
import json
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, Final

from flask_babel import gettext as _

from humasflow.core.errors import UserError

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_UNPACKED: Final = 60 * 1024 * 1024  # bytes of everything in a workbook
MAX_PARTS: Final = 500  # files in a workbook
MAX_LINES: Final = 6_000  # with headings and empty lines; how many publications, `rows` says
MAX_COLUMNS: Final = 60
SECONDS: Final = 30

CHILD = Path(__file__).with_name("child.py")
_SEPARATORS = "\t;,|"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 64 * 1024

Cell = str | float
"""Text, or a number of the spreadsheet that is not whole."""


class Unreadable(UserError):
    """The file is not a table we can read; the message says what is wrong with it."""


def read_cells(data: bytes) -> list[list[Cell]]:
    """The rows of the first sheet, or of the text, from the first line on. Raises Unreadable.

    Memory is bounded: by the size of the file, by what a workbook may unpack to, and by the process that reads it.
    """
    if not data.strip():
        raise Unreadable(_("Berkas ini kosong."))
    if len(data) > MAX_BYTES:
        raise Unreadable(_("Berkas ini terlalu besar. Paling besar 5 MB."))
    if data.startswith(_ZIP):
        check_unpacked(io.BytesIO(data))
    rows = _read_workbook(data) if data.startswith((_ZIP, _OLE)) else read_text(_decode(data))
    if len(rows) > MAX_LINES:
        raise Unreadable(_("Paling banyak %(n)s baris dalam satu berkas.", n=MAX_LINES))
    return rows


def check_unpacked(file: BinaryIO, most: int = MAX_UNPACKED) -> list[str]:
    """Unpack to nowhere, counting: what the directory of a ZIP says of its sizes need not be true. The names of what
    is in it. Raises Unreadable.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            left = most
            if len(parts) > MAX_PARTS:
                raise Unreadable(
                    _("Berkas ini terlalu besar setelah dibuka. Simpan hanya lembar yang diperlukan.")
                )
            for part in parts:
                with archive.open(part) as content:
                    while chunk := content.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise Unreadable(
                                _(
                                    "Berkas ini terlalu besar setelah dibuka. Simpan hanya lembar yang diperlukan."
                                )
                            )
            return [part.filename for part in parts]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, zlib.error) as error:
        raise Unreadable(damaged()) from error


def damaged() -> str:
    """What is said of a workbook that cannot be read."""
    return _(
        "Berkas ini tidak dapat dibaca sebagai lembar kerja. Simpan ulang sebagai XLSX atau CSV, lalu coba lagi."
    )


def _read_workbook(data: bytes) -> list[list[Cell]]:
    command = [sys.executable, "-I", str(CHILD), str(MAX_LINES), str(MAX_COLUMNS)]
    try:
        done = subprocess.run(  # noqa: S603 - our own script, no word of it from outside
            command, input=data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(damaged()) from error
    if done.returncode:
        raise Unreadable(damaged())
    return [json.loads(line) for line in done.stdout.splitlines()]


def read_text(text: str, separators: str = _SEPARATORS) -> list[list[Cell]]:
    """The rows of a delimited text; the separator is the one that its first line has most of. Raises Unreadable."""
    if "\x00" in text:
        raise Unreadable(damaged())
    head = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(separators, key=head.count)
    rows: list[list[Cell]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            if len(rows) > MAX_LINES:
                break
            rows.append([cell.strip()[:2000] for cell in cells[:MAX_COLUMNS]])
    except csv.Error as error:
        raise Unreadable(_("Baris %(n)s tidak dapat dibaca sebagai tabel.", n=reader.line_num)) from error
    return rows


def _decode(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
