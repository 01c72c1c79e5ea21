"""The library, a picture's page and the pictures themselves."""

import pytest
from sqlalchemy import func, select

from humasflow.core.db import db
from humasflow.media import services
from humasflow.media.models import Asset
from tests.media.files import jpeg, png
from tests.pitches.ideas import file, photo_of

LIBRARY = "/media/"
UPLOAD = "/media/unggah"

pytestmark = pytest.mark.usefixtures("in_request")


@pytest.fixture
def desk(browser_of, world):
    return browser_of(world.editor)


def _count() -> int:
    return db.session.scalar(select(func.count()).select_from(Asset)) or 0


def test_an_empty_library_teaches(desk):
    page = desk.get(LIBRARY)
    assert "Belum ada berkas" in page.main


def test_upload_several(desk):
    form = desk.get(LIBRARY).form(UPLOAD)
    page = desk.follow(desk.post(UPLOAD, form | {"photos": [file(jpeg(), "a.jpg"), file(png(), "b.png")]}))
    assert "2 foto sudah tersimpan" in page.text
    assert "Tanpa kredit" in page.main
    assert "Tanpa teks alternatif" in page.main
    assert _count() == 2


def test_a_single_upload_leads_to_its_description(desk):
    form = desk.get(LIBRARY).form(UPLOAD)
    done = desk.post(UPLOAD, form | {"photos": [file(jpeg(), "a.jpg")]})
    assert done.location.endswith("/keterangan")
    assert desk.post(UPLOAD, form | {"photos": [file(jpeg(400), "b.jpg")]}).location == done.location, (
        "double click"
    )
    assert _count() == 1


def test_bad_files_are_named_and_good_ones_kept(desk):
    form = desk.get(LIBRARY).form(UPLOAD)
    files = [file(b"<script>alert(1)</script>", "<b>x</b>.html"), file(jpeg(), "baik.jpg")]
    page = desk.post(UPLOAD, form | {"photos": files}, status=422)
    assert "<b>x</b>.html" in page.main
    assert "1 foto lainnya sudah tersimpan" in page.main
    assert _count() == 1


def test_nothing_chosen(desk):
    page = desk.post(UPLOAD, desk.get(LIBRARY).form(UPLOAD), status=422)
    assert "Pilih dahulu foto" in page.main


@pytest.mark.db
def test_filters_and_paging(desk, world, monkeypatch):
    monkeypatch.setattr("humasflow.media.views.library.PER_PAGE", 2)
    for n in range(3):
        photo_of(world, world.editor, width=300 + n, name=f"{n}.jpg")
    page = desk.get(LIBRARY)
    assert len(page.soup.select("main .grid-cards li")) == 2
    assert len(desk.get(page.link("Muat berikutnya")).soup.select("main .grid-cards li")) == 1
    assert "Tidak ada berkas yang cocok" in desk.get(f"{LIBRARY}?q=tidakada").main
    desk.get(f"{LIBRARY}?q=%00&setelah=~&tampil=apa")
    incomplete = desk.get(page.link("Belum lengkap"))
    assert "tampil=belum-lengkap" in incomplete.link("Muat berikutnya")


def test_the_grid_asks_the_same_number_of_statements(desk, world, statements):
    counts = []
    for n in (1, 2):
        for width in range(n):
            photo_of(world, world.contributor, width=300 + 10 * n + width)
        desk.get(LIBRARY)
        statements.reset()
        desk.get(LIBRARY)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_describing(desk, world):
    asset = photo_of(world, world.contributor)
    url = f"/media/{asset.id}/keterangan"
    form = desk.get(url).form("/keterangan")
    page = desk.follow(
        desk.post(url, form | {"credit": "Siti", "alt_text": "Peserta <i>lelang</i>", "caption": "Ramai"})
    )
    assert page.form("/keterangan")["alt_text"] == "Peserta <i>lelang</i>"
    too_long = desk.post(url, page.form("/keterangan") | {"credit": "x" * 121}, status=422)
    assert "sekarang 121" in too_long.main
    assert too_long.form("/keterangan")["credit"] == "x" * 121


def test_two_people_describe_at_once(browser_of, desk, world):
    asset = photo_of(world, world.contributor)
    url = f"/media/{asset.id}/keterangan"
    author = browser_of(world.contributor)
    late = author.get(url).form("/keterangan")
    desk.post(url, desk.get(url).form("/keterangan") | {"caption": "Dari redaktur"})
    page = author.post(url, late | {"caption": "Dari pengunggah"}, status=409)
    assert "Dari redaktur" in page.main
    again = page.form("/keterangan")
    assert again["caption"] == "Dari pengunggah"
    author.post(url, again)
    assert db.session.get_one(Asset, asset.id).caption == "Dari pengunggah"


def test_readers_see_without_a_form(browser_of, world):
    asset = photo_of(world, world.contributor)
    page = browser_of(world.approver).get(f"/media/{asset.id}/keterangan")
    assert "belum ada" in page.main
    with pytest.raises(AssertionError):
        page.form("/keterangan")


def test_whose_pages_a_contributor_opens(browser_of, world, other_world):
    mine, theirs = photo_of(world, world.contributor), photo_of(world, world.editor, width=400)
    visitor = browser_of(world.contributor)
    assert visitor.get(LIBRARY).h1 == "Berkas saya"
    visitor.get(f"/media/{mine.id}/keterangan")
    visitor.get(f"/media/{theirs.id}/keterangan", status=404)
    visitor.post(f"/media/{theirs.id}/keterangan", {"credit": "Saya"}, status=404)
    stranger = browser_of(other_world.editor)
    for path in ("keterangan", "thumb", "original"):
        stranger.get(f"/media/{mine.id}/{path}", status=404)
    assert "foto.jpg" not in stranger.get(LIBRARY).main


@pytest.mark.parametrize(
    ("size", "mime"), [("thumb", "image/webp"), ("medium", "image/webp"), ("original", "image/jpeg")]
)
def test_a_picture_with_safe_headers(desk, world, size, mime):
    asset = photo_of(world, world.contributor, name='"; filename=jahat.html')
    with desk.client.get(f"/media/{asset.id}/{size}") as answer:
        assert answer.status_code == 200
        assert answer.mimetype == mime
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert answer.headers["Content-Disposition"].startswith(f"inline; filename=foto-{asset.id}-{size}.")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert len(answer.data) > 100
    with desk.client.get(
        f"/media/{asset.id}/{size}", headers={"If-None-Match": answer.headers["ETag"]}
    ) as again:
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    with desk.client.get(f"/media/{asset.id}/{size}", headers={"Range": "bytes=0-9"}) as part:
        assert (part.status_code, len(part.data)) == (206, 10)


def test_a_cached_picture_still_asks_who_is_there(browser, desk, world):
    asset = photo_of(world, world.contributor)
    with desk.client.get(f"/media/{asset.id}/thumb") as answer:
        tag = answer.headers["ETag"]
    assert (
        "/masuk"
        in browser.get(f"/media/{asset.id}/thumb", status=303, headers={"If-None-Match": tag}).location
    )


def test_addresses_that_do_not_exist(desk, world):
    asset = photo_of(world, world.contributor)
    for path in (
        f"/media/{asset.id}/raksasa",
        "/media/999999/thumb",
        "/media/999999/keterangan",
        "/media/..%2f/thumb",
    ):
        desk.get(path, status=404)


def test_a_lost_file_is_not_found_and_logged(desk, world, caplog):
    asset = photo_of(world, world.contributor)
    services.storage().delete(asset.thumb_key)
    desk.get(f"/media/{asset.id}/thumb", status=404)
    assert "picture file is missing" in caplog.text
