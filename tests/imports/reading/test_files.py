"""Files of every kind, and everything that can be wrong with them."""

import csv
import io
import random
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdfTable
from odf.table import TableCell, TableRow
from odf.text import P

from humasflow.core.errors import UserError
from humasflow.imports.reading.files import read_file
from humasflow.imports.reading.headings import find_headings

pytestmark = pytest.mark.usefixtures("in_request")


def read(tmp_path: Path, data: bytes, sheet: str = "") -> list[tuple[int, list[str]]]:
    path = tmp_path / "berkas"
    path.write_bytes(data)
    return list(read_file(path, sheet).rows)


def as_csv(rows: list[list[Any]], separator: str = ",", encoding: str = "utf-8") -> bytes:
    target = io.StringIO()
    csv.writer(target, delimiter=separator).writerows(rows)
    return target.getvalue().encode(encoding)


def as_xlsx(rows: list[list[Any]]) -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def as_xls(rows: list[list[Any]]) -> bytes:
    book, target = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("Satu")
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write(line, place, cell)
    book.save(target)
    return target.getvalue()


def as_ods(rows: list[list[Any]]) -> bytes:
    book, table, target = OpenDocumentSpreadsheet(), OdfTable(name="Satu"), io.BytesIO()
    for row in rows:
        line = TableRow()
        for cell in row:
            held = TableCell(valuetype="string")
            held.addElement(P(text=cell))
            line.addElement(held)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.write(target)
    return target.getvalue()


LETTERS = "abc ABC 09 äéñ—“”'\";|,.:/=+-@é漢"


def some_table(seed: int) -> list[list[str]]:
    """Texts as people write them, stripped, no line without any; the same for the same seed."""
    chance = random.Random(seed)
    width = chance.randint(2, 8)
    rows = [
        [" ".join("".join(chance.choices(LETTERS, k=chance.randint(0, 24))).split()) for _ in range(width)]
        for _line in range(chance.randint(2, 30))
    ]
    return [[f"k{n}" for n in range(width)], *[[*row[:-1], row[-1] or "x"] for row in rows]]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("write", [as_csv, as_xlsx, as_xls, as_ods])
def test_what_was_written_is_read(tmp_path: Path, write: Any, seed: int) -> None:
    rows = some_table(seed)
    if write in (as_xlsx, as_xls):  # a text that begins so is a formula to these writers
        rows = [[c.lstrip("=+-@ ") or "x" for c in row] for row in rows]
    assert read(tmp_path, write(rows)) == list(enumerate(rows, start=1))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_encoding_and_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    rows = [
        ["Tanggal", "Judul", "Tautan"],
        *[["3/1/2020", f"Kafé “{n}”, ramai", "https://a.example/?b=1"] for n in range(5)],
    ]
    assert read(tmp_path, as_csv(rows, separator, encoding)) == list(enumerate(rows, start=1))


def test_a_line_that_names_the_separator_is_no_row(tmp_path: Path) -> None:
    assert read(tmp_path, b"sep=;\r\na;b,c,d\r\n1;2,3,4\r\n") == [(2, ["a", "b,c,d"]), (3, ["1", "2,3,4"])]


def test_dates_numbers_and_texts_of_a_workbook(tmp_path: Path) -> None:
    rows = [[datetime(2020, 12, 31, 8, 30), date(2020, 12, 31), 44196, 1.5, "007", True, None, "a\nb"]]
    assert read(tmp_path, as_xlsx(rows)) == [
        (1, ["2020-12-31 08:30:00", "2020-12-31", "44196", "1,5", "007", "True", "", "a b"])
    ]


def test_merged_cells_titles_and_two_heading_rows(tmp_path: Path) -> None:
    book, target = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    for row in (
        ["REKAP PUBLIKASI"], [], ["No", "Publikasi", None, "Tautan"], [None, "Tanggal", "Judul", None],
        [1, "3/1/2020", "Satu", "https://a.example/1"], [2, None, "Dua", "https://a.example/2"],
    ):  # fmt: skip
        sheet.append(row)
    for area in ("A1:D1", "B3:C3", "A3:A4", "D3:D4", "B5:B6"):
        sheet.merge_cells(area)
    book.save(target)
    rows = read(tmp_path, target.getvalue())
    found = find_headings(rows, {"tanggal", "judul", "tautan"})
    assert (found.line, found.lines) == (3, 2)
    assert found.words == ("No", "Publikasi Tanggal", "Publikasi Judul", "Tautan")
    assert rows[-1] == (6, ["2", "3/1/2020", "Dua", "https://a.example/2"])


