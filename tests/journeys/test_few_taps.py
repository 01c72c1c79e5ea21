"""What is done most is done with few taps, on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import count_steps, steps

pytestmark = pytest.mark.journey
Open = Callable[..., Page]


def test_a_pitch_takes_four_taps_and_one_field(open_as: Open) -> None:
    page = open_as("contributor", width=360)
    count_steps(page)
    page.get_by_role("link", name=re.compile("^Kirim usulan")).first.click()
    field = page.locator("[name=title]")
    field.click()
    field.press_sequentially("Antrean loket habis sebelum siang")
    page.get_by_role("button", name="Kirim usulan").click()
    page.wait_for_url(re.compile(r"/usulan/[0-9]+$"))
    expect(page.get_by_text("Usulan terkirim")).to_be_visible()
    done = steps(page)
    assert done["clicks"] <= 4 and done["fields"] <= 1, done


def test_an_approval_takes_two_taps_once_it_is_open(open_as: Open) -> None:
    page = open_as("approver", width=360)
    page.goto("/persetujuan/")
    page.get_by_role("link", name=re.compile("Baca dan putuskan")).last.click()
    page.wait_for_url(re.compile(r"/persetujuan/[0-9]+$"))
    count_steps(page)
    page.get_by_role("button", name=re.compile("^Setujui")).click()
    expect(page.locator("[data-toast=success]")).to_be_visible()
    assert steps(page)["clicks"] <= 2


@pytest.mark.parametrize("role", ["lead", "editor"])
def test_how_much_is_missing_is_on_the_first_screen(open_as: Open, role: str) -> None:
    """ "Berapa lagi?" needs no tap and no scroll, on a phone."""
    page = open_as(role, width=360)
    said = page.get_by_text(re.compile(r"[Kk]urang [0-9]+")).first
    expect(said).to_be_visible()
    box = said.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 760, "below what the phone shows at once"
