"""Videos and PDF files: taken by content, freed of what they know, served so that nothing in them can run."""

import io
import random

import pytest
from PIL import Image

from humasflow.core.db import db
from humasflow.core.errors import NotAllowed, UserError
from humasflow.media import queries, services
from humasflow.media.enums import AssetKind
from humasflow.media.models import AssetFacts
from humasflow.media.processing import MediaRejected, RejectionCode, containers, pdf, process_image, video
from humasflow.media.processing import mp4 as mp4_walker
from humasflow.media.services import Upload, posters
from tests.media.files import jpeg
from tests.media.films import PLACE, box, mp4, webm
from tests.media.films import pdf as pdf_file
from tests.media.sending import outcome_of, sent
from tests.pitches.ideas import file

pytestmark = pytest.mark.usefixtures("in_request")
FILMS = {"mp4": mp4(), "mov": mp4(brand=b"qt  "), "webm": webm(), "recorded.webm": webm(unknown=True)}


@pytest.mark.db
@pytest.mark.parametrize("name", FILMS)
def test_a_film_is_measured_and_forgets_its_place(world, name):
    asset = sent(world, world.editor, FILMS[name], f"rapat.{name}")
    assert asset.kind is AssetKind.VIDEO
    assert (asset.width, asset.height) == ((320, 240) if "webm" in name else (640, 360))
    assert asset.duration_ms == (2000 if "webm" in name else 5000)
    assert not asset.has_poster
    stored = services.storage().path(asset.original_key).read_bytes()
    assert len(stored) == len(FILMS[name]) == asset.size, "no offset moved"
    assert PLACE not in stored
    assert b"6.1754" not in stored
    assert asset.original_key.endswith(".webm" if "webm" in name else f".{name}")
    facts = db.session.get_one(AssetFacts, asset.id)
    assert (facts.latitude, facts.longitude) == (6.1754, 106.8272)
    assert facts.captured_at is not None
    assert facts.captured_at.isoformat().startswith("2026-01-01" if "webm" in name else "2025-12-31")


def test_frames_are_untouched(world):
    asset = sent(world, world.editor, mp4(size=5000), "a.mp4")
    stored = services.storage().path(asset.original_key).read_bytes()
    assert bytes(i % 251 for i in range(5000)) in stored


def test_a_film_held_upright_is_upright(world):
    asset = sent(world, world.editor, mp4(turned=True), "a.mp4")
    assert (asset.width, asset.height) == (360, 640)


@pytest.mark.parametrize("more", [{"chunks": 400}, {"chunks": 60, "tracks": 40}])
def test_overlapping_samples_do_not_make_us_write_without_end(world, monkeypatch, more):
    """A few bytes of tables could name the same megabytes again and again."""
    data, written = mp4(**more), 0

    def count(file, start, end):
        nonlocal written
        written += end - start
        containers.blank(file, start, end)

    monkeypatch.setattr(mp4_walker, "blank", count)
    assert (
        outcome_of(world, world.editor, data, "a.mp4").refusal
        == MediaRejected(RejectionCode.DAMAGED_VIDEO).message
    )
    assert written < 3 * len(data)


def test_fragments_forget_when_they_were_made(world):
    """The clock of the encoder stands before each fragment; what a dropped track has there cannot be found."""
    clock = box(b"prft", bytes(8) + b"JAM-DINDING")
    fragment = clock + box(b"moof", box(b"mfhd", bytes(8))) + box(b"mdat", bytes(40))
    asset = sent(world, world.editor, mp4(positions=False, fragment=fragment), "a.mp4")
    assert b"JAM-DINDING" not in services.storage().path(asset.original_key).read_bytes()
    assert outcome_of(world, world.editor, mp4(fragment=fragment), "b.mp4").refusal


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", b"PK\x03\x04" + bytes(100), b"\0"])
def test_what_hangs_behind_a_film_is_cut_off(world, tail):
    for whole in (mp4(), webm(unknown=True)):
        asset = sent(world, world.editor, whole + tail, "a.mp4")
        stored = services.storage().path(asset.original_key).read_bytes()
        assert tail not in stored or tail == b"\0"
        assert len(stored) <= len(whole) + 1


