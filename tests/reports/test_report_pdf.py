"""The PDF: its text is the numbers, it is tagged, brings its fonts, asks for nothing outside, and bears any title."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from flask_babel import force_locale
from pypdf import PdfReader

from humasflow.core.decimals import write
from humasflow.core.errors import UserError
from humasflow.reports import storage
from humasflow.reports.enums import ReportScope, RunState
from humasflow.reports.facts import gather
from humasflow.reports.models import ReportRun
from humasflow.reports.pdf import rendering, report
from humasflow.reports.pdf.heading import files_of
from humasflow.reports.services import LetterheadContent, save_letterhead
from humasflow.scoring.services.verification import verify_point
from tests.factories.publications import live_post
from tests.factories.world import World
from tests.reports.made import made, order, quarter
from tests.support.pdf import check_document, text_of

pytestmark = pytest.mark.usefixtures("in_request")

At = Callable[[str], AbstractContextManager[None]]
HOSTILE = "<script>alert(1)</script> & “kutip” {{ 7*7 }} \u202eterbalik\u202c مرحبا 😀 " + "Panjang" * 20


def pdf_of(run: ReportRun) -> Path:
    """The file of a run that was made."""
    assert run.state is RunState.READY, run.error
    return storage.path_of(run.files[0])


def test_its_text_is_the_numbers(world: World, at: At) -> None:
    with at("2026-03-20T02:00Z"):
        quarter(world)
        save_letterhead(
            world.office,
            LetterheadContent(
                ministry="Kementerian Contoh", office_line="Kantor Uji Makassar", address="Jalan Contoh 1", city="Makassar"
            ),
            actor=world.as_(world.admin),
        )  # fmt: skip
        run = made(world)
        path = pdf_of(run)
        text = text_of(path)
        facts = gather(run)
        with force_locale("id"):
            assert facts.headline in text and "KEMENTERIAN CONTOH" in text and "Jalan Contoh 1" in text
            for component in facts.standings[0].components:
                assert component.label in text and component.says in text
            assert write(facts.standings[0].total or 0, least=2) in text
        for publication in facts.publications():
            assert publication.title in text
        assert "Makassar, 20 Maret 2026" in text and "Kepala Kantor" in text and "Ketua Tim" in text
        assert f"Halaman 1 dari {len(PdfReader(path).pages)}" in text
        links = {p.url for p in facts.publications()}
        assert check_document(path) == links


def test_any_title(world: World, at: At) -> None:
    with at("2026-03-20T02:00Z"):
        quarter(world)
        verify_point(live_post(world, title=HOSTILE[:190]), actor=world.as_(world.lead))
        path = pdf_of(made(world))
        text = text_of(path)
        assert "<script>alert(1)</script> & “kutip” {{ 7*7 }}" in text and "مرحبا" in text and "😀" in text
        check_document(path)
        page = pypdfium2.PdfDocument(path)[2].render(scale=1).to_pil()
        edge = page.crop((page.width - 30, 0, page.width, page.height)).convert("L")
        assert edge.getextrema()[0] > 200  # nothing runs off the paper


def test_a_persons_report(world: World, at: At) -> None:
    with at("2026-03-20T02:00Z"):
        quarter(world)
        run = made(world, world.contributor, scope=ReportScope.PERSON, subject_id=world.contributor.id)
        text = text_of(pdf_of(run))
        assert "Kontributor Satu" in text and "Pelaksana" in text and "Seksi Pelayanan Lelang" in text
        assert "Penyetuju Seksi" in text and "Atasan langsung" in text
        assert "Estimasi nilai" not in text
        check_document(pdf_of(run))


def test_in_english(world: World, at: At) -> None:
    with at("2026-03-20T02:00Z"):
        quarter(world)
        run = made(world, language="en")
        assert PdfReader(pdf_of(run)).trailer["/Root"]["/Lang"] == "en"


def test_an_office_without_a_scheme(world: World) -> None:
    run = made(world)
    assert "belum punya skema penilaian" in text_of(pdf_of(run))


def test_what_is_outside_is_not_asked_for(tmp_path: Path) -> None:
    secret = tmp_path / "rahasia.png"
    secret.write_bytes(b"x")
    page = (
        '<!doctype html><html lang="id"><head><title>Uji</title><link rel="stylesheet" href="humasflow:print.css"></head>'
        f'<body><p>Isi</p><img alt="a" src="file://{secret}"><img alt="b" src="http://127.0.0.1:9/x.png">'
        '<img alt="c" src="humasflow:../config.py"></body></html>'
    )
    rendering.render_pdf(page, tmp_path / "a.pdf", files=files_of(None))
    assert "Isi" in text_of(tmp_path / "a.pdf")
    assert not any(page.images for page in PdfReader(tmp_path / "a.pdf").pages)


def test_a_machine_without_pango_says_what_to_install(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "find_library", lambda _name: None)
    monkeypatch.setattr(rendering, "_have", set())
    assert "libpango-1.0-0" in rendering.missing()
    with pytest.raises(UserError, match="libpango"):
        order(world)


def test_a_page_that_cannot_be_drawn_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "_CHILD", tmp_path / "tidak-ada.py")
    with pytest.raises(rendering.CannotRender):
        rendering.render_pdf("<p>x", tmp_path / "b.pdf")


def test_calling_off_ends_the_drawing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "lama.py"
    slow.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(rendering, "_CHILD", slow)
    monkeypatch.setattr(rendering, "_LOOK_EVERY", 0.01)

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        rendering.render_pdf("<p>x", tmp_path / "c.pdf", waiting=stop)


def test_more_than_a_pdf_bears_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "MOST_LISTED", 1)
    live_post(world, title="Yang pertama")
    live_post(world, title="Yang kedua")
    facts = replace(gather(order(world)), requester="Ketua Tim")
    page = report.page_of(facts, None)
    assert "Yang pertama" in page and "Yang kedua" not in page and "lembar kerja (XLSX)" in page
