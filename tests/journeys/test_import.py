"""An editor brings the office's old spreadsheet: upload, match, mend, import; at the end it counts in the standing."""

import io
import threading
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.imports.enums import BatchState
from humasflow.imports.models import ImportBatch
from humasflow.outbox.runner import run_due
from tests.journeys.conftest import Open, Server
from tests.journeys.looking import AXE

pytestmark = pytest.mark.journey


def worker_until(app: Flask, state: BatchState) -> None:
    """What the worker process does, until the newest import is in this state."""
    for _turn in range(60):
        with app.app_context(), app.test_request_context():
            run_due()
            db.session.commit()
            batch = db.session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc()).limit(1)).one()
            done = batch.state is state
            db.session.remove()
        if done:
            return
        threading.Event().wait(0.3)
    raise AssertionError(f"never {state.value}")


def old_spreadsheet() -> bytes:
    """As offices have kept it: a title, merged cells, two rows of headings, dates of five kinds, their own words."""
    book, target = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet.append(["REKAPITULASI PUBLIKASI KANTOR TAHUN 2020"])
    sheet.append([])
    sheet.append(["No", "Publikasi", None, None, None, "Link Berita"])
    sheet.append([None, "Tgl Tayang", "Media", "Jenis", "Judul Berita", None])
    dates = ("31/12/20", "31 Des 2020", "Kamis, 31 Desember 2020 pukul 08.30 WIB", "2020-12-31 09:00", 44196)
    for n in range(120):
        media = "Portal DJKN" if n % 10 == 0 else "Website"
        title = f"Lelang ke-{n} berjalan tertib dan lancar " + "di wilayah kerja kantor " * (n % 3)
        sheet.append(
            [n + 1, dates[n % 5], media, "Berita terbaru", title, f"https://lama.example/berita/{n}"]
        )
    sheet.append(
        [121, "31-02-2020", "Website", "Artikel", "Tanggal yang keliru", "https://lama.example/berita/121"]
    )
    for area in ("A1:F1", "B3:E3", "A3:A4", "F3:F4"):
        sheet.merge_cells(area)
    book.save(target)
    return target.getvalue()


def looks_well(page: Page, folder: Path, name: str) -> None:
    page.evaluate(AXE)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 760})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
        found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
        assert [v["id"] for v in found["violations"]] == [], name
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=False)
    page.set_viewport_size({"width": 1280, "height": 760})


def test_an_old_spreadsheet_becomes_a_standing(server: Server, open_as: Open, tmp_path: Path) -> None:
    page = open_as("editor")
    page.goto("/impor/")
    looks_well(page, tmp_path, "pilih")
    page.get_by_role("link", name="Publikasi yang sudah tayang", exact=True).click()
    page.get_by_label("Berkas").set_input_files(
        {"name": "rekap 2020.xlsx", "mimeType": "application/octet-stream", "buffer": old_spreadsheet()}
    )
    page.get_by_label("Saya sudah mencocokkan daftar ini").check()
    page.get_by_label("Dokumen dasar").fill("ND-7/2020")
    looks_well(page, tmp_path, "unggah")
    page.get_by_role("button", name="Unggah dan baca").click()
    expect(page.get_by_text("Sedang dibaca").first).to_be_visible()
    worker_until(server.app, BatchState.TO_MAP)

    # The page notices by itself; what was guessed is right.
    expect(page.get_by_role("heading", name="Cocokkan kolomnya")).to_be_visible()
    of = "Kolom di berkas untuk "
    assert page.get_by_label(f"{of}Judul").locator("option:checked").inner_text() == "Publikasi Judul Berita"
    looks_well(page, tmp_path, "kolom")
    page.get_by_role("button", name="Periksa semua baris").click()
    worker_until(server.app, BatchState.CHECKED)
    expect(page.get_by_text("121 baris: 108 siap diimpor, 13 perlu diperbaiki.")).to_be_visible()
    looks_well(page, tmp_path, "periksa")

    # What the office calls "Portal DJKN" is a website, in all twelve rows.
    page.get_by_label("Kanal, baris 5", exact=True).select_option("Website")
    page.get_by_label("Ganti “Portal DJKN” di semua baris").first.check()
    page.get_by_role("button", name="Simpan baris ini").first.click()
    worker_until(server.app, BatchState.CHECKED)
    expect(page.get_by_text("121 baris: 120 siap diimpor, 1 perlu diperbaiki.")).to_be_visible()
    page.get_by_label("Tanggal tayang, baris 125").fill("28-02-2020")
    page.get_by_role("button", name="Simpan baris ini").click()
    expect(page.get_by_text("121 baris: 121 siap diimpor.")).to_be_visible()
    page.get_by_role("button", name="Impor 121 baris").click()
    worker_until(server.app, BatchState.APPLIED)
    expect(page.get_by_text("121 dicatat.")).to_be_visible()
    looks_well(page, tmp_path, "selesai")

    page.get_by_role("link", name="Lihat capaian").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/impor/")
    page.get_by_role("link", name="rekap 2020.xlsx").click()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Batalkan seluruh impor").click()
    worker_until(server.app, BatchState.UNDONE)
    expect(page.get_by_text("121 baris dibatalkan")).to_be_visible()
