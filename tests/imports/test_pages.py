"""The pages a person sees: upload, match, look, mend, import, take back."""

import io

import openpyxl
import pytest
from sqlalchemy import func, select

from humasflow.core.db import db
from humasflow.imports.enums import BatchState
from humasflow.imports.models import HeadingMemory, ImportBatch, ImportRow
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from tests.factories.imports import BAD, GOOD, HEAD, checked, import_things
from tests.support.forms import form_with

pytestmark = pytest.mark.db
NEW = "/impor/baru/publications"


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def upload(browser, data, name="daftar.csv", status=303, **answers):
    form = form_with(browser.get(NEW), "csrf_token") | answers
    return browser.post(NEW, form | {"file": (io.BytesIO(data), name)}, status=status)


def test_from_an_old_spreadsheet_to_publications_and_back(world, browser_of, finish):
    editor = browser_of(world.editor)
    data = workbook(
        ["REKAP PUBLIKASI TAHUN 2020"], [],
        ["No", "Tgl Tayang", "Media", "Kategori Berita", "Judul Berita", "Link Berita"],
        [1, "3 Januari 2020 pukul 09.00", "Website", "Berita terbaru", "Lelang tertib", "https://kantor.example/1"],
        [2, "04/01/20", "Web DJKN", "Artikel", "Aset aman", "https://kantor.example/2"],
        [3, "31-02-2020", "Web DJKN", "Artikel", "Tanpa tanggal", "https://kantor.example/3"],
        [4, 43835, "Website", "Artikel", "Lagi", "https://kantor.example/2?utm_source=wa"],
    )  # fmt: skip
    upload(editor, data, "rekap.xlsx")
    batch = finish()
    address = f"/impor/{batch.id}"
    page = editor.get(address)
    assert page.h1 == "Cocokkan kolomnya"
    chosen = {
        s["name"]: s.find("option", selected=True).text
        for s in page.soup.select("select[name^=kolom-]")
        if s.find("option", selected=True)
    }
    assert chosen == {
        "kolom-tanggal_tayang": "Tgl Tayang", "kolom-kanal": "Media", "kolom-jenis": "Kategori Berita",
        "kolom-judul": "Judul Berita", "kolom-url": "Link Berita",
    }  # fmt: skip
    assert page.soup.select_one("[name=isi-zona] option[selected]").text == "WIB"
    editor.post(f"{address}/kolom", form_with(page, "row_version"), status=303)
    finish()
    page = editor.get(address)
    assert "4 baris: 2 siap diimpor, 2 perlu diperbaiki" in page.main
    assert "kanal “Web DJKN” tidak dikenal" in page.main

    # One word is mended in all rows, one date in its own.
    row = db.session.query(ImportRow).filter_by(line=5).one()
    form = page.form(f"{address}/baris/{row.id}")
    editor.post(f"{address}/baris/{row.id}", form | {"isi-kanal": "Website", "semua-kanal": "y"}, status=303)
    finish()
    page = editor.get(address)
    assert "4 baris: 2 siap diimpor, 1 perlu diperbaiki, 1 mengulang baris lain" in page.main
    row = db.session.query(ImportRow).filter_by(line=6).one()
    form = page.form(f"{address}/baris/{row.id}")
    refused = editor.post(f"{address}/baris/{row.id}", form | {"isi-tanggal_tayang": "kemarin"}, status=422)
    assert "kemarin" in refused.soup.select_one(f"#isi-{row.id}-tanggal_tayang")["value"]
    editor.post(f"{address}/baris/{row.id}", form | {"isi-tanggal_tayang": "5 Feb 2020"}, status=303)
    page = editor.get(address)
    assert "4 baris: 3 siap diimpor, 1 mengulang baris lain" in page.main
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 0, (
        "nothing before a person says so"
    )

    editor.post(f"{address}/terapkan", page.form(f"{address}/terapkan"), status=303)
    assert finish().state is BatchState.APPLIED
    page = editor.get(address)
    assert "3 dicatat, 1 dilewati" in page.main
    assert sorted(db.session.scalars(select(Delivery.title))) == [
        "Aset aman",
        "Lelang tertib",
        "Tanpa tanggal",
    ]
    assert "Impor selesai: rekap.xlsx" in editor.get("/pemberitahuan/").main

    editor.post(f"{address}/batalkan", form_with(page, "csrf_token"), status=303)
    finish()
    assert "3 baris dibatalkan" in editor.get(address).main
    assert set(db.session.scalars(select(Delivery.state))) == {DeliveryState.RETRACTED}

    # The office's headings are remembered, and what was taken back may come again.
    assert "kategori berita" in db.session.scalars(select(HeadingMemory.heading)).all()
    upload(editor, data, "rekap.xlsx")
    assert finish().mapping["jenis"] == 3


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "kosong"),
        (b"%PDF-1.7 abc", "berkas PDF"),
        (b"\x89PNG\r\n\x1a\n", "berkas PNG"),
        (b"<html><table><tr><td>a</td></tr></table>", "halaman web"),
    ],
)
def test_what_is_no_table_is_refused_at_once(world, browser_of, data, says):
    editor = browser_of(world.editor)
    assert says in upload(editor, data, "a.xlsx", status=422).main
    assert db.session.query(ImportBatch).count() == 0


