"""The tabs of everything that is counted: one row, the rest in a menu, the open one never hidden in it."""

from collections.abc import Callable

import pytest

from humasflow.accounts.models import User
from tests.factories.world import World
from tests.support.page import Browser, Page

BrowserOf = Callable[[User], Browser]


def parts(page: Page) -> tuple[list[str], list[str], str]:
    """(labels in the row, labels in the menu, label of the open one)."""
    nav = page.soup.select_one("nav.tabs--more")
    assert nav is not None
    row = [a.get_text(strip=True) for a in nav.select(".tabs__row > a")]
    menu = [a.get_text(strip=True) for a in nav.select(".menu__list > a")]
    return row, menu, " ".join(a.get_text(strip=True) for a in nav.select("[aria-current]"))


@pytest.mark.parametrize(
    ("path", "label"),
    [("/capaian/", "Capaian"), ("/capaian/penutupan", "Penutupan"), ("/capaian/andai", "Andai"),
     ("/capaian/resmi", "Nilai resmi"), ("/capaian/pengukuran", "Pengukuran")],
)  # fmt: skip
def test_the_open_page_is_in_the_row_and_every_page_is_there_once(
    world: World, browser_of: BrowserOf, path: str, label: str
) -> None:
    row, menu, current = parts(browser_of(world.lead).get(path))
    assert current == label
    assert label in row and label not in menu
    assert sorted(row + menu) == sorted(
        ["Capaian", "Seksi & orang", "Tren", "Verifikasi", "Penutupan", "Andai", "Keterlibatan", "Nilai resmi",
         "Pengukuran"]
        + (["Unit di bawah"] if "Unit di bawah" in row else [])
        + (["Sasaran"] if "Sasaran" in menu else [])
    )  # fmt: skip
    assert row[:2] == ["Capaian", "Seksi & orang"]


def test_nobody_is_offered_a_page_he_may_not_open(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.approver)
    nav = browser.get("/capaian/").soup.select_one("nav.tabs--more")
    assert nav is not None
    for link in nav.select("a"):
        assert browser.get(str(link["href"])).status == 200, link
