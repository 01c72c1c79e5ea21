"""What a phone needs to put the product among its programs: the manifest, its pictures, the colour of the bar."""

import json
import struct
from pathlib import Path

import pytest

ICONS = Path(__file__).parents[2] / "humasflow" / "static" / "icons"
MANIFEST = json.loads((ICONS / "manifest.webmanifest").read_text())


def test_the_manifest_names_the_product_and_where_it_starts():
    assert (MANIFEST["name"], MANIFEST["lang"], MANIFEST["display"]) == ("humasflow", "id", "standalone")
    assert MANIFEST["id"] == MANIFEST["start_url"] == MANIFEST["scope"] == "/"
    assert {icon.get("purpose", "any") for icon in MANIFEST["icons"]} == {"any", "maskable"}


@pytest.mark.parametrize(
    "icon", [*MANIFEST["icons"], *(s["icons"][0] for s in MANIFEST["shortcuts"])], ids=lambda i: i["src"]
)
def test_each_picture_is_as_large_as_it_says(icon):
    data = (ICONS / icon["src"]).read_bytes()
    if icon["type"] == "image/svg+xml":
        assert icon["sizes"] == "any"
        return
    assert "{}x{}".format(*struct.unpack(">II", data[16:24])) == icon["sizes"]


def test_the_shortcuts_lead_to_pages(browser, world):
    browser.sign_in(world.approver)
    assert [s["name"] for s in MANIFEST["shortcuts"]] == ["Kirim usulan", "Tugas saya", "Persetujuan"]
    for shortcut in MANIFEST["shortcuts"]:
        browser.get(shortcut["url"])


def test_the_bar_of_the_browser_has_the_colour_of_the_page(browser):
    page = browser.get("/masuk")
    tags = page.soup.select("meta[name=theme-color]")
    assert {(t["content"], t["media"]) for t in tags} == {
        ("#f6f6f2", "(prefers-color-scheme:light)"), ("#101518", "(prefers-color-scheme:dark)"),
    }  # fmt: skip
    colours = (ICONS.parent / "css" / "app.css").read_text()
    assert all(f"--paper:{t['content']}" in colours for t in tags)
    for link in page.soup.select("link[rel=icon], link[rel=apple-touch-icon], link[rel=manifest]"):
        with browser.client.get(link["href"]) as file:
            assert file.status_code == 200, link["href"]
