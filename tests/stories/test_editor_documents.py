"""Word files as drafts and as new versions: what is taken, what is left, and everything that a file can do to us."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

from humasflow.core.db import db
from humasflow.core.html import clean_html, figure_assets
from humasflow.media.models import Asset
from humasflow.stories import queries
from humasflow.stories.documents.errors import DocumentRejected, DocumentRejection
from humasflow.stories.documents.reading import Document, read_document, title_from_filename
from humasflow.stories.documents.sandbox import DocumentLimits
from humasflow.stories.documents.structure import take_apart
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story, StoryDocument
from humasflow.stories.models.edit_policy import EditPolicy
from tests.factories import desk, word
from tests.factories.world import World
from tests.support.forms import form_with
from tests.support.hostile import faults, payloads
from tests.support.page import Browser

BrowserOf = Callable[[Any], Browser]


def read(data: bytes, name: str = "naskah.docx", **limits: int) -> Document:
    return read_document(io.BytesIO(data), name, limits=DocumentLimits(**limits))


def refusal(data: bytes, **limits: int) -> DocumentRejection:
    with pytest.raises(DocumentRejected) as caught:
        read(data, **limits)
    assert caught.value.message
    return caught.value.code


def read_or_refusal(data: bytes) -> Document | DocumentRejected:
    try:
        return read(data)
    except DocumentRejected as error:
        return error


def test_everything_of_a_press_release_finds_its_place(in_request: None) -> None:
    document = read(word.press_release())
    parts = document.parts
    assert (parts.title, parts.kicker) == (
        "Lelang serentak laku seluruhnya",
        "SIARAN PERS Nomor SP-12/KPKN/2026",
    )
    assert parts.lead == "Kantor menyelenggarakan lelang serentak yang diikuti tiga ratus peserta."
    assert parts.body_html == (
        '<p>Suasana <strong>ramai</strong></p><figure data-asset="1"></figure><p>sejak pagi.</p>'
        "<h2>Hasil</h2><ul><li>Tanah dan bangunan</li><li>Kendaraan</li></ul>"
        "<table><tbody><tr><td><p>Barang</p></td><td><p>Nilai</p></td></tr>"
        "<tr><td><p>Rumah</p></td><td><p>1 miliar</p></td></tr></tbody></table>"
        "<h3>Rincian</h3><blockquote><p>Semua barang laku.</p></blockquote>"
    )
    assert document.counts["comments"] == 1
    assert list(document.pictures) == [1]


def test_the_title_comes_from_the_first_heading_or_a_short_first_line(in_request: None) -> None:
    made = docx.Document()
    made.add_heading("Judul dari heading", 1)
    made.add_paragraph("Pembuka.")
    made.add_heading("Bagian", 2)
    made.add_paragraph("Isi.")
    parts = read(word.saved(made)).parts
    assert (parts.title, parts.lead, parts.body_html) == (
        "Judul dari heading",
        "Pembuka.",
        "<h2>Bagian</h2><p>Isi.</p>",
    )
    parts = read(word.plain("Baris pertama", "Pembuka.", "Isi.")).parts
    assert (parts.title, parts.lead, parts.body_html) == ("Baris pertama", "Pembuka.", "<p>Isi.</p>")


def test_nothing_is_cut(in_request: None) -> None:
    long_line, long_lead = "kata " * 60, "pembuka " * 90
    parts = read(word.plain(long_line, long_lead), "siaran-pers_lelang.docx").parts
    assert parts.title == "Siaran pers lelang"
    assert parts.long_title
    assert parts.lead == long_line.strip()
    parts = read(word.plain("Judul", long_lead, "Isi")).parts
    assert parts.lead == ""
    assert parts.long_lead
    assert long_lead.strip() in parts.body_html
    assert title_from_filename("C:\\Dok\\a.b-c.docx") == "A.b c"


def test_tracked_changes_are_accepted_and_footnotes_are_text(in_request: None) -> None:
    document = read(word.tracked())
    assert document.parts.lead == "Nilainya dua miliar."
    assert (document.counts["inserted"], document.counts["deleted"]) == (1, 1)
    parts = read(word.with_footnotes()).parts
    assert parts.body_html == (
        "<p>Hak atas informasi dijamin[1]</p><h2>Catatan</h2><p>[1] UU 14 Tahun 2008.</p>"
    )
    assert parts.footnotes == 1


def test_hostile_words_stay_words(in_request: None) -> None:
    printable = [p for p in payloads() if all(c in "\t\n" or " " <= c < "\ud800" for c in p)]
    parts = read(word.plain("Judul", "Teras", *printable)).parts
    assert not list(faults(parts.body_html))
    assert clean_html(parts.body_html) == parts.body_html
    assert "&lt;script&gt;" in parts.body_html


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", DocumentRejection.EMPTY),
        (b"%PDF-1.7 ...", DocumentRejection.PDF),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), DocumentRejection.OLD_WORD),
        (b"<html>bukan</html>", DocumentRejection.NOT_WORD),
        (b"PK\x03\x04 rusak", DocumentRejection.DAMAGED),
        (
            word.changed(word.plain("a"), lambda n, p: None if n == word.MAIN else p),
            DocumentRejection.NOT_WORD,
        ),
        (word.plain(""), DocumentRejection.NO_TEXT),
        (word.with_doctype(), DocumentRejection.DOCTYPE),
        (word.with_doctype("word/styles.xml"), DocumentRejection.DOCTYPE),
        (word.with_doctype(encoding="utf-16"), DocumentRejection.DOCTYPE),
        (word.bomb(), DocumentRejection.TOO_LARGE_UNPACKED),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_what_is_not_taken_is_refused_in_plain_words(
    in_request: None, data: bytes, code: DocumentRejection
) -> None:
    assert refusal(data) is code


def test_limits_of_size_time_and_memory(in_request: None) -> None:
    data = word.plain("Judul", "Isi")
    assert refusal(data, max_bytes=1000) is DocumentRejection.TOO_LARGE
    assert refusal(data, max_part_bytes=100) is DocumentRejection.TOO_LARGE_UNPACKED
    deep = word.changed(data, lambda n, p: p.replace(b"<w:p>", b"<w:p>" * 60_000) if n == word.MAIN else p)
    assert refusal(deep) in {DocumentRejection.TOO_COMPLEX, DocumentRejection.DAMAGED}
    assert refusal(data, cpu_seconds=1, wall_seconds=0, memory_bytes=12_000_000) in {
        DocumentRejection.TOO_COMPLEX,
        DocumentRejection.DAMAGED,
    }


def test_macros_are_never_looked_at_and_linked_pictures_stay_out(in_request: None) -> None:
    def link(name: str, part: bytes) -> bytes:
        if name == "word/_rels/document.xml.rels":
            return part.replace(
                b'Target="media/image1.png"', b'Target="file:///etc/passwd" TargetMode="External"'
            )
        return part

    data = word.changed(word.press_release(), link, {"word/vbaProject.bin": b"Sub AutoOpen"})
    document = read(data)
    assert document.pictures == {}
    assert document.lost_pictures == 1
    assert document.counts["macros"] == 1
    assert "<figure" not in document.parts.body_html


def test_a_text_of_20_000_words_is_read_within_its_limits(in_request: None) -> None:
    document = read(word.plain("Judul", "Teras", *["kata lain " * 20 for _ in range(500)]))
    assert len(document.parts.body_html) > 90_000


def test_two_hundred_damaged_files_crash_nothing(in_request: None, tmp_path: Path) -> None:
    """Each is read, or refused with a sentence; nothing else ever comes out. Every tenth goes the whole way, the others
    through the reading program alone, many in one process.
    """
    whole = word.press_release()
    refused = 0
    for seed in range(0, 200, 10):
        found = read_or_refusal(word.mutated(whole, seed))
        if isinstance(found, DocumentRejected):
            refused += 1
            assert found.message.endswith(".")
        else:
            assert not list(faults(found.parts.body_html))
    others = [word.mutated(whole, seed) for seed in range(200) if seed % 10]
    for answer in word.read_many(others, tmp_path):
        if "refused" in answer:
            refused += 1
            assert DocumentRejection(answer["refused"]).label.endswith(".")
        else:
            assert not list(faults(take_apart(answer["html"], "Judul").body_html))
    assert 40 < refused < 190


# From the page


def upload(data: bytes, name: str = "siaran.docx") -> tuple[io.BytesIO, str]:
    return (io.BytesIO(data), name)


def test_a_word_file_becomes_a_draft_with_its_pictures(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.editor)
    form = browser.get("/naskah/baru").form("/naskah/baru") | {"content_type_id": world.news.id, "title": ""}
    answer = browser.post("/naskah/baru", form | {"document": upload(word.press_release(pictures=2))})
    page = browser.follow(answer)
    story = db.session.query(Story).one()
    assert page.h1 == "Isi dokumen sudah menjadi naskah"
    for words in ("Judul: Lelang serentak laku seluruhnya", "2 gambar", "1 tabel", "Paragraf pertama menjadi teras.",
                  "1 komentar Word tidak ikut.", "siaran.docx menjadi versi 1"):  # fmt: skip
        assert words in page.main
    version = queries.get_current_version(story)
    body = queries.get_body(version.id)
    assert (
        figure_assets(body)
        == [p.asset_id for p in version.pictures]
        == [a.id for a in db.session.query(Asset)]
    )
    assert all(p.in_text for p in version.pictures)
    assert (story.state, version.kicker) == (StoryState.DRAFT, "SIARAN PERS Nomor SP-12/KPKN/2026")
    shown = browser.get(f"/naskah/{story.id}")
    assert len(shown.soup.select(".prose figure img")) == 2


def test_a_title_that_was_typed_wins(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.editor)
    form = browser.get("/naskah/baru").form("/naskah/baru") | {
        "content_type_id": world.news.id,
        "title": "Judul saya",
    }
    browser.post("/naskah/baru", form | {"document": upload(word.press_release(pictures=0))})
    assert db.session.query(Story).one().title == "Judul saya"


def test_a_refused_file_says_why_and_keeps_what_was_typed(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.editor)
    form = browser.get("/naskah/baru").form("/naskah/baru") | {
        "content_type_id": world.news.id,
        "title": "Tetap ada",
    }
    page = browser.post("/naskah/baru", form | {"document": upload(b"%PDF-1.4", "x.pdf")}, status=422)
    assert "Berkas ini PDF. Buka dengan Word" in page.main
    assert page.form("/naskah/baru")["title"] == "Tetap ada"
    assert db.session.query(Story).count() == 0


def test_pictures_that_are_too_small_are_told(world: World, browser_of: BrowserOf) -> None:
    made = docx.Document()
    made.add_paragraph("Judul")
    made.add_paragraph("Teras")
    made.add_paragraph("Isi").add_run().add_picture(word.picture(size=(20, 20)))
    browser = browser_of(world.editor)
    form = browser.get("/naskah/baru").form("/naskah/baru") | {"content_type_id": world.news.id}
    page = browser.follow(browser.post("/naskah/baru", form | {"document": upload(word.saved(made))}))
    assert "Gambar ke-1: Gambar ini hanya 20 × 20 piksel" in page.main
    body = queries.get_body(db.session.query(Story).one().current_version_id or 0)
    assert body == "<p>Isi</p>"


def test_an_existing_story_takes_a_file_as_its_next_version(world: World, browser_of: BrowserOf) -> None:
    beside = desk.asset(world)
    story = desk.story(world, pictures=(desk.picture(beside),), place="Aula", commit=True)
    browser = browser_of(world.editor)
    url = f"/naskah/{story.id}/dokumen"
    page = browser.get(url)
    assert "tetap ada di riwayat versi" in page.main
    shown = browser.follow(
        browser.post(url, form_with(page, "stamp") | {"document": upload(word.press_release())})
    )
    assert "menjadi versi 2" in shown.main
    first, second = sorted(desk.versions(story), key=lambda v: v.number)
    assert queries.get_body(first.id) == desk.BODY
    assert (second.place, second.note) == ("Aula", "Isi dari siaran.docx")
    assert [p.asset_id == beside.id for p in second.pictures] == [True, False]
    assert db.session.query(StoryDocument).one().version_number == 2


def test_a_file_never_overwrites_what_somebody_saved_meanwhile(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    mine, theirs = browser_of(world.editor), browser_of(world.other_editor)
    url, editor = f"/naskah/{story.id}/dokumen", f"/naskah/{story.id}/sunting"
    opened = form_with(mine.get(url), "stamp")
    theirs.post(editor, form_with(theirs.get(editor), "title") | {"title": "Judul mereka"})
    page = mine.post(url, opened | {"document": upload(word.press_release(pictures=0))}, status=409)
    assert "Orang lain menyimpan naskah ini" in page.main
    assert db.session.get_one(Story, story.id).title == "Judul mereka"


def test_a_locked_story_takes_no_file_and_an_approved_one_says_what_falls(
    world: World, browser_of: BrowserOf
) -> None:
    browser = browser_of(world.editor)
    approved = desk.story(world, state=StoryState.APPROVED, commit=True)
    assert "Ganti dan gugurkan persetujuan" in browser.get(f"/naskah/{approved.id}/dokumen").main
    locked = desk.story(world, state=StoryState.IN_REVIEW, commit=True)
    page = browser.get(f"/naskah/{locked.id}/dokumen")
    assert not page.soup.select("main input[type=file]")
    browser.post(f"/naskah/{locked.id}/dokumen", {"document": upload(word.plain("a", "b"))}, status=409)
    browser_of(world.contributor).get(f"/naskah/{locked.id}/dokumen", status=403)


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        (None, "Ganti dan gugurkan persetujuan"),
        (["title"], "Jadikan versi baru"),
    ],
)
def test_what_a_file_does_to_an_approval_is_said_as_the_office_decided(
    world: World, browser_of: BrowserOf, marked: list[str] | None, said: str
) -> None:
    if marked is not None:
        db.session.add(EditPolicy(office_id=world.office.id, only_marked=True, marked=marked))
    story = desk.story(world, state=StoryState.APPROVED, commit=True)
    page = browser_of(world.editor).get(f"/naskah/{story.id}/dokumen")
    assert "Naskah ini sudah disetujui." in page.main
    assert said in page.main
    assert ("judul" in page.soup.select_one(".callout.warn:not([hidden])").get_text()) is (marked is not None)  # type: ignore[union-attr]
