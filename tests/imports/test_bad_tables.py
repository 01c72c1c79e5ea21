"""Every kind of bad table, through the pages: a clear sentence, nothing half-written, and the upload is where the page
says that it is. (What the reader itself makes of bytes is in ``reading/test_files.py``.)
"""

import io
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.imports.enums import BatchState
from humasflow.imports.models import ImportBatch, ImportRow
from humasflow.media.services import storage
from humasflow.publishing.models import Delivery, Evidence
from humasflow.stories.models import Story
from tests.factories.world import World
from tests.imports import bad_tables as bad
from tests.support.forms import form_with
from tests.support.page import Browser, Page

pytestmark = pytest.mark.db
NEW = "/impor/baru/publications"
HEADINGS = ["Tanggal", "Media", "Jenis Berita", "Judul", "Link"]
ROW = ["3/1/2020", "Website", "Artikel", "Satu", "https://lama.example/1"]

Finish = Callable[[], ImportBatch]
BrowserOf = Callable[..., Browser]


def written() -> list[int]:
    """How many rows there are of what an import could write."""
    return [db.session.scalar(select(func.count()).select_from(m)) or 0 for m in (Story, Delivery, Evidence)]


def send(browser: Browser, data: bytes, name: str = "rekap.xlsx", status: int = 303) -> Page:
    form = form_with(browser.get(NEW), "csrf_token")
    return browser.post(NEW, form | {"file": (io.BytesIO(data), name)}, status=status)


def looked_at(browser: Browser, finish: Finish, data: bytes, name: str = "rekap.xlsx") -> Page:
    """Upload, columns as they are guessed, every row looked at: the page then."""
    send(browser, data, name)
    address = f"/impor/{finish().id}"
    browser.post(f"{address}/kolom", form_with(browser.get(address), "row_version"), status=303)
    finish()
    return browser.get(f"{address}?saring=semua")


def as_text(*rows: list[str], separator: str = ";") -> str:
    return "\n".join(separator.join(row) for row in rows) + "\n"


