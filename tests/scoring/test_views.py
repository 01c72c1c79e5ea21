"""The standing in the browser: every number opens to its posts, at a fixed number of statements."""

import functools
from collections.abc import Callable

import pytest

from humasflow.core.db import db
from humasflow.scoring import queries
from humasflow.scoring.services.verification import dispute_point, verify_point
from tests.conftest import QueryCount
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme, set_targets
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[object], Browser]


@pytest.fixture
def quarter(world: World, in_request: None) -> str:
    """A quarter with one verified, one unverified and targets."""
    scheme = make_scheme(world)
    set_targets(scheme, world, "2026-TW1", berita_utama=3, berita_terbaru=60, artikel=3, profil_kantor=1)
    verify_point(live_post(world, title="Terbukti"), actor=world.as_(world.lead))
    live_post(world, title="Menunggu")
    db.session.commit()
    return "2026-TW1"


def test_the_standing_answers_and_every_number_opens(
    world: World, browser_of: BrowserOf, quarter: str
) -> None:
    browser = browser_of(world.lead)
    page = browser.get(f"/capaian/?tw={quarter}")
    assert page.h1 == "Capaian Triwulan I 2026"
    assert "58 Berita Terbaru" in page.main
    verified = browser.get(page.link("1 terverifikasi"))
    assert "Terbukti" in verified.main and "Menunggu" not in verified.main
    waiting = browser.get(page.link("1 belum diverifikasi"))
    assert "Menunggu" in waiting.main and "Terbukti" not in waiting.main
    detail = browser.get(waiting.link("Menunggu"))
    assert "kantor-uji.example" in detail.main


def test_verifying_from_the_queue(world: World, browser_of: BrowserOf, quarter: str) -> None:
    browser = browser_of(world.lead)
    queue = browser.get("/capaian/verifikasi")
    assert "Menunggu" in queue.main
    form = queue.form("/capaian/verifikasi/")
    action = next(
        f["action"] for f in queue.soup.select("main form") if "/capaian/verifikasi/" in f["action"]
    )
    browser.post(action, form)
    assert "Semua publikasi sudah diperiksa" in browser.get("/capaian/verifikasi").main
    again = browser.post(action, form)  # a double click: the same answer, nothing more
    assert again.status == 303


def test_every_questioned_publication_is_counted_and_can_be_reached(
    world: World, browser_of: BrowserOf, in_request: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_scheme(world)
    for n in range(3):
        dispute_point(live_post(world, title=f"Mati {n}"), actor=world.as_(world.lead), reason="Tautan mati")
    db.session.commit()
    first_page = functools.partial(queries.list_disputed, size=2)
    monkeypatch.setattr(queries, "list_disputed", first_page)
    browser = browser_of(world.lead)
    page = browser.get("/capaian/verifikasi?tampilan=dipertanyakan")
    assert page.soup.select_one("#disputed-title span").text == "3"  # type: ignore[union-attr]
    assert len(page.soup.select("[aria-labelledby=disputed-title] li")) == 2
    rest = browser.get(page.link("Muat berikutnya"))
    assert len(rest.soup.select("[aria-labelledby=disputed-title] li")) == 1
    assert "Semua publikasi sudah diperiksa" not in rest.main


def test_the_standing_takes_a_fixed_number_of_statements(
    world: World, browser_of: BrowserOf, quarter: str, statements: QueryCount
) -> None:
    browser = browser_of(world.lead)
    browser.get(f"/capaian/?tw={quarter}")
    statements.reset()
    browser.get(f"/capaian/?tw={quarter}")
    few = len(statements)
    for _i in range(5):
        live_post(world)
    db.session.commit()
    statements.reset()
    browser.get(f"/capaian/?tw={quarter}")
    assert len(statements) == few
    statements.reset()
    browser.get(f"/capaian/komponen/berita-terbaru?tw={quarter}")
    assert len(statements) <= few + 2


def test_without_a_scheme_the_page_says_what_to_do(world: World, browser_of: BrowserOf) -> None:
    assert "Begitu skema" in browser_of(world.lead).get("/capaian/").main
    assert "Buka skema" in browser_of(world.admin).get("/capaian/").main


def test_only_those_who_may_see_it(world: World, browser_of: BrowserOf, quarter: str) -> None:
    browser_of(world.contributor).get("/capaian/", status=403)
    browser_of(world.lead).get("/pengaturan/skema", status=403)
    browser_of(world.lead).get("/capaian/?tw=2026-TW9", status=404)


def test_another_offices_publication_cannot_be_verified(
    world: World, other_world: World, browser_of: BrowserOf, in_request: None
) -> None:
    make_scheme(other_world)
    delivery = live_post(other_world)
    db.session.commit()
    browser_of(world.lead).post(f"/capaian/verifikasi/{delivery.id}", status=404)


def test_an_admin_makes_a_scheme_and_sets_targets(world: World, browser_of: BrowserOf, at: object) -> None:
    with at("2026-11-20T02:00Z"):  # type: ignore[operator]
        browser = browser_of(world.admin)
        new = "/pengaturan/skema/baru"
        blank = browser.get(new).form() | {"start": "kosong", "name": "Skema Kantor"}
        draft = str(browser.post(new, blank).response.location)
        for label, weight in (("Berita", "60,5"), ("Artikel", "30")):
            url = f"{draft}/komponen?jenis=count_ratio"
            browser.post(url, browser.get(url).form() | {"label": label, "weight": weight})
        begin = f"{draft}/berlakukan"
        wrong = browser.get(begin)
        assert "Jumlah bobot sekarang 90,5, seharusnya 100." in wrong.main
        browser.post(draft, browser.get(draft).form() | {"weight-artikel": "39,5"})
        browser.post(begin, browser.get(begin).form() | {"effective_from": "2026-TW4"})
        assert "60,5% dari nilai" in browser.get("/pengaturan/skema").main
        page = browser.get("/pengaturan/sasaran?tw=2026-TW4")
        data = page.form() | {"value-berita": "enam", "value-artikel": "3", "letter": "ND-1"}
        refused = browser.post("/pengaturan/sasaran?tw=2026-TW4", data, status=422)
        assert "bilangan bulat" in refused.main
        assert refused.form()["value-berita"] == "enam"
        assert "ND-1" in refused.form()["letter"]
        browser.post("/pengaturan/sasaran?tw=2026-TW4", refused.form() | {"value-berita": "60"})
        assert "60" in browser.get("/pengaturan/sasaran?tw=2026-TW4").form()["value-berita"]
