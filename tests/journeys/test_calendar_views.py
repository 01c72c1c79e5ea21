"""Ways through the calendar in a browser: keys, parts put in place without a new page, search, filters, paper."""

from collections.abc import Callable

import pypdfium2
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from humasflow.accounts.models import User, UserSession
from humasflow.core import clock
from humasflow.core.db import db
from tests.journeys.conftest import Server

pytestmark = pytest.mark.journey
Open = Callable[..., Page]
A4 = (595, 842)  # points, upright


def test_keys_lead_everywhere_without_a_new_page_and_never_while_typing(
    open_as: Open, server: Server
) -> None:
    page = open_as("editor")
    page.goto("/kalender/?tampilan=bulan&hari=2026-11-10")
    page.evaluate("window.stillTheSamePage = true")
    heading = page.locator("h1")

    def press(key: str, said: str, view: str) -> None:
        page.keyboard.press(key)
        expect(heading).to_have_text(said)
        expect(page.locator("#calendar")).to_have_attribute("data-view", view)
        expect(page.locator("#calendar")).not_to_have_attribute("aria-busy", "true")
        here = f"/kalender/{page.url.split('/kalender/')[1]}"
        expect(page.locator('.cal-tabs [aria-current="page"]')).to_have_attribute("href", here)

    press("j", "Desember 2026", "bulan")
    press("k", "November 2026", "bulan")
    press("w", "Pekan ke-44, 26 Oktober – 1 November 2026", "pekan")
    press("d", "Minggu, 1 November 2026", "hari")
    press("j", "Senin, 2 November 2026", "hari")
    press("m", "November 2026", "bulan")
    page.go_back()
    expect(heading).to_have_text("Senin, 2 November 2026")
    page.keyboard.press("/")
    search = page.locator("#cari")
    expect(search).to_be_focused()
    page.keyboard.type("jdwkm tmc")
    expect(search).to_have_value("jdwkm tmc")
    expect(heading).to_have_text("Senin, 2 November 2026")
    page.keyboard.press("Enter")
    expect(page.locator(".filter-chip").first).to_contain_text("Berisi “jdwkm tmc”")
    expect(search).to_be_focused()
    assert "cari=jdwkm" in page.url
    page.locator(".filter-chip--clear").click()
    expect(page.locator(".filter-chip")).to_have_count(0)
    page.locator(".cal-filters summary").click()
    page.get_by_label("Terjadwal", exact=True).check()
    page.get_by_role("button", name="Terapkan").click()
    expect(page.locator(".filter-chip").first).to_contain_text("Terjadwal")
    assert page.url.endswith("keadaan=scheduled"), "the address holds what was chosen and nothing empty"
    expect(page.locator(".cal-filters > summary")).to_be_focused()
    said = page.locator("#calendar-said")
    expect(said).to_contain_text("Senin, 2 November 2026")
    expect(said).to_contain_text("Disaring: Terjadwal.")
    expect(said).to_contain_text("terjadwal. Waktu")
    page.locator(".filter-chip").first.click()
    expect(page.locator(".filter-chip")).to_have_count(0)
    assert page.evaluate("document.activeElement !== document.body"), (
        "what had the focus is gone, the focus is not"
    )
    page.keyboard.press("t")
    expect(page.locator("#calendar .wk__day.today")).to_be_visible()
    assert page.url.endswith("/kalender/?tampilan=hari"), "today needs no day in its address"
    assert page.evaluate("window.stillTheSamePage"), "all of it without a new page"

    ident = int(page.locator("body").get_attribute("data-user") or 0)
    switch(server, ident, on=False)
    try:
        page.goto("/kalender/?tampilan=bulan&hari=2026-11-10")
        for key in ("j", "w", "d", "/", "t"):
            page.keyboard.press(key)
        page.wait_for_timeout(300)
        expect(heading).to_have_text("November 2026")
        expect(page.locator("#cari")).not_to_be_focused()
    finally:
        switch(server, ident, on=True)


