"""The queue of what waits for verification, decided with one key each, and without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey
Open = Callable[..., Page]


def title(page: Page) -> str:
    return page.locator("#judged").inner_text()


def press(page: Page, key: str) -> None:
    page.wait_for_load_state()  # until then nobody listens
    page.keyboard.press(key)


def test_one_key_a_decision(open_as: Open) -> None:
    page = open_as("lead")
    page.goto("/capaian/verifikasi")
    first = title(page)
    press(page, "ArrowRight")
    expect(page.locator("#judged")).not_to_have_text(first)
    second = title(page)
    press(page, "ArrowLeft")
    expect(page.locator("#judged")).to_have_text(first)
    press(page, "l")
    expect(page.locator("#judged")).to_have_text(second)
    press(page, "v")
    expect(page.locator(".undo")).to_contain_text(second)
    expect(page.locator("#judged")).not_to_have_text(second)
    press(page, "u")
    expect(page.locator("#judged")).to_have_text(second)
    press(page, "d")
    reason = page.get_by_label("Apa yang dipertanyakan?")
    expect(reason).to_be_focused()
    page.keyboard.type("Videonya milik kantor lain")  # v, d, l and u are letters here
    expect(reason).to_have_value("Videonya milik kantor lain")
    page.get_by_role("button", name="Catat sebagai dipertanyakan").click()
    expect(page.locator(".undo")).to_contain_text("Dipertanyakan")
    page.get_by_role("link", name=re.compile("^Dipertanyakan")).click()
    expect(page.locator("main")).to_contain_text("Videonya milik kantor lain")


def test_on_a_phone_the_open_tab_is_in_sight_and_the_rest_one_tap_away(open_as: Open) -> None:
    page = open_as("lead", width=360)
    page.goto("/capaian/penutupan")
    tabs = page.locator("nav.tabs--more")
    open_one = tabs.get_by_role("link", name="Penutupan")
    expect(open_one).to_be_in_viewport(ratio=0.95)
    tabs.locator("summary").click()
    expect(tabs.get_by_role("link", name="Nilai resmi")).to_be_in_viewport(ratio=0.95)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    tabs.get_by_role("link", name="Nilai resmi").click()
    expect(tabs.locator("[aria-current]")).to_have_text("Nilai resmi")
    expect(tabs.locator("[aria-current]")).to_be_in_viewport(ratio=0.95)


def test_a_key_held_down_decides_once(open_as: Open) -> None:
    page = open_as("lead")
    page.goto("/capaian/verifikasi")
    first = title(page)
    page.wait_for_load_state()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.keyboard.down("v")
    expect(page.locator("#judged")).not_to_have_text(first)
    page.wait_for_load_state()
    page.keyboard.down("v")  # the keyboard repeats what is held
    page.keyboard.down("v")
    page.wait_for_timeout(500)
    assert len(sent) == 1
    expect(page.locator(".undo")).to_contain_text(first)
    page.keyboard.up("v")
