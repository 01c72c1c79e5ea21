"""Whole jobs without a mouse, each with its number of key presses. A text that is typed counts as one."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.calendar_ahead import Ahead, post_of, settles
from tests.journeys.conftest import Server
from tests.journeys.keyboard.conftest import ByKeys

pytestmark = pytest.mark.journey


def test_a_pitch_with_a_title_alone(by_keys: ByKeys) -> None:
    keys = by_keys("contributor", "/usulan/kirim")
    keys.skip()
    keys.to("Apa|Judul|Ide|Ceritakan", at_most=8, role="textbox")
    keys.type("Antrean loket habis sebelum siang")
    keys.to("Kirim usulan", at_most=20, role="button")
    keys.press("Enter")
    keys.page.wait_for_url(re.compile(r"/usulan/[0-9]+$"))
    expect(keys.page.get_by_text("Usulan terkirim")).to_be_visible()
    assert keys.presses <= 24


def test_an_approval_is_given(by_keys: ByKeys) -> None:
    keys = by_keys("approver", "/persetujuan/")
    keys.skip()
    keys.to("Baca dan putuskan", at_most=30, role="link")
    keys.press("Enter")
    keys.page.wait_for_url(re.compile(r"/persetujuan/[0-9]+$"))
    first = keys.presses
    keys.skip()
    keys.to("Kembalikan dengan alasan", at_most=60)
    keys.press("Enter")
    dialog = keys.page.locator("dialog#kembalikan")
    expect(dialog).to_be_visible()
    keys.press("Escape")
    expect(dialog).to_be_hidden()
    keys.expect_at("Kembalikan dengan alasan")
    keys.to("Setujui", at_most=3, role="button")
    keys.press("Enter")
    expect(keys.page.locator("[data-toast=success]")).to_be_visible()
    assert keys.presses - first <= 66


def test_an_approval_is_returned_with_its_reason(by_keys: ByKeys) -> None:
    keys = by_keys("approver", "/persetujuan/")
    dialog = keys.page.locator("dialog#kembalikan")
    keys.skip()
    keys.to("Baca dan putuskan", at_most=30, role="link")
    keys.press("Enter")
    keys.page.wait_for_url(re.compile(r"/persetujuan/[0-9]+$"))
    keys.skip()
    keys.to("Kembalikan dengan alasan", at_most=60)
    keys.press("Enter")
    expect(dialog).to_be_visible()
    if keys.here().role != "textbox":
        keys.to(".*", at_most=3, role="textbox")
    keys.type("Kutipan kepala kantor belum ada.")
    keys.to("Kembalikan$", at_most=3, role="button")
    keys.press("Enter")
    expect(keys.page.locator("[data-toast=success]")).to_be_visible()


def test_a_post_is_moved_on_the_calendar_and_taken_back(by_keys: ByKeys, server: Server) -> None:
    ahead = Ahead(server)
    ident = ahead.post("Dipindah tanpa tetikus", ahead.working[2])
    where = (ahead.working[2].isoformat(), "10:30")
    keys = by_keys("editor", f"/kalender/?tampilan=bulan&hari={ahead.first.isoformat()}&cari=tetikus")
    page, item = keys.page, post_of(keys.page, ident)
    keys.skip()
    keys.to(".*Dipindah tanpa tetikus", at_most=40, role="link")
    keys.press("p")
    expect(page.locator("#moving-where")).to_be_visible()
    keys.press("Escape")
    keys.expect_at(".*Dipindah tanpa tetikus", "link")
    keys.press("p")
    keys.expect_at(".*Tanggal|.*")
    # Which part of a date comes first is the browser's matter.
    keys.type(ahead.working[5].strftime("%d%m%Y"))
    if page.locator("#moving-where [name=day]").input_value() != ahead.working[5].isoformat():
        keys.press("Shift+Tab")
        keys.press("Shift+Tab")
        keys.type(ahead.working[5].strftime("%m%d%Y"))
    assert page.locator("#moving-where [name=day]").input_value() == ahead.working[5].isoformat()
    keys.press("Enter")
    expect(page.locator(".toast", has_text="dipindahkan ke")).to_be_visible()
    settles(item, (ahead.working[5].isoformat(), "10:30"))
    keys.expect_at(".*Dipindah tanpa tetikus", "link")
    keys.press("?")
    expect(page.locator("#shortcut-help")).to_contain_text("Urungkan")
    keys.press("Escape")
    keys.expect_at(".*Dipindah tanpa tetikus", "link")
    keys.press("Control+z")
    expect(page.locator(".toast", has_text="kembali ke")).to_be_visible()
    settles(item, where)
    keys.expect_at(".*Dipindah tanpa tetikus", "link")


def test_a_card_is_moved_on_the_board_and_many_are_postponed(by_keys: ByKeys) -> None:
    keys = by_keys("editor")
    page = keys.page
    for title in ("Papan ketik satu", "Papan ketik dua", "Papan ketik tiga"):
        keys.go("/naskah/baru")
        keys.skip()
        keys.to("Judul", at_most=20, role="textbox")
        keys.type(title)
        keys.press("Enter")
        page.wait_for_url(re.compile(r"/naskah/\d+"))
    keys.go("/naskah/?tampilan=papan&q=Papan+ketik")
    before = keys.presses
    keys.press("j")
    keys.expect_at("Papan ketik", "link")
    keys.press("m")
    dialog = page.locator("dialog#pindahkan")
    expect(dialog).to_be_visible()
    keys.press("Escape")
    keys.expect_at("Papan ketik", "link")
    keys.press("m")
    expect(dialog).to_be_visible()
    if not re.match("Tunda", keys.here().name):
        keys.to("Tunda", at_most=8, role="button")
    keys.press("Enter")
    expect(page.locator(".toast", has_text="Naskah ditunda.")).to_be_visible()
    keys.expect_at("Papan ketik", "link")
    keys.press("Control+z")
    expect(page.locator("#kolom-on_hold [data-card]")).to_have_count(0)
    expect(page.locator("#kolom-draft [data-card]")).to_have_count(3)
    keys.expect_at("Papan ketik", "link")
    assert keys.presses - before <= 16

    keys.go("/naskah/?tampilan=papan&q=Papan+ketik")
    before = keys.presses
    for _ in range(3):
        keys.press("j")
        keys.press("x")
    expect(page.locator("[data-pick-count]")).to_contain_text("3 dipilih")
    keys.to("Tunda", at_most=12, role="button")
    keys.press("Enter")
    page.wait_for_url(re.compile("massal"))
    keys.skip()
    keys.to("Tunda", at_most=20, role="button")
    keys.press("Enter")
    expect(page.locator("h1")).to_have_text("Hasil: Tunda")
    expect(page.locator("[data-results] [data-done='ya']")).to_have_count(3)
    assert keys.presses - before <= 42
    keys.go("/naskah/?tampilan=papan&q=Papan+ketik")
    page.wait_for_load_state("networkidle")
    keys.press("f")
    expect(page.locator("#keadaan")).to_be_focused()


def test_verifying_with_one_key_each_and_back(by_keys: ByKeys) -> None:
    keys = by_keys("lead", "/capaian/verifikasi")
    page = keys.page
    page.wait_for_load_state()
    first = page.locator("#judged a")
    title, address = first.inner_text(), str(first.get_attribute("href"))
    keys.press("v")
    expect(page.locator(".undo")).to_contain_text(title)
    expect(first).not_to_have_attribute("href", address)
    page.wait_for_load_state()
    keys.press("u")
    expect(first).to_have_attribute("href", address)
    page.wait_for_load_state()
    keys.press("d")
    expect(page.get_by_label("Apa yang dipertanyakan?")).to_be_focused()
    keys.press("Escape")
    expect(page.locator("dialog#dispute")).to_be_hidden()
    assert keys.presses <= 4


def test_a_list_is_put_in_order_and_the_focus_stays_with_its_row(by_keys: ByKeys) -> None:
    keys = by_keys("admin", "/pengaturan/pilar")
    page = keys.page
    keys.skip()
    name = keys.to("Turunkan", at_most=60, role="button").name
    rows = page.locator("[data-mover]").evaluate_all("all => all.map((one) => one.ariaLabel)")
    keys.press("Enter")
    page.wait_for_function(
        "was => JSON.stringify([...document.querySelectorAll('[data-mover]')].map((one) => one.ariaLabel)) !== was",
        arg=str(rows).replace("'", '"'),
    )
    page.wait_for_load_state()
    keys.expect_at(re.escape(name), "button")
    keys.to(re.escape(name.replace("Turunkan", "Naikkan")), at_most=1, back=True)
    keys.press("Enter")
    page.wait_for_load_state()


def test_menus_and_dialogs_open_walk_and_give_the_focus_back(by_keys: ByKeys) -> None:
    keys = by_keys("editor")
    page = keys.page
    keys.skip()
    keys.to("Akun saya", at_most=8)
    keys.press("ArrowDown")
    keys.expect_at("Profil dan bahasa", "link")
    keys.press("ArrowUp")
    keys.expect_at("Keluar", "button")
    keys.press("Home")
    keys.expect_at("Profil dan bahasa", "link")
    keys.press("Escape")
    keys.expect_at("Akun saya")
    menu = page.locator("details.menu:has(summary[aria-label='Akun saya'])")
    expect(menu).not_to_have_attribute("open", "")
    keys.press("ArrowUp")
    keys.expect_at("Keluar", "button")
    keys.tab()
    expect(menu).not_to_have_attribute("open", "")
    keys.to("Akun saya", at_most=2, back=True)
    keys.press("Control+k")
    expect(page.locator("#find [role=combobox]")).to_be_focused()
    keys.press("Escape")
    keys.expect_at("Akun saya")
    keys.press("?")
    expect(page.locator("#shortcut-help")).to_be_visible()
    keys.press("Escape")
    keys.expect_at("Akun saya")
