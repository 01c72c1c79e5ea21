"""The focal point and the four shapes cut around it."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound, UserError
from humasflow.media import services
from humasflow.media.enums import Ratio
from humasflow.media.models import Asset
from humasflow.media.processing.crop import window
from humasflow.media.services import renditions
from tests.media.files import encode, jpeg
from tests.media.sending import sent

pytestmark = pytest.mark.usefixtures("in_request")


def striped() -> bytes:
    """Red on the left third, green in the middle, blue on the right."""
    image = Image.new("RGB", (1800, 1200), "lime")
    image.paste("red", (0, 0, 600, 1200))
    image.paste("blue", (1200, 0, 1800, 1200))
    return encode(image, "JPEG", quality=95)


@given(
    st.tuples(st.integers(1, 6000), st.integers(1, 6000)), st.tuples(st.integers(1, 2000), st.integers(1, 2000)),
    st.tuples(st.integers(0, 1000), st.integers(0, 1000)),
)  # fmt: skip
def test_a_window_lies_inside_and_is_as_large_as_can_be(size, target, focus):
    left, top, right, bottom = window(size, target, focus)
    assert 0 <= left < right <= size[0]
    assert 0 <= top < bottom <= size[1]
    assert right - left == size[0] or bottom - top == size[1] or max(size) < 3
    wanted = target[0] / target[1]
    wide, tall = right - left, bottom - top
    assert abs(wide - tall * wanted) <= 1 or abs(tall - wide / wanted) <= 1 or min(wide, tall) == 1


@given(st.integers(1, 6000), st.integers(1, 6000), st.sampled_from(Ratio))
def test_whole_pixels_never_overstep_a_shape(width, height, ratio):
    most_wide, most_tall = renditions.SIDES[ratio]
    wide, tall = renditions.cut_sides(width, height, (most_wide, most_tall))
    assert 1 <= wide <= min(width, most_wide)
    assert 1 <= tall <= min(height, most_tall)
    if min(wide, tall) > 1:
        # Towards the square, and by less than a pixel of the shape.
        off = wide * most_tall - tall * most_wide
        assert 0 <= off < most_wide if most_wide <= most_tall else 0 <= -off < most_tall


@pytest.mark.parametrize("sides", [(1280, 853), (1024, 768), (1365, 768), (853, 1280)])
@pytest.mark.parametrize("ratio", Ratio)
def test_the_file_has_the_sides_that_are_told(world, sides, ratio):
    asset = sent(world, world.editor, jpeg(*sides), "a.jpg")
    made = services.rendition(asset, ratio)
    with Image.open(made.path) as image:
        assert (
            image.size == (made.width, made.height) == renditions.cut_sides(*sides, renditions.SIDES[ratio])
        )


@pytest.mark.parametrize("ratio", Ratio)
@pytest.mark.parametrize("suffix", ["jpg", "webp"])
def test_each_shape_has_its_sides(world, ratio, suffix):
    asset = sent(world, world.editor, jpeg(2600, 2400), "a.jpg")
    for size, part in (("large", 1), ("small", 3)):
        made = services.rendition(asset, ratio, size, suffix=suffix)
        with Image.open(made.path) as image:
            assert image.format == {"jpg": "JPEG", "webp": "WEBP"}[suffix]
            assert image.size == tuple(side // part for side in renditions.SIDES[ratio])
            assert not image.getexif()


def test_a_small_picture_is_not_enlarged(world):
    asset = sent(world, world.editor, jpeg(600, 400), "a.jpg")
    with Image.open(services.rendition(asset, Ratio.SQUARE).path) as image:
        assert image.size == (400, 400)


def _middle(asset: Asset, ratio: Ratio) -> tuple[int, ...]:
    with Image.open(services.rendition(asset, ratio).path) as image:
        return image.convert("RGB").getpixel((image.width // 2, image.height // 2))  # type: ignore[return-value]


def test_the_focal_point_decides_what_stays(world):
    asset = sent(world, world.editor, striped(), "a.jpg")
    actor = world.as_(world.editor)
    assert _middle(asset, Ratio.STORY)[1] > 200, "the middle at first"
    first = services.rendition(asset, Ratio.STORY)
    services.set_focus(asset, actor=actor, x=0, y=500, row_version=asset.row_version)
    assert _middle(asset, Ratio.STORY)[0] > 200
    second = services.rendition(asset, Ratio.STORY)
    assert first.key != second.key, "another focal point is another file"
    services.set_focus(asset, actor=actor, x=1000, y=500, row_version=None)
    assert _middle(asset, Ratio.STORY)[2] > 200
    services.set_focus(asset, actor=actor, x=500, y=500, row_version=None)
    assert services.rendition(asset, Ratio.STORY) == first


def test_made_once_and_found_again(world, monkeypatch):
    asset = sent(world, world.editor, jpeg(), "a.jpg")
    first = services.rendition(asset, Ratio.WIDE)

    def never(*_args):
        raise AssertionError("made twice")

    monkeypatch.setattr("humasflow.media.processing.shaping.cut_picture", never)
    assert services.rendition(asset, Ratio.WIDE) == first
    first.path.unlink()
    with pytest.raises(AssertionError):
        services.rendition(asset, Ratio.WIDE)


@pytest.mark.db
def test_who_sets_it(world):
    asset = sent(world, world.contributor, jpeg(), "a.jpg")
    for user in (world.approver, world.other_contributor):
        with pytest.raises(NotAllowed):
            services.set_focus(asset, actor=world.as_(user), x=1, y=1, row_version=None)
    with pytest.raises(UserError):
        services.set_focus(asset, actor=world.as_(world.editor), x=1001, y=0, row_version=None)
    stale = asset.row_version
    services.set_focus(asset, actor=world.as_(world.contributor), x=10, y=20, row_version=stale)
    with pytest.raises(Conflict):
        services.set_focus(asset, actor=world.as_(world.editor), x=30, y=20, row_version=stale)


def test_by_numbers_on_the_page(browser_of, world):
    asset = sent(world, world.editor, striped(), "a.jpg")
    desk = browser_of(world.editor)
    url = f"/media/{asset.id}/keterangan"
    page = desk.get(url)
    assert len(page.soup.select(".crops img")) == 4
    form = page.form("/titik-fokus")
    assert (form["focal_x"], form["focal_y"]) == ("50", "50")
    bad = desk.post(f"/media/{asset.id}/titik-fokus", form | {"focal_x": "101"}, status=422)
    assert bad.form("/titik-fokus")["focal_x"] == "101"
    page = desk.follow(desk.post(f"/media/{asset.id}/titik-fokus", form | {"focal_x": "0", "focal_y": "25"}))
    assert (db.session.get_one(Asset, asset.id).focal_x, db.session.get_one(Asset, asset.id).focal_y) == (
        0,
        250,
    )
    with desk.client.get(page.soup.select_one(".crops img")["src"]) as crop:
        assert crop.status_code == 200
        assert crop.headers["Cache-Control"].endswith("immutable")
        with Image.open(io.BytesIO(crop.data)) as image:
            assert image.size == (360, 360)


def test_addresses_of_crops(browser_of, world, other_world):
    asset = sent(world, world.editor, jpeg(), "a.jpg")
    desk = browser_of(world.editor)
    for path in ("2x3/large.jpg", "1x1/huge.jpg", "1x1/large.png", "1x1/large.svg", "..%2f/large.jpg"):
        desk.get(f"/media/{asset.id}/potongan/{path}", status=404)
    browser_of(other_world.editor).get(f"/media/{asset.id}/potongan/1x1/large.jpg", status=404)
    with desk.client.get(f"/media/{asset.id}/potongan/1x1/large.jpg") as plain:
        assert plain.headers["Cache-Control"] == "private, no-cache"
    for f in ("0-0", "", "500"):  # not the focal point: what it shows will change
        with desk.client.get(f"/media/{asset.id}/potongan/1x1/large.jpg?f={f}") as other:
            assert other.headers["Cache-Control"] == "private, no-cache"
    services.storage().delete(db.session.get_one(Asset, asset.id).original_key)
    with pytest.raises(NotFound):
        services.rendition(db.session.get_one(Asset, asset.id), Ratio.PORTRAIT)
