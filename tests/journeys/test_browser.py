"""What only a browser shows: drafts kept, a post dragged on the calendar, counters, double clicks, the phone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_pitch_to_score import photo

pytestmark = pytest.mark.journey


def test_a_pitch_from_a_phone_survives_a_lost_page(open_as: Callable[..., Page], tmp_path: Path) -> None:
    page = open_as("contributor", width=360)
    page.goto("/usulan/kirim")
    title = page.get_by_label(re.compile("Apa yang terjadi"))
    title.fill("Gotong royong menata arsip")
    page.wait_for_timeout(600)
    page.goto("/usulan/")
    page.goto("/usulan/kirim")
    page.get_by_role("button", name="Pulihkan").click()
    expect(title).to_have_value("Gotong royong menata arsip")
    picture = tmp_path / "foto.jpg"
    picture.write_bytes(photo())
    page.locator("main input[type=file]").first.set_input_files(str(picture))
    expect(page.locator("[data-previews] img").first).to_be_visible()
    button = page.get_by_role("button", name=re.compile("^Kirim usulan"))
    button.dblclick()
    page.wait_for_url(re.compile(r"/usulan/\d+"))
    expect(page.locator("h1")).to_contain_text("Gotong royong menata arsip")
    page.goto("/usulan/")
    assert page.get_by_text("Gotong royong menata arsip").count() == 1
    page.goto("/usulan/kirim")
    assert page.get_by_role("button", name="Pulihkan").count() == 0


def test_a_post_is_dragged_from_the_tray_to_a_day_and_taken_back(open_as: Callable[..., Page]) -> None:
    page = open_as("editor")
    page.goto("/kalender/")
    item = page.locator(".tray .ev[data-id]").first
    ident = item.get_attribute("data-id")
    day = page.locator(".day[data-day]").last
    wanted = day.get_attribute("data-day")
    day.scroll_into_view_if_needed()
    start, end = item.bounding_box(), day.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 30, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] - 6, steps=5)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 40, steps=15)
    for n in range(40):  # a busy browser tells of the last steps later
        if day.locator(".dragging").count():
            break
        page.mouse.move(end["x"] + end["width"] / 2 + n % 2, end["y"] + 40)
        page.wait_for_timeout(50)
    page.mouse.up()
    undo = page.get_by_role("button", name="Urungkan")
    expect(undo).to_be_visible()
    entry = page.locator(f".ev[data-id='{ident}']")
    assert entry.evaluate("e => e.closest('[data-day]').dataset.day") == wanted
    expect(entry.locator("time")).to_have_text("09.00")
    page.reload()
    assert entry.evaluate("e => e.closest('[data-day]').dataset.day") == wanted

    # The same by keyboard, on the page behind the entry: back to no time at all.
    entry.press("Enter")
    page.wait_for_url("**/kalender/pindahkan?item=publikasi:**")
    page.get_by_role("button", name=re.compile("Lepas|Hapus|Batalkan jadwal")).click()
    page.goto("/kalender/")
    expect(page.locator(f".tray .ev[data-id='{ident}']")).to_be_attached()


def test_the_language_switch_is_complete_on_the_first_screen(open_as: Callable[..., Page]) -> None:
    page = open_as("lead")
    page.locator(".top .menu summary").last.click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("nav.nav")).not_to_contain_text("Beranda")
    page.locator(".top .menu summary").last.click()
    page.get_by_role("button", name="Bahasa Indonesia").click()
    expect(page.locator("nav.nav")).to_contain_text("Beranda")


def test_the_pages_work_without_scripts(server: object, chromium: object) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=server.url)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto("/masuk")
    page.locator('form:has(input[name="role"][value="contributor"]) button').first.click()
    page.goto("/usulan/kirim")
    page.get_by_label(re.compile("Apa yang terjadi")).fill("Tanpa skrip pun terkirim")
    page.get_by_role("button", name=re.compile("^Kirim usulan")).click()
    expect(page.locator("h1")).to_contain_text("Tanpa skrip pun terkirim")
    context.close()
