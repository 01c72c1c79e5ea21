"""What an admin and a lead do, without a mouse: somebody is invited, a table read in, a target changed and put back, what-if."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from tests.factories.world import build_world
from tests.journeys.keyboard.conftest import ByKeys
from tests.journeys.keyboard.hands import signed_in_by_keys
from tests.journeys.own_office import Own, own_office

pytestmark = pytest.mark.journey
TABLE = b"Bagian,Singkatan\nSeksi Ketikan Satu,SKS\nSeksi Ketikan Dua,SKD\n"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Own]:
    with own_office(tmp_path, "2026-11-18T02:00Z", lambda: build_world() and None) as served:
        yield served


def test_somebody_is_invited_and_a_table_read_in(own: Own, chromium: Chromium) -> None:
    with signed_in_by_keys(chromium, own.url, "admin@kantor-uji.example") as keys:
        page = keys.page
        keys.go("/pengaturan/pengguna")
        keys.skip()
        keys.to("Tambah pengguna|Tambah", at_most=20, role="link")
        keys.press("Enter")
        page.wait_for_url(re.compile("/baru"))
        keys.skip()
        keys.to("Nama", at_most=8, role="textbox")
        keys.type("Orang Ketikan")
        keys.to("Surel|Alamat surel", at_most=4, role="textbox")
        keys.type("ketikan@kantor-uji.example")
        keys.to("Tambah dan buat undangan", at_most=30, role="button")
        keys.press("Enter")
        expect(page.locator("main")).to_contain_text("Orang Ketikan")

        keys.go("/impor/baru/units")
        page.get_by_label("Berkas").set_input_files(
            {"name": "seksi.csv", "mimeType": "text/csv", "buffer": TABLE}
        )
        keys.skip()
        keys.to("Unggah dan baca", at_most=12, role="button")
        keys.press("Enter")
        page.wait_for_url(re.compile(r"/impor/\d+"))
        own.work()
        # The table calls it otherwise: the column is chosen by the letters of its name.
        column = page.get_by_label("Kolom di berkas untuk Nama seksi")
        expect(column).to_be_visible()
        keys.skip()
        keys.to("Kolom di berkas untuk Nama seksi", at_most=12, role="combobox")
        keys.type("Bagian")
        expect(column.locator("option:checked")).to_contain_text("Bagian")
        keys.to("Periksa semua baris", at_most=20, role="button")
        keys.press("Enter")
        expect(page.get_by_text("Sedang diperiksa").first).to_be_visible()
        own.work()
        expect(page.get_by_role("button", name="Impor 2 baris")).to_be_visible()
        keys.skip()
        keys.to("Impor 2 baris", at_most=30, role="button")
        keys.press("Enter")
        expect(page.locator("main")).to_contain_text("Sedang")
        own.work()
        expect(page.get_by_text("2 dicatat.")).to_be_visible()


def test_what_if_follows_space_and_digits(by_keys: ByKeys) -> None:
    keys = by_keys("lead", "/capaian/andai")
    page, total = keys.page, keys.page.locator("[data-what-if-part=total]")
    page.wait_for_load_state()
    before = total.inner_text()
    keys.skip()
    ticked = page.locator("input[name=pos]:checked")
    assert ticked.count() > 0
    while left := ticked.count():
        keys.to(".*", at_most=20, role="checkbox")
        if page.evaluate("document.activeElement.checked"):
            keys.press("Space")
            expect(ticked).to_have_count(left - 1)
    expect(total).not_to_have_text(before)
    alone = total.inner_text()
    keys.to(".*", at_most=60, role="textbox")
    keys.type("9", clear=True)
    expect(total).not_to_have_text(alone)


def test_a_target_is_changed_with_its_letter_and_put_back(by_keys: ByKeys) -> None:
    keys = by_keys("admin", "/pengaturan/sasaran")
    page = keys.page
    field = page.locator("main form input[id^=value-]").first
    name, was = str(field.get_attribute("name")), field.input_value()
    label = page.locator(f"label[for={name}]").inner_text()
    for value, letter in ((str(int(was) + 1), "ND-101/2026"), (was, "ND-102/2026")):
        keys.go("/pengaturan/sasaran")
        keys.skip()
        keys.to(re.escape(label), at_most=40, role="textbox")
        keys.type(value, clear=True)
        keys.to("Nomor|Surat|Dasar", at_most=40, role="textbox")
        keys.type(letter, clear=True)
        keys.to("Alasan", at_most=12, role="textbox")
        keys.type("Dicoba dengan papan ketik", clear=True)
        keys.to("Simpan", at_most=8, role="button")
        keys.press("Enter")
        expect(page.locator("[data-toast=success]").first).to_be_visible()
        expect(page.locator(f"#{name}")).to_have_value(value)
