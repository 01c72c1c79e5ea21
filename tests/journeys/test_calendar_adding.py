"""Adding to the calendar in a browser: a title and Enter, the side panel, the pool, lanes, a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from humasflow.channels.queries import list_accounts
from humasflow.core.db import db
from humasflow.orgs.queries import list_sections
from humasflow.pitches.services import PitchContent, send_pitch
from tests.journeys.calendar_ahead import Ahead, cell, editor
from tests.journeys.conftest import Server
from tests.journeys.looking import violations

pytestmark = pytest.mark.journey
Open = Callable[..., Page]


@pytest.fixture
def ahead(server: Server) -> Ahead:
    return Ahead(server)


def test_a_title_and_enter_is_an_item_on_the_day(open_as: Open, ahead: Ahead) -> None:
    day = ahead.working[10]
    page = open_as("editor")
    ahead.open(page)
    cell(page, day).locator(".day__n").focus()
    page.keyboard.press("c")
    quick = page.locator("#quick")
    sent: list[str] = []

    def lose_first(route: Route) -> None:
        if not sent:
            sent.append(route.fetch().text())  # it arrives and is done; its answer does not come back
            route.abort()
        else:
            route.continue_()

    page.route("**/kalender/tambah", lose_first)
    quick.get_by_label("Judul naskah baru").fill("Ditambah dengan Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    made = cell(page, day).locator(".ev", has_text="Ditambah dengan Enter")
    expect(made).to_have_count(1)
    page.unroute("**/kalender/tambah")

    # More in the side panel: what was typed comes along, and the pool of ideas stands beside it.
    cell(page, day).hover()
    cell(page, day).locator(".day__add").click()
    quick.get_by_label("Judul naskah baru").fill("Lebih lengkap lagi")
    quick.get_by_role("link", name="Lebih lengkap").click()
    side = page.locator("#side")
    expect(side.get_by_label("Judul naskah")).to_have_value("Lebih lengkap lagi")
    side.get_by_label("Jam").fill("16:45")
    expect(side.get_by_role("heading", name="Siapkan dari usulan")).to_be_visible()
    side.get_by_role("button", name="Tambahkan").click()
    expect(cell(page, day).locator(".ev", has_text="Lebih lengkap lagi").locator("time")).to_have_text(
        "16.45"
    )


def test_a_lost_answer_is_not_taken_for_another_title(open_as: Open, ahead: Ahead) -> None:
    day = ahead.working[9]
    page = open_as("editor")
    ahead.open(page)
    cell(page, day).hover()
    cell(page, day).locator(".day__add").click()
    quick, form = page.locator("#quick"), page.locator("#quick form")
    title = quick.get_by_label("Judul naskah baru")
    sent: list[str] = []
    held: list[Route] = []

    def lose_two(route: Route) -> None:
        sent.append(route.request.method)
        if len(sent) == 1:
            held.append(route)
        elif len(sent) == 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/kalender/tambah", lose_two)
    title.fill("Yang sampai")
    page.keyboard.press("Enter")
    expect(form).to_have_attribute("aria-busy", "true")
    held[0].fetch()  # it arrives and is done; its answer does not come back
    held[0].abort()
    expect(quick.get_by_role("alert")).to_contain_text("Belum sampai")
    title.fill("Yang berikutnya")
    page.keyboard.press("Enter")
    expect(quick.get_by_role("alert")).to_contain_text("“Yang sampai” sudah ada di kalender")
    page.keyboard.press("Enter")
    expect(quick).to_be_hidden()
    for text in ("Yang sampai", "Yang berikutnya"):
        expect(cell(page, day).locator(".ev", has_text=text)).to_have_count(1)


def test_what_is_added_in_a_lane_belongs_to_it(open_as: Open, ahead: Ahead) -> None:
    day = ahead.working[12]
    with ahead.server.app.app_context():
        account = list_accounts(ahead.server.office_id)[1].name
        section = list_sections(ahead.server.office_id)[0].name
    page = open_as("editor")
    title = page.locator("#quick").get_by_label("Judul naskah baru")
    for view, name, text in (("kanal", account, "Dari lajur kanal"), ("seksi", section, "Dari lajur seksi")):
        ahead.open(page, view, day)
        lane = page.locator(".lane", has=page.get_by_role("heading", name=name))
        place = lane.locator(f"[data-day='{day.isoformat()}']")
        place.hover()
        place.locator(".day__add").click()
        title.fill(text)
        page.keyboard.press("Enter")
        expect(place.locator(".ev", has_text=text)).to_be_visible()
        assert lane.locator("h2 small").inner_text() == str(lane.locator(".ev").count())
    place.dispatch_event("click", {"button": 0})
    title.fill("Dari sel kosong")
    page.keyboard.press("Enter")
    expect(place.locator(".ev", has_text="Dari sel kosong")).to_be_visible()


def test_an_idea_of_the_pool_is_found_and_prepared(open_as: Open, ahead: Ahead) -> None:
    day = ahead.working[17]
    with ahead.server.app.app_context(), ahead.server.app.test_request_context():
        send_pitch(
            actor=editor(), office_id=ahead.server.office_id,
            content=PitchContent("Panen padi bersama", what="Warga memanen."),
        )  # fmt: skip
        db.session.commit()
    page = open_as("editor")
    ahead.open(page)
    cell(page, day).hover()
    cell(page, day).locator(".day__add").click()
    page.locator("#quick").get_by_role("link", name="Lebih lengkap").click()
    side = page.locator("#side")
    side.get_by_label("Judul naskah").fill("Belum selesai diketik")
    side.get_by_label("Cari usulan").fill("panen padi")
    page.keyboard.press("Enter")
    expect(side.get_by_text("1 usulan cocok").last).to_be_visible()
    expect(side.get_by_label("Cari usulan")).to_be_focused()
    expect(side.get_by_label("Judul naskah")).to_have_value("Belum selesai diketik")
    assert violations(page) == []
    side.get_by_role("button", name="Siapkan “Panen padi bersama”").click()
    expect(cell(page, day).locator(".ev", has_text="Panen padi bersama")).to_be_visible()


def test_a_phone_lists_the_month_and_adds_in_a_sheet(open_as: Open, ahead: Ahead) -> None:
    day = ahead.working[15]
    ahead.post("Dibaca di ponsel", day)
    page = open_as("editor", width=360)
    page.goto(f"/kalender/?tampilan=daftar&hari={ahead.first.isoformat()}")
    row = page.locator(".agenda-day", has=page.locator(".ev", has_text="Dibaca di ponsel"))
    expect(row.get_by_role("heading")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    row.locator(".day__add").click()
    sheet = page.locator("#quick")
    expect(sheet).to_be_visible()  # its module comes with the first press
    box = sheet.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 360)
    sheet.get_by_label("Judul naskah baru").fill("Dari ponsel")
    sheet.get_by_role("button", name="Tambahkan").click()
    expect(row.locator(".ev", has_text="Dari ponsel")).to_be_visible()
