"""Two people at one story in two browsers: they see each other, nobody overwrites anybody, nothing typed is lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.looking import glance

pytestmark = pytest.mark.journey

Open = Callable[..., Page]


def begin(page: Page, title: str) -> str:
    """A new draft with some text; the address of its editor."""
    page.goto("/naskah/baru")
    page.get_by_label(re.compile("^Judul")).first.fill(title)
    page.locator("main form button.primary").last.click()
    page.wait_for_url(re.compile(r"/naskah/\d+(/sunting)?"))
    ident = re.search(r"/naskah/(\d+)", page.url)
    assert ident is not None
    return f"/naskah/{ident[1]}/sunting"


def write(page: Page, text: str) -> None:
    """Type at the end of the rich text."""
    page.locator(".ProseMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def wait_saved(page: Page) -> None:
    expect(page.locator("[data-save-status]")).to_have_text(
        re.compile(r"^Tersimpan \d\d\.\d\d$"), timeout=20_000
    )


def test_typing_is_saved_by_itself_as_one_version(open_as: Open) -> None:
    page = open_as("editor")
    url = begin(page, "Naskah yang tersimpan sendiri")
    page.goto(url)
    write(page, "Kalimat pertama.")
    wait_saved(page)
    write(page, " Kalimat kedua.")
    wait_saved(page)
    page.goto(url.replace("sunting", "versi"))
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("tbody tr").first).to_contain_text("sedang ditulis")
    page.goto(url)
    expect(page.locator(".ProseMirror")).to_contain_text("Kalimat pertama. Kalimat kedua.")
    assert page.get_by_role("button", name="Pakai").count() == 0, "nothing is left to be offered"


def test_two_people_see_each_other_and_where(open_as: Open) -> None:
    one, two = open_as("editor"), open_as("lead")
    url = begin(one, "Naskah yang dibuka berdua")
    one.goto(url)
    one.get_by_label(re.compile("^Judul")).first.focus()
    two.goto(url.removesuffix("/sunting"))
    expect(one.locator(".presence__person")).to_contain_text("membaca", timeout=15_000)
    expect(two.locator(".presence__person")).to_contain_text("menyunting", timeout=15_000)
    write(one, "Baru.")
    wait_saved(one)
    expect(two.locator("[data-presence-notice]")).to_contain_text("menyimpan versi 2", timeout=15_000)
    two.goto("/")
    expect(one.locator(".presence__person")).to_have_count(0, timeout=15_000)


def test_a_stale_save_meets_the_other_text_and_both_are_kept(open_as: Open) -> None:
    one = open_as("editor")
    url = begin(one, "Naskah untuk digabung")
    one.goto(url)
    write(one, "Kantor melelang aset pada hari Senin.")
    wait_saved(one)
    one.locator("form[data-story-editor] .sticky-actions button.primary").click()
    one.wait_for_url(re.compile(r"/naskah/\d+$"))
    two = one.context.new_page()  # another window of the same person: neither may overwrite the other
    one.goto(url)
    two.goto(url)
    two.get_by_label(re.compile("^Teras")).fill("Teras dari jendela kedua.")
    two.get_by_label(re.compile("^Judul")).first.fill("Judul dari jendela kedua")
    wait_saved(two)
    one.get_by_label(re.compile("^Judul")).first.fill("Judul dari jendela pertama")
    expect(one.locator("[data-save-alarm]")).to_contain_text("dari jendela lain", timeout=15_000)
    one.get_by_role("button", name="Bandingkan dan gabungkan").click()
    expect(one.locator("h1")).to_have_text("Dua tulisan digabung")
    expect(one.locator("#title")).to_have_value("Judul dari jendela pertama")
    expect(one.locator("#lead")).to_have_value("Teras dari jendela kedua.")
    one.locator("#pilih-title-theirs").check()
    expect(one.locator("#title")).to_have_value("Judul dari jendela kedua")
    one.locator("#pilih-title-mine").check()
    expect(one.locator("#title")).to_have_value("Judul dari jendela pertama")
    one.get_by_role("button", name=re.compile("Simpan hasil gabungan")).click()
    one.wait_for_url(re.compile(r"/naskah/\d+$"))
    expect(one.locator("h1")).to_have_text("Judul dari jendela pertama")
    expect(one.locator("main")).to_contain_text("Teras dari jendela kedua.")


def test_a_lost_network_keeps_the_text_and_sends_it_later(open_as: Open) -> None:
    page = open_as("editor")
    url = begin(page, "Naskah tanpa jaringan")
    page.goto(url)
    page.locator(".ProseMirror").wait_for()
    page.context.set_offline(True)
    write(page, "Ditulis di kereta.")
    expect(page.locator("[data-save-status]")).to_contain_text("tidak ada jaringan", timeout=15_000)
    expect(page.locator("[data-save-status]")).to_contain_text("disimpan di perangkat ini")
    page.context.set_offline(False)
    wait_saved(page)


def test_what_could_not_be_sent_is_offered_back_compared_and_undone(open_as: Open) -> None:
    page = open_as("editor")
    url = begin(page, "Naskah yang ditawarkan kembali")
    page.goto(url)
    page.locator(".ProseMirror").wait_for()
    page.context.set_offline(True)
    write(page, "Tulisan yang belum terkirim.")
    expect(page.locator("[data-save-status]")).to_contain_text("tidak ada jaringan", timeout=15_000)
    context = page.context
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(url)
    offer = page.locator(".kept")
    expect(offer).to_contain_text("4 kata")
    offer.get_by_role("button", name="Bandingkan").click()
    expect(page.locator("[data-kept-changes] .diff ins")).to_contain_text("Tulisan yang belum terkirim.")
    page.locator("#simpanan [data-close-dialog]").click()
    offer.get_by_role("button", name="Buang").click()
    page.locator(".toast").get_by_role("button", name="Urungkan").click()
    page.locator(".kept").get_by_role("button", name="Pakai").click()
    expect(page.locator(".ProseMirror")).to_contain_text("Tulisan yang belum terkirim.")
    wait_saved(page)


def test_what_a_refused_save_brought_back_is_not_taken_for_saved(open_as: Open) -> None:
    page = open_as("editor")
    url = begin(page, "Naskah dengan teras panjang")
    page.goto(url)
    page.locator(".ProseMirror").wait_for()
    page.get_by_label(re.compile("^Teras")).fill("Teras yang terlalu panjang. " * 20)
    write(page, "Isi yang ikut dikirim.")
    with page.expect_response(lambda r: r.request.method == "POST" and r.url.endswith("/sunting")) as answer:
        page.get_by_role("button", name=re.compile("^Simpan sebagai versi")).click()
    assert answer.value.status == 422
    status = page.locator("[data-save-status]")
    expect(status).to_contain_text(re.compile("Belum tersimpan|paling panjang"))
    expect(status).not_to_contain_text("Tersimpan 0")
    context = page.context
    page.close()
    page = context.new_page()
    page.goto(url)
    offer = page.locator(".kept")
    expect(offer).to_contain_text("belum terkirim")
    offer.get_by_role("button", name="Pakai").click()
    expect(page.locator(".ProseMirror")).to_contain_text("Isi yang ikut dikirim.")


def test_a_success_elsewhere_does_not_drop_what_never_arrived(open_as: Open) -> None:
    page = open_as("editor")
    url = begin(page, "Naskah yang tidak pernah sampai")
    page.goto(url)
    page.locator(".ProseMirror").wait_for()
    page.route(
        re.compile(r"/(sunting|simpan-otomatis)$"),
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    write(page, "Terkirim ke jaringan yang mati.")
    page.get_by_role("button", name=re.compile("^Simpan sebagai versi")).click()
    page.wait_for_timeout(500)
    page.unroute_all()
    begin(page, "Naskah lain yang tersimpan")
    expect(page.locator("[data-toast=success]")).to_be_visible()
    page.goto(url)
    expect(page.locator(".kept")).to_contain_text("belum terkirim")


def test_an_expired_sign_in_keeps_the_text_and_goes_on_after_signing_in(open_as: Open) -> None:
    page = open_as("editor")
    url = begin(page, "Naskah saat sesi berakhir")
    page.goto(url)
    page.locator(".ProseMirror").wait_for()
    page.wait_for_load_state("networkidle")  # an answer under way would bring the session's cookie back
    page.context.clear_cookies()
    write(page, "Ditulis sesudah sesi berakhir.")
    alarm = page.locator("[data-save-alarm]")
    expect(alarm).to_contain_text("Sesi Anda berakhir", timeout=15_000)
    with page.context.expect_page() as opened:
        alarm.get_by_role("link", name="Masuk lagi").click()
    again = opened.value
    again.locator('form:has(input[name="role"][value="editor"]) button').first.click()
    again.wait_for_load_state()
    page.bring_to_front()
    wait_saved(page)
    page.reload()
    expect(page.locator(".ProseMirror")).to_contain_text("Ditulis sesudah sesi berakhir.")


def test_somebody_else_on_the_same_device_never_sees_or_sends_the_text(open_as: Open) -> None:
    page = open_as("editor")
    url = begin(page, "Naskah di komputer bersama")
    page.goto(url)
    page.locator(".ProseMirror").wait_for()
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()
    write(page, "Rahasia sementara.")
    expect(page.locator("[data-save-alarm]")).to_contain_text("Sesi Anda berakhir", timeout=15_000)
    other = page.context.new_page()
    other.goto("/masuk")
    other.locator('form:has(input[name="role"][value="lead"]) button').first.click()
    other.wait_for_url("**/")
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("[data-save-alarm]")).to_contain_text("sekarang masuk", timeout=15_000)
    other.goto(url.removesuffix("/sunting"))
    expect(other.locator("main")).not_to_contain_text("Rahasia sementara.")


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)])
def test_every_page_of_it_is_accessible(open_as: Open, width: int, dark: bool) -> None:
    page = open_as("editor", width=width, dark=dark)
    url = begin(page, f"Naskah untuk diperiksa {width}")
    page.goto(url)
    write(page, "Lelang hari Senin di aula kantor.")
    wait_saved(page)
    page.locator("form[data-story-editor] .sticky-actions button.primary").click()
    page.wait_for_url(re.compile(r"/naskah/\d+$"))
    story = page.url
    other = page.context.new_page()
    page.goto(url)
    other.goto(url)
    other.get_by_label(re.compile("^Judul")).first.fill("Judul yang lain")
    wait_saved(other)
    page.get_by_label(re.compile("^Judul")).first.fill("Judul di sini")
    expect(page.locator("[data-save-alarm]")).to_be_visible(timeout=15_000)
    wrong = glance(page, "editor with an alarm")
    page.get_by_role("button", name="Bandingkan dan gabungkan").click()
    expect(page.locator("h1")).to_have_text("Dua tulisan digabung")
    wrong += glance(page, "conflict")
    for path in ("versi", "versi/banding", "versi/banding?tampil=sisi", "versi/2", "versi/sejak-persetujuan"):
        other.goto(f"{story}/{path}")
        wrong += glance(other, path)
    other.goto("/naskah/tersambung")
    wrong += glance(other, "signed in again")
    assert wrong == [], "\n".join(wrong)