def switch(server: Server, ident: int, *, on: bool) -> None:
    with server.app.app_context():
        db.session.get_one(User, ident).shortcuts = on
        db.session.commit()


def test_the_quarter_too_comes_without_a_new_page_and_an_expired_sign_in_is_asked_for_again(
    open_as: Open, server: Server
) -> None:
    page = open_as("editor")
    page.goto("/kalender/?tampilan=bulan&hari=2026-11-10")
    page.evaluate("window.stillTheSamePage = true")
    heading = page.locator("h1")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("link", name="Triwulan", exact=True).click()
    expect(page.locator(".heat")).to_be_visible()
    assert page.locator(".heat").evaluate("e => getComputedStyle(e).borderSpacing") == "3px", (
        "in its own look"
    )
    expect(page.locator("#calendar-key .cal-key")).to_have_count(0)
    named = heading.inner_text()
    page.keyboard.press("j")
    expect(heading).not_to_have_text(named)
    page.keyboard.press("k")
    expect(heading).to_have_text(named)
    page.keyboard.press("m")
    expect(heading).to_have_text("Oktober 2026")  # the quarter stands on its first day
    expect(page.locator(".cal-key")).to_be_visible()
    assert page.evaluate("window.stillTheSamePage")
    page.evaluate("location.hash = 'isi'")  # as the link that skips the navigation does
    page.go_back()
    expect(page.locator("#calendar")).not_to_have_attribute("aria-busy", "true")
    asked.clear()
    following = page.get_by_role("link", name="Berikutnya")
    following.hover()
    following.click()
    expect(heading).to_have_text("November 2026")
    months = [url for url in asked if "/kalender/?tampilan=bulan" in url]
    assert len(months) == len(set(months)), "what is on its way is not asked for twice"
    ident = int(page.locator("body").get_attribute("data-user") or 0)
    with server.app.app_context():
        db.session.execute(
            update(UserSession).where(UserSession.user_id == ident).values(revoked_at=clock.now())
        )
        db.session.commit()
    page.mouse.move(0, 0)
    page.keyboard.press("w")  # not fetched ahead
    page.wait_for_url("**/masuk?**")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


# The paper, whether it stands upright, and words that it has to say.
PAPERS = {
    "?tampilan=bulan&keadaan=scheduled": (False, ("Disaring:Terjadwal.", "Tenggat", "Harinasional")),
    "?tampilan=pekan": (False, ("Terjadwal", "Tayang", "Agenda")),
    "?tampilan=daftar": (False, ("Terjadwal", "Tayang", "Agenda")),
    "?tampilan=kanal&jenis=publikasi": (False, ("Disaring:Publikasi.", "Terjadwal")),
    "?tampilan=seksi": (False, ("Terjadwal", "Tayang", "Agenda")),
    "?tampilan=triwulan": (False, ("Kanal",)),
    "harian?keadaan=scheduled": (True, ("Disaring:Terjadwal.",)),
}


def test_paper_is_a4_the_right_way_round_and_light(open_as: Open) -> None:
    page = open_as("editor", dark=True)
    for address, (upright, told) in PAPERS.items():
        page.goto(f"/kalender/{address}")
        heading = page.locator("h1").inner_text()
        paper = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
        first = paper[0]
        size = tuple(round(x) for x in first.get_size())
        assert size == (A4 if upright else A4[::-1]), address
        # A PDF keeps no spaces between letters that are set close together.
        words = "".join("".join(sheet.get_textpage().get_text_range() for sheet in paper).split())
        assert "".join(heading.split()) in words, address
        assert "Saringan" not in words, "what is pressed is not printed"
        for word in told:
            assert word in words, (address, word)
        if "bulan" in address or "pekan" in address:
            assert "Sen" in words, "columns, not the list of a phone"
        picture = first.render(scale=0.5).to_pil().convert("L")
        dark = sum(picture.histogram()[:96]) / (picture.width * picture.height)
        assert dark < 0.2, f"{address}: ink is for words; a dark theme stays on the screen"
        for part in (first, paper):
            part.close()