PASSWORD = ("dikunci kata sandi. Buka di Excel", "This file is locked with a password")
AT_ONCE = {
    "empty": (b"", "a.xlsx", ("Berkas ini kosong.", "This file is empty.")),
    "only spaces": (b"\xef\xbb\xbf \r\n\t", "a.csv", ("Berkas ini kosong.", "This file is empty.")),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "a.xlsx", ("Ini berkas PNG, bukan tabel", "a PNG file, not a table")),
}  # fmt: skip
WHEN_READ: dict[str, tuple[Callable[[], bytes], str, tuple[str, str]]] = {
    "locked xlsx": (bad.locked_xlsx, "a.xlsx", PASSWORD),
    "locked xls": (bad.locked_xls, "a.xls", PASSWORD),
    "locked ods": (bad.locked_ods, "a.ods", PASSWORD),
    "a million rows": (bad.million_rows, "a.xlsx", ("lebih dari 50.000 baris", "more than 50,000 rows")),
    "a million lines": (
        lambda: b"31/12/20;1;2\n" * 1_000_000, "a.csv", ("lebih dari 50.000 baris", "more than 50,000 rows"),
    ),
    "bomb": (bad.bomb, "a.xlsx", ("terlalu besar setelah dibuka", "too large once opened")),
    "headings and nothing": (
        lambda: bad.as_xlsx(["REKAP"], [], HEADINGS), "a.xlsx",
        ("Di bawah nama kolom tidak ada baris", "Below the column names no row contains data"),
    ),
    "a character that no text has": (
        lambda: as_text(HEADINGS, ["\x00", *ROW[1:]]).encode(), "a.csv",
        ("bukan teks dan bukan tabel", "neither text nor a table"),
    ),
    "half a workbook": (
        lambda: bad.as_xlsx(HEADINGS, ROW)[:1500], "a.xlsx",
        ("tidak dapat dibaca sebagai lembar kerja", "can’t be read as a spreadsheet"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", [0, 1], ids=["id", "en"])
@pytest.mark.parametrize("case", AT_ONCE)
def test_what_the_first_bytes_tell_is_said_at_once_and_nothing_is_kept(
    world: World, browser_of: BrowserOf, case: str, language: int
) -> None:
    data, name, says = AT_ONCE[case]
    world.editor.locale = ("id", "en")[language]
    db.session.commit()
    before, files = written(), sorted(storage().root.rglob("*"))
    page = send(browser_of(world.editor), data, name, status=422)
    assert says[language] in page.main
    assert (db.session.query(ImportBatch).count(), written()) == (0, before)
    assert sorted(p for p in storage().root.rglob("*") if p.is_file()) == [p for p in files if p.is_file()]


@pytest.mark.parametrize("case", WHEN_READ)
def test_what_is_seen_in_reading_is_said_on_its_page_and_can_be_thrown_away(
    world: World, browser_of: BrowserOf, finish: Finish, case: str
) -> None:
    make, name, says = WHEN_READ[case]
    editor, before = browser_of(world.editor), written()
    send(editor, make(), name)
    with pytest.raises(UserError):
        finish()
    batch = db.session.query(ImportBatch).one()
    page = editor.get(f"/impor/{batch.id}")
    assert (batch.state, says[0] in page.main) == (BatchState.FAILED, True), page.main
    assert (says[0] in editor.get("/pemberitahuan/").main, written()) == (True, before)
    # Read once more, by somebody with another language: the same, in their words. The file is still there for it.
    world.editor.locale = "en"
    db.session.commit()
    assert storage().path(batch.file_key).is_file()
    editor.post(f"/impor/{batch.id}/lanjutkan", page.form("lanjutkan"), status=303)
    with pytest.raises(UserError):
        finish()
    assert says[1] in editor.get(f"/impor/{batch.id}").main
    # Thrown away, nothing of it is left.
    path = storage().path(batch.file_key)
    editor.post(f"/impor/{batch.id}/buang", page.form("buang"), status=303)
    assert (path.exists(), db.session.query(ImportRow).count(), written()) == (False, 0, before)


def test_an_open_quotation_mark_is_named_by_its_row(
    world: World, browser_of: BrowserOf, finish: Finish
) -> None:
    """All rows after it would be one cell of it."""
    rows = [HEADINGS, ROW, ["4/1/2020", "Website", "Artikel", '"Lelang tertib', "https://lama.example/2"]]
    rows += [
        ["5/1/2020", "Website", "Artikel", f"Berita {n}", f"https://lama.example/b{n}"] for n in range(20)
    ]
    send(browser_of(world.editor), as_text(*rows).encode(), "rekap.csv")
    with pytest.raises(UserError, match="Tanda kutip di baris 3 tidak ditutup"):
        finish()
    assert db.session.query(ImportRow).count() == 0


def titles(page: Page) -> list[str]:
    """The rows on the page of an import, as they are headed."""
    return [" ".join(s.get_text(" ").split()) for s in page.soup.select(".list strong.wrap-anywhere")]


def labels(page: Page) -> list[str]:
    """What the fields of the page are called."""
    return [" ".join(one.get_text(" ").split()) for one in page.soup.select("main label")]


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("rekap.xlsx", lambda *rows: as_text(*rows).encode("cp1252")),
        ("rekap.xlsx", lambda *rows: as_text(*rows, separator="|").encode("utf-16")),
        ("rekap.csv", bad.as_xlsx),
        ("rekap", bad.xls_with_macros),
        ("rekap.xlsm", bad.with_macros),
        ("laporan\u202exslx.exe", lambda *rows: as_text(*rows, separator="\t").encode("utf-8-sig")),
    ],
)
def test_a_wrong_ending_does_not_matter_and_macros_are_told(
    world: World, browser_of: BrowserOf, finish: Finish, name: str, make: Callable[..., bytes]
) -> None:
    page = looked_at(browser_of(world.editor), finish, make(HEADINGS, [*ROW[:3], "Kafé “dua”", ROW[4]]), name)
    assert "1 baris: 1 siap diimpor." in page.main
    assert titles(page) == ["Baris 2, Kafé “dua”"]
    assert ("Berkas ini berisi makro." in page.main) == ("macros" in make.__name__)
    assert "\u202e" not in page.html, "a name cannot be shown backwards"


def test_formulas_are_read_as_their_results_and_never_run(
    world: World, browser_of: BrowserOf, finish: Finish
) -> None:
    data = bad.calculated(HEADINGS, [
        ("=DATE(2020,1,3)", 43833), ('="Web"&"site"', "Website"), ("=NA()", "#N/A"), ('=A1&" tertib"', "Lelang tertib"),
        ('=HYPERLINK("https://lama.example/1")', "https://lama.example/1"),
    ])  # fmt: skip
    page = looked_at(browser_of(world.editor), finish, data)
    assert titles(page) == ["Baris 2, Lelang tertib"]
    assert "1 baris: 0 siap diimpor, 1 perlu diperbaiki." in page.main
    assert "jenis kosong" in page.main, "an error of the sheet is no word"


def test_text_that_looks_like_a_formula_is_named_by_row_and_column(
    world: World, browser_of: BrowserOf, finish: Finish
) -> None:
    evil = "=cmd|'/C calc'!A0"
    page = looked_at(browser_of(world.editor), finish, as_text(HEADINGS, [*ROW[:3], evil, ROW[4]]).encode())
    assert "judul diawali “=” seperti rumus" in page.main
    assert "Judul , baris 2" in labels(page)


def test_three_hundred_columns(world: World, browser_of: BrowserOf, finish: Finish) -> None:
    more = [f"lain {n}" for n in range(295)]
    page = looked_at(browser_of(world.editor), finish, as_text(HEADINGS + more, ROW + more).encode())
    assert "1 baris: 1 siap diimpor." in page.main
    assert "Hanya 60 kolom pertama yang dibaca" in page.main


def test_what_is_needed_beyond_the_last_column_is_asked_for(
    world: World, browser_of: BrowserOf, finish: Finish
) -> None:
    editor, more = browser_of(world.editor), [f"lain {n}" for n in range(90)]
    send(editor, bad.as_xlsx(HEADINGS[:4] + more + HEADINGS[4:], ROW[:4] + more + ROW[4:]))
    address = f"/impor/{finish().id}"
    page = editor.get(address)
    assert "Hanya 60 kolom pertama yang dibaca" in page.main
    refused = editor.post(f"{address}/kolom", form_with(page, "row_version"), status=422)
    assert "Kolom ini tidak ditemukan: Tautan" in refused.main


@pytest.mark.parametrize(("column", "place"), [(3, "Judul , baris 2"), (4, "Tautan , baris 2")])
def test_a_cell_of_100_kb_is_not_half_of_it(
    world: World, browser_of: BrowserOf, finish: Finish, column: int, place: str
) -> None:
    long = [*ROW]
    long[column] += "/" + "a" * 100_000
    page = looked_at(browser_of(world.editor), finish, as_text(HEADINGS, long).encode())
    assert "isinya lebih dari 2.000 karakter; singkatkan" in page.main
    assert place in labels(page)
    assert "1 baris: 0 siap diimpor, 1 perlu diperbaiki." in page.main
    assert len(page.html) < 100_000


def test_marks_that_nobody_sees_are_left_out(world: World, browser_of: BrowserOf, finish: Finish) -> None:
    """Text that runs backwards, and what comes along when words are copied from a page."""
    row = [
        "\u200b3/1/2020",
        "Web\u200bsite",
        "\ufeffArtikel",
        "Aset \u202egnaleL\u202c \u2066aman\u2069",
        ROW[4],
    ]
    page = looked_at(browser_of(world.editor), finish, bad.as_xlsx(HEADINGS, row))
    assert titles(page) == ["Baris 2, Aset gnaleL aman"]
    assert "1 baris: 1 siap diimpor." in page.main


def test_of_two_columns_with_one_name_the_first_is_proposed_and_the_other_can_be_chosen(
    world: World, browser_of: BrowserOf, finish: Finish
) -> None:
    editor = browser_of(world.editor)
    send(editor, bad.as_xlsx([*HEADINGS, "Judul"], [*ROW, "Yang kedua"]))
    address = f"/impor/{finish().id}"
    page = editor.get(address)
    chosen = page.soup.select_one("select[name=kolom-judul]")
    assert chosen is not None
    same = [o for o in chosen.find_all("option") if o.get_text(strip=True).startswith("Judul")]
    assert len(same) == 2
    assert [o["value"] for o in same if o.has_attr("selected")] == ["3"]
    form = form_with(page, "row_version") | {"kolom-judul": str(same[1]["value"])}
    editor.post(f"{address}/kolom", form, status=303)
    finish()
    assert titles(editor.get(f"{address}?saring=semua")) == ["Baris 2, Yang kedua"]


@pytest.mark.parametrize(
    "written_as",
    [
        "31/12/20",
        "31 Des 2020",
        "31 Desember 2020",
        "2020-12-31",
        "31.12.2020",
        "Kamis, 31-12-2020",
        "44196",
        44196,
    ],
)
def test_a_date_as_offices_write_it(
    world: World, browser_of: BrowserOf, finish: Finish, written_as: str | int
) -> None:
    editor = browser_of(world.editor)
    page = looked_at(editor, finish, bad.as_xlsx(HEADINGS, [written_as, *ROW[1:]]))
    editor.post(page.form("terapkan") and f"/impor/{finish().id}/terapkan", page.form("terapkan"), status=303)
    finish()
    (at,) = db.session.scalars(select(Delivery.published_at))
    assert at is not None
    assert at.isoformat() == "2020-12-31T05:00:00+00:00"


@pytest.mark.parametrize(
    "written_as", ["12/31/2020", "31-02-2020", "kemarin", "2020", "31/12", "99999", "3-1-1020"]
)
def test_what_is_no_date_is_named_by_row_and_column(
    world: World, browser_of: BrowserOf, finish: Finish, written_as: str
) -> None:
    page = looked_at(
        browser_of(world.editor), finish, as_text(HEADINGS, ROW, [written_as, *ROW[1:4], "https://a.example/2"]).encode()
    )  # fmt: skip
    assert f"tanggal “{written_as}” tidak ada di kalender" in page.main
    assert "Tanggal tayang , baris 3" in labels(page)
    assert "2 baris: 1 siap diimpor, 1 perlu diperbaiki." in page.main


def test_what_is_wrong_with_rows_is_said_in_the_language_of_whoever_imports(
    world: World, browser_of: BrowserOf, finish: Finish
) -> None:
    world.editor.locale = "en"
    db.session.commit()
    page = looked_at(
        browser_of(world.editor), finish,
        as_text(
            HEADINGS, ROW, ["x", "Radio", "Puisi", "", "abc"], ["31/12/2099", *ROW[1:3], "a" * 201, "https://a.example/2"]
        ).encode(),
    )  # fmt: skip
    assert "3 rows: 1 ready to import, 2 to fix." in page.main
    for sentence in (
        "the date “x” doesn’t exist in the calendar", "the channel “Radio” isn’t known", "the type “Puisi” isn’t known",
        "the title is empty", "the address is empty or not a web address", "the publication date is in the future",
        "the title has more than 200 characters",
    ):  # fmt: skip
        assert sentence in page.main
    assert {"Publication date , row 3", "Channel , row 3", "Title , row 4"} <= set(labels(page))
