"""Where one can go, how much waits there, and what that costs."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from humasflow.accounts.models import User
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.outbox import services as outbox
from tests.conftest import QueryCount
from tests.factories.world import World
from tests.pitches.ideas import pitched
from tests.support.page import Browser, Page

BrowserOf = Callable[[User], Browser]

ALL = {
    "contributor": ["Beranda", "Tugas", "Usulan", "Kalender", "Kontribusi saya", "Media"],
    "editor": [
        "Beranda",
        "Tugas",
        "Usulan",
        "Meja redaksi",
        "Kalender",
        "Publikasi",
        "Capaian",
        "Laporan",
        "Media",
        "Pengaturan",
    ],
    "approver": [
        "Beranda",
        "Tugas",
        "Usulan",
        "Meja redaksi",
        "Persetujuan",
        "Kalender",
        "Publikasi",
        "Capaian",
        "Media",
    ],
    "lead": [
        "Beranda",
        "Tugas",
        "Usulan",
        "Meja redaksi",
        "Kalender",
        "Publikasi",
        "Capaian",
        "Laporan",
        "Media",
    ],
    "admin": [
        "Beranda",
        "Tugas",
        "Usulan",
        "Meja redaksi",
        "Kalender",
        "Publikasi",
        "Capaian",
        "Laporan",
        "Media",
        "Pengaturan",
    ],
}
TABS = {
    "contributor": {"Beranda", "Usulan", "Tugas", "Kalender"},
    "editor": {"Beranda", "Usulan", "Meja redaksi", "Publikasi"},
    "approver": {"Beranda", "Persetujuan", "Capaian", "Kalender"},
    "lead": {"Beranda", "Capaian", "Kalender", "Meja redaksi"},
    "admin": {"Beranda", "Pengaturan", "Capaian", "Kalender"},
}


def places(page: Page, where: str = ".nav") -> list[str]:
    return [a.find("span").get_text() for a in page.soup.select(f"{where} > a:not(.brand)")]


@pytest.mark.parametrize("role", ALL)
def test_each_role_finds_its_places_and_at_most_four_tabs(
    world: World, browser_of: BrowserOf, role: str
) -> None:
    browser = browser_of(getattr(world, role))
    page = browser.get("/")
    assert places(page) == ALL[role]
    assert set(places(page, ".tabbar")) == TABS[role]
    for a in page.soup.select(".nav > a"):
        browser.get(a["href"])


def test_the_current_place_is_marked(world: World, browser_of: BrowserOf) -> None:
    editor = browser_of(world.editor)
    for path, label in (("/", "Beranda"), ("/usulan/kirim", "Usulan"), ("/naskah/", "Meja redaksi")):
        current = editor.get(path).soup.select(".nav > a[aria-current]")
        assert [a.find("span").get_text() for a in current] == [label]


def test_a_place_with_parts_shows_them_while_one_is_in_it(
    world: World, browser_of: BrowserOf, in_request: None
) -> None:
    editor = browser_of(world.editor)
    for path, part in (("/kalender/", "Kalender"), ("/agenda/", "Agenda"), ("/kampanye/", "Kampanye"),
                       ("/rapat/", "Rapat redaksi")):  # fmt: skip
        soup = editor.get(path).soup
        assert [a.find("span").get_text() for a in soup.select(".nav > a[aria-current=true]")] == ["Kalender"]
        for bar in (".nav__parts", ".subnav"):
            assert [a.get_text(strip=True) for a in soup.select(f"{bar} a[aria-current=page]")] == [part]
            assert len(soup.select(f"{bar} a")) == 4
    assert not editor.get("/").soup.select(".nav__parts, .subnav")
    assert not browser_of(world.contributor).get("/").soup.select(".nav__parts, .subnav")


def test_what_waits_is_counted(world: World, browser_of: BrowserOf, in_request: None) -> None:
    pitched(world, "Satu")
    pitched(world, "Dua")
    page = browser_of(world.editor).get("/media/")
    (link,) = [a for a in page.soup.select(".nav a") if "Usulan" in a.get_text()]
    assert link.select_one(".count").get_text().split()[0] == "2"
    assert link["href"] == "/usulan/kolam"
    assert not browser_of(world.contributor).get("/media/").soup.select(".nav .count")


@pytest.mark.parametrize(
    ("role", "extra"), [("contributor", 2), ("editor", 3), ("approver", 4), ("lead", 2), ("admin", 2)]
)
def test_the_navigation_costs_few_statements(
    world: World, browser_of: BrowserOf, statements: QueryCount, role: str, extra: int
) -> None:
    browser = browser_of(getattr(world, role))
    browser.get("/pemberitahuan/")
    statements.reset()
    browser.get("/pemberitahuan/")
    # session, roles, offices; the page's own list; then bell and counts
    assert len(statements) <= 3 + 1 + extra, "\n".join(statements.statements)


def test_pages_without_the_layout_pay_nothing_for_it(
    world: World, browser: Browser, statements: QueryCount
) -> None:
    browser.get("/healthz")
    assert len(statements) == 0
    browser.get("/masuk")
    assert not [s for s in statements.statements if "notification" in s or "pitch" in s]


def test_ready_says_when_a_worker_was_last_seen(app: Flask, browser: Browser) -> None:
    answer = browser.client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"database": "ok", "worker": "silent", "worker_seen_seconds_ago": None}
    outbox.beat("uji:1")
    db.session.commit()
    answer = browser.client.get("/readyz")
    assert answer.json["worker"] == "ok"
    assert answer.json["worker_seen_seconds_ago"] < 5
    with clock.moved_to(clock.now().replace(year=clock.now().year + 1)):
        assert browser.client.get("/readyz").json["worker"] == "silent"


def test_a_database_that_is_gone_is_said(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_a: object, **_k: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr("humasflow.pages.health.db.session.execute", gone)
    answer = browser.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["database"] == "down"
    assert browser.client.get("/healthz").status_code == 200
