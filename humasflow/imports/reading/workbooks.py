"""A sheet of a workbook (xlsx, xlsm, xlsb, xls, ods): its values only. Macros and formulas never run.

The file is unpacked to nowhere first, counting; then the process of :mod:`humasflow.metrics.spreadsheets.child` reads
it, with limits on memory and time of its own, and hands its rows over one by one.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask_babel import format_decimal
from flask_babel import gettext as _

from humasflow.metrics.spreadsheets.cells import CHILD, Cell, Unreadable, check_unpacked, damaged
from humasflow.metrics.spreadsheets.child import NO_SHEET, PASSWORD

MAX_ROWS: Final = 50_000
MAX_LINES: Final = 60_000  # with titles and empty lines
MAX_COLUMNS: Final = 60
MAX_UNPACKED: Final = 300 * 1024 * 1024  # bytes: 50,000 rows of long titles have 60 MB
MEMORY: Final = 1024  # MiB of address space of the process
SECONDS: Final = 60
LONGEST: Final = 2100  # characters of a cell: more than is taken, so that too long is seen

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOF, _FILEPASS = (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00"), b"\x2f\x00"


@dataclass(frozen=True)
class Sheet:
    """The names of all sheets, which one this is, and its lines, empty ones included."""

    sheets: tuple[str, ...]
    name: str
    rows: Iterator[list[str]]
    note: str = ""


def too_many() -> Unreadable:
    """What is said of a table that is too long."""
    return Unreadable(
        _(
            "Tabel ini lebih dari %(n)s baris. Pecah menjadi beberapa berkas, lalu impor satu per satu.",
            n=format_decimal(MAX_ROWS),
        )
    )


def read_workbook(path: Path, sheet: str = "", known: Collection[str] = ()) -> Sheet:
    """The sheet of that name; else the one with the most of the known headings (plain), then with the most lines.
    Raises Unreadable, also while its rows are read.
    """
    note = _look_into(path)
    rows = _lines(path, sheet, known)
    first = next(rows)
    names, name = first[0], first[1]
    return Sheet(tuple(str(n) for n in names), str(name), _texts(rows), note)  # type: ignore[union-attr]


def _look_into(path: Path) -> str:
    """What a person should know of it. Raises Unreadable for what is locked, too large or no workbook."""
    with path.open("rb") as file:
        if file.read(8) == _OLE:
            data = path.read_bytes()
            if "EncryptedPackage".encode("utf-16-le") in data or _has_filepass(data):
                raise _locked()
            return _macros() if "_VBA_PROJECT".encode("utf-16-le") in data else ""
        file.seek(0)
        names = set(check_unpacked(file, MAX_UNPACKED))
    if "META-INF/manifest.xml" in names:
        with zipfile.ZipFile(path) as archive:
            if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise _locked()
    is_ods = "content.xml" in names
    if not is_ods and not any(n.startswith("xl/workbook.") for n in names):
        what = "Word" if "word/document.xml" in names else "ZIP"
        raise Unreadable(
            _("Ini berkas %(name)s, bukan tabel. Pilih berkas XLSX, XLS, ODS, atau CSV.", name=what)
        )
    return _macros() if any("vbaProject" in n or n.startswith("Basic/") for n in names) else ""


def _has_filepass(data: bytes) -> bool:
    """Whether a workbook of the old kind is encrypted: the stream begins with BOF, at the start of a sector, and
    FILEPASS is among the records right after it. The reader only says that it does not know such a file.
    """
    for start in range(512, len(data), 512):
        if data[start : start + 4] in _BOF:
            place = start
            for _record in range(3):
                kind, length = data[place : place + 2], int.from_bytes(data[place + 2 : place + 4], "little")
                if kind == _FILEPASS:
                    return True
                place += 4 + length
    return False


def _locked() -> Unreadable:
    return Unreadable(
        _(
            "Berkas ini dikunci kata sandi. Buka di Excel, hapus kata sandinya (File, Info, Proteksi), lalu "
            "unggah lagi."
        )
    )


def _macros() -> str:
    return _("Berkas ini berisi makro. Hanya datanya yang dibaca; makronya tidak dijalankan.")


def _lines(path: Path, sheet: str, known: Collection[str]) -> Iterator[list[Cell]]:
    command = [
        sys.executable, "-I", str(CHILD), str(MAX_LINES), str(MAX_COLUMNS + 1), sheet, str(MEMORY), str(SECONDS),
        json.dumps(sorted(known)),
    ]  # fmt: skip
    with (
        path.open("rb") as source,
        subprocess.Popen(  # noqa: S603 - our own script; the name of a sheet is one of its own
            command, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process,
    ):
        try:
            assert process.stdout is not None  # noqa: S101 - asked for above
            for line in process.stdout:
                yield json.loads(line)
            ended = process.wait(timeout=SECONDS)
        except ValueError as error:
            raise Unreadable(damaged()) from error
        finally:
            process.kill()
    if ended == PASSWORD:
        raise _locked()
    if ended == NO_SHEET:
        raise Unreadable(_("Lembar itu tidak ada di berkas ini."))
    if ended < 0:
        raise Unreadable(
            _("Lembar ini terlalu besar untuk dibaca. Salin hanya tabelnya ke lembar baru, lalu unggah lagi.")
        )
    if ended:
        raise Unreadable(damaged())


def _texts(rows: Iterator[list[Cell]]) -> Iterator[list[str]]:
    for number, row in enumerate(rows):
        if number >= MAX_LINES:
            raise too_many()
        yield [text_of(cell) for cell in row]


def text_of(cell: Cell) -> str:
    """A cell as text: a number that is not whole with a comma, a date as ISO, without the midnight of a mere day."""
    if isinstance(cell, float):
        return f"{cell:.10f}".rstrip("0").rstrip(".").replace(".", ",")
    text = " ".join(cell.replace("\x00", "").split()) if "\n" in cell or "\x00" in cell else cell.strip()
    return text.removesuffix(" 00:00:00")[:LONGEST] if text[4:5] == "-" else text[:LONGEST]
