"""Writing for all channels in the browser: base text, X and Instagram in words of their own, previews, saving, and the
base changed; on a phone, by keyboard, and without scripts.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Server
from tests.journeys.looking import glance

pytestmark = pytest.mark.journey
Open = Callable[..., Page]


def card(page: Page, name: str) -> Locator:
    return page.locator(".variant", has=page.get_by_role("heading", name=name, exact=True))


def choose(page: Page, *names: str) -> None:
    for name in names:
        page.get_by_role("checkbox", name=name, exact=True).check()


def own_words(page: Page, name: str, words: str) -> None:
    its = card(page, name)
    if its.locator(".variant__fields:not([open])").count():
        its.locator(".variant__fields > summary").click()
    its.get_by_role("radio", name="Teks sendiri").check()
    its.get_by_label("Teks", exact=True).fill(words)


def save(page: Page) -> None:
    page.get_by_role("button", name="Simpan semua").click()
    page.locator("[data-toast=success]").first.wait_for()


def preview(page: Page, name: str) -> Locator:
    return card(page, name).locator(".pv__frame")


def test_one_base_two_variants_and_the_base_changed(open_as: Open, draft: str) -> None:
    page = open_as("editor")
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: problems.append(str(e)))
    page.goto(draft)
    page.get_by_role("link", name="Tulis untuk semua kanal").click()
    base = page.locator("[data-base]").get_by_label("Teks", exact=True)
    base.fill("Pengukuran tanah dimulai besok.")
    page.locator("[data-base]").get_by_label("Tagar").fill("#Tanah")
    choose(page, "Facebook", "Instagram", "X")
    expect(preview(page, "Facebook")).to_contain_text("Pengukuran tanah dimulai besok.")
    own_words(page, "X", "Besok: tanah diukur! " + "a" * 300)
    expect(preview(page, "X")).to_contain_text("Besok: tanah diukur!")
    expect(card(page, "X").locator("[data-problems]")).to_contain_text("Kurangi")
    own_words(page, "X", "Besok: tanah diukur!")
    expect(card(page, "X").locator("[data-problems]")).to_contain_text("Siap diajukan")
    own_words(page, "Instagram", "Geser untuk melihat patoknya.")
    expect(preview(page, "Instagram")).to_contain_text("Geser untuk melihat patoknya.")
    expect(card(page, "Instagram").locator("[data-problems]")).to_contain_text(
        "memerlukan paling sedikit 1 foto"
    )
    save(page)
    # The base text is changed: whoever follows it follows, words of one's own stay.
    base.fill("Pengukuran tanah diundur ke hari Senin.")
    expect(preview(page, "Facebook")).to_contain_text("diundur ke hari Senin")
    expect(preview(page, "X")).to_contain_text("Besok: tanah diukur!")
    save(page)
    page.reload()
    expect(preview(page, "Facebook")).to_contain_text("diundur ke hari Senin")
    expect(preview(page, "X")).to_contain_text("Besok: tanah diukur!")
    expect(preview(page, "Instagram")).to_contain_text("Geser untuk melihat patoknya.")
    assert glance(page, "composer") == []
    assert problems == []


def test_nothing_typed_is_lost_when_the_page_is_closed(open_as: Open, draft: str) -> None:
    page = open_as("editor")
    page.goto(f"{draft}/publikasi")
    choose(page, "X")
    own_words(page, "X", "Belum sempat disimpan")
    page.wait_for_timeout(600)  # kept a moment after the last key
    page.goto("/")
    page.goto(f"{draft}/publikasi")
    page.get_by_role("button", name="Pulihkan").click()
    expect(page.get_by_role("checkbox", name="X", exact=True)).to_be_checked()
    expect(card(page, "X")).to_be_visible()
    expect(card(page, "X").locator("[name$=-text]")).to_have_value("Belum sempat disimpan")


def test_what_is_given_back_touches_nothing_that_others_wrote(open_as: Open, draft: str) -> None:
    page = open_as("editor")
    page.goto(f"{draft}/publikasi")
    choose(page, "Facebook", "X")
    own_words(page, "Facebook", "Facebook pertama")
    own_words(page, "X", "X pertama")
    save(page)
    page.goto(f"{draft}/publikasi")
    own_words(page, "X", "X yang belum disimpan")
    page.wait_for_timeout(600)
    # Somebody rewrites both meanwhile.
    other = open_as("editor")
    other.goto(f"{draft}/publikasi")
    own_words(other, "Facebook", "Facebook dari orang lain")
    own_words(other, "X", "X dari orang lain")
    save(other)
    page.goto(f"{draft}/publikasi")
    page.get_by_role("button", name="Pulihkan").click()
    expect(card(page, "Facebook").locator("[name$=-text]")).to_have_value("Facebook dari orang lain")
    expect(card(page, "X").locator("[name$=-text]")).to_have_value("X yang belum disimpan")
    page.get_by_role("button", name="Simpan semua").click()
    expect(card(page, "X").get_by_text("Orang lain menyimpan publikasi ini")).to_be_visible()
    expect(card(page, "X").locator("[name$=-text]")).to_have_value("X yang belum disimpan")


def test_words_of_a_card_that_is_gone_can_be_copied(open_as: Open, draft: str) -> None:
    page = open_as("editor")
    page.goto(f"{draft}/publikasi")
    choose(page, "X")
    own_words(page, "X", "Kalimat yang belum disimpan")
    page.wait_for_timeout(600)
    other = open_as("editor")
    other.goto(f"{draft}/publikasi")
    choose(other, "X")
    save(other)
    page.goto(f"{draft}/publikasi")
    expect(page.locator(".keep textarea")).to_have_value("Kalimat yang belum disimpan")


def test_words_of_ones_own_survive_following_the_base(open_as: Open, draft: str) -> None:
    page = open_as("editor")
    page.goto(f"{draft}/publikasi")
    page.locator("[data-base]").get_by_label("Teks", exact=True).fill("Teks dasarnya")
    choose(page, "X")
    own_words(page, "X", "Kata-kata khusus X")
    card(page, "X").get_by_role("radio", name="Ikuti teks dasar").check()
    expect(preview(page, "X")).to_contain_text("Teks dasarnya")
    card(page, "X").get_by_role("radio", name="Teks sendiri").check()
    expect(card(page, "X").locator("[name$=-text]")).to_have_value("Kata-kata khusus X")


@pytest.mark.parametrize("language", ["id", "en"])
def test_on_a_phone_in_the_dark(open_as: Open, draft: str, language: str) -> None:
    page = open_as("editor", width=360, dark=True, language=language)
    page.goto(f"{draft}/publikasi")
    for box in page.locator("[data-adds]").all():
        box.check()
    for summary in page.locator(".variant__fields > summary").all():
        summary.click()
    page.wait_for_timeout(1200)
    assert glance(page, f"composer 360 dark {language}") == []


def test_by_keyboard(open_as: Open, draft: str) -> None:
    page = open_as("editor")
    page.goto(f"{draft}/publikasi")
    page.get_by_role("checkbox", name="X", exact=True).focus()
    page.keyboard.press("Space")
    summary = card(page, "X").locator(".variant__fields > summary")
    summary.focus()
    page.keyboard.press("Enter")
    card(page, "X").get_by_role("radio", name="Ikuti teks dasar").focus()
    page.keyboard.press("ArrowRight")
    expect(card(page, "X").get_by_label("Teks", exact=True)).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("!")
    expect(preview(page, "X")).to_contain_text("!")


def test_without_scripts(server: Server, chromium: Chromium, draft: str) -> None:
    context = chromium.new_context(base_url=server.url, java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    page.goto("/masuk")
    page.locator('form:has(input[name="role"][value="editor"]) button').first.click()
    page.goto(f"{draft}/publikasi")
    page.locator("[data-base]").get_by_label("Teks", exact=True).fill("Tanpa skrip pun bisa.")
    choose(page, "Facebook", "X")
    card(page, "X").locator(".variant__fields > summary").click()
    card(page, "X").get_by_role("radio", name="Teks sendiri").check()
    card(page, "X").get_by_label("Teks", exact=True).fill("Versi X tanpa skrip")
    page.get_by_role("button", name="Simpan semua").click()
    page.wait_for_url(re.compile(r"/publikasi$"))
    expect(preview(page, "Facebook")).to_contain_text("Tanpa skrip pun bisa.")
    expect(preview(page, "X")).to_contain_text("Versi X tanpa skrip")
    context.close()


def test_the_editor_of_one_post_counts_link_and_hashtags_in(open_as: Open, draft: str) -> None:
    page = open_as("editor")
    page.goto(f"{draft}/publikasi/baru")
    page.get_by_role("link", name="X", exact=True).click()
    page.get_by_label("Teks", exact=True).fill("a" * 250)
    page.get_by_label("Tautan", exact=False).first.fill(
        "https://kantor.go.id/berita/yang-panjang-sekali-alamatnya"
    )
    expect(page.locator("#text-counter")).to_have_text("275 / 280")
    page.get_by_label("Tagar", exact=False).first.fill("#Lelang")
    expect(page.locator("#text-counter")).to_have_text("284 / 280")
    expect(page.locator("[data-problems]")).to_contain_text("Kurangi 4.")
    expect(page.locator(".pv--x .pv__tag")).to_have_text("#Lelang")
    for dark in (False, True):
        page.emulate_media(color_scheme="dark" if dark else "light")
        assert glance(page, f"post editor dark={dark}") == []
