"""High contrast themes: the system's colours take the place of the product's, and every state still shows."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.journey


def style(page: Page, selector: str, name: str) -> str:
    """One computed style of the first match."""
    return str(page.locator(selector).first.evaluate("(e, name) => getComputedStyle(e)[name]", name))


def test_states_show_without_the_products_colours(open_as: Callable[..., Page]) -> None:
    page = open_as("lead")
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.goto("/capaian/")
    # Where one is: the tab's line is there for the current one only, the entry of the navigation has a frame.
    assert style(page, "main .tabs a[aria-current]", "borderBottomColor") != style(
        page, "main .tabs a:not([aria-current])", "borderBottomColor"
    )
    assert style(page, "main .tabs a:not([aria-current])", "borderBottomColor") == style(
        page, "body", "backgroundColor"
    )
    assert style(page, ".nav > a[aria-current]", "outlineStyle") == "solid"
    # A bar is told by its patterns: what is drawn has the colour of text, what lies under it that of the page.
    text, ground = style(page, "body", "color"), style(page, "body", "backgroundColor")
    assert style(page, ".bar__v", "fill") == text
    assert style(page, ".bar__frame", "stroke") == text
    assert style(page, ".pat-u-a", "fill") == ground
    assert style(page, ".pat-u-b", "stroke") == text
    page.keyboard.press("Tab")
    assert style(page, ":focus", "outlineStyle") == "solid"
    assert style(page, ":focus", "outlineWidth") == "3px"


def test_chips_and_the_main_button_keep_a_shape(open_as: Callable[..., Page]) -> None:
    page = open_as("editor")
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.goto("/naskah/")
    assert style(page, "main .chip", "borderTopStyle") == "solid"
    assert style(page, "main .card", "borderTopStyle") == "solid"
    main, other = "main .btn.primary", "main .btn:not(.primary):not(.quiet)"
    assert style(page, main, "backgroundColor") != style(page, other, "backgroundColor")
