"""Numbers from a spreadsheet: shown first, kept once, every fault named by row and column, bombs refused."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.metrics.models import MetricSnapshot
from humasflow.metrics.spreadsheets import cells
from humasflow.metrics.spreadsheets import rows as rows_of_a_file
from humasflow.metrics.spreadsheets import template as workbook
from humasflow.metrics.spreadsheets.cells import Unreadable, read_cells
from humasflow.metrics.spreadsheets.rows import places_of, read_sheet
from humasflow.metrics.views import uploading
from tests.factories.publications import live_post
from tests.factories.world import World
from tests.support.page import Browser

pytestmark = [pytest.mark.db]
Open = Callable[[Any], Browser]
ADDRESS = "/keterlibatan/unggah"
KEEP = "/keterlibatan/unggah/simpan"


def book(rows: list[list[Any]], top: int = 0) -> bytes:
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = made.add_worksheet()
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            sheet.write(y + top, x, cell)
    made.close()
    return target.getvalue()


def send(browser: Browser, data: bytes, name: str = "angka.xlsx", status: int = 200) -> Any:
    form = browser.get(ADDRESS).form(ADDRESS)
    return browser.post(ADDRESS, form | {"file": (io.BytesIO(data), name)}, status=status)


def written() -> list[MetricSnapshot]:
    return list(db.session.scalars(select(MetricSnapshot).order_by(MetricSnapshot.id)))


def test_a_workbook_is_shown_and_then_kept_once(world: World, browser_of: Open) -> None:
    one, two = live_post(world), live_post(world)
    db.session.commit()
    editor = browser_of(world.editor)
    data = book(
        [
            ["Permalink", "Likes", "Jangkauan"],
            [one.permalink, 12, "1.500"],
            [two.permalink + "/?fbclid=x", 0, None],
        ]
    )
    for _twice in range(2):
        page = send(editor, data)
        assert "2 baris" in page.main
        editor.post(KEEP, page.form(KEEP))
    rows = {r.delivery_id: r for r in written()}
    assert len(written()) == 2
    assert (rows[one.id].likes, rows[one.id].reach, rows[one.id].source) == (12, 1500, "file")
    assert (rows[two.id].likes, rows[two.id].reach) == (0, None)


def test_text_in_a_number_cell_is_named_by_row_and_column(
    world: World, other_world: World, browser_of: Open
) -> None:
    one, foreign = live_post(world), live_post(other_world)
    db.session.commit()
    editor = browser_of(world.editor)
    rows = [
        ["ID", "Suka", "Reach"], [one.id, 5, 7], [one.id, 6, 7], [foreign.id, 1, 1], [99, "banyak", 1.5], [one.id, "", ""],
    ]  # fmt: skip
    page = send(editor, book(rows), status=422)
    for said in (
        "“banyak”",
        "bukan bilangan bulat",
        "Publikasinya tidak ditemukan",
        "sudah ada pada baris 2",
    ):
        assert said in page.main
    assert "Reach" in page.main
    assert written() == []
    assert "Simpan 1 baris yang benar" in page.main
    editor.post(KEEP, page.form(KEEP))
    assert [(r.delivery_id, r.likes) for r in written()] == [(one.id, 5)]


def test_a_running_number_is_no_id_and_an_id_must_fit_its_address(world: World, browser_of: Open) -> None:
    first, second, third = live_post(world), live_post(world), live_post(world)
    db.session.commit()
    editor = browser_of(world.editor)
    numbered = [["Nomor", "Tautan", "Suka"], [first.id, third.permalink, 9]]
    editor.post(KEEP, send(editor, book(numbered)).form(KEEP))
    assert [(r.delivery_id, r.likes) for r in written()] == [(third.id, 9)]
    crossed = [["ID", "Tautan", "Suka"], [first.id, second.permalink, 7], [second.id, second.permalink, 8]]
    page = send(editor, book(crossed), status=422)
    assert "Periksa ID atau tautannya" in page.main
    editor.post(KEEP, page.form(KEEP))
    assert [(r.delivery_id, r.likes) for r in written()][1:] == [(second.id, 8)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_delimited_text_of_any_kind_is_read(app: Any, encoding: str, separator: str) -> None:
    text = f"Tautan{separator}Suka\r\nhttps://é.example/x{separator}5\r\n"
    assert read_cells(text.encode(encoding)) == [["Tautan", "Suka"], ["https://é.example/x", "5"]]


@pytest.mark.usefixtures("in_request")
def test_what_unfolds_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target)
    sheet = made.add_worksheet()
    sheet.write(0, 0, "ID")
    sheet.write(1_048_575, 16_383, 1)  # some kilobytes that are 17 thousand million cells
    made.close()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (cells.MAX_UNPACKED + 1))
    assert len(packed.getvalue()) < cells.MAX_BYTES
    many = book([["ID", "Suka"], *([n, n] for n in range(cells.MAX_LINES + 5))])
    for data in (
        target.getvalue(), packed.getvalue(), many, b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken",
        b"", b"x" * (cells.MAX_BYTES + 1), b"a\x00b",
    ):  # fmt: skip
        with pytest.raises(Unreadable):
            read_cells(data)


def test_line_numbers_are_those_of_the_sheet(world: World, browser_of: Open) -> None:
    page = send(browser_of(world.editor), book([["ID", "Suka"], [123456, 1]], top=4), status=422)
    assert 'data-label="Baris">6</td>' in page.html


def test_headings_that_fit_nothing_are_said(world: World, browser_of: Open) -> None:
    page = send(browser_of(world.editor), book([["Nama", "Umur"], ["a", 1]]), status=422)
    assert "Judul kolomnya tidak dikenali" in page.main


def test_the_limit_counts_publications_and_not_the_lines_around_them(
    world: World, browser_of: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_of_a_file, "MAX_ROWS", 2)
    one, two, three = (live_post(world) for _n in range(3))
    db.session.commit()
    editor = browser_of(world.editor)
    full = [["Angka Januari"], [], ["ID", "Suka"], [one.id, 1], ["", ""], [two.id, 2], ["", ""]]
    assert "2 baris siap disimpan" in send(editor, book(full)).main
    page = send(editor, book([*full, [three.id, 3]]), status=422)
    assert "Paling banyak 2 publikasi dalam satu berkas, tanpa menghitung judul kolom." in page.main
    assert not page.soup.select("#keep-rows")


def test_as_many_as_a_template_holds_can_be_sent_back(world: World) -> None:
    most = rows_of_a_file.MAX_ROWS
    table = read_cells(book([["ID", "Suka"], *([n, n] for n in range(1, most + 1))]))
    assert len(read_sheet(table, {}, dict.fromkeys(range(1, most + 1))).rows) == most


@pytest.mark.parametrize(
    ("headings", "named"),
    [
        (("ID", "SUKA", " Komentar: ", "Jangkauan*"), ("id", "likes", "comments", "reach")),
        (("post_url", "Jumlah Suka (Likes)", "Total views", "number of saves"), ("url", "likes", "views", "saves")),
        (("Permalink", "likeCount / Likes", "Bagikan | Shares", "[Impressions]"), ("url", "likes", "shares", "impressions")),
        (("No. Publikasi", "ＬＩＫＥＳ", "Accounts\u00a0reached", "Jml pengikut"), ("id", "likes", "reach", "followers")),
        (("https://x.example/plays/1", "Nomor", "Catatan (lihat lampiran)", ""), ()),
    ],
)  # fmt: skip
def test_headings_are_known_in_any_writing(headings: tuple[str, ...], named: tuple[str, ...]) -> None:
    assert tuple(places_of(headings)) == named


def test_what_names_publications_is_looked_up_below_the_headings_that_count(
    world: World, browser_of: Open
) -> None:
    post = live_post(world)
    db.session.commit()
    table = [["Tautan", "laporan bulanan"], ["No.", "Judul", "ID", "Jumlah suka"], [1, "Satu", post.id, 9]]
    page = send(browser_of(world.editor), book(table))
    assert "1 baris siap disimpan" in page.main


def test_a_period_with_more_than_a_file_holds_comes_in_parts(
    world: World, browser_of: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = [live_post(world, at=f"2026-02-0{n}T02:00Z") for n in range(1, 6)]
    db.session.commit()
    editor = browser_of(world.editor)
    whole = editor.get(ADDRESS + "?periode=2026-TW1").soup.select("a[href*=templat]")
    assert [a["href"] for a in whole] == [ADDRESS + "/templat?periode=2026-TW1"]
    for module in (rows_of_a_file, workbook, uploading):
        monkeypatch.setattr(module, "MAX_ROWS", 2)
    page = editor.get(ADDRESS + "?periode=2026-TW1")
    assert "Ada 5 publikasi, sedangkan satu berkas memuat paling banyak 2." in page.main
    links = page.soup.select("a[href*=templat]")
    assert [" ".join(a.text.split()) for a in links] == ["Publikasi 1–2", "Publikasi 3–4", "Publikasi 5–5"]
    files = [editor.client.get(a["href"]) for a in links]
    held = [[int(row[0]) for row in read_cells(answer.data)[1:]] for answer in files]
    ids = [post.id for post in posts]
    assert held == [[ids[1], ids[0]], [ids[3], ids[2]], [ids[4]]]
    assert "keterlibatan-2026-TW1-bagian-2-dari-3.xlsx" in files[1].headers["Content-Disposition"]
    for wrong in ("0", "4", "x", "-1", "9" * 30, "²", "0000000002"):
        assert editor.client.get(f"{ADDRESS}/templat?periode=2026-TW1&bagian={wrong}").status_code == 404


def test_the_template_holds_the_posts_and_no_formula(world: World, browser_of: Open) -> None:
    post = live_post(world, title='=HYPERLINK("http://x")')
    db.session.commit()
    editor = browser_of(world.editor)
    answer = editor.client.get(ADDRESS + "/templat?periode=2026-TW1")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    rows = read_cells(answer.data)
    assert rows[0][:3] == ["ID", "Judul", "Akun"]
    assert rows[1][0] == str(post.id)
    page = send(editor, answer.data)
    assert "Tidak ada baris yang dapat disimpan" in page.main


@pytest.mark.parametrize(
    "rows", ["", "x", "[]", "{}", "[[1,[1]]]", "[[1,[-1,0,0,0,0,0,0,0,0]]]", '[["a",1]]', "[" * 9000]
)
def test_rows_that_are_none_of_ours_are_refused(world: World, browser_of: Open, rows: str) -> None:
    post = live_post(world)
    db.session.commit()
    editor = browser_of(world.editor)
    page = send(editor, book([["ID", "Suka"], [post.id, 3]]))
    editor.post(KEEP, page.form(KEEP) | {"rows": rows})
    assert written() == []
