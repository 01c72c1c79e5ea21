"""Handing over an idea and following it, through the pages: good input, bad input, twice, and by the wrong person."""

import gc
import warnings
from datetime import date, time

import pytest
from sqlalchemy import func, select

from humasflow.core.db import db
from humasflow.media.models import Asset
from humasflow.pitches.enums import PitchMove, PitchState
from humasflow.pitches.models import Pitch
from humasflow.pitches.services import MAX_PHOTOS, PitchContent, accept_pitch, change_pitch, move_pitch
from humasflow.stories.enums import StoryMove
from humasflow.stories.services import move_story
from tests.media.files import SCRIPT, jpeg, png
from tests.pitches.ideas import file, photo_of, pitched

SEND = "/usulan/kirim"
FORM = "/usulan/"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 4000


def _count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def _filled(page, **typed):
    return page.form(SEND) | typed


@pytest.fixture
def phone(browser_of, world):
    return browser_of(world.contributor)


@pytest.fixture
def big_request():
    """The test client leaves the temporary file of a large request to the garbage collector; here is the place."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def test_a_title_is_enough(phone, world):
    sent = phone.post(SEND, _filled(phone.get(SEND), title="  Lelang UMKM laku semua  "))
    page = phone.follow(sent)
    pitch = db.session.scalars(select(Pitch)).one()
    assert (pitch.title, pitch.author_id, pitch.state) == (
        "Lelang UMKM laku semua", world.contributor.id, PitchState.NEW,
    )  # fmt: skip
    assert page.h1 == "Lelang UMKM laku semua"
    assert "Usulan terkirim" in page.text
    assert "Siapa memegang usulan ini" in page.main
    assert "Menunggu dibaca oleh Redaktur Dua atau Redaktur Satu" in page.main


def test_everything_is_kept(phone, world):
    form = _filled(
        phone.get(SEND), title="Lelang", what="Baris satu\nBaris dua", happened_on="2026-11-21", happened_at="09.30",
        place="Aula", people="Ibu Sri", photos=[file(jpeg(), "a.jpg"), file(png(), "b.png")],
        camera=[file(jpeg(400), "kamera.jpg")],
    )  # fmt: skip
    page = phone.follow(phone.post(SEND, form))
    pitch = db.session.scalars(select(Pitch)).one()
    assert (pitch.happened_on, pitch.happened_at, pitch.place, pitch.people) == (
        date(2026, 11, 21), time(9, 30), "Aula", "Ibu Sri",
    )  # fmt: skip
    assert [p.asset.filename for p in pitch.photos] == ["a.jpg", "b.png", "kamera.jpg"]
    assert "Sabtu, 21 November 2026 09.30 WIB" in page.main
    assert len(page.soup.select("main article img")) == 3


def test_the_file_fields_offer_gallery_and_camera(phone):
    page = phone.get(SEND)
    gallery, camera = page.soup.find(id="photos"), page.soup.find(id="camera")
    assert gallery["accept"] == camera["accept"] == "image/jpeg,image/png,image/webp,image/gif"
    assert gallery.has_attr("multiple")
    assert not gallery.has_attr("capture")
    assert camera["capture"] == "environment"
    form = page.soup.select_one(f"main form[action='{SEND}']")
    assert form["data-keep"] == "pitch-new"
    required = [f["name"] for f in form.find_all(True) if f.has_attr("required")]
    assert required == ["title"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": "   "}, "Tuliskan dahulu apa yang terjadi"),
        ({"title": "x" * 5000}, "sekarang 5000"),
        ({"happened_on": "31-02-2026"}, "“31-02-2026” tidak ada di kalender"),
        ({"happened_on": "0001-01-01"}, "tidak ada di kalender"),
        ({"happened_at": "25.99"}, "“25.99” tidak dikenal"),
        ({"place": "x" * 201}, "sekarang 201"),
        ({"people": "x" * 301}, "sekarang 301"),
        ({"what": "x" * 10_001}, "sekarang 10001"),
    ],
)
def test_a_field_that_cannot_be_used_keeps_the_rest(phone, typed, said):
    good = {"title": "Judul <b>baik</b>", "what": "Cerita", "place": "Aula", "people": "Ibu Sri"}
    form = _filled(phone.get(SEND), **(good | typed), photos=[file(jpeg(), "baik.jpg")])
    page = phone.post(SEND, form, status=422)
    assert said in page.main
    again = page.form(FORM)
    for name, value in (good | typed).items():
        assert again[name].strip() == value.strip(), name
    asset = db.session.scalars(select(Asset)).one()
    assert again["kept_photos"] == str(asset.id), "a good photo need not be chosen again"
    assert _count(Pitch) == 0
    sent = phone.post(SEND, again | good | {"happened_on": "", "happened_at": ""})
    assert [p.asset_id for p in db.session.scalars(select(Pitch)).one().photos] == [asset.id]
    assert sent.location.startswith("/usulan/")


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (HEIC, "IMG_1.HEIC", "berformat HEIC"),
        (b"%PDF-1.7 isi", "surat.pdf", "dokumen PDF"),
        (b"bukan gambar sama sekali", "foto.jpg", "tidak dikenali sebagai gambar"),
        (b"", "kosong.jpg", "kosong"),
        (b"<html><script>alert(1)</script></html>", "halaman.jpg", "halaman web"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "gambar.svg", "SVG"),
        (jpeg() + b"\x00" * (30 * 1024 * 1024), "besar.jpg", "lebih dari 20 MB"),
        (jpeg()[:900], "putus.jpg", "rusak"),
        (jpeg(40, 40), "kecil.jpg", "40 × 40"),
    ],
)
def test_a_bad_photo_is_named_with_its_reason_and_the_good_one_stays(phone, big_request, data, name, reason):
    form = _filled(
        phone.get(SEND), title="Lelang", what="Cerita", photos=[file(data, name), file(jpeg(), "baik.jpg")]
    )
    page = phone.post(SEND, form, status=422)
    assert f"“{name}”" in page.main
    assert reason in page.main
    assert (_count(Pitch), _count(Asset)) == (0, 1)
    again = page.form(FORM)
    assert (again["title"], again["what"]) == ("Lelang", "Cerita")
    phone.post(SEND, again)
    assert [p.asset.filename for p in db.session.scalars(select(Pitch)).one().photos] == ["baik.jpg"]


def test_a_script_inside_a_photo_does_not_survive(phone):
    phone.post(SEND, _filled(phone.get(SEND), title="Lelang", photos=[file(jpeg() + SCRIPT, "aneh.jpg")]))
    asset = db.session.scalars(select(Asset)).one()
    for size in ("thumb", "medium", "original"):
        with phone.client.get(f"/media/{asset.id}/{size}") as served:
            assert b"script" not in served.data
            assert served.headers["X-Content-Type-Options"] == "nosniff"


def test_more_photos_than_the_limit(phone, monkeypatch):
    monkeypatch.setattr("humasflow.pitches.views.own.MAX_PHOTOS", 2)
    many = [file(jpeg(300 + n), f"{n}.jpg") for n in range(3)]
    page = phone.post(SEND, _filled(phone.get(SEND), title="Lelang", photos=many), status=422)
    assert "“2.jpg”" in page.main
    assert "melebihi batas" in page.main
    assert _count(Asset) == 2
    assert MAX_PHOTOS == 12


def test_a_kept_photo_can_be_left_out_without_scripts(phone):
    page = phone.post(SEND, _filled(phone.get(SEND), title="", photos=[file(jpeg(), "a.jpg")]), status=422)
    again = page.form(FORM)
    assert "dropped_photos" not in again
    phone.post(SEND, again | {"title": "Lelang", "dropped_photos": again["kept_photos"]})
    assert db.session.scalars(select(Pitch)).one().photos == []


def test_other_peoples_photos_cannot_be_slipped_in(phone, world, in_request):
    foreign = photo_of(world, world.editor)
    for slipped in (str(foreign.id), "999999999999999999999999", "-1", "abc", "²"):
        phone.post(SEND, _filled(phone.get(SEND), title="Lelang", kept_photos=slipped))
    assert [p.photos for p in db.session.scalars(select(Pitch))] == [[]] * 5


def test_a_request_that_is_too_large_is_explained(phone, app):
    app.config["MAX_CONTENT_LENGTH"] = 200_000
    form = _filled(phone.get(SEND), title="Lelang", photos=[file(b"\xff" * 300_000, "besar.jpg")])
    page = phone.post(SEND, form, status=413)
    assert page.h1 == "Terlalu besar untuk sekali kirim"
    assert _count(Pitch) == 0


def test_a_double_click_sends_once(phone):
    form = _filled(phone.get(SEND), title="Lelang")
    first, second = phone.post(SEND, form), phone.post(SEND, form)
    assert first.location == second.location
    assert _count(Pitch) == 1


def test_going_back_and_sending_again_leads_to_the_first(phone):
    form = _filled(phone.get(SEND), title="Lelang")
    first = phone.post(SEND, form)
    phone.follow(first)
    assert phone.post(SEND, form | {"title": "Lelang, diubah"}).location == first.location
    assert [p.title for p in db.session.scalars(select(Pitch))] == ["Lelang"]


def test_a_refused_form_can_be_sent_again_with_the_same_token(phone):
    """Photos were kept, so something was committed; the correction is still no double click."""
    form = _filled(phone.get(SEND), title="", photos=[file(jpeg(), "a.jpg")])
    token = form["form_token"]
    phone.post(SEND, form, status=422)
    form = {k: v for k, v in form.items() if k != "photos"} | {"title": "Lelang"}
    assert form["form_token"] == token
    phone.post(SEND, form)
    assert _count(Pitch) == 1


def test_own_list(phone, world, in_request):
    empty = phone.get("/usulan/")
    assert "Belum ada usulan dari Anda" in empty.main
    assert empty.link("Kirim usulan pertama") == SEND
    editor = world.as_(world.editor)
    pitched(world, "Baru saja")
    rejected = pitched(world, "Sudah lewat")
    move_pitch(rejected, PitchMove.REJECT, actor=editor, reason="Kegiatannya tahun lalu")
    accepted = pitched(world, "Jadi naskah")
    accept_pitch(accepted, actor=editor, content_type_id=world.news.id, title="Judul redaktur")
    pitched(world, "Milik orang lain", by=world.other_contributor)
    db.session.commit()
    page = phone.get("/usulan/")
    for words in ("Baru saja", "Kegiatannya tahun lalu", "Redaktur Satu", "Draf", "Judul redaktur"):
        assert words in page.main
    assert "Milik orang lain" not in page.main
    only = phone.get("/usulan/?keadaan=rejected")
    assert "Sudah lewat" in only.main
    assert "Baru saja" not in only.main
    phone.get("/usulan/?keadaan=ngawur&setelah=rusak~x")


def test_lists_ask_the_same_number_of_statements(phone, world, statements, in_request):
    photo = photo_of(world, world.contributor)
    pitched(world, photo_ids=[photo.id])
    phone.get("/usulan/")
    statements.reset()
    phone.get("/usulan/")
    one = len(statements)
    for n in range(2):
        pitched(world, f"Usulan {n}", photo_ids=[photo.id])
    statements.reset()
    phone.get("/usulan/")
    assert len(statements) == one


def test_a_colleague_finds_nothing_and_an_approver_reads(browser_of, world, other_world, in_request):
    pitch = pitched(world, "Rahasia kecil")
    for stranger in (world.other_contributor, other_world.contributor, other_world.editor, other_world.admin):
        visitor = browser_of(stranger)
        visitor.get(f"/usulan/{pitch.id}", status=404)
        visitor.get(f"/usulan/{pitch.id}/sunting", status=404)
        visitor.post(f"/usulan/{pitch.id}/sunting", {"title": "Diubah"}, status=404)
        for path in ("terima", "gabung", "simpan", "tolak", "buka-kembali"):
            visitor.post(f"/usulan/{pitch.id}/{path}", {"reason": "x"}, status=404)
    for reader in (world.approver, world.section_approver, world.lead, world.admin, world.editor):
        assert browser_of(reader).get(f"/usulan/{pitch.id}").h1 == "Rahasia kecil"
    assert db.session.get_one(Pitch, pitch.id).title == "Rahasia kecil"


def test_nobody_comes_in_without_signing_in(browser, world, in_request):
    pitch = pitched(world)
    for path in ("/usulan/", SEND, "/usulan/kolam", f"/usulan/{pitch.id}", f"/usulan/{pitch.id}/sunting"):
        assert "/masuk" in browser.get(path, status=303).location


def test_the_tracker_tells_the_whole_way(phone, browser_of, world, in_request):
    editor = world.as_(world.editor)
    pitch = pitched(world)
    url = f"/usulan/{pitch.id}"
    move_pitch(pitch, PitchMove.PARK, actor=editor, reason="Tunggu Hari Oeang")
    db.session.commit()
    page = phone.get(url)
    assert "Disimpan oleh Redaktur Satu" in page.main
    assert "Tunggu Hari Oeang" in page.main
    story = accept_pitch(pitch, actor=editor, content_type_id=world.news.id)
    db.session.commit()
    page = phone.get(url)
    assert "Sedang ditulis oleh Redaktur Satu" in page.main
    assert "Buka naskahnya" not in page.main, "a draft is the desk's; its link would lead to “not found”"
    assert browser_of(world.editor).get(url).link("Buka naskahnya") == f"/naskah/{story.id}"
    for move, said in (
        (StoryMove.SUBMIT, "sedang direviu"),
        (StoryMove.APPROVE, "Sudah disetujui"),
        (StoryMove.PUBLISH, "Sudah tayang"),
    ):  # fmt: skip
        move_story(story, move, actor=None)
        db.session.commit()
        assert said in phone.get(url).main
    move_story(story, StoryMove.WITHDRAW, actor=None, reason="Ada kekeliruan angka")
    db.session.commit()
    assert "Ada kekeliruan angka" in phone.get(url).main


def test_the_reason_of_a_rejection_reaches_the_author(phone, world, in_request):
    pitch = pitched(world)
    move_pitch(pitch, PitchMove.REJECT, actor=world.as_(world.editor), reason="Fotonya <b>buram</b>")
    db.session.commit()
    page = phone.get(f"/usulan/{pitch.id}")
    assert "Alasan Redaktur Satu" in page.main
    assert "Fotonya <b>buram</b>" in page.main
    assert not page.soup.select("main blockquote b")
    assert "menolak usulan" in page.main, "the timeline"


def test_sharing_by_whatsapp_carries_title_and_address(phone, app, world, in_request):
    app.config["PUBLIC_URL"] = "https://humas.example.go.id/"
    pitch = pitched(world, "Lelang & pameran #1")
    link = phone.get(f"/usulan/{pitch.id}").link("WhatsApp")
    assert link.startswith("https://wa.me/?text=")
    assert "Lelang%20%26%20pameran%20%231" in link
    assert link.endswith(f"https%3A%2F%2Fhumas.example.go.id%2Fusulan%2F{pitch.id}")


def test_completing_later(phone, world, in_request):
    photo = photo_of(world, world.contributor)
    pitch = pitched(world, photo_ids=[photo.id])
    page = phone.get(f"/usulan/{pitch.id}")
    page = phone.get(page.link("Lengkapi"))
    form = page.form(FORM) | {
        "what": "Cerita",
        "happened_at": "14:05",
        "photos": [file(jpeg(500), "baru.jpg")],
    }
    phone.follow(phone.post(f"/usulan/{pitch.id}/sunting", form))
    kept = db.session.get_one(Pitch, pitch.id)
    assert (kept.what, kept.happened_at) == ("Cerita", time(14, 5))
    assert [p.asset.filename for p in kept.photos] == ["foto.jpg", "baru.jpg"]


def test_completing_in_two_tabs_shows_both_texts(phone, world, in_request):
    pitch = pitched(world)
    url = f"/usulan/{pitch.id}/sunting"
    form = phone.get(url).form(FORM)
    change_pitch(pitch, actor=world.as_(world.contributor), content=PitchContent("Dari ponsel"), photo_ids=[])
    db.session.commit()
    page = phone.post(url, form | {"title": "Dari laptop", "photos": [file(jpeg(), "a.jpg")]}, status=409)
    assert "Dari ponsel" in page.main
    again = page.form(FORM)
    assert again["title"] == "Dari laptop"
    assert db.session.get_one(Pitch, pitch.id).title == "Dari ponsel"
    phone.post(url, again)
    assert db.session.get_one(Pitch, pitch.id).title == "Dari laptop"
    assert len(db.session.get_one(Pitch, pitch.id).photos) == 1


def test_completing_what_was_decided_meanwhile_keeps_the_words_in_sight(phone, world, in_request):
    pitch = pitched(world)
    url = f"/usulan/{pitch.id}/sunting"
    form = phone.get(url).form(FORM)
    accept_pitch(pitch, actor=world.as_(world.editor), content_type_id=world.news.id)
    db.session.commit()
    page = phone.post(url, form | {"what": "Tambahan penting"}, status=409)
    assert "Redaktur Satu sudah menerima usulan ini" in page.main
    assert page.form(FORM)["what"] == "Tambahan penting"
    assert db.session.get_one(Pitch, pitch.id).what == ""
    assert "Redaktur Satu sudah menerima" in phone.get(url, status=409).text
