"""Capture time, place and camera: kept for those who may edit, never in any byte that is served."""

from datetime import UTC, datetime

import pytest
from PIL import ExifTags, Image

from humasflow.audit import queries as audit
from humasflow.core.db import db
from humasflow.core.errors import NotAllowed
from humasflow.media import services
from humasflow.media.enums import Ratio
from humasflow.media.models import Asset, AssetFacts
from humasflow.media.processing import checking
from tests.factories import newsroom
from tests.media.files import encode, jpeg, picture
from tests.media.films import mp4
from tests.media.sending import sent

pytestmark = pytest.mark.usefixtures("in_request")


def noted(
    taken: str = "2026:05:04 08:30:00", offset: str | None = None, *, gps: bool = True, kind: str = "JPEG"
) -> bytes:
    """A photo of a phone that knew where it was: 7.25028 S, 112.75083 E, far from anything typed in these tests."""
    data = Image.Exif()
    data[ExifTags.Base.Make], data[ExifTags.Base.Model] = "PonselUji", "PonselUji X9\0"
    detail = data.get_ifd(ExifTags.IFD.Exif)
    detail[ExifTags.Base.DateTimeOriginal] = taken
    if offset is not None:
        detail[ExifTags.Base.OffsetTimeOriginal] = offset
    if gps:
        where = data.get_ifd(ExifTags.IFD.GPSInfo)
        where[ExifTags.GPS.GPSLatitudeRef], where[ExifTags.GPS.GPSLatitude] = "S", (7.0, 15.0, 1.0)
        where[ExifTags.GPS.GPSLongitudeRef], where[ExifTags.GPS.GPSLongitude] = "E", (112.0, 45.0, 3.0)
    return encode(picture(640, 480), kind, exif=data)


@pytest.mark.db
@pytest.mark.parametrize(
    ("taken", "offset", "captured", "assumed"),
    [
        ("2026:05:04 08:30:00", None, datetime(2026, 5, 4, 1, 30, tzinfo=UTC), True),  # the office is in WIB
        ("2026:05:04 08:30:00", "+09:00", datetime(2026, 5, 3, 23, 30, tzinfo=UTC), False),
        ("2026:05:04 08:30:00", "-03:30", datetime(2026, 5, 4, 12, 0, tzinfo=UTC), False),
        ("2026:05:04 08:30:00", "entah", datetime(2026, 5, 4, 1, 30, tzinfo=UTC), True),
        ("1970:01:01 00:00:00", None, None, False),
        ("0000:00:00 00:00:00", None, None, False),
        ("kemarin", "+07:00", None, False),
    ],
)
def test_when_it_was_taken(world, taken, offset, captured, assumed):
    asset = sent(world, world.editor, noted(taken, offset), "a.jpg")
    facts = db.session.get_one(AssetFacts, asset.id)
    assert (facts.captured_at, facts.zone_assumed) == (captured, assumed)
    assert (facts.latitude, facts.longitude) == (-7.250278, 112.750833)
    assert facts.camera == "PonselUji X9"


@pytest.mark.db
def test_an_office_in_the_east_has_its_own_clock(other_world):
    asset = sent(other_world, other_world.editor, noted(), "a.jpg")
    facts = db.session.get_one(AssetFacts, asset.id)
    assert facts.captured_at == datetime(2026, 5, 3, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_format_is_read(world, kind):
    asset = sent(world, world.editor, noted(kind=kind), "a")
    assert db.session.get_one(AssetFacts, asset.id).has_place


def test_a_plain_picture_has_no_facts(world):
    asset = sent(world, world.editor, jpeg(), "a.jpg")
    assert db.session.get(AssetFacts, asset.id) is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        3,
        [],
        {},
        {"taken": 5},
        {"taken": "2026-13-01T00:00:00"},
        {"latitude": "x", "longitude": 1},
        {"latitude": float("nan"), "longitude": 1.0},
        {"latitude": 91, "longitude": 0},
        {"latitude": 0, "longitude": 0},
        {"camera": 5},
    ],
)
def test_what_a_decoding_process_says_is_checked(value):
    assert checking.facts(value).is_empty


def _everything_served(app, browser, asset: Asset) -> dict[str, bytes]:
    """All bytes that any address gives out about a file, to anybody."""
    paths = [f"/media/{asset.id}/{size}" for size in ("thumb", "medium", "original")]
    paths += [
        f"/media/{asset.id}/potongan/{ratio.value}/{size}.{suffix}"
        for ratio in Ratio
        for size in ("large", "small")
        for suffix in ("webp", "jpg")
    ]
    found = {}
    for path in paths:
        with browser.client.get(path) as answer:
            if answer.status_code == 200:
                found[path] = answer.data
    return found


def test_no_served_byte_knows_where_it_was(app, browser_of, world):
    photo = sent(world, world.editor, noted(), "a.jpg")
    film = sent(world, world.editor, mp4(), "a.mp4")
    browser = browser_of(world.editor)
    served = _everything_served(app, browser, photo) | _everything_served(app, browser, film)
    assert len(served) == 3 + 16 + 1
    for path, data in served.items():
        for secret in (b"PonselUji", b"Exif", b"GPS", b"2026:05:04", b"+06.1754", b"106.8272"):
            assert secret not in data, (path, secret)
    for path in (app.config["DATA_DIR"] / "media").rglob("*"):
        assert not path.is_file() or b"PonselUji" not in path.read_bytes()


def test_public_pages_and_feeds_know_nothing(app, browser, world):
    photo = sent(world, world.editor, noted(), "a.jpg")
    newsroom.publish(world, title="Berita bergambar", pictures=(newsroom.shown(photo),))
    home = f"/berita/{world.office.slug}"
    for path in (
        f"{home}/",
        f"{home}/feed.xml",
        f"{home}/feed.json",
        f"{home}/sitemap.xml",
        f"{home}/gambar/{photo.id}/original",
    ):
        with browser.client.get(path) as answer:
            assert answer.status_code == 200
            for secret in (b"PonselUji", b"112.75", b"7.2502", b"GPS"):
                assert secret not in answer.data, path


def test_who_sees_them_on_the_page(browser_of, world):
    photo = sent(world, world.contributor, noted(), "a.jpg")
    for user in (world.editor, world.contributor):
        page = browser_of(user).get(f"/media/{photo.id}/keterangan")
        assert "Fakta privat" in page.main
        assert "-7.25028, 112.75083" in page.main
        assert "4 Mei 2026 08.30 WIB (zona kantor)" in page.main
    for user in (world.approver, world.lead, world.admin):
        page = browser_of(user).get(f"/media/{photo.id}/keterangan")
        assert "Fakta privat" not in page.main
        assert "112.75" not in page.html
        assert "PonselUji" not in page.html


def test_deleting_them(browser_of, world):
    photo = sent(world, world.editor, noted(), "a.jpg")
    desk = browser_of(world.editor)
    page = desk.get(f"/media/{photo.id}/keterangan")
    page = desk.follow(desk.post(f"/media/{photo.id}/fakta/hapus", page.form("/fakta/hapus")))
    assert "112.75" not in page.html
    assert db.session.get(AssetFacts, photo.id) is None
    (entry, *_rest) = audit.list_timeline(("asset", photo.id))
    assert entry.detail == {}, "the record does not keep what was deleted"
    with pytest.raises(NotAllowed):
        services.forget_facts(photo, actor=world.as_(world.approver))
