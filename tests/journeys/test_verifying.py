"""The queue of what waits for verification, decided with one key each, and without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.media.models import Asset
from humasflow.publishing.enums import LinkState
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from tests.journeys.conftest import Server

pytestmark = pytest.mark.journey
Open = Callable[..., Page]


def title(page: Page) -> str:
    return page.locator("#judged").inner_text()


def judged(page: Page) -> str:
    """The address of what is being judged: one story can wait on two channels, under one title."""
    return str(page.locator("#judged a").get_attribute("href"))


def expect_judged(page: Page, address: str, *, other: bool = False) -> None:
    link = expect(page.locator("#judged a"))
    (link.not_to_have_attribute if other else link.to_have_attribute)("href", address)


def press(page: Page, key: str) -> None:
    page.wait_for_load_state()  # until then nobody listens
    page.keyboard.press(key)


def test_one_key_a_decision(open_as: Open) -> None:
    page = open_as("lead")
    page.goto("/capaian/verifikasi")
    first = judged(page)
    press(page, "ArrowRight")
    expect_judged(page, first, other=True)
    second, second_title = judged(page), title(page)
    press(page, "ArrowLeft")
    expect_judged(page, first)
    press(page, "l")
    expect_judged(page, second)
    press(page, "v")
    expect(page.locator(".undo")).to_contain_text(second_title)
    expect_judged(page, second, other=True)
    press(page, "u")
    expect_judged(page, second)
    press(page, "d")
    reason = page.get_by_label("Apa yang dipertanyakan?")
    expect(reason).to_be_focused()
    page.keyboard.type("Videonya milik kantor lain")  # v, d, l and u are letters here
    expect(reason).to_have_value("Videonya milik kantor lain")
    page.get_by_role("button", name="Catat sebagai dipertanyakan").click()
    expect(page.locator(".undo")).to_contain_text("Dipertanyakan")
    page.get_by_role("link", name=re.compile("^Dipertanyakan")).click()
    expect(page.locator("main")).to_contain_text("Videonya milik kantor lain")


@pytest.fixture
def proven(server: Server) -> list[str]:
    """Titles of two publications that wait and whose evidence is complete: the address opens, a picture is there."""
    with server.app.app_context():
        picture = db.session.scalars(select(Asset).where(Asset.office_id == server.office_id).limit(1)).one()
        waiting = queries.list_unverified(queries.Queue(server.office_id, 0, counted=True), size=2)
        titles = []
        for row in waiting:
            delivery = db.session.get_one(Delivery, row.delivery_id)
            delivery.link_state, delivery.link_checked_at = LinkState.ALIVE, clock.now()
            for evidence in delivery.evidence:
                evidence.screenshot_id, evidence.file_sha256 = picture.id, picture.sha256
                evidence.captured_by = None
            titles.append(delivery.title)
        db.session.commit()
        db.session.remove()
    assert len(titles) == 2
    return titles


def test_many_at_once_and_all_back_with_one_key(open_as: Open, proven: list[str]) -> None:
    page = open_as("lead", width=360, dark=True)
    page.goto("/capaian/verifikasi?tampilan=daftar")
    rows = page.locator(".list--checks li")
    for title_ in proven:
        expect(rows.filter(has_text=title_).get_by_role("checkbox").first).to_be_checked()
    page.get_by_role("button", name="Verifikasi yang ditandai").click()
    expect(page.locator(".undo")).to_contain_text("2 publikasi diverifikasi.")
    expect(page.get_by_role("button", name="Urungkan verifikasi 2 publikasi")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    press(page, "u")
    expect(page.locator(".toast")).to_contain_text("Verifikasi 2 publikasi diurungkan.")
    expect(page.locator(".undo")).to_have_count(0)
    for title_ in proven:
        expect(rows.filter(has_text=title_).first).to_be_visible()


def test_what_counts_nowhere_is_one_link_away(open_as: Open) -> None:
    page = open_as("lead")
    page.goto("/capaian/verifikasi")
    page.get_by_role("link", name="Lihat yang tidak dihitung").click()
    expect(page.locator("main")).to_contain_text("memverifikasinya tidak mengubah nilai")
    page.locator(".list--checks").get_by_role("link", name="Periksa").first.click()
    expect(page.locator("main")).to_contain_text("tidak ada komponen yang menghitungnya")
    page.get_by_role("link", name="Kembali ke yang dihitung").click()
    expect(page.locator("main .kv")).not_to_contain_text("tidak ada komponen yang menghitungnya")


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
    first, first_title = judged(page), title(page)
    page.wait_for_load_state()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.keyboard.down("v")
    expect_judged(page, first, other=True)
    page.wait_for_load_state()
    page.keyboard.down("v")  # the keyboard repeats what is held
    page.keyboard.down("v")
    page.wait_for_timeout(500)
    assert len(sent) == 1
    expect(page.locator(".undo")).to_contain_text(first_title)
    page.keyboard.up("v")
