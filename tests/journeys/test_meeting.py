"""Rapat redaksi in browsers: a decision is typed and stays, and whoever else has the minutes open sees it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey
Open = Callable[..., Page]
WEEK = "/rapat/2027-03-01"  # nobody else's
LINES = ".minutes > li"


def look_again(page: Page) -> None:
    """As when the person comes back to the tab; otherwise every ten seconds."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_a_decision_is_kept_and_the_second_person_sees_it_while_writing(open_as: Open) -> None:
    editor, other, lead = open_as("editor"), open_as("editor", width=360), open_as("lead")
    for page in (editor, other, lead):
        page.goto(WEEK)
    other.get_by_label("Catat keputusan").fill("Saya sedang mengetik")
    editor.get_by_label("Catat keputusan").fill("Lelang Kamis diliput Siti")
    editor.keyboard.press("Control+Enter")
    expect(editor.locator(LINES)).to_have_text(re.compile("Lelang Kamis diliput Siti"))
    expect(editor.get_by_label("Catat keputusan")).to_be_focused()
    expect(editor.get_by_label("Catat keputusan")).to_have_value("")

    look_again(other)
    expect(other.locator(LINES)).to_have_text(re.compile("Lelang Kamis diliput Siti"))
    expect(other.get_by_label("Catat keputusan")).to_have_value("Saya sedang mengetik")
    look_again(lead)
    expect(lead.locator(LINES)).to_have_text(re.compile("Lelang Kamis diliput Siti"))
    other.get_by_role("button", name="Catat", exact=True).click()
    expect(other.locator(LINES)).to_have_count(2)

    # Both change the same line: the second is shown both texts and decides.
    for page in (editor, other):
        page.reload()
        expect(page.locator(LINES)).to_have_count(2)
        page.locator(LINES).first.locator("summary").click()
    editor.get_by_label("Isi catatan").first.fill("Lelang Kamis diliput Budi")
    editor.locator(LINES).first.get_by_role("button", name="Simpan").click()
    expect(editor.locator(LINES).first).to_contain_text("diliput Budi")
    other.get_by_label("Isi catatan").first.fill("Lelang Kamis diliput Andi")
    look_again(other)
    other.locator(LINES).first.get_by_role("button", name="Simpan").click()
    expect(other.get_by_text("Orang lain baru saja mengubah catatan ini").first).to_be_visible()
    expect(other.locator(LINES).first).to_contain_text("diliput Budi")
    expect(other.get_by_label("Isi catatan").first).to_have_value("Lelang Kamis diliput Andi")

    editor.reload()
    expect(editor.locator(LINES).first).to_contain_text("diliput Budi")


def test_what_the_network_did_not_take_is_still_in_the_box(open_as: Open) -> None:
    page = open_as("editor")
    page.goto("/rapat/2027-03-08")
    page.route("**/catatan", lambda route: route.abort())
    page.get_by_label("Catat keputusan").fill("Jangan hilang")
    page.get_by_role("button", name="Catat", exact=True).click()
    expect(page.get_by_text("Belum tersimpan. Periksa sambungan")).to_be_visible()
    expect(page.get_by_label("Catat keputusan")).to_have_value("Jangan hilang")
    page.unroute("**/catatan")
    page.get_by_role("button", name="Catat", exact=True).click()
    expect(page.locator(LINES)).to_have_text(re.compile("Jangan hilang"))
    expect(page.get_by_text("Belum tersimpan. Periksa sambungan")).to_have_count(0)


def test_what_is_being_typed_outlives_its_line_and_the_meeting(open_as: Open) -> None:
    editor, other = open_as("editor"), open_as("editor", width=360)
    week = "/rapat/2027-03-15"
    editor.goto(week)
    editor.get_by_label("Catat keputusan").fill("Akan dihapus")
    editor.keyboard.press("Control+Enter")
    expect(editor.locator(LINES)).to_have_count(1)
    other.goto(week)
    for page in (editor, other):
        page.locator(LINES).locator("summary").click()
    other.get_by_label("Isi catatan").fill("Tulisan panjang saya")
    editor.once("dialog", lambda dialog: dialog.accept())
    editor.get_by_role("button", name="Hapus").click()
    expect(editor.locator(LINES)).to_have_count(0)
    look_again(other)
    expect(other.locator("[data-minutes-status]")).not_to_be_empty()
    expect(other.get_by_label("Isi catatan")).to_have_value("Tulisan panjang saya")
    expect(other.get_by_label("Isi catatan")).to_be_focused()
    other.get_by_role("button", name="Simpan", exact=True).click()
    expect(other.locator(".callout.error")).to_contain_text("Tulisan panjang saya")

    # The minutes are closed while somebody types who is there.
    for page in (editor, other):
        page.goto(week)
    other.get_by_label("Peserta").fill("Siti dan Budi")
    editor.once("dialog", lambda dialog: dialog.accept())
    editor.get_by_role("button", name="Tutup notula").click()
    expect(editor.get_by_text("Notula ini sudah ditutup")).to_be_visible()
    look_again(other)
    expect(other.get_by_text("Notula baru saja ditutup orang lain")).to_be_visible()
    expect(other.get_by_label("Peserta")).to_have_value("Siti dan Budi")
