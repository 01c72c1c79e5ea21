"""Laporan in the browser: order, watch, download; and the letterhead."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select

from humasflow.core.db import db
from humasflow.outbox.runner import run_due
from humasflow.reports import queries, storage
from humasflow.reports.enums import ReportKind, ReportScope, RunState, SpanKind
from humasflow.reports.makers import Progress
from humasflow.reports.models import ReportRun
from humasflow.reports.pdf import rendering
from humasflow.reports.services import making
from tests.conftest import QueryCount
from tests.factories.world import World
from tests.reports.made import order
from tests.support.page import Browser, Page

At = Callable[[str], AbstractContextManager[None]]
BrowserOf = Callable[[object], Browser]
ASKED = {"jangka": "quarter", "period": "2026-TW1", "about": "office", "formats": "pdf", "language": "id"}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a few bytes."""

    def make(_facts: object, _run: ReportRun, out: Path, progress: Progress) -> None:
        out.write_bytes(b"%PDF-1.7 uji")

    monkeypatch.setattr(making, "maker_of", lambda _format: make)


def _send(browser: Browser, *, status: int = 303, **typed: str) -> Page:
    """Fill in the form of the page as it stands, and send it."""
    asked = {**ASKED, **typed}
    own = browser.get(f"/laporan/?jangka={asked['jangka']}").form("/laporan/")
    return browser.post("/laporan/", {**own, **asked}, status=status)


def _newest() -> ReportRun:
    return db.session.scalars(select(ReportRun).order_by(ReportRun.id.desc())).first()  # type: ignore[return-value]


def test_order_watch_download(world: World, browser_of: BrowserOf, at: At, quick: None) -> None:
    with at("2026-03-20T02:00Z"):
        browser = browser_of(world.lead)
        assert "Triwulan I 2026" in browser.get("/laporan/").html
        answer = _send(browser)
        run = _newest()
        assert answer.status == 303 and answer.location.endswith(f"/laporan/{run.id}")
        assert (run.kind, run.scope, run.span) == (ReportKind.REPORT, ReportScope.OFFICE, SpanKind.QUARTER)
        page = browser.get(f"/laporan/{run.id}").html
        assert "data-pending" in page and "Menunggu giliran" in page
        run_due()
        part = browser.client.get(f"/laporan/{run.id}?bagian=keadaan").text
        assert "data-pending" not in part and "Unduh" in part and "<html" not in part
        sent = browser.get(f"/laporan/{run.id}/pdf")
        assert sent.response.data == b"%PDF-1.7 uji" and sent.response.mimetype == "application/pdf"
        assert sent.response.headers["Cache-Control"] == "private, no-store"
        assert sent.response.headers["X-Content-Type-Options"] == "nosniff"
        assert (
            sent.response.headers["Content-Disposition"]
            == "attachment; filename=laporan-kantor-uji-2026-TW1.pdf"
        )
        assert "sandbox" in sent.response.headers["Content-Security-Policy"]
        sent.response.close()
        browser.get(f"/laporan/{run.id}/xlsx", status=404)


def test_two_clicks_are_one_run(world: World, browser_of: BrowserOf, at: At) -> None:
    with at("2026-03-20T02:00Z"):
        browser = browser_of(world.lead)
        typed = {**browser.get("/laporan/").form("/laporan/"), **ASKED}
        first = browser.post("/laporan/", typed)
        second = browser.post("/laporan/", typed)
        assert first.location == second.location
        assert db.session.scalar(select(func.count()).select_from(ReportRun)) == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"formats": ""},
        {"period": "2026-TW9"},
        {"about": "orang"},
        {"about": "section:abc"},
        {"jangka": "day", "day": "31-02-2026"},
        {"jangka": "free", "start": "2026-02-01", "until": "2026-01-01"},
        {"jangka": "free", "start": "", "until": ""},
        {"jangka": "free", "start": "2000-01-01", "until": "2026-01-01"},
        {"scheme": "x"},
    ],
)
def test_bad_orders_say_what_is_missing(
    world: World, browser_of: BrowserOf, typed: dict[str, str], at: At
) -> None:
    with at("2026-03-20T02:00Z"):
        answer = _send(browser_of(world.lead), status=422, **typed)
        assert 'role="alert"' in answer.html
        assert db.session.scalar(select(func.count()).select_from(ReportRun)) == 0


