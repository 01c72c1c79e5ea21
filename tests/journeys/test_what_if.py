"""Andai in a browser: the total follows what is ticked and typed, and wrong numbers are said while somebody types."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey
Open = Callable[..., Page]

ADDRESS = "/capaian/andai"
TOTAL = "[data-what-if-part=total]"
TABLE = "[data-what-if-part=components]"


def test_the_total_follows_what_is_ticked_and_typed(open_as: Open) -> None:
    page = open_as("lead")
    page.goto(ADDRESS)
    page.wait_for_load_state()
    total, table = page.locator(TOTAL), page.locator(TABLE)
    projected, listed = total.inner_text(), table.inner_text()
    ticked = page.locator("input[name=pos]:checked")
    assert ticked.count() > 0, "the sample office plans ahead"
    page.evaluate("window.same = true")
    while ticked.count():
        ticked.first.uncheck()
    expect(total).not_to_have_text(projected)
    expect(total).not_to_contain_text("selisih")
    alone = table.inner_text()
    assert alone != listed
    field = page.locator("[data-what-if-field] input").first
    field.focus()
    page.keyboard.type("9")
    expect(total).to_contain_text("selisih +")
    expect(table).not_to_have_text(alone)
    expect(field).to_be_focused()
    assert page.evaluate("window.same"), "nothing was loaded anew"
    assert "lihat=1" in page.url and "=9" in page.url, "what is shown can be sent to somebody"
    shown = table.inner_text()
    page.reload()
    expect(table).to_have_text(shown, use_inner_text=True)


def test_a_wrong_number_is_said_at_once_and_taken_back(open_as: Open) -> None:
    page = open_as("lead")
    page.goto(ADDRESS)
    page.wait_for_load_state()
    field = page.locator("[data-what-if-field] input").first
    field.focus()
    page.keyboard.type("2,5")
    described = field.get_attribute("aria-describedby") or ""
    said = page.locator(f"#{described.split()[-1]}")
    expect(said).to_contain_text("bilangan bulat")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("2,5")
    expect(field).to_be_focused()
    field.fill("2")
    expect(said).to_be_empty()
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_without_an_answer_the_page_says_that_the_number_is_an_old_one(open_as: Open) -> None:
    page = open_as("lead")
    page.goto(ADDRESS)
    page.wait_for_load_state()
    stale = page.locator("[data-what-if-stale]")
    expect(stale).to_be_hidden()
    page.route("**/capaian/andai?*", lambda route: route.abort())
    field = page.locator("[data-what-if-field] input").first
    field.fill("3")
    expect(stale).to_be_visible()
    page.unroute("**/capaian/andai?*")
    field.fill("4")
    expect(stale).to_be_hidden()
