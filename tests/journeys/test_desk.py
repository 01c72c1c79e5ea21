"""The desk in a browser: cards dragged, refused with the reason, moved by keyboard, many at once, views kept."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.posts.models import Post
from tests.journeys.conftest import Server

pytestmark = pytest.mark.journey
Open = Callable[..., Page]


def drag(page: Page, card: Locator, lane: str) -> None:
    """By the mouse, as a person does."""
    card.scroll_into_view_if_needed()
    column = page.locator(f"#kolom-{lane}")
    column.scroll_into_view_if_needed()
    start, end = card.bounding_box(), column.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 40, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(start["x"] + 52, start["y"] + 30, steps=5)
    page.mouse.move(end["x"] + end["width"] / 2, max(end["y"], 0) + 120, steps=15)
    page.wait_for_timeout(250)  # the answer to "where may it go?"
    page.mouse.up()


def lane_of(page: Page, ident: str) -> str:
    return str(page.locator(f"[data-card='{ident}']").evaluate("c => c.closest('.col').dataset.lane"))


def new_story(page: Page, title: str) -> str:
    page.goto("/naskah/baru")
    page.get_by_label(re.compile("^Judul")).first.fill(title)
    page.locator("main form button.primary").last.click()
    page.wait_for_url(re.compile(r"/naskah/\d+"))
    return str(re.findall(r"/naskah/(\d+)", page.url)[0])


def test_a_card_is_dragged_and_taken_back(open_as: Open) -> None:
    page = open_as("editor", width=1600)
    ident = new_story(page, "Kartu yang diseret")
    page.goto("/naskah/?q=Kartu+yang+diseret")
    drag(page, page.locator(f"[data-card='{ident}']"), "on_hold")
    expect(page.locator(".toast", has_text="Naskah ditunda.")).to_be_visible()
    assert lane_of(page, ident) == "on_hold"
    page.reload()
    assert lane_of(page, ident) == "on_hold"
    drag(page, page.locator(f"[data-card='{ident}']"), "draft")
    expect(page.locator(".toast", has_text="dilanjutkan sebagai draf")).to_be_visible()
    page.get_by_role("button", name="Urungkan").last.click()
    expect(page.locator(f"#kolom-on_hold [data-card='{ident}']")).to_be_visible()
    page.reload()
    assert lane_of(page, ident) == "on_hold"


def test_a_column_that_does_not_take_the_card_says_why(open_as: Open) -> None:
    page = open_as("editor", width=1600)
    ident = new_story(page, "Kartu yang belum lengkap")
    page.goto("/naskah/?q=belum+lengkap")
    drag(page, page.locator(f"[data-card='{ident}']"), "in_review")
    toast = page.locator(".toast", has_text="Isi naskah masih kosong.")
    expect(toast).to_be_visible()
    expect(toast).to_contain_text("Belum ada publikasi.")
    assert lane_of(page, ident) == "draft"
    drag(page, page.locator(f"[data-card='{ident}']"), "published")
    expect(page.locator(".toast", has_text="dengan sendirinya")).to_be_visible()
    assert lane_of(page, ident) == "draft"


def test_a_lost_network_puts_the_card_back(open_as: Open) -> None:
    page = open_as("editor", width=1600)
    ident = new_story(page, "Kartu tanpa jaringan")
    page.goto("/naskah/?q=tanpa+jaringan")
    page.route(
        "**/pindah", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    drag(page, page.locator(f"[data-card='{ident}']"), "on_hold")
    expect(page.locator(".toast", has_text="Periksa jaringan")).to_be_visible()
    assert lane_of(page, ident) == "draft"


def in_review(page: Page) -> str:
    """A card that waits for a decision."""
    page.goto("/naskah/?tampilan=papan")
    return str(page.locator("#kolom-in_review .card").last.get_attribute("data-card"))


def test_a_typed_reason_survives_a_dead_network_and_a_refusal(open_as: Open) -> None:
    page = open_as("approver", width=1600)
    ident = in_review(page)
    page.locator(f"[data-card='{ident}'] [data-move]").click()
    dialog = page.locator("dialog#pindahkan")
    reason = dialog.locator("#alasan-returned")
    send = dialog.locator("li:has(#alasan-returned) button")
    reason.fill("Kutipan kepala kantor belum ada.")
    page.route(
        "**/pindah*", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    send.click()
    expect(dialog.get_by_role("alert").first).to_contain_text("Periksa jaringan")
    page.unroute("**/pindah*")
    refusal = {"status": 409, "json": {"error": "Isi sudah berubah.", "reasons": []}}
    page.route(
        "**/pindah*",
        lambda route: route.fulfill(**refusal) if route.request.method == "POST" else route.continue_(),
    )
    send.click()
    expect(dialog.get_by_role("alert").first).to_have_text("Isi sudah berubah.")
    expect(reason).to_have_value("Kutipan kepala kantor belum ada.")
    assert lane_of(page, ident) == "in_review"
    page.unroute("**/pindah*")
    send.click()
    expect(dialog).to_have_count(0)
    expect(page.locator(f"#kolom-returned [data-card='{ident}']")).to_be_visible()
    expect(page.locator(f"[data-card='{ident}'] h3 a")).to_be_focused()


def test_a_lost_answer_of_what_was_done_shows_where_the_card_is(open_as: Open) -> None:
    page = open_as("approver", width=1600)
    ident = in_review(page)
    lost: list[str] = []

    def lose_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().text())  # it arrives and is done; its answer does not come back
            route.abort()
        else:
            route.continue_()

    page.route("**/pindah*", lose_first)
    page.locator(f"[data-card='{ident}'] [data-move]").click()
    page.locator("#alasan-draft").fill("Lengkapi kutipannya.")
    with page.expect_navigation():
        page.locator("li:has(#alasan-draft) button").click()
    expect(page.locator(f"#kolom-returned [data-card='{ident}']")).to_be_visible()
    expect(page.locator(".toast", has_text="orang lain")).to_have_count(0)


def test_dropping_on_scheduled_opens_the_schedule(open_as: Open, server: Server) -> None:
    page = open_as("editor", width=1600)
    page.goto("/naskah/?tampilan=papan")
    ident = page.locator("#kolom-approved .card").first.get_attribute("data-card")
    with server.app.app_context():
        every = db.session.scalars(
            select(Post).where(Post.story_id == int(ident or 0)).order_by(Post.id)
        ).all()
        for other in every[1:]:  # with several, the story's page asks which one first
            other.removed_at = clock.now()
        wanted = every[0].id
        db.session.commit()
    drag(page, page.locator(f"[data-card='{ident}']"), "scheduled")
    page.wait_for_url(f"**/kalender/pindahkan?item=publikasi:{wanted}")
    expect(page.locator("main form input[type='date']").first).to_be_visible()


def test_the_twin_works_by_keyboard_alone(open_as: Open) -> None:
    page = open_as("editor")
    ident = new_story(page, "Kartu lewat papan ketik")
    page.goto("/naskah/?q=Kartu+lewat+papan+ketik")
    page.wait_for_load_state("networkidle")
    page.locator("body").press("j")
    expect(page.locator(f"[data-card='{ident}'] h3 a")).to_be_focused()
    page.keyboard.press("m")
    dialog = page.locator("dialog#pindahkan")
    expect(dialog).to_be_visible()
    expect(dialog.locator(".move--not").first).to_contain_text(".")
    assert dialog.locator(".moves > li").count() == 7
    dialog.get_by_role("button", name="Tunda").press("Enter")
    expect(page.locator(f"#kolom-on_hold [data-card='{ident}']")).to_be_visible()
    expect(page.locator(f"[data-card='{ident}'] h3 a")).to_be_focused()
    page.keyboard.press("?")
    help_ = page.locator("#shortcut-help")
    for words in ("Naskah saya", "Saringan", "Pindahkan kartu", "Pilih naskah", "Naskah baru"):
        expect(help_).to_contain_text(words)
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    expect(page.locator("#keadaan")).to_be_focused()


def test_the_twin_is_there_on_a_phone(open_as: Open) -> None:
    page = open_as("editor", width=360)
    ident = new_story(page, "Kartu di ponsel")
    page.goto("/naskah/?q=di+ponsel")
    page.locator(f"[data-card='{ident}'] [data-move]").click()
    page.locator("dialog#pindahkan").get_by_role("button", name="Tunda").click()
    page.locator("[data-tab='on_hold']").click()
    expect(page.locator(f"[data-card='{ident}']")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_many_at_once_with_shift_and_keys(open_as: Open) -> None:
    page = open_as("editor")
    for n in (1, 2, 3):
        new_story(page, f"Kartuserempak nomor {n}")
    page.goto("/naskah/?tampilan=daftar&q=kartuserempak")
    boxes = page.locator("[data-pick]")
    expect(boxes).to_have_count(3)
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.locator("[data-pick-count]")).to_have_text("3 dipilih")
    page.keyboard.press("Escape")
    page.locator("[data-card] .list__title").nth(1).focus()
    page.keyboard.press("x")
    expect(page.locator("[data-pick-count]")).to_have_text("2 dipilih")
    page.locator("[data-pick-all]").check()
    page.locator("[data-pick-bar]").get_by_role("button", name="Tunda").click()
    page.get_by_role("button", name="Tunda").click()
    expect(page.locator("h1")).to_have_text("Hasil: Tunda")
    expect(page.locator("[data-results] [data-done='ya']")).to_have_count(3)
    page.get_by_role("link", name="Kembali ke meja redaksi").click()
    page.wait_for_url("**/naskah/?**q=kartuserempak**")


def test_a_view_is_saved_and_opens_the_desk(open_as: Open) -> None:
    page = open_as("editor")
    page.goto("/naskah/?pemegang=saya&tenggat=hari-ini")
    page.get_by_role("link", name="Simpan tampilan ini").click()
    page.locator("#name").fill("Pekerjaanku")
    page.locator("#is_default").check()
    page.get_by_role("button", name="Simpan tampilan").click()
    expect(page.locator(".desk-tabs [aria-current]")).to_contain_text("Pekerjaanku")
    page.goto("/naskah/")
    page.wait_for_url("**/naskah/?pemegang=saya&tenggat=hari-ini")
    page.get_by_role("link", name="Atur tampilan").click()
    own = page.locator(".saved__one", has_text="Pekerjaanku")
    for _again in range(2):
        own.locator("summary").click()
        own.get_by_role("button", name="Hapus").click()
        expect(own).to_have_count(0)
        page.get_by_role("button", name="Urungkan").click()
        expect(own).to_be_visible()
    own.locator("summary").click()
    own.get_by_role("button", name="Hapus").click()
    page.goto("/naskah/")
    expect(page.locator(".desk-tabs")).not_to_contain_text("Pekerjaanku")


def test_the_board_and_its_moves_work_without_scripts(server: object, chromium: object) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=server.url)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto("/masuk")
    page.locator('form:has(input[name="role"][value="editor"]) button').first.click()
    page.goto("/naskah/")
    card = page.locator("#kolom-draft .card").first
    title = card.locator("h3").inner_text()
    card.locator("[data-move]").click()
    page.locator("#ke-on_hold button").click()
    expect(page.locator("#kolom-on_hold .card", has_text=title)).to_be_visible()
    page.locator("#kolom-on_hold .card", has_text=title).locator("[data-move]").click()
    page.locator("#ke-draft button").click()
    page.locator("#kolom-draft [data-pick]").first.check()
    page.locator("#pilihan button", has_text="Ubah pilar").click()
    expect(page.locator("h1")).to_have_text("Ubah pilar")
    context.close()