def test_what_turns_out_to_be_none_says_so_and_can_be_thrown_away(world, browser_of, finish):
    editor = browser_of(world.editor)
    upload(editor, b"PK\x03\x04rest-of-a-workbook", "a.xlsx")
    with pytest.raises(Exception, match="tidak dapat dibaca"):
        finish()
    batch = db.session.query(ImportBatch).one()
    page = editor.get(f"/impor/{batch.id}")
    assert "tidak dapat dibaca sebagai lembar kerja" in page.main
    editor.post(f"/impor/{batch.id}/buang", form_with(page, "csrf_token"), status=303)
    assert "Dibuang" in editor.get("/impor/").main


def test_vouching_needs_a_document(world, browser_of):
    editor = browser_of(world.editor)
    page = upload(editor, f"{HEAD}\n{GOOD}\n".encode(), status=422, **{"jawaban-vouched": "y"})
    assert "Sebutkan dokumen" in page.main
    assert page.soup.select_one("#jawaban-vouched").has_attr("checked")


def test_a_column_that_is_missing_is_asked_for(world, browser_of, finish):
    editor = browser_of(world.editor)
    upload(editor, b"Tanggal;Judul\n3/1/2020;Satu\n4/1/2020;Dua\n")
    address = f"/impor/{finish().id}"
    form = form_with(editor.get(address), "row_version")
    page = editor.post(f"{address}/kolom", form, status=422)
    assert "Kolom ini tidak ditemukan: Kanal, Jenis konten, Tautan" in page.main
    twice = form | {"kolom-kanal": "0", "kolom-jenis": "0", "kolom-url": "1"}
    assert "dipilih dua kali" in editor.post(f"{address}/kolom", twice, status=422).main


def test_all_or_nothing_waits_for_the_last_bad_row(world, browser_of, finish):
    batch = checked(world, f"{HEAD}\n{GOOD}\n{BAD}\n".encode())
    editor, address = browser_of(world.editor), f"/impor/{batch.id}"
    form = editor.get(address).form(f"{address}/terapkan")
    page = editor.post(f"{address}/terapkan", form | {"all_or_nothing": "y"}, status=409)
    assert "Masih ada 1 baris yang perlu diperbaiki" in page.main
    editor.post(f"{address}/terapkan", editor.get(address).form(f"{address}/terapkan"), status=303)
    finish()
    assert "1 dicatat, 1 tidak diimpor karena perlu diperbaiki" in editor.get(address).main


def test_another_line_has_the_headings_and_another_sheet_the_table(world, browser_of, finish):
    book = openpyxl.Workbook()
    book.active.title = "Catatan"
    for _line in range(5):
        book.active.append(["catatan", "lain"])
    other = book.create_sheet("Daftar")
    other.append(HEAD.split(","))
    other.append(GOOD.split(","))
    target = io.BytesIO()
    book.save(target)
    editor = browser_of(world.editor)
    upload(editor, target.getvalue(), "a.xlsx")
    address = f"/impor/{finish().id}"
    page = editor.get(address)
    assert finish().sheet == "Daftar", "the one that has the headings, though the other is longer"
    editor.post(f"{address}/lembar", page.form(f"{address}/lembar") | {"sheet": "Catatan"}, status=303)
    finish()
    page = editor.get(address)
    editor.post(f"{address}/judul", page.form(f"{address}/judul") | {"line": "3"}, status=303)
    page = editor.get(address)
    assert "2 baris" in page.main
    editor.post(f"{address}/lembar", page.form(f"{address}/lembar") | {"sheet": "Daftar"}, status=303)
    batch = finish()
    assert (batch.sheet, batch.total, len(batch.mapping)) == ("Daftar", 1, 6)


def test_the_import_of_another_office_is_not_found(world, browser_of, finish):
    made = import_things(world)
    assert browser_of(world.editor).get(f"/impor/{made['import_batch_id']}").h1
    targets = b"skema;komponen;kanal;jenis;bobot;target;periode;dasar\nA;B;website;artikel;1;1;2020-TW1;x\n"
    batch = checked(world, targets, "targets", world.admin)
    browser_of(world.editor).get(f"/impor/{batch.id}", status=404)
    browser_of(world.editor).get("/impor/baru/targets", status=403)
    browser_of(world.admin).get("/impor/baru/puisi", status=404)
