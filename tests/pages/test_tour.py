"""The tour of the sample office: only there, only past pages that open, from the first to the last and back."""

from collections.abc import Callable

import pytest

from humasflow.accounts.models import User
from humasflow.core.db import db
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[User], Browser]
pytestmark = pytest.mark.db


@pytest.fixture
def sample(world: World) -> World:
    world.office.is_sample = True
    db.session.commit()
    return world


@pytest.mark.parametrize("role", ["contributor", "editor", "approver", "lead", "admin"])
def test_every_role_goes_from_the_first_page_to_the_last(
    sample: World, browser_of: BrowserOf, role: str
) -> None:
    browser = browser_of(getattr(sample, role))
    front = browser.get(browser.get("/").link("Ikuti tur"))
    titles = [a.get_text() for a in front.soup.select("main ol a.strong")]
    assert len(titles) >= 3
    page, address = browser.get(front.link("Mulai")), front.link("Mulai")
    for number, title in enumerate(titles, start=1):
        assert f"Tur {number} dari {len(titles)}: {title}" in page.main
        if number > 1:
            assert f"Tur {number - 1} dari" in browser.get(page.link("Sebelumnya")).main
        if number < len(titles):
            address = page.link("Berikutnya")
            page = browser.get(address)
    assert page.link("Selesai") == "/bantuan/tur"
    assert "Berikutnya" not in [a.get_text(strip=True) for a in page.soup.select(".tour a")]


def test_an_office_of_its_own_has_no_tour(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.editor)
    assert "Ikuti tur" not in browser.get("/").text
    browser.get("/bantuan/tur", status=404)
    assert "Tur 1 dari" not in browser.get("/usulan/kirim?tur=1").main


@pytest.mark.parametrize("number", ["0", "99", "-1", "tiga", "²", "111111", "2"])
def test_a_number_that_is_not_this_pages_says_nothing(
    sample: World, browser_of: BrowserOf, number: str
) -> None:
    assert "Tur " not in browser_of(sample.editor).get(f"/usulan/kirim?tur={number}").main
