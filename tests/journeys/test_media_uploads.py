"""Many files at once in a real browser: a queue with progress, a cut connection, a closed page; and the focal point."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.media.films import mp4, pdf
from tests.media.test_library import scene

pytestmark = pytest.mark.journey
GALLERY = "#upload-gallery"


def _photo(folder: Path, seed: int) -> Path:
    path = folder / f"liputan-{seed}.png"
    scene(seed).save(path)
    return path


def _open_library(page: Page) -> None:
    page.goto("/media/", wait_until="networkidle")
    page.get_by_role("button", name="Unggah").first.click()


def test_a_queue_of_files(open_as: Callable[..., Page], tmp_path: Path) -> None:
    page = open_as("editor")
    problems: list[str] = []
    page.on("pageerror", lambda e: problems.append(str(e)))
    page.on("console", lambda m: problems.append(m.text) if "Content Security Policy" in m.text else None)
    files = [_photo(tmp_path, 501), _photo(tmp_path, 502)]
    for name, data in (
        ("rapat.mp4", mp4()),
        ("surat.pdf", pdf()),
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ):
        (tmp_path / name).write_bytes(data)
        files.append(tmp_path / name)
    _open_library(page)
    page.set_input_files(GALLERY, files)
    for name in ("liputan-501", "liputan-502", "rapat.mp4", "surat.pdf"):
        expect(page.locator(".uploader__row", has_text=name)).to_contain_text("Tersimpan", timeout=45_000)
    expect(page.locator(".uploader__row", has_text="logo.svg")).to_contain_text("SVG", timeout=20_000)
    expect(page.locator("[data-announce]")).to_contain_text("4 dari 5 berkas tersimpan")
    page.get_by_role("link", name="Lihat di pustaka").click()
    expect(page.locator(".media-card", has_text="rapat.mp4")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert problems == []


def test_a_cut_connection_and_a_closed_page(open_as: Callable[..., Page], tmp_path: Path) -> None:
    """The first part arrives, then the network is gone and the page is closed; the next visit sends only the rest."""
    page = open_as("editor")
    file = tmp_path / "panjang.mp4"  # in three parts; a film is not made smaller on the way
    file.write_bytes(mp4(size=9_000_000))
    offsets: list[int] = []
    cut = {"on": True}

    def watch(route: Route) -> None:
        if route.request.method != "PATCH":
            route.continue_()
            return
        offset = int(route.request.headers["upload-offset"])
        if cut["on"] and offset:
            route.abort("connectionfailed")
            return
        offsets.append(offset)
        route.continue_()

    page.route("**/media/unggahan/**", watch)
    _open_library(page)
    page.set_input_files(GALLERY, [file])
    expect(page.locator(".uploader__row")).to_contain_text("Jaringan terputus", timeout=30_000)
    assert offsets == [0]
    page.on("dialog", lambda dialog: dialog.accept())
    cut["on"] = False
    page.reload(wait_until="networkidle")
    left = page.locator("[data-left] button")
    expect(left).to_contain_text("1 pengiriman belum selesai", timeout=15_000)
    left.click()
    page.get_by_role("button", name="Lanjutkan: panjang.mp4").click()
    expect(page.locator(".uploader__row")).to_contain_text("Tersimpan", timeout=60_000)
    assert offsets[1] > 0, "what had arrived was not sent again"
    page.reload(wait_until="networkidle")
    expect(page.locator("[data-left]")).to_be_hidden()


def test_cancelling_leaves_nothing(open_as: Callable[..., Page], tmp_path: Path) -> None:
    page = open_as("editor")
    page.route("**/media/unggahan/**", lambda r: r.abort() if r.request.method == "PATCH" else r.continue_())
    _open_library(page)
    page.set_input_files(GALLERY, [_photo(tmp_path, 701)])
    expect(page.locator(".uploader__row")).to_contain_text("Jaringan terputus", timeout=30_000)
    with page.expect_response(lambda r: r.request.method == "DELETE") as gone:
        page.get_by_role("button", name="Batalkan").click()
    assert gone.value.status == 204
    expect(page.locator(".uploader__row")).to_contain_text("Dibatalkan")


def test_the_focal_point_by_mouse_and_by_keys(open_as: Callable[..., Page]) -> None:
    page = open_as("editor")
    page.goto("/media/", wait_until="networkidle")
    page.locator(".media-card a", has_text="Seorang anak").click()
    expect(page.locator(".focal-point")).to_be_visible(timeout=20_000)
    page.wait_for_load_state("networkidle")
    stage = page.locator("[data-focal-stage]")
    box = stage.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.3)
    x, y = page.locator("#focal_x"), page.locator("#focal_y")
    expect(x).to_have_value("80")
    expect(y).to_have_value("30")
    page.locator(".focal-point").press("ArrowRight")
    page.locator(".focal-point").press("Shift+ArrowDown")
    expect(x).to_have_value("81")
    expect(y).to_have_value("40")
    before = page.locator(".crops img").first.get_attribute("src")
    page.get_by_role("button", name="Simpan titik fokus").click()
    expect(page.get_by_text("Titik fokus tersimpan").first).to_be_visible()
    assert page.locator(".crops img").first.get_attribute("src") != before
    page.wait_for_load_state("networkidle")
