"""A person reads what the day holds on a phone, passes it on, and sets the hour of the mail."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.looking import violations

pytestmark = pytest.mark.journey

Open = Callable[..., Page]


@pytest.mark.parametrize(("who", "path"), [("editor", "/hari-ini"), ("lead", "/minggu-ini")])
@pytest.mark.parametrize("dark", [False, True])
def test_a_brief_fits_a_phone_and_everybody(open_as: Open, who: str, path: str, dark: bool) -> None:
    page = open_as(who, width=360, dark=dark)
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kabar")
    page.get_by_text("Bagikan sebagai teks").click()
    expect(page.get_by_role("link", name="Kirim lewat WhatsApp")).to_have_attribute(
        "rel", "noopener noreferrer"
    )
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_from_the_home_page_to_the_hour_of_the_mail(open_as: Open) -> None:
    page = open_as("contributor", width=360)
    page.goto("/")
    page.get_by_role("link", name="Kabar hari ini").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kabar hari ini")
    page.get_by_role("link", name="Atur kabar lewat surel").click()
    page.get_by_label("Kabar dikirim pukul").fill("06:45")
    page.get_by_label("Kirim kabar pagi pada hari kerja").uncheck()
    page.get_by_role("button", name="Simpan pilihan").click()
    expect(page.get_by_text("Pilihan Anda tersimpan.")).to_be_visible()
    expect(page.get_by_label("Kabar dikirim pukul")).to_have_value("06:45")
    expect(page.get_by_label("Kirim kabar pagi pada hari kerja")).not_to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
