"""A story written from the title to the saved version, and a session from sign-in to sign-out, without a mouse."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from tests.factories.world import PASSWORD, build_world
from tests.journeys.keyboard.conftest import ByKeys
from tests.journeys.keyboard.hands import Keys
from tests.journeys.own_office import Own, own_office

pytestmark = pytest.mark.journey


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Own]:
    with own_office(tmp_path, "2026-11-18T02:00Z", lambda: build_world() and None) as served:
        yield served


def use(keys: Keys, name: str, *, text: bool = True) -> None:
    """A tool of the text: Alt+F10 leads to the tools, the arrows walk, Enter uses one. Most give the text its focus back."""
    keys.press("Alt+F10")
    for _ in range(20):
        if re.match(f"{name}$", keys.here().name):
            keys.press("Enter")
            if text:
                expect(keys.page.locator(".ProseMirror")).to_be_focused()
            return
        keys.press("ArrowRight")
    pytest.fail(f"no tool “{name}”")


def test_sign_in_by_typing_and_out_again(own: Own, chromium: Chromium) -> None:
    context = chromium.new_context(base_url=own.url, locale="id-ID", reduced_motion="reduce")
    keys = Keys(context.new_page())
    keys.go("/masuk")
    keys.expect_at("Surel|Alamat surel", "textbox")
    keys.type("editor@kantor-uji.example")
    keys.to("Kata sandi", at_most=3, role="textbox")
    keys.type("bukan ini kata sandinya")
    keys.press("Enter")
    expect(keys.page.locator("main [role=alert], main .field__error").first).to_be_visible()
    keys.to("Kata sandi", at_most=12, role="textbox")
    keys.type(PASSWORD)
    keys.press("Enter")
    keys.page.wait_for_url("**/")
    keys.skip()
    keys.to("Akun saya", at_most=8)
    keys.press("ArrowUp")
    keys.expect_at("Keluar", "button")
    keys.press("Enter")
    keys.page.wait_for_url(re.compile("/masuk"))
    context.close()


def test_a_text_with_all_that_belongs_to_one(by_keys: ByKeys) -> None:
    keys = by_keys("editor", "/naskah/baru")
    page, text = keys.page, keys.page.locator(".ProseMirror")
    keys.skip()
    keys.to("Judul", at_most=20, role="textbox")
    keys.type("Ditulis tanpa tetikus")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/naskah/\d+"))
    expect(text).to_be_visible()
    keys.to("Isi", at_most=40, role="textbox")
    use(keys, "Judul bagian")
    keys.type("Antrean")
    keys.press("Enter")
    keys.type("Warga datang ")
    use(keys, "Tebal")
    keys.type("pagi")
    keys.press("Control+b")
    keys.type(" lewat ")
    keys.press("Control+k")
    keys.expect_at("Alamat tautan", "textbox")
    keys.type("https://contoh.go.id/antrean")
    keys.press("Enter")
    expect(text).to_be_focused()
    keys.press("End")
    keys.press("Enter")
    use(keys, "Daftar butir")
    keys.type("Nomor diambil")
    keys.press("Enter")
    keys.type("Nomor dipanggil")
    keys.press("Enter", 2)

    use(keys, "Gambar", text=False)
    dialog = page.get_by_role("dialog", name="Pilih gambar dari pustaka")
    expect(dialog.locator(".image-dialog__card").first).to_be_visible()
    keys.to("Sisipkan", at_most=6)
    keys.press("Enter")
    expect(text.locator("figure, .editor-figure").first).to_be_visible()
    body = page.locator("textarea[name=body]")
    for part in (
        "<h2>Antrean</h2>",
        "<strong>pagi</strong>",
        'href="https://contoh.go.id/antrean"',
        "<li>",
        "data-asset",
    ):
        expect(body).to_have_value(re.compile(re.escape(part)))

    keys.press("Control+s")
    page.wait_for_url(re.compile(r"/naskah/\d+$"))
    shown = page.locator(".prose").first
    expect(shown.locator("h2")).to_have_text("Antrean")
    expect(shown.locator("figure img")).to_be_visible()
