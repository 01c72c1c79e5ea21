"""What is planned and what came of it, without a mouse: an idea becomes a story, a post stands on a day, a view is kept, a post
that somebody made by hand is written down with its evidence."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from tests.factories.world import build_world
from tests.journeys.calendar_ahead import Ahead
from tests.journeys.conftest import Server
from tests.journeys.keyboard.conftest import ByKeys
from tests.journeys.keyboard.hands import signed_in_by_keys
from tests.journeys.own_office import Own, own_office
from tests.media.files import jpeg
from tests.publishing.desk import NewsDesk

pytestmark = pytest.mark.journey


def test_a_title_on_a_day_of_the_calendar(by_keys: ByKeys, server: Server) -> None:
    ahead = Ahead(server)
    day = ahead.working[0]
    keys = by_keys("editor", f"/kalender/?tampilan=bulan&hari={ahead.first.isoformat()}")
    cell = keys.page.locator(f"#calendar [data-day='{day.isoformat()}']").first
    number = cell.locator(".day__n").first
    name = number.get_attribute("aria-label") or number.inner_text()
    keys.skip()
    keys.to(re.escape(name), at_most=60)
    keys.press("c")
    keys.expect_at("Judul naskah baru", "textbox")
    keys.type("Ditambah tanpa tetikus")
    keys.press("Enter")
    expect(cell.locator(".ev", has_text="Ditambah tanpa tetikus")).to_have_count(1)


def test_an_idea_becomes_a_story(by_keys: ByKeys) -> None:
    keys = by_keys("contributor", "/usulan/kirim")
    keys.skip()
    keys.to("Apa|Judul|Ide|Ceritakan", at_most=8, role="textbox")
    keys.type("Diterima tanpa tetikus")
    keys.to("Kirim usulan", at_most=20, role="button")
    keys.press("Enter")
    keys.page.wait_for_url(re.compile(r"/usulan/[0-9]+$"))
    number = keys.page.url.rpartition("/")[2]

    keys = by_keys("editor", f"/usulan/{number}")
    keys.skip()
    keys.to("Terima jadi naskah baru", at_most=30, role="button")
    keys.press("Enter")
    expect(keys.page.locator("dialog#accept")).to_be_visible()
    keys.to("Terima dan buka naskah", at_most=8, role="button")
    keys.press("Enter")
    keys.page.wait_for_url(re.compile(r"/naskah/\d+"))
    expect(keys.page.locator("h1")).to_contain_text("Diterima tanpa tetikus")


def test_a_view_of_the_desk_is_kept_and_opened(by_keys: ByKeys) -> None:
    keys = by_keys("editor", "/naskah/tampilan?pemegang=saya")
    keys.skip()
    keys.to("Nama", at_most=12, role="textbox")
    keys.type("Milik saya saja")
    keys.press("Enter")
    keys.page.wait_for_url(re.compile(r"/naskah/\?"))
    keys.go("/naskah/")
    keys.skip()
    keys.to("Milik saya saja", at_most=20, role="link")
    keys.press("Enter")
    keys.page.wait_for_url(re.compile(r"/naskah/\?.*pemegang=saya"))


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Own, list[int]]]:
    posts: list[int] = []

    def fill() -> None:
        desk = NewsDesk(build_world())
        _story, (post,) = desk.going_out("facebook")
        posts.append(post.id)
        desk.work()

    with own_office(tmp_path, "2026-11-18T02:00Z", fill) as served:
        yield served, posts


def test_a_post_made_by_hand_is_written_down_with_its_evidence(
    own: tuple[Own, list[int]], chromium: Chromium
) -> None:
    office, (post,) = own
    with signed_in_by_keys(chromium, office.url, "editor@kantor-uji.example") as keys:
        keys.go("/publikasi/")
        keys.skip()
        keys.to("Unggah dan tandai", at_most=30)
        keys.press("Enter")
        keys.page.wait_for_url(re.compile(f"/publikasi/{post}/tandai-tayang"))
        keys.skip()
        keys.to("Tautan|Alamat", at_most=30, role="textbox")
        keys.type("https://www.facebook.com/kantoruji/posts/1")
        shot = {"name": "bukti.jpg", "mimeType": "image/jpeg", "buffer": jpeg(640)}
        keys.page.locator("input[type=file][name=screenshot]").set_input_files(shot)
        keys.to("Tandai tayang", at_most=20, role="button")
        keys.press("Enter")
        keys.page.wait_for_url(re.compile(f"/publikasi/{post}$"))
        expect(keys.page.locator("main")).to_contain_text("https://www.facebook.com/kantoruji/posts/1")
        expect(keys.page.get_by_role("img", name=re.compile("^Tangkapan layar"))).to_be_visible()
