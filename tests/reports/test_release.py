"""Siaran pers and the plan of a day on paper: the approved text, a draft marked as one, nothing that is secret."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest

from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.reports.pdf import rendering
from humasflow.reports.release.docx import release_docx
from humasflow.reports.release.gathering import gather_release
from humasflow.reports.release.pdf import page_of
from humasflow.reports.release.runs import Block, Table, blocks_of
from humasflow.reports.services import LetterheadContent, save_letterhead
from tests.factories import desk
from tests.factories.standings import planned
from tests.factories.world import World
from tests.support.page import Browser
from tests.support.pdf import check_document, text_of

At = Callable[[str], AbstractContextManager[None]]
BrowserOf = Callable[[object], Browser]
BODY = (
    "<h2>Latar</h2><p>Paragraf <strong>tebal</strong> dan <em>miring</em> dengan "
    '<a href="https://contoh.go.id/a">tautan</a>.</p><ul><li>Butir satu</li><li>Butir dua</li></ul>'
    "<table><tr><th>Tahun</th></tr><tr><td>2026</td></tr></table><blockquote><p>Kata pejabat.</p></blockquote>"
)


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_the_approved_text_and_a_draft(world: World) -> None:
    story, _post = planned(world, "Lelang serentak", submit=True, agree=True)
    _story, found = gather_release(story.id, reader=world.as_(world.editor), number="SP-1", place="Makassar")
    assert not found.is_draft and (found.title, found.number, found.place) == (
        "Lelang serentak",
        "SP-1",
        "Makassar",
    )
    assert 'class="mark"' not in page_of(found)
    draft, _post = planned(world, "Belum disetujui")
    _story, found = gather_release(draft.id, reader=world.as_(world.editor))
    assert found.is_draft and 'class="mark"' in page_of(found)
    assert "DRAF" in _words(release_docx(found))


@pytest.mark.db
@pytest.mark.usefixtures("in_request")
def test_a_secret_story_has_no_release_for_others(world: World) -> None:
    story = desk.story(world, title="Rahasia")
    story.is_confidential = True
    db.session.flush()
    with pytest.raises(NotFound):
        gather_release(story.id, reader=world.as_(world.other_editor))


@pytest.mark.usefixtures("in_request")
def test_what_stands_in_the_word_document(world: World) -> None:
    save_letterhead(
        world.office,
        LetterheadContent(ministry="Kementerian Contoh", contact="Humas, 0411-123", boilerplate="Kantor Uji melayani."),
        actor=world.as_(world.admin),
    )  # fmt: skip
    story, _post = planned(world, "Lelang serentak", submit=True, agree=True, body_html=BODY)
    _story, found = gather_release(story.id, reader=world.as_(world.editor), day=date(2026, 3, 2))
    words = _words(release_docx(found))
    for expected in (
        "KEMENTERIAN CONTOH", "SIARAN PERS", "2 Maret 2026", "Lelang serentak", "Latar", "Butir dua", "Kata pejabat.",
        "Humas, 0411-123", "Kantor Uji melayani.",
    ):  # fmt: skip
        assert expected in words, expected
    document = docx.Document(BytesIO(release_docx(found)))
    assert [cell.text for row in document.tables[0].rows for cell in row.cells] == ["Tahun", "2026"]
    assert [p.style.name for p in document.paragraphs if "Butir" in p.text] == ["List Bullet", "List Bullet"]  # type: ignore[union-attr]
    bold = [r.text for p in document.paragraphs for r in p.runs if r.bold]
    assert "tebal" in bold


def _words(data: bytes) -> str:
    return "\n".join(p.text for p in docx.Document(BytesIO(data)).paragraphs)


def test_html_in_pieces() -> None:
    found = blocks_of(BODY)
    assert [b.kind if isinstance(b, Block) else "table" for b in found] == [
        "h2",
        "p",
        "ul",
        "ul",
        "table",
        "quote",
    ]
    paragraph, table = found[1], found[4]
    assert isinstance(paragraph, Block) and isinstance(table, Table)
    assert [(r.text, r.bold, r.italic) for r in paragraph.runs][:4] == [
        ("Paragraf ", False, False), ("tebal", True, False), (" dan ", False, False), ("miring", False, True),
    ]  # fmt: skip
    assert "https://contoh.go.id/a" in [r.url for r in paragraph.runs]
    assert blocks_of("<p> </p><script>x</script>") == []


def test_the_page_and_both_files(
    world: World, browser_of: BrowserOf, tmp_path: Path, in_request: None
) -> None:
    story, _post = planned(world, "Lelang serentak", submit=True, agree=True)
    db.session.commit()
    browser = browser_of(world.editor)
    address = f"/laporan/siaran-pers/{story.id}"
    assert f'href="{address}"' in browser.get(f"/naskah/{story.id}").html
    assert "Unduh Word" in browser.get(f"{address}?tanggal=ngawur&nomor=%00x").main
    query = "nomor=SP-7&tempat=Palu&tanggal=2026-03-02"
    sent = browser.get(f"{address}/berkas?bentuk=pdf&{query}").response
    (tmp_path / "a.pdf").write_bytes(sent.data)
    text = text_of(tmp_path / "a.pdf")
    assert (
        "SP-7" in text
        and "Palu, Senin, 2 Maret 2026" in text
        and "Lelang serentak" in text
        and "DRAF" not in text
    )
    check_document(tmp_path / "a.pdf")
    assert sent.headers["Content-Disposition"] == "attachment; filename=siaran-pers-lelang-serentak.pdf"
    word = browser.get(f"{address}/berkas?bentuk=docx&{query}").response
    assert "SP-7" in _words(word.data) and word.headers["Cache-Control"] == "private, no-store"
    browser_of(world.contributor).get(address, status=404)


def test_the_plan_of_a_day(
    world: World,
    browser_of: BrowserOf,
    at: At,
    tmp_path: Path,
    in_request: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with at("2026-03-02T01:00Z"):
        planned(world, "Lelang serentak", submit=True, agree=True, due="2026-03-02T03:00Z")
        secret, _post = planned(world, "Sangat rahasia", submit=True, agree=True, due="2026-03-02T04:00Z")
        secret.is_confidential = True
        db.session.commit()
        browser = browser_of(world.editor)
        assert "/laporan/jadwal-harian?" in browser.get("/kalender/harian").html
        sent = browser.get("/laporan/jadwal-harian?tgl=2026-03-02").response
        (tmp_path / "a.pdf").write_bytes(sent.data)
        text = text_of(tmp_path / "a.pdf")
        assert "Senin, 2 Maret 2026" in text and "10:00" in text and "Lelang serentak" in text
        assert "rahasia" not in text and "Situs berita" in text and "Terjadwal" in text
        check_document(tmp_path / "a.pdf")
        monkeypatch.setattr(rendering, "find_library", lambda _name: None)
        monkeypatch.setattr(rendering, "_have", set())
        assert "/kalender/harian" in browser.get("/laporan/jadwal-harian", status=303).location
