"""The search everywhere in a browser: Ctrl K, arrows and Enter; Esc gives the focus back; a phone has a button."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.looking import glance

pytestmark = pytest.mark.journey
Open = Callable[..., Page]


def test_by_keyboard_from_anywhere(open_as: Open) -> None:
    page = open_as("editor")
    page.locator("[data-bell]").focus()
    page.keyboard.press("Control+k")
    dialog, box = page.locator("#find"), page.locator("#find [role=combobox]")
    expect(box).to_be_focused()
    expect(dialog.get_by_text("Naskah terakhir Anda")).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.type("buat nas")
    option = dialog.get_by_role("option").first
    expect(option).to_have_text("Buat naskah")
    expect(dialog.locator("[data-find-said]")).to_contain_text("hasil")
    expect(option).to_have_attribute("aria-selected", "false")
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
    expect(box).to_be_focused()
    assert glance(page, "dialog") == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-bell]")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(box).to_have_value("buat nas")
    expect(dialog.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(dialog.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/naskah/baru")


def test_enter_without_a_choice_shows_the_page(open_as: Open) -> None:
    page = open_as("editor")
    page.keyboard.press("/")
    expect(page.locator("#find [role=combobox]")).to_be_focused()
    page.keyboard.type("lelang")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cari?q=lelang")
    expect(page.locator("main input[name=q]")).to_have_value("lelang")
    expect(page.get_by_role("heading", name="Naskah", exact=True)).to_be_visible()


def test_slash_stays_with_a_page_that_has_its_own_search(open_as: Open) -> None:
    page = open_as("editor")
    page.goto("/naskah/?tampilan=daftar")
    page.keyboard.press("/")
    expect(page.locator("main form [data-search]")).to_be_focused()
    expect(page.locator("#find")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.locator("#find [role=combobox]")).to_be_focused()


def test_a_phone_has_a_button(open_as: Open) -> None:
    page = open_as("contributor", width=360, dark=True)
    page.get_by_role("link", name="Cari di mana saja").click()
    box = page.locator("#find [role=combobox]")
    expect(box).to_be_focused()
    box.fill("kirim usul")
    expect(page.locator("#find").get_by_role("option")).to_have_count(1)
    assert glance(page, "dialog, 360 px") == []
    page.locator("#find [data-close-dialog]").click()
    expect(page.get_by_role("link", name="Cari di mana saja")).to_be_focused()
    page.get_by_role("link", name="Cari di mana saja").click()
    page.locator("#find").get_by_role("option").first.click()
    page.wait_for_url("**/usulan/kirim")


def test_only_the_last_question_is_answered(open_as: Open) -> None:
    page = open_as("editor")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if "q=lel&" in route.request.url:
            held.append(route)
        else:
            route.continue_()

    page.route("**/cari?*", hold)
    page.keyboard.press("Control+k")
    box = page.locator("#find [role=combobox]")
    with page.expect_request("**/cari?q=lel&*"):
        box.fill("lel")
    box.fill("tidakadakata")
    expect(page.locator("#find .find__none")).to_contain_text("tidakadakata")
    for route in held:
        route.fulfill(body='<div><a role="option" href="/">Jawaban lama</a></div>', content_type="text/html")
    expect(page.locator("#find")).not_to_contain_text("Jawaban lama")
    expect(box).to_have_attribute("aria-expanded", "false")


def test_an_answer_that_comes_late_leaves_the_choice(open_as: Open) -> None:
    page = open_as("editor")
    page.keyboard.press("Control+k")
    box, options = page.locator("#find [role=combobox]"), page.locator("#find").get_by_role("option")
    box.fill("buat nas")
    expect(options.first).to_have_text("Buat naskah")
    page.keyboard.press("Escape")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/cari?*", hold)
    with page.expect_request("**/cari?*"):
        page.keyboard.press("Control+k")  # asks again: what was found may have changed
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    with page.expect_response("**/cari?*") as fresh:
        held[0].continue_()
    fresh.value.finished()
    page.wait_for_timeout(100)  # what the page does with the answer
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/naskah/baru")


def test_without_a_connection_it_says_so_and_keeps_what_was_typed(open_as: Open) -> None:
    page = open_as("editor")
    page.route("**/cari?*", lambda route: route.abort())
    page.keyboard.press("Control+k")
    box = page.locator("#find [role=combobox]")
    box.fill("lelang")
    expect(page.locator("#find .find__none")).to_contain_text("Periksa sambungan")
    page.unroute("**/cari?*")
    box.fill("lelang ")
    expect(page.locator("#find").get_by_role("option").first).to_be_visible()
