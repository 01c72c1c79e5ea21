"""The agenda in a browser: an event that repeats is written, changed once, covered, and put off with a reason."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from humasflow.accounts.queries import today_at
from humasflow.orgs.models import Unit
from tests.journeys.conftest import Open, Server

pytestmark = pytest.mark.journey


def test_a_repeating_event_is_written_changed_once_covered_and_put_off(server: Server, open_as: Open) -> None:
    page = open_as("editor")
    today = today_at(Unit(timezone="Asia/Jakarta"))
    monday = today + timedelta(days=14 - today.weekday())
    page.goto("/agenda/baru")
    expect(page.locator("[data-repeat-parts]")).to_be_hidden()
    page.get_by_label("Nama agenda").fill("Apel bersama wali kota")
    page.locator("#starts_on").fill(monday.isoformat())
    page.locator("#ends_time").fill("10:30")
    page.locator("#starts_time").fill("13:00")
    page.locator("#starts_time").blur()
    expect(page.locator("#ends_time")).to_have_value("14:30")  # it takes as long as before
    page.get_by_label("Foto").check()
    page.locator("#repeat").select_option("weekly")
    expect(page.locator("#weekdays")).to_be_visible()
    page.locator("#until_on").fill((monday + timedelta(days=21)).isoformat())
    expect(page.locator("[data-repeat-said]")).to_have_text(re.compile(r"^Setiap Senin, sampai .*, 4 kali: "))
    page.locator("#all_day").check()
    expect(page.locator("#starts_time")).to_be_hidden()
    page.locator("#all_day").uncheck()
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator("main")).to_contain_text("Setiap Senin, sampai")

    page.get_by_role("heading", name="Tanggal berikutnya").locator("xpath=ancestor::section").get_by_role(
        "link"
    ).first.click()
    second = page.url
    page.get_by_role("link", name="Ubah").click()
    page.get_by_label("Tempat").fill("Balai kota")
    page.locator("#starts_time").fill("15:00")
    page.locator("#starts_time").blur()
    expect(page.locator("#ends_time")).to_have_value("16:30")
    page.get_by_label("Yang ini saja").check()
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator("main")).to_contain_text("15.00–16.30")
    expect(page.locator("main")).to_contain_text("Balai kota")
    expect(page.locator("section", has_text="Tanggal berikutnya")).to_contain_text("13.00–14.30")

    page.locator("main").get_by_role("link", name="Liput", exact=True).click()
    person = page.get_by_label("Siapa (foto)")
    person.select_option(index=1)
    who = person.locator("option:checked").inner_text().split(",")[0]
    page.get_by_role("button", name="Buat naskah dan tugas").click()
    expect(page.locator("#agenda-diliput")).to_contain_text("Meliput agenda Apel bersama wali kota")
    story = page.url

    page.goto(second)
    expect(page.locator("section", has=page.locator("#coverage"))).to_contain_text(who)
    page.get_by_role("link", name="Tunda").click()
    expect(page.get_by_text("Yang ikut terpengaruh")).to_be_visible()
    page.get_by_label("Alasan").fill("Wali kota ke luar kota")
    page.get_by_label("Hari baru").fill((monday + timedelta(days=9)).isoformat())
    page.get_by_role("button", name="Tunda").click()
    expect(page.locator("main")).to_contain_text("Wali kota ke luar kota")
    expect(page.locator("main .head, main h1 + *").first).to_be_visible()
    page.goto(story)
    expect(page.locator("main")).to_contain_text("memindahkan agenda yang diliput naskah ini")
    expect(page.locator("main")).to_contain_text("Wali kota ke luar kota")

    phone = open_as("editor", width=360, dark=True)
    phone.goto("/agenda/?cari=wali+kota&liputan=sudah")
    expect(phone.locator(".agenda-row")).to_have_count(1)
    expect(phone.locator(".agenda-row")).to_contain_text(who)
    assert not phone.evaluate("document.documentElement.scrollWidth > innerWidth")
