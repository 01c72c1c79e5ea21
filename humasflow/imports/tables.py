"""Reading a list that an office exported: any common encoding and separator, columns found by their headings.

Pure: bytes in, rows with their line numbers out.
"""

import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from humasflow.core.errors import UserError

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
SEPARATORS = ",;\t|"


class Unreadable(UserError):
    """The file is not a table we can read; the message says what is wrong with it."""


@dataclass(frozen=True)
class Row:
    """One row: its line in the file (the heading is line 1) and its cells by column name."""

    line: int
    cells: Mapping[str, str]


def read_table(
    data: bytes, columns: Mapping[str, Sequence[str]], *, optional: Collection[str] = ()
) -> list[Row]:
    """Rows of a delimited file.

    ``columns``: for each column the headings it may have, the first being the one we print; ``optional``: those whose
    absence means empty cells. Raises :class:`Unreadable` when the file is too large, no text, or lacks columns (all of
    them are named).
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(_("Berkas ini terlalu besar. Paling besar 20 MB."))
    text = _decode(data)
    if "\x00" in text:
        raise Unreadable(_("Berkas ini bukan teks. Simpan sebagai CSV lalu coba lagi."))
    if not text.strip():
        raise Unreadable(_("Berkas ini kosong."))
    head = next(line for line in text.splitlines() if line.strip())
    separator = max(SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    try:
        heading = [_plain(h) for h in next(row for row in reader if any(c.strip() for c in row))]
    except csv.Error as error:
        raise Unreadable(_("Berkas ini bukan tabel CSV yang utuh.")) from error
    found = {name: _position(heading, aliases) for name, aliases in columns.items()}
    missing = [
        columns[name][0] for name, position in found.items() if position is None and name not in optional
    ]
    if missing:
        raise Unreadable(
            _(
                "Kolom ini tidak ditemukan: %(missing)s. Kolom yang ada: %(present)s.",
                missing=", ".join(missing),
                present=", ".join(h for h in heading if h)[:200] or "-",
            )
        )
    rows: list[Row] = []
    try:
        for cells in reader:
            if not any(c.strip() for c in cells):
                continue
            if len(rows) >= MAX_ROWS:
                raise Unreadable(_("Paling banyak %(n)s baris dalam satu file.", n=MAX_ROWS))
            values = {
                n: cells[p].strip() if p is not None and p < len(cells) else "" for n, p in found.items()
            }
            rows.append(Row(reader.line_num, values))
    except csv.Error as error:
        raise Unreadable(_("Baris %(n)s tidak dapat dibaca sebagai tabel.", n=reader.line_num)) from error
    return rows


def _decode(data: bytes) -> str:
    if data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Unreadable(_("Ini file Excel. Simpan dahulu sebagai CSV (File, Simpan sebagai, CSV UTF-8)."))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", heading.strip().lower()).strip("_")


def _position(heading: Sequence[str], aliases: Sequence[str]) -> int | None:
    return next((i for i, h in enumerate(heading) if h in {_plain(a) for a in aliases}), None)


def looks_like_formula(text: str) -> bool:
    """A cell that a spreadsheet would run instead of show."""
    return text[:1] in ("=", "+", "-", "@", "\t", "\r")