@pytest.mark.parametrize("cut", [40, 300, 4000])
def test_half_a_film_is_refused(world, cut):
    for whole in (mp4(), webm()):
        assert outcome_of(world, world.editor, whole[: min(cut, len(whole) - 60)], "a.mp4").refusal


def test_mutated_films_never_crash(tmp_path):
    dice = random.Random(7)
    taken = refused = 0
    codes = set()
    for number in range(600):
        data = bytearray(dice.choice(list(FILMS.values())))
        for _unused in range(dice.choice((1, 1, 2, 8))):
            at = dice.randrange(len(data))
            data[at] = dice.randrange(256)
        if dice.random() < 0.3:
            del data[dice.randrange(len(data)) :]
        suffix = video.suffix_of(bytes(data[:64]))
        if suffix is None:
            continue
        path = tmp_path / f"{number}"
        path.write_bytes(data)
        try:
            video.clean(path, suffix, "a")
            taken += 1
        except MediaRejected as rejected:
            codes.add(rejected.code)
            refused += 1
    assert codes == {RejectionCode.DAMAGED_VIDEO}
    assert taken > 50
    assert refused > 50


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska".ljust(200, b"\0"), RejectionCode.OTHER_VIDEO),
        (b"RIFF\0\0\0\0AVI LIST".ljust(200, b"\0"), RejectionCode.OTHER_VIDEO),
        (b"ID3\x04" + bytes(60), RejectionCode.OTHER_VIDEO),
        (b"\n\n%PDF-1.4\n", RejectionCode.DAMAGED_PDF),
        (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj", RejectionCode.DAMAGED_PDF),
        (b"Bukan apa-apa.", RejectionCode.NOT_MEDIA),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", RejectionCode.SVG),
        (b"GIF89a<script>", RejectionCode.DAMAGED),
    ],
)
def test_what_is_not_taken_is_named(world, data, code):
    refusal = outcome_of(world, world.editor, data, "a.mp4").refusal
    assert refusal == MediaRejected(code).message


@pytest.mark.db
def test_a_pdf_shows_its_first_page(world):
    asset = sent(world, world.editor, pdf_file(3), "surat.pdf")
    assert (asset.kind, asset.page_count) == (AssetKind.PDF, 3)
    assert (asset.width, asset.height) == (905, 1280)
    with Image.open(services.storage().path(asset.thumb_key)) as thumb:
        assert max(thumb.size) == 480
    assert services.storage().path(asset.original_key).read_bytes() == pdf_file(3)


def test_mutated_pdf_files_are_shown_or_refused(tmp_path):
    dice = random.Random(11)
    whole = pdf_file(2)
    codes = set()
    for number in range(25):
        data = bytearray(whole)
        for _unused in range(dice.choice((1, 4, 40))):
            data[dice.randrange(8, len(data))] = dice.randrange(256)
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(data)
        try:
            poster = pdf.first_page(path, "a.pdf")
        except MediaRejected as rejected:
            codes.add(rejected.code)
        else:
            assert max(poster.width, poster.height) <= 1280
    assert codes <= {RejectionCode.DAMAGED_PDF, RejectionCode.LOCKED, RejectionCode.TOO_COMPLEX}


def test_a_pdf_that_wants_to_run_something_is_only_ever_a_download(browser_of, world):
    asset = sent(world, world.editor, pdf_file(script=True), "jahat.pdf")
    with browser_of(world.editor).client.get(f"/media/{asset.id}/original") as answer:
        assert answer.mimetype == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert b"JavaScript" in answer.data, "as it is"


@pytest.mark.parametrize(
    ("wanted", "status", "start", "size"),
    [
        ("bytes=0-99", 206, 0, 100),
        ("bytes=1000-", 206, 1000, None),
        ("bytes=-50", 206, -50, 50),
        ("bytes=9999999-", 416, 0, 0),
    ],
)
def test_a_film_is_served_in_ranges(browser_of, world, wanted, status, start, size):
    asset = sent(world, world.editor, mp4(), "a.mp4")
    whole = services.storage().path(asset.original_key).read_bytes()
    client = browser_of(world.editor).client
    with client.get(f"/media/{asset.id}/original", headers={"Range": wanted}) as part:
        assert part.status_code == status
        if status == 206:
            end = None if size is None or start < 0 else start + size
            assert part.data == whole[start:end]
            assert part.headers["Content-Range"].endswith(f"/{len(whole)}")
            assert part.mimetype == "video/mp4"
            assert "sandbox" in part.headers["Content-Security-Policy"]
            assert part.headers["Content-Disposition"].startswith("inline; filename=video-")


