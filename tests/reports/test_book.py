"""The workbook's own rules: types, tables, filters, links, and text that never runs."""

import errno
import shutil
import subprocess
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from humasflow.reports.xlsx import Book, Column, Kind
from humasflow.reports.xlsx import book as books

ZONE = ZoneInfo("Asia/Jayapura")
COLUMNS = [
    Column("nomor", Kind.WHOLE, 8), Column("judul", Kind.TEXT, 50), Column("url", Kind.LINK, 40),
    Column("waktu", Kind.MOMENT, 18), Column("tanggal", Kind.DAY, 12), Column("nilai", Kind.NUMBER),
]  # fmt: skip
LATE = datetime(2026, 3, 31, 14, 30, 5, tzinfo=UTC)  # 23.30.05 WIT
HOSTILE = ("=1+1", "+62 811", "-5 %", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://jahat.example","klik")')


def write(
    path: Path, rows: list[tuple[object, ...]], *, cells: int = 100, title: str = "Laporan & <uji>"
) -> Path:
    with Book(
        path,
        zone=ZONE,
        title=title,
        author="KPKNL Contoh",
        made_at=datetime(2026, 4, 1, tzinfo=UTC),
        cells=cells,
    ) as book:
        book.sheet("Publikasi", COLUMNS, rows)
        book.sheet("Kosong", COLUMNS, [])
    return path


def usual(
    number: int = 1, title: str = "Lelang", url: str = "https://contoh.go.id/a?b=1&c=2#d"
) -> tuple[object, ...]:
    return (number, title, url, LATE, date(2026, 3, 31), Decimal("12.345"))


@pytest.mark.parametrize("cells", [100, 10**9])
def test_cells_have_types_and_the_offices_clock(tmp_path: Path, cells: int) -> None:
    path = write(tmp_path / "a.xlsx", [usual(), (2, "Tanpa", None, None, None, None)], cells=cells)
    book = openpyxl.load_workbook(path)
    sheet = book["Publikasi"]
    assert [c.value for c in sheet[1]] == [column.heading for column in COLUMNS]
    assert [c.value for c in sheet[2]] == [
        1, "Lelang", "https://contoh.go.id/a?b=1&c=2#d", datetime(2026, 3, 31, 23, 30, 5), datetime(2026, 3, 31),
        12.345,
    ]  # fmt: skip
    assert [c.value for c in sheet[3]] == [2, "Tanpa", None, None, None, None]
    assert sheet["D2"].number_format == "yyyy-mm-dd hh:mm"
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.column_dimensions["B"].width > 50
    if cells == 100:
        assert sheet.tables["Publikasi"].ref == "A1:F3"
        assert sheet.tables["Publikasi"].autoFilter is not None
    else:
        assert sheet.auto_filter.ref == "A1:F3"
    assert book["Kosong"].max_row == 1
    assert book.properties.title == "Laporan & <uji>"
    assert book.properties.creator == "KPKNL Contoh"
    assert book.properties.created == datetime(2026, 4, 1)


@pytest.mark.parametrize("cells", [100, 10**9])
def test_nothing_that_people_typed_is_calculated(tmp_path: Path, cells: int) -> None:
    rows = [usual(n, text) for n, text in enumerate(HOSTILE, start=1)] + [usual(9, "x", "=1+1")]
    path = write(tmp_path / "a.xlsx", rows, cells=cells)
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in parts.read(name)
                assert b"<f " not in parts.read(name)
    sheet = openpyxl.load_workbook(path)["Publikasi"]
    for row, text in enumerate(HOSTILE, start=2):
        cell = sheet.cell(row, 2)
        assert cell.data_type != "f"
        assert str(cell.value).replace("_x000D_", "\r") == text
        assert cell.quotePrefix
    assert sheet.cell(9, 3).data_type == "s"


def test_only_addresses_of_the_web_are_links_and_not_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "MOST_LINKS", 2)
    urls = [
        "javascript:alert(1)", "internal:Sheet2!A1", "https://a.id/1", "external:c:\\x", "https://a.id/" + "x" * 2100,
        "https://a.id/2", "https://a.id/3",
    ]  # fmt: skip
    path = write(tmp_path / "a.xlsx", [usual(n, "t", url) for n, url in enumerate(urls, start=1)])
    sheet = openpyxl.load_workbook(path)["Publikasi"]
    assert [sheet.cell(n, 3).value for n in range(2, 9)] == urls
    linked = [n for n in range(2, 9) if sheet.cell(n, 3).hyperlink is not None]
    assert linked == [4, 7]


def test_long_and_odd_texts_fit_a_cell(tmp_path: Path) -> None:
    texts = ["panjang " * 6000, "😀" * 20_000, "a\x00b\x0bc\ufffe", "\ud800 tunggal"]
    path = write(tmp_path / "a.xlsx", [usual(n, text) for n, text in enumerate(texts, start=1)])
    sheet = openpyxl.load_workbook(path)["Publikasi"]
    for row in range(2, 4):
        value = str(sheet.cell(row, 2).value)
        assert len(value.encode("utf-16-le")) // 2 <= 32_767
        assert value.endswith("… (dipotong)")
    assert sheet.cell(4, 2).value == "abc"
    assert sheet.cell(5, 2).value == "? tunggal"


def test_the_same_facts_make_the_same_bytes(tmp_path: Path) -> None:
    assert (
        write(tmp_path / "a.xlsx", [usual()]).read_bytes()
        == write(tmp_path / "b.xlsx", [usual()]).read_bytes()
    )


def test_an_error_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="column of kind"):
        write(tmp_path / "a.xlsx", [(1, "x", "", "bukan waktu", None, None)])
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_the_systems_own_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("xlsxwriter.workbook.ZipFile.write", full)
    monkeypatch.setattr("xlsxwriter.workbook.ZipFile.writestr", full)
    with pytest.raises(OSError, match="No space left") as refused:
        write(tmp_path / "a.xlsx", [usual()])
    assert refused.value.errno == errno.ENOSPC


@pytest.mark.channels
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("cells", [100, 10**9])
def test_libreoffice_opens_it_and_shows_the_same_rows(tmp_path: Path, cells: int) -> None:
    rows = [usual(n, text) for n, text in enumerate((*HOSTILE[:4], "Biasa"), start=1)]
    path = write(tmp_path / "a.xlsx", rows, cells=cells)
    done = subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profil", "--convert-to",
         "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1", "--outdir", str(tmp_path), str(path)],
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = next(tmp_path.glob("*.csv")).read_text().splitlines()
    assert lines[0] == "nomor,judul,url,waktu,tanggal,nilai"
    assert [line.split(",")[1].strip('"') for line in lines[1:]] == [*HOSTILE[:4], "Biasa"]
    assert lines[5] == "5,Biasa,https://contoh.go.id/a?b=1&c=2#d,2026-03-31 23:30:05,2026-03-31,12.345"