def test_each_kind_of_stretch_has_its_form(world: World, browser_of: BrowserOf, at: At) -> None:
    with at("2026-03-20T02:00Z"):
        browser = browser_of(world.lead)
        for kind, shown in (("day", 'name="day"'), ("week", "2026-W12"), ("month", "2026-M03"), ("year", '"2026"'),
                            ("semester", "2026-S1"), ("free", 'name="until"'), ("ngawur", "2026-TW1")):  # fmt: skip
            assert shown in browser.get(f"/laporan/?jangka={kind}").html, kind
        answer = _send(browser, jangka="free", start="2026-01-05", until="06/02/2026")
        assert answer.status == 303
        run = _newest()
        assert (str(run.start_on), str(run.end_on), run.span) == ("2026-01-05", "2026-02-06", SpanKind.FREE)


def test_a_contributor_reports_on_themselves(world: World, browser_of: BrowserOf, at: At) -> None:
    with at("2026-03-20T02:00Z"):
        browser = browser_of(world.contributor)
        page = browser.get("/laporan/").html
        assert "(saya)" in page and "Seluruh kantor" not in page and world.editor.name not in page
        _send(browser, status=403)
        answer = _send(browser, about=f"person:{world.contributor.id}")
        assert answer.status == 303
        browser_of(world.other_contributor).get(answer.location, status=404)


def test_cancel_and_again(world: World, browser_of: BrowserOf, at: At, quick: None) -> None:
    with at("2026-03-20T02:00Z"):
        browser = browser_of(world.lead)
        _send(browser)
        run = _newest()
        browser.post(f"/laporan/{run.id}/batal", {}, status=303)
        db.session.refresh(run)
        assert run.state is RunState.CANCELLED
        browser.post(f"/laporan/{run.id}/batal", {}, status=409)
        assert "Buat lagi" in browser.get(f"/laporan/{run.id}").html
        again = browser.post(f"/laporan/{run.id}/lagi", {})
        assert again.status == 303 and _newest().id != run.id
        run_due()
        assert "Siap diunduh" in browser.get("/laporan/").html
        stranger = browser_of(world.other_contributor)
        stranger.post(f"/laporan/{run.id}/lagi", {}, status=404)


def test_a_lost_file_is_not_found(world: World, browser_of: BrowserOf, at: At, quick: None) -> None:
    with at("2026-03-20T02:00Z"):
        browser = browser_of(world.lead)
        _send(browser)
        run_due()
        run = _newest()
        storage.path_of(run.files[0]).unlink()
        browser.get(f"/laporan/{run.id}/pdf", status=404)


def test_the_list_costs_the_same_with_more(
    world: World, browser_of: BrowserOf, at: At, statements: QueryCount, in_request: None
) -> None:
    with at("2026-03-20T02:00Z"):
        order(world, scope=ReportScope.SECTION, subject_id=world.section.id)
        db.session.commit()
        browser = browser_of(world.lead)
        browser.get("/laporan/")
        statements.reset()
        browser.get("/laporan/")
        one = len(statements)
        order(world, scope=ReportScope.SECTION, subject_id=world.other_section.id)
        order(world)
        db.session.commit()
        statements.reset()
        browser.get("/laporan/")
        assert len(statements) == one


def test_without_pango_the_page_says_so(
    world: World, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "find_library", lambda _name: None)
    monkeypatch.setattr(rendering, "_have", set())
    page = browser_of(world.lead).get("/laporan/").html
    assert "libpango-1.0-0" in page and 'value="pdf"' not in page and 'value="xlsx"' in page


def _logo() -> BytesIO:
    data = BytesIO()
    Image.new("RGB", (200, 200), "navy").save(data, "PNG")
    data.seek(0)
    return data


def test_the_letterhead(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.admin)
    address = "/pengaturan/kop-surat"

    def save(status: int = 303, **typed: object) -> Page:
        return browser.post(address, {**browser.get(address).form(address), **typed}, status=status)

    assert "Kantor Uji" in browser.get(address).main
    browser.get(f"{address}/logo", status=404)
    opened = browser.get(address).form(address)
    save(office_line="KPKNL Contoh", city="Makassar", email="humas@contoh.go.id", logo=(_logo(), "logo.png"))
    found = queries.get_letterhead(world.office.id)
    assert found is not None and found.office_line == "KPKNL Contoh" and found.logo is not None
    browser.get(f"{address}/logo").response.close()
    assert "KPKNL Contoh" in browser.get(address).main and "data-mirror" in browser.get(address).html
    first = browser.get(address).form(address)
    save(city="Palu")
    late = browser.post(address, {**first, "city": "Poso"}, status=409)
    assert "Poso" in late.html
    found = queries.get_letterhead(world.office.id)
    assert found is not None and found.city == "Palu" and found.logo is not None
    save(status=422, logo=(BytesIO(b"bukan gambar"), "a.png"))
    save(status=422, email="bukan surel")
    save(without_logo="y")
    found = queries.get_letterhead(world.office.id)
    assert found is not None and found.logo is None and opened["office_line"] == ""
    browser_of(world.lead).get(address, status=403)
