"""Sums that follow the typing: weights of a scheme, parts of a publication. The server adds them up again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey


def test_the_sum_of_the_weights_follows_what_is_typed(open_as: Callable[..., Page]) -> None:
    page = open_as("admin")
    page.goto("/pengaturan/skema/1")
    page.locator("main .btn.primary").first.click()  # a new version, or the draft there is
    page.wait_for_url(re.compile("/konsep/"))
    total, first = page.locator("[data-weight-sum]"), page.locator("[data-weight]").first
    expect(total).to_have_text("100")
    stored = first.input_value()
    first.fill(f"{stored},5")
    expect(total).to_have_text("100,5")
    expect(total).to_have_class(re.compile("sum--off"))
    first.fill("abc")
    expect(total).to_have_text("—")  # never the sum of the others alone
    first.fill(stored)
    expect(total).to_have_text("100")
    expect(total).not_to_have_class(re.compile("sum--off"))
    page.get_by_role("button", name="Buang konsep").click()  # others find the scheme as it was
    page.locator("#discard").get_by_role("button", name="Buang konsep").click()
    page.wait_for_url(re.compile(r"/pengaturan/skema/1$"))


def test_the_sum_of_the_parts_follows_what_is_typed(open_as: Callable[..., Page]) -> None:
    page = open_as("admin")
    page.goto("/pengaturan/pembagian")
    total = page.locator("[data-shares-sum]")
    expect(total).to_have_text("100%")
    page.get_by_label("Penulis").fill("40,25")
    expect(total).to_have_text("100,25%")
    expect(total).to_have_class(re.compile("off"))
    page.get_by_label("Penulis").fill("empat puluh")
    expect(total).to_have_text("—")
