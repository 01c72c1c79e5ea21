"""The calendar in a browser: dragged and taken back, moved by keyboard and finger, warned, many at once, printed."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Route, expect

from humasflow.channels.queries import list_accounts
from humasflow.core.db import db
from tests.journeys.calendar_ahead import Ahead, cell, drag, post_of, settles, stands, toast, undo, until
from tests.journeys.conftest import Server
from tests.journeys.looking import violations

pytestmark = pytest.mark.journey
Open = Callable[..., Page]


@pytest.fixture
def ahead(server: Server) -> Ahead:
    return Ahead(server)


def test_a_drag_keeps_the_clock_time_and_is_taken_back(open_as: Open, ahead: Ahead) -> None:
    monday, other = ahead.working[3], ahead.working[5]
    ident = ahead.post("Diseret di kalender", monday)
    page = open_as("editor")
    ahead.open(page)
    item = post_of(page, ident)
    drag(page, item, cell(page, other))
    expect(toast(page, "dipindahkan ke")).to_be_visible()
    settles(item, (other.isoformat(), "10:30"))
    page.reload()
    settles(item, (other.isoformat(), "10:30"))
    drag(page, item, cell(page, monday))
    expect(toast(page, "dipindahkan ke")).to_be_visible()
    undo(page)
    expect(toast(page, "kembali ke")).to_be_visible()
    page.reload()
    settles(item, (other.isoformat(), "10:30"))


def test_from_the_tray_and_between_the_hours_of_a_week(open_as: Open, ahead: Ahead) -> None:
    ident = ahead.tray("Menunggu waktu")
    day = ahead.working[6]
    page = open_as("editor")
    ahead.open(page, "pekan", day)
    item = post_of(page, ident)
    settles(item, ("", ""))
    drag(page, item, cell(page, day, "14:00"))
    expect(toast(page, "dipindahkan ke")).to_be_visible()
    settles(item, (day.isoformat(), "14:00"))
    drag(page, item, cell(page, day, "08:00"))
    expect(item.locator("time")).to_contain_text("08.00")
    page.reload()
    settles(item, (day.isoformat(), "08:00"))
    assert item.evaluate("e => e.closest('[data-day]').dataset.time") == "08:00"


def test_the_keyboard_twin_says_what_is_wrong_and_then_moves(open_as: Open, ahead: Ahead) -> None:
    day = ahead.working[2]
    ident = ahead.post("Lewat papan ketik", day)
    page = open_as("editor")
    ahead.open(page)
    item = post_of(page, ident)
    item.focus()
    page.keyboard.press("p")
    dialog = page.locator("#moving-where")
    dialog.get_by_label("Tanggal").fill("2020-01-06")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("lewat")
    settles(item, (day.isoformat(), "10:30"))
    dialog.get_by_label("Tanggal").fill(ahead.working[4].isoformat())
    dialog.get_by_label("Jam").fill("13:15")
    page.keyboard.press("Enter")
    expect(toast(page, "dipindahkan ke")).to_be_visible()
    settles(item, (ahead.working[4].isoformat(), "13:15"))
    expect(item).to_be_focused()


def test_a_holiday_warns_and_the_person_decides(open_as: Open, ahead: Ahead) -> None:
    day = ahead.working[1] if ahead.holiday.month == ahead.first.month else None
    start = day or ahead.holiday - timedelta(days=ahead.holiday.weekday() or 7)
    ident = ahead.post("Menjelang libur", start)
    page = open_as("editor")
    ahead.open(page, day=ahead.holiday)
    item = post_of(page, ident)
    if item.count() == 0:  # the holiday's month shows other weeks
        ahead.move(ident, ahead.holiday + timedelta(days=1), mine=True)
        page.reload()
    before = stands(item)
    drag(page, item, cell(page, ahead.holiday))
    dialog = page.locator("#moving-warned")
    expect(dialog).to_contain_text(re.compile("libur|Cuti", re.IGNORECASE))
    dialog.get_by_role("button", name="Batal").click()
    settles(item, before)
    drag(page, item, cell(page, ahead.holiday))
    dialog.get_by_role("button", name="Tetap pindahkan").click()
    expect(toast(page, "dipindahkan ke")).to_be_visible()
    settles(item, (ahead.holiday.isoformat(), "10:30"))


def test_who_comes_second_sees_what_happened(open_as: Open, ahead: Ahead) -> None:
    first, second, third = ahead.working[7:10]
    ident = ahead.post("Diperebutkan", first)
    page = open_as("editor")
    ahead.open(page)
    other = ahead.move(ident, second)
    item = post_of(page, ident)
    drag(page, item, cell(page, third))
    expect(page.locator(".toast")).to_contain_text(other)
    expect(page.locator(".toast")).to_contain_text(f"{second.day} ")
    expect(cell(page, second).locator(f".ev[data-id='{ident}']")).to_be_visible()
    drag(page, item, cell(page, third))
    expect(toast(page, "dipindahkan ke")).to_be_visible()
    settles(item, (third.isoformat(), "10:30"))


def test_a_lost_network_puts_it_back(open_as: Open, ahead: Ahead) -> None:
    day = ahead.working[11]
    ident = ahead.post("Tanpa jaringan di kalender", day)
    page = open_as("editor")
    ahead.open(page)
    page.route("**/kalender/pindah", lambda route: route.abort())
    item = post_of(page, ident)
    drag(page, item, cell(page, ahead.working[12]))
    expect(toast(page, "Periksa sambungan")).to_be_visible()
    settles(item, (day.isoformat(), "10:30"))


def test_several_are_picked_and_move_together(open_as: Open, ahead: Ahead) -> None:
    one, two = ahead.working[13], ahead.working[14]
    first = ahead.post("Berdua satu", one, time(9))
    second = ahead.post("Berdua dua", two, time(15))
    page = open_as("editor")
    ahead.open(page)
    page.locator("#calendar-bar").get_by_role("button", name="Pilih").click()
    page.get_by_role("checkbox", name="Pilih: Berdua satu").check()
    page.get_by_role("checkbox", name="Pilih: Berdua dua").check()
    expect(page.locator("#pick-line")).to_contain_text("2 dipilih")
    drag(page, post_of(page, first), cell(page, one + timedelta(days=1)))
    warned = page.get_by_role("button", name="Tetap pindahkan")
    expect(warned.or_(toast(page, "Urungkan")).first).to_be_visible()
    if warned.is_visible():
        warned.click()
    expect(page.locator("#pick-line")).to_be_hidden()
    settles(post_of(page, first), ((one + timedelta(days=1)).isoformat(), "09:00"))
    settles(post_of(page, second), ((two + timedelta(days=1)).isoformat(), "15:00"))
    undo(page)
    expect(cell(page, one).locator(f".ev[data-id='{first}']")).to_be_visible()
    settles(post_of(page, second), (two.isoformat(), "15:00"))


def test_a_repeating_event_asks_how_much_of_it(open_as: Open, ahead: Ahead) -> None:
    day = ahead.working[0]
    ahead.weekly("Apel yang berulang", day)
    page = open_as("editor")
    ahead.open(page)
    every = page.locator("#calendar .ev[data-kind=agenda]", has_text="Apel yang berulang")
    drag(page, every.first, cell(page, day + timedelta(days=1)))
    page.get_by_role("button", name="Yang ini dan berikutnya").click()
    warned = page.get_by_role("button", name="Tetap pindahkan")
    moved = [(day + timedelta(days=1 + 7 * n)).isoformat() for n in range(3)]
    expect(warned.or_(toast(page, "Urungkan")).first).to_be_visible()
    if warned.is_visible():
        warned.click()
    expect(cell(page, date.fromisoformat(moved[2])).locator(".ev[data-kind=agenda]")).to_be_visible()
    for n in range(3):
        settles(every.nth(n), (moved[n], "08:00"))


def test_enter_twice_decides_nothing_and_a_neighbour_is_named(open_as: Open, ahead: Ahead) -> None:
    start, day = ahead.later[14], ahead.later[15]
    one, _other = ahead.post("Mau ke sana", start), ahead.post("Sudah di sana", day)
    with ahead.server.app.app_context():
        account = list_accounts(ahead.server.office_id)[0]
        gap, account.min_gap_minutes = account.min_gap_minutes, 60
        db.session.commit()
    page = open_as("editor")
    ahead.open(page, day=day)
    address = page.url
    item, warned = post_of(page, one), page.locator("#moving-warned")
    item.focus()
    page.keyboard.press("p")
    page.locator("#moving-where").get_by_label("Tanggal").fill(day.isoformat())
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # nobody has read anything yet
    until(page, "document.getElementById('moving-warned').open || !document.querySelector('.ev[aria-busy]')")
    if warned.is_visible():
        expect(warned).to_contain_text("“Sudah di sana” tayang pukul 10.30")
        assert violations(page) == []
        page.keyboard.press("Enter")
    expect(warned).to_be_hidden()
    settles(item, (start.isoformat(), "10:30"))
    assert page.url == address
    with ahead.server.app.app_context():
        list_accounts(ahead.server.office_id)[0].min_gap_minutes = gap
        db.session.commit()


def test_the_dialog_moves_releases_and_gives_the_focus_back(open_as: Open, ahead: Ahead) -> None:
    one, two, day = ahead.later[0], ahead.later[3], ahead.later[6]
    first, second = ahead.post("Dialog satu", one, time(7)), ahead.post("Dialog dua", two, time(18))
    ahead.lasting("Pameran tiga hari", one)
    page = open_as("editor")
    ahead.open(page, day=day)
    dialog, item = page.locator("#moving-where"), post_of(page, first)
    page.keyboard.press("?")
    expect(page.locator("#shortcut-help")).to_contain_text("Pindahkan ke…")
    page.keyboard.press("Escape")

    item.focus()
    page.keyboard.press("p")
    expect(dialog).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(item).to_be_focused()

    # Out of the calendar; the word and the tray say so at once, and "Urungkan" leads back to it.
    held = int(page.locator("[data-tray-count]").inner_text() or 0)

    def reworded(route: Route) -> None:
        told = route.fetch().json()
        told["items"][0]["label"] = "Kata yang baru"
        route.fulfill(json=told)

    page.route("**/kalender/pindah", reworded)
    page.keyboard.press("p")
    dialog.get_by_role("button", name="Lepas jadwal").click()
    expect(page.locator(".tray").locator(item)).to_have_count(0)
    expect(page.locator(f".tray .ev[data-id='{first}']")).to_be_visible()
    expect(item.locator("[data-state-word]")).to_have_text("Kata yang baru")
    assert str(item.get_attribute("title")).endswith("Kata yang baru")
    expect(page.locator("[data-tray-count]")).to_have_text(str(held + 1))
    page.unroute("**/kalender/pindah")
    undo(page)
    expect(cell(page, one).locator(f".ev[data-id='{first}']")).to_be_focused()

    # X picks, P moves what is picked.
    page.keyboard.press("x")
    post_of(page, second).focus()
    page.keyboard.press("x")
    page.keyboard.press("p")
    expect(dialog).to_contain_text("2 dipilih")
    dialog.get_by_label("Tanggal").fill(day.isoformat())
    page.keyboard.press("Enter")
    expect(toast(page, "Urungkan").last).to_be_visible()
    settles(post_of(page, first), (day.isoformat(), "07:00"))
    settles(post_of(page, second), (day.isoformat(), "18:00"))

    # What lasts several days is moved by its first one.
    page.locator(".ev[data-kind=agenda]", has_text="Pameran tiga hari").nth(1).focus()
    page.keyboard.press("p")
    expect(dialog.get_by_label("Tanggal")).to_have_value(one.isoformat())


def test_a_calendar_drawn_anew_leaves_what_is_dragged_and_where_one_goes(open_as: Open, ahead: Ahead) -> None:
    ident = ahead.post("Masih dipegang", ahead.later[9])
    page = open_as("editor")
    ahead.open(page, day=ahead.later[0])
    html, item, to = page.locator("html"), post_of(page, ident), cell(page, ahead.later[10])
    stale = "document.dispatchEvent(new CustomEvent('calendar:stale'))"
    page.evaluate("window.before = document.getElementById('calendar')")

    def take_hold() -> None:
        start, end = item.bounding_box(), to.bounding_box()
        assert start is not None
        assert end is not None
        page.mouse.move(start["x"] + 30, start["y"] + 10)
        page.mouse.down()
        page.mouse.move(start["x"] + 42, start["y"] + 4, steps=5)
        for n in range(10, 60):  # a busy browser notices later
            page.mouse.move(end["x"] + n, end["y"] + 40, steps=3)
            if "dragging-item" in (html.get_attribute("class") or ""):
                break
        expect(html).to_have_class(re.compile("dragging-item"))

    take_hold()
    page.evaluate(stale)
    page.wait_for_timeout(400)
    assert page.evaluate("window.before === document.getElementById('calendar')"), "it waits for the drop"
    page.mouse.up()
    expect(toast(page, "dipindahkan ke")).to_be_visible()
    until(page, "window.before !== document.getElementById('calendar')")
    page.reload()
    page.wait_for_load_state("networkidle")

    to = cell(page, ahead.later[9])
    take_hold()
    page.evaluate("document.querySelector('[rel=next]').click()")  # another calendar under the pointer
    expect(item).to_have_count(0)
    expect(html).not_to_have_class(re.compile("dragging-item"))
    page.mouse.up()
    pick = page.locator("#calendar-bar").get_by_role("button", name="Pilih")
    pick.click()
    expect(pick).to_have_attribute("aria-pressed", "true")
    pick.click()

    # Somebody on the way elsewhere arrives there; who cannot be shown anew keeps what is shown.
    waiting: list[Route] = []
    calendar = re.compile(r"/kalender/\?")

    def hold_back(route: Route) -> None:
        waiting.append(route)

    page.route(calendar, hold_back)
    title = page.locator("h1").inner_text()
    page.get_by_role("link", name="Sebelumnya").click()
    page.evaluate(stale)
    page.wait_for_timeout(200)
    assert waiting
    page.unroute(calendar)  # what was held back goes on
    expect(page.locator("h1")).not_to_have_text(title)
    page.route(calendar, lambda route: route.abort())
    address = page.url
    item.focus()
    page.evaluate(stale)
    expect(toast(page, "belum dapat digambar ulang")).to_be_visible()
    expect(item).to_be_focused()
    assert page.url == address
    page.unroute(calendar)
    page.evaluate("window.before = document.getElementById('calendar')")
    page.evaluate(stale)
    until(page, "window.before !== document.getElementById('calendar')")
    expect(item).to_be_focused()
    page.keyboard.press("j")
    expect(item).to_have_count(0)
    expect(page.locator("main")).to_be_focused()


def test_a_finger_drags_after_a_long_press(open_as: Open, ahead: Ahead, chromium: Chromium) -> None:
    start, day = ahead.later[11], ahead.later[12]
    ident = ahead.post("Dengan jari", start)
    signed_in = open_as("editor").context.storage_state()
    context = chromium.new_context(
        base_url=ahead.server.url,
        has_touch=True,
        locale="id-ID",
        reduced_motion="reduce",
        storage_state=signed_in,
    )
    page = context.new_page()
    ahead.open(page, day=day)
    item = post_of(page, ident)
    here, there = item.bounding_box(), cell(page, day).bounding_box()
    assert here is not None
    assert there is not None
    session = context.new_cdp_session(page)

    def touch(kind: str, x: float, y: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    x, y = here["x"] + 20, here["y"] + 10
    touch("touchStart", x, y)
    page.wait_for_timeout(400)
    for n in range(1, 11):
        touch("touchMove", x + (there["x"] + 40 - x) * n / 10, y + (there["y"] + 40 - y) * n / 10)
        page.wait_for_timeout(30)
    touch("touchEnd", 0, 0)
    expect(toast(page, "dipindahkan ke")).to_be_visible()
    settles(item, (day.isoformat(), "10:30"))
    context.close()


def test_on_paper_stands_the_month_and_nothing_else(open_as: Open, ahead: Ahead) -> None:
    ident = ahead.post("Dicetak untuk dinding", ahead.working[16])
    page = open_as("editor")
    ahead.open(page)
    page.emulate_media(media="print")
    expect(post_of(page, ident)).to_be_visible()
    expect(page.locator("h1")).to_be_visible()
    for hidden in (".nav", ".cal-bar", ".dock", ".head__actions", ".day__add"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert page.locator(".day[data-day]").evaluate_all(
        "days => days.every(d => d.getBoundingClientRect().height > 0)"
    )