@pytest.mark.db
def test_pictures_stay_pictures_elsewhere(world):
    """A film or a document never stands where a story or a publication shows pictures."""
    actor = world.as_(world.editor)
    film = sent(world, world.editor, mp4(), "a.mp4")
    letter = sent(world, world.editor, pdf_file(), "a.pdf")
    photo = sent(world, world.editor, jpeg(), "a.jpg")
    assert list(queries.get_assets(world.office.id, [film.id, letter.id, photo.id], actor=None)) == [photo]
    assert list(queries.list_library(actor, world.office.id)) == [photo]
    with pytest.raises(UserError):
        services.set_focus(film, actor=actor, x=1, y=1, row_version=None)


@pytest.mark.db
def test_a_poster_from_the_browser(world, monkeypatch):
    film = sent(world, world.editor, mp4(), "a.mp4")
    actor = world.as_(world.editor)
    with pytest.raises(MediaRejected):
        services.set_poster(film, Upload("x", io.BytesIO(b"<svg/>")), actor=actor)
    assert services.set_poster(
        film, Upload("x", io.BytesIO(jpeg(640, 360))), actor=actor, only_if_missing=True
    )
    first = film.thumb_key
    assert not services.set_poster(
        film, Upload("x", io.BytesIO(jpeg(640, 300))), actor=actor, only_if_missing=True
    )
    assert film.thumb_key == first, "what a person chose is not replaced by a late script"
    late = sent(world, world.editor, mp4(size=4500), "b.mp4")

    def meanwhile(*_args, **_kwargs):
        monkeypatch.undo()
        services.set_poster(late, Upload("x", io.BytesIO(jpeg(640, 360))), actor=actor)
        db.session.commit()
        return process_image(io.BytesIO(jpeg(640, 300)), "x")

    monkeypatch.setattr(posters, "process_image", meanwhile)
    db.session.commit()
    assert not services.set_poster(late, Upload("x", io.BytesIO()), actor=actor, only_if_missing=True)
    assert late.thumb_key == first, "nor by one that was decoded while the person chose"
    with pytest.raises(NotAllowed):
        services.set_poster(film, Upload("x", io.BytesIO(jpeg())), actor=world.as_(world.contributor))
    photo = sent(world, world.editor, jpeg(), "a.jpg")
    with pytest.raises(UserError):
        services.set_poster(photo, Upload("x", io.BytesIO(jpeg())), actor=actor)


def test_the_pages_of_a_film_and_a_document(browser_of, world):
    film, letter = (
        sent(world, world.editor, mp4(), "a.mp4"),
        sent(world, world.editor, pdf_file(2), "surat.pdf"),
    )
    desk = browser_of(world.editor)
    page = desk.get(f"/media/{film.id}/keterangan")
    assert page.h1 == "Keterangan video"
    assert page.soup.find("video")["src"] == f"/media/{film.id}/original"
    assert "media-src 'self'" in page.response.headers["Content-Security-Policy"]
    desk.get(f"/media/{film.id}/thumb", status=404)
    form = page.form("/sampul")
    desk.post(f"/media/{film.id}/sampul", form | {"poster": file(jpeg(640, 360), "a.jpg")})
    with desk.client.get(f"/media/{film.id}/thumb") as poster:
        assert poster.headers["Cache-Control"] == "private, no-cache", "a poster may be replaced"
    page = desk.get(f"/media/{letter.id}/keterangan")
    assert page.h1 == "Keterangan PDF"
    assert "2 halaman" in page.main
    grid = desk.get("/media/")
    assert "Video 0.05" in grid.main
    assert len(desk.get("/media/?jenis=pdf").soup.select(".media-card")) == 1