def test_the_sheet_with_the_most_lines_or_the_one_wanted(tmp_path: Path) -> None:
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Sampul"
    book.active.append(["Laporan"])
    hidden = book.create_sheet("Rahasia")
    for n in range(9):
        hidden.append([n])
    hidden.sheet_state = "hidden"
    data = book.create_sheet("Data")
    data.append(["a", "b"])
    data.append(["1", "2"])
    book.save(target)
    (tmp_path / "a").write_bytes(target.getvalue())
    table = read_file(tmp_path / "a")
    assert (table.sheets, table.sheet) == (("Sampul", "Data"), "Data")
    assert [cells for _line, cells in read_file(tmp_path / "a", "Sampul").rows] == [["Laporan"]]
    with pytest.raises(UserError, match="Lembar itu tidak ada"):
        read_file(tmp_path / "a", "Rahasia")


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return target.getvalue()


def bomb() -> bytes:
    return zipped(xl__workbook_xml=b"<workbook/>", xl__worksheets__sheet1_xml=b"\x00" * (320 * 1024 * 1024))


def million() -> bytes:
    """A sheet of a million lines, each with a value."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "in_memory": False})
    sheet = book.add_worksheet()
    for line in range(150_000):
        sheet.write_number(line, 0, line)
    sheet.write_number(999_999, 0, 1)
    book.close()
    return target.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "kosong"),
        (b"\xef\xbb\xbf \r\n", "kosong"),
        (OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600, "dikunci kata sandi"),
        (
            zipped(META_INF__manifest_xml=b"", content_xml=b"x").replace(b"META_INF", b"META-INF"),
            "tidak dapat dibaca",
        ),
        (zipped(word__document_xml=b"<w/>"), "berkas Word"),
        (zipped(a=b"b"), "berkas ZIP"),
        (b"PK\x03\x04" + b"\x00" * 200, "tidak dapat dibaca"),
        (OLE + b"\x00" * 2000, "tidak dapat dibaca"),
        (b"%PDF-1.4", "berkas PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "berkas PNG"),
        (bytes(range(256)) * 40, "bukan teks"),
        (b"a;b\n" + b'"' + b"x" * 200_000 + b'"\n', "tidak dapat dibaca sebagai tabel"),
        (b"<!DOCTYPE html><html><table>", "halaman web"),
        (b"x" * (20 * 1024 * 1024 + 1), "20 MB"),
        (b"a;b\n" + b"1;2\n" * 60_001, "lebih dari 50.000 baris"),
        ("bomb", "terlalu besar"),
        ("million", "lebih dari 50.000 baris"),
    ],
    ids=lambda v: v if isinstance(v, str) else None,
)  # fmt: skip
def test_what_cannot_be_read_says_why(tmp_path: Path, data: bytes | str, says: str) -> None:
    made = {"bomb": bomb, "million": million}[data]() if isinstance(data, str) else data
    with pytest.raises(UserError, match=says):
        read(tmp_path, made)


def test_one_cell_at_the_far_end_is_a_table_of_one_column_too_many_lines(tmp_path: Path) -> None:
    """XFD1048576: sixteen thousand million cells in a file of some kilobytes."""
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"], book.active["XFD1048576"] = "a", "b"
    book.save(target)
    with pytest.raises(UserError, match=r"terlalu besar|tidak dapat dibaca|lebih dari"):
        read(tmp_path, target.getvalue())


def test_a_file_with_macros_gives_its_data_and_says_so(tmp_path: Path) -> None:
    target = io.BytesIO(as_xlsx([["a", "b"], ["1", "2"]]))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    (tmp_path / "a").write_bytes(target.getvalue())
    table = read_file(tmp_path / "a")
    assert "makro" in table.note
    assert [cells for _line, cells in table.rows] == [["a", "b"], ["1", "2"]]
