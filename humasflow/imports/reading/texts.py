"""A delimited text in whatever encoding and with whatever separator."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

from charset_normalizer import from_bytes
from flask_babel import gettext as _

from humasflow.imports.reading.workbooks import LONGEST, MAX_COLUMNS, MAX_LINES, too_many
from humasflow.metrics.spreadsheets.cells import Unreadable

SEPARATORS: Final = ";,\t|"
_SAMPLE: Final = 64 * 1024  # bytes that an encoding is guessed from
_LOOKED_AT: Final = 40  # lines that a separator is guessed from
# What offices here write with; a guess among all of the world's would read a name with an accent as Cyrillic.
_ENCODINGS: Final = ("cp1252", "cp1250", "mac_roman", "cp850")


def read_text(data: bytes) -> Iterator[list[str]]:
    """Its lines as they are numbered in an editor. Raises Unreadable, also while they are read."""
    text = decode(data)
    if not text.strip():
        raise Unreadable(_("Berkas ini kosong."))
    text, separator = _separator(text)
    return _lines(text, separator)


def decode(data: bytes) -> str:
    """The text of a file. Raises Unreadable for what is none."""
    if data[:4] in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"):
        return data.decode("utf-32", errors="replace")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    sample = data[:_SAMPLE]
    if sample.count(0) > len(sample) // 4:  # UTF-16 without its mark: every other byte of a Latin text
        little = sample[1::2].count(0) > sample[::2].count(0)
        text = data.decode("utf-16-le" if little else "utf-16-be", errors="replace")
    else:
        text = _eight_bits(data)
    if "\x00" in text or _is_noise(text[:4000]):
        raise Unreadable(_("Berkas ini bukan teks dan bukan tabel. Pilih berkas XLSX, XLS, ODS, atau CSV."))
    return text


def _eight_bits(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(_odd_lines(data), cp_isolation=list(_ENCODINGS), enable_fallback=False).best()
        return data.decode(best.encoding if best is not None else "cp1252", errors="replace")


def _odd_lines(data: bytes) -> bytes:
    """The lines that are not plain ASCII: only they tell one encoding from another."""
    found = bytearray()
    for line in data.splitlines():
        if not line.isascii():
            found += line + b"\n"
            if len(found) > _SAMPLE:
                break
    return bytes(found)


def _is_noise(text: str) -> bool:
    odd = sum(ord(c) < 32 and c not in "\t\r\n\x0b\x0c\x1a" for c in text)
    return odd > len(text) // 50 + 1


def _separator(text: str) -> tuple[str, str]:
    """The text without its ``sep=`` line, and the separator: the one that makes the most columns in the most lines."""
    first, _end, rest = text.partition("\n")
    told = first.strip().strip('"').lower()
    if told.startswith("sep=") and len(told) == 5:
        return f"\n{rest}", first.strip().strip('"')[
            4
        ]  # the line stays, empty, so that the others keep their number
    if told == "sep=":
        return f"\n{rest}", "\t"
    return text, max(SEPARATORS, key=lambda separator: _fit(text, separator))


def _fit(text: str, separator: str) -> tuple[int, int]:
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), _LOOKED_AT))
    except csv.Error:
        return (0, 0)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return (0, 0)
    width, lines = widths.most_common(1)[0]
    return (lines * 2 >= len([r for r in rows if r]), lines * (width - 1)) if width > 1 else (0, 0)


def _lines(text: str, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(131_072)
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=separator)
    told = 0
    try:
        for cells in reader:
            # A cell with a line break makes a row of several lines: its number is that of its last one.
            if lines.is_over:  # the reader asked for more: a quotation mark was still open
                raise Unreadable(
                    _(
                        "Tanda kutip di baris %(n)s tidak ditutup, sehingga baris sesudahnya tidak terbaca. "
                        "Perbaiki di berkasnya, lalu unggah lagi.",
                        n=told + 1,
                    )
                )
            for _gap in range(reader.line_num - told - 1):
                yield []
            told = reader.line_num
            if told > MAX_LINES:
                raise too_many()
            yield [" ".join(cell.split())[:LONGEST] for cell in cells[: MAX_COLUMNS + 1]]
    except csv.Error as error:
        raise Unreadable(_("Baris %(n)s tidak dapat dibaca sebagai tabel.", n=reader.line_num)) from error


class _Lines:
    """The lines of a text with their ends, one by one; ``is_over`` once somebody asked for one after the last."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self.is_over = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._lines.readline()
        if not line:
            self.is_over = True
            raise StopIteration
        return line
