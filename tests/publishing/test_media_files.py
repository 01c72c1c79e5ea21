"""What an adapter is given of a delivery: its words, its pictures in their shapes and sizes, and addresses for them."""

import io
import random
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import current_app
from PIL import Image
from sqlalchemy import select

from humasflow.channels.adapters.base import Caps, Pending, ProblemCode, Ready
from humasflow.channels.adapters.errors import MediaRejected
from humasflow.channels.adapters.validation import validate_variant
from humasflow.channels.adapters.variant import MediaItem, MediaKind
from humasflow.channels.policy import limits_of
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.media.enums import BlockReason
from humasflow.media.models import Asset
from humasflow.media.services import Upload, keep_images, storage
from humasflow.posts.contents import PostContent, PostPictureContent
from humasflow.posts.models import Post
from humasflow.posts.services import create_post
from humasflow.publishing import media_files, services
from humasflow.publishing.media_files import public_base, shape_of
from humasflow.publishing.models import Delivery, MediaOpening
from humasflow.publishing.snapshots import job_of, take_snapshot
from humasflow.stories.queries import get_current_version
from tests.publishing.channel import Channel, connect, install
from tests.publishing.desk import NewsDesk, hours
from tests.support.page import Browser

pytestmark = pytest.mark.db


def photo(width: int, height: int, *, noisy: bool = False) -> bytes:
    """A JPEG; noise is what compresses worst."""
    out = io.BytesIO()
    image = Image.new("RGB", (width, height), "teal")
    if noisy:
        image = Image.frombytes("RGB", (width, height), random.Random(1).randbytes(width * height * 3))
    image.save(out, "JPEG", quality=95)
    return out.getvalue()


def keep(desk: NewsDesk, data: bytes) -> Asset:
    (asset,), refused = keep_images(
        [Upload("rapat.jpg", io.BytesIO(data))], office_id=desk.world.office.id, actor=desk.editor
    )
    assert refused == []
    return asset


def post_with(desk: NewsDesk, *pictures: PostPictureContent, **words: Any) -> Post:
    world = desk.world
    story = desk.story()
    content = PostContent(**{"text": "Sosialisasi aset. #BMN", "pictures": pictures} | words)
    post = create_post(
        story,
        actor=desk.editor,
        account_id=world.facebook.id,
        content_type_id=world.social.id,
        content=content,
    )
    desk.approve(desk.submit(story))
    desk.schedule(post, clock.now())
    db.session.commit()
    return post


@pytest.fixture
def channel(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch) -> Channel:
    made = Channel()
    install(monkeypatch, made)
    connect(desk.world.facebook, "channel")
    return made


# Words


def test_the_job_is_made_of_the_stored_snapshot_alone(desk: NewsDesk, channel: Channel) -> None:
    post = post_with(
        desk, title="Judul di kanal", link="https://contoh.go.id/aset", adds_utm=True, hashtags=("BMN", "Aset"),
        first_comment="Selengkapnya di situs.",
    )  # fmt: skip
    post.story.embargo_until = None
    desk.work()
    job = channel.jobs[-1][1]
    assert job.variant.title == "Judul di kanal"
    assert "utm_source=facebook" in job.variant.link
    assert (job.variant.hashtags, job.variant.first_comment) == (("BMN", "Aset"), "Selengkapnya di situs.")
    assert job.variant.slug == f"judul-di-kanal-{post.id}-1"
    assert job.variant.summary == "Tiga puluh satuan kerja belajar menyewakan aset."
    assert job.account.secrets == {"access_token": "kunci-loopback"}
    assert job.idempotency_key == f"post:{post.id}:1"
    assert job.now is not None and job.created_at <= job.now
    # What is edited afterwards changes nothing of it.
    delivery = desk.delivery(post)
    payload = dict(delivery.payload or {})
    post.story.title = "Judul lain"
    assert job_of(delivery).variant == job.variant
    assert payload["schema"] == 2
    assert "kunci-loopback" not in repr(job)


def test_a_snapshot_of_the_first_kind_still_works(desk: NewsDesk, channel: Channel) -> None:
    asset = keep(desk, photo(900, 600))
    post = post_with(desk, PostPictureContent(asset.id, "Peserta", "Foto: RN"))
    desk.work()
    delivery = desk.delivery(post)
    payload = dict(delivery.payload or {})
    for name in ("summary", "hashtags", "first_comment", "slug"):
        del payload[name]
    known = ("asset_id", "sha256", "width", "height", "alt_text", "credit", "caption")
    payload["pictures"] = [{k: p[k] for k in known} for p in payload["pictures"]]
    delivery.payload = payload | {"schema": 1}
    db.session.commit()
    job = job_of(delivery)
    (item,) = job.variant.media
    assert (item.kind, item.crop, item.width, item.alt_text) == (MediaKind.IMAGE, "", 900, "Peserta")
    assert (job.variant.slug, job.variant.hashtags) == ("", ())
    assert job.files.picture(item)[1] == "image/jpeg"


def test_a_correction_keeps_the_address(desk: NewsDesk, channel: Channel) -> None:
    post = post_with(desk)
    desk.work()
    delivery = desk.delivery(post)
    delivery.payload = dict(delivery.payload or {}) | {"slug": "alamat-sejak-semula-1-1"}
    db.session.commit()
    version = get_current_version(post.story)
    assert take_snapshot(post, version).payload["slug"] == "alamat-sejak-semula-1-1"
    assert take_snapshot(post).payload["slug"] != "alamat-sejak-semula-1-1"


# Pictures


def test_as_it_is_the_stored_original_goes_out(desk: NewsDesk, channel: Channel) -> None:
    asset = keep(desk, photo(900, 600))
    post_with(desk, PostPictureContent(asset.id))
    desk.work()
    job = channel.jobs[-1][1]
    (item,) = job.variant.media
    data, mime = job.files.picture(item, max_bytes=1_000_000, max_side=2000)
    assert (data, mime) == (storage().path(asset.original_key).read_bytes(), "image/jpeg")
    assert (item.width, item.height, item.size) == (900, 600, asset.size)
    assert (item.filename, item.mime) == ("rapat.jpg", "image/jpeg")


@pytest.mark.parametrize(("crop", "sides"), [("1x1", (600, 600)), ("4x5", (480, 600)), ("16x9", (899, 506))])
def test_in_its_shape_and_never_enlarged(
    desk: NewsDesk, channel: Channel, crop: str, sides: tuple[int, int]
) -> None:
    asset = keep(desk, photo(900, 600))
    post_with(desk, PostPictureContent(asset.id, crop=crop))
    desk.work()
    job = channel.jobs[-1][1]
    (item,) = job.variant.media
    assert (item.crop, (item.width, item.height)) == (crop, sides)
    data, _mime = job.files.picture(item)
    assert Image.open(io.BytesIO(data)).size == sides


def test_small_enough_in_bytes_and_sides(desk: NewsDesk, channel: Channel) -> None:
    asset = keep(desk, photo(1600, 1200, noisy=True))
    post_with(desk, PostPictureContent(asset.id))
    desk.work()
    job = channel.jobs[-1][1]
    (item,) = job.variant.media
    assert asset.size > 500_000
    small, _mime = job.files.picture(item, max_bytes=300_000)
    assert len(small) <= 300_000
    narrow, _mime = job.files.picture(item, max_side=800)
    assert Image.open(io.BytesIO(narrow)).size == (800, 600)
    with pytest.raises(MediaRejected, match="below 2000 bytes"):
        job.files.picture(item, max_bytes=2000)


def test_a_file_that_is_gone_is_said_so_and_nothing_is_sent(desk: NewsDesk, channel: Channel) -> None:
    asset = keep(desk, photo(900, 600))
    post = post_with(desk, PostPictureContent(asset.id))
    storage().path(asset.original_key).unlink()
    channel.on("prepare", lambda job: job.files.picture(job.variant.media[0]))
    desk.work()
    assert (desk.state(post), channel.asked("commit")) == ("failed", 0)
    assert "Ganti medianya" in desk.delivery(post).error


def test_a_part_of_a_file_is_read_alone(desk: NewsDesk, channel: Channel) -> None:
    asset = keep(desk, photo(900, 600))
    post_with(desk, PostPictureContent(asset.id))
    desk.work()
    job = channel.jobs[-1][1]
    whole = storage().path(asset.original_key).read_bytes()
    assert job.files.part(job.variant.media[0], 100, 50) == whole[100:150]
    assert job.files.part(job.variant.media[0], len(whole) - 10, 50) == whole[-10:]


@pytest.mark.parametrize("sides", [(1280, 853), (1024, 683), (1365, 768)])
def test_a_picture_cut_to_a_shape_is_not_refused_for_that_shape(
    desk: NewsDesk, channel: Channel, sides: tuple[int, int]
) -> None:
    asset = keep(desk, photo(*sides, noisy=True))
    post = post_with(desk, PostPictureContent(asset.id, crop="4x5"))
    limits = replace(limits_of(post.account), ratio_min=800, ratio_max=1910)
    desk.work()
    job = channel.jobs[-1][1]
    item = job.variant.media[0]
    assert not [p for p in validate_variant(job.variant, limits, Caps()) if p.code is ProblemCode.WRONG_RATIO]
    for most in (None, 250_000):
        data, _mime = job.files.picture(item, max_bytes=most)
        with Image.open(io.BytesIO(data)) as image:
            assert image.width * 1000 >= image.height * 800
            assert most or image.size == (item.width, item.height)


def test_shapes_of_unknown_sides_stay_unknown() -> None:
    assert shape_of(0, 0, "1x1") == (0, 0)
    assert shape_of(4000, 3000, "9x16") == (1080, 1920)


# Addresses for channels that fetch media themselves


FETCHES = Caps(needs_public_url=True, can_find=True, trusts_absence=True)


@pytest.fixture
def fetching(desk: NewsDesk, monkeypatch: pytest.MonkeyPatch) -> Channel:
    made = Channel(FETCHES)
    install(monkeypatch, made)
    connect(desk.world.facebook, "channel")
    current_app.config["PUBLIC_URL"] = "https://humas.example.go.id"
    return made


def status_of(browser: Browser, path: str, method: str = "get") -> int:
    """What a stranger is answered."""
    with getattr(browser.client, method)(path) as response:
        return int(response.status_code)


def path_of(job: Any) -> str:
    (item,) = job.variant.media
    assert item.public_url.startswith("https://humas.example.go.id/m/")
    return str(item.public_url).removeprefix("https://humas.example.go.id")


def test_it_is_open_while_the_job_runs_and_neither_before_nor_after(
    desk: NewsDesk, fetching: Channel, browser: Browser
) -> None:
    asset = keep(desk, photo(900, 600))
    post = post_with(desk, PostPictureContent(asset.id, crop="1x1"))
    assert db.session.scalars(select(MediaOpening)).all() == []
    fetched: list[Any] = []

    def fetch(job: Any) -> Any:
        with browser.client.get(path_of(job)) as response:
            fetched.append((response.status_code, response.mimetype, response.data, response.headers))
        db.session.rollback()
        return Ready({})

    fetching.on("prepare", fetch)
    fetching.on("commit", lambda job: (fetch(job), fetching._publish(job))[1])
    desk.work()
    assert desk.state(post) == "published"
    first, second = fetched
    assert (first[:2], second[0]) == ((200, "image/jpeg"), 200)
    assert Image.open(io.BytesIO(first[2])).size == (600, 600)
    headers = first[3]
    for name, value in {
        "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, noarchive",
    }.items():  # fmt: skip
        assert headers[name] == value
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers
    # One address for every step of a job; after it there is nothing behind it.
    addresses = {path_of(job) for _name, job in fetching.jobs}
    assert len(addresses) == 1
    assert status_of(browser, addresses.pop()) == 404
    (row,) = db.session.scalars(select(MediaOpening))
    assert row.expires_at - row.opened_at <= hours(6)


def opened(desk: NewsDesk, fetching: Channel) -> tuple[Post, str, Asset]:
    """A job that waits for its channel, and the address of its picture."""
    asset = keep(desk, photo(900, 600))
    post = post_with(desk, PostPictureContent(asset.id))
    fetching.on("prepare", Pending({"container": 1}, 600, poll=True))
    desk.work()
    return post, path_of(fetching.jobs[-1][1]), asset


def test_it_closes_when_it_is_called_off_or_has_waited_too_long(
    desk: NewsDesk, fetching: Channel, browser: Browser
) -> None:
    post, path, _asset = opened(desk, fetching)
    assert status_of(browser, path) == 200
    with clock.moved_to(clock.now() + hours(6.1)):
        assert status_of(browser, path) == 404
    services.cancel(post, actor=desk.editor, reason="Batal")
    db.session.commit()
    assert status_of(browser, path) == 404


def test_a_story_under_embargo_shows_no_picture(desk: NewsDesk, fetching: Channel, browser: Browser) -> None:
    post, path, _asset = opened(desk, fetching)
    post.story.embargo_until = clock.now() + hours(2)
    db.session.commit()
    assert status_of(browser, path) == 404


def test_a_picture_whose_consent_ended_is_not_shown(
    desk: NewsDesk, fetching: Channel, browser: Browser
) -> None:
    _post, path, asset = opened(desk, fetching)
    asset.blocked_reason = BlockReason.CONSENT_WITHDRAWN
    db.session.commit()
    assert status_of(browser, path) == 404


def test_it_is_only_read_and_cannot_be_guessed_or_asked_for_without_end(
    desk: NewsDesk, fetching: Channel, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    _post, path, _asset = opened(desk, fetching)
    assert status_of(browser, path, "head") == 200
    for method in ("post", "put", "delete", "options"):
        assert status_of(browser, path, method) in (400, 403, 405)
    stored = db.session.scalars(select(MediaOpening)).one()
    assert stored.token_hash not in path and stored.token not in path
    answers = [status_of(browser, f"/m/{'a' * 20}{n}.jpg") for n in range(40)]
    assert answers[0] == 404 and answers[-1] == 429
    assert status_of(browser, path) == 200  # a scanner of the same network closes nothing


@pytest.mark.parametrize(
    ("name", "mime", "suffix"),
    [
        ("liputan.m4v", "video/mp4", "mp4"), ("Wawancara 12.30", "video/mp4", "mp4"), ("a.3gp", "video/mp4", "mp4"),
        ("Rapat v1.2 final", "video/quicktime", "mov"), ("b", "video/webm", "webm"),
    ],
)  # fmt: skip
def test_the_address_of_a_video_ends_in_what_it_is_whatever_its_name(
    desk: NewsDesk, fetching: Channel, name: str, mime: str, suffix: str
) -> None:
    post, _path, asset = opened(desk, fetching)
    item = MediaItem(asset.id, MediaKind.VIDEO, name, mime, 9, 0, 0, "0" * 64, "", "", crop="16x9")
    (shown,) = media_files.opened(desk.delivery(post), [item], base="https://humas.example.go.id")
    assert re.fullmatch(r"https://humas\.example\.go\.id/m/[A-Za-z0-9_-]+\." + suffix, str(shown.public_url))


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("https://humas.example.go.id", True), ("https://humas.example.go.id/app/", True),
        ("http://humas.example.go.id", False), ("https://localhost", False), ("https://humas", False),
        ("https://10.1.2.3", False), ("https://127.0.0.1:8443", False), ("https://[::1]", False), ("", False),
        ("https://humas.lan", False), ("https://8.8.8.8", True),
    ],
)  # fmt: skip
def test_what_machines_on_the_internet_can_reach(desk: NewsDesk, address: str, is_public: bool) -> None:
    current_app.config["PUBLIC_URL"] = address
    assert (public_base() is not None) == is_public


def test_without_a_public_address_a_person_reads_what_is_missing(desk: NewsDesk, fetching: Channel) -> None:
    current_app.config["PUBLIC_URL"] = "http://127.0.0.1:8000"
    asset = keep(desk, photo(900, 600))
    post = post_with(desk, PostPictureContent(asset.id))
    desk.work()
    delivery = desk.delivery(post)
    assert (desk.state(post), delivery.error_code) == ("failed", "no_public_address")
    assert "situs https" in delivery.error and "Minta pengelola server" in delivery.error
    assert fetching.jobs == []


def test_what_has_no_picture_needs_no_address(desk: NewsDesk, fetching: Channel) -> None:
    current_app.config["PUBLIC_URL"] = "http://127.0.0.1:8000"
    post = post_with(desk)
    desk.work()
    assert desk.state(post) == "published"


def test_old_addresses_are_forgotten(desk: NewsDesk, fetching: Channel) -> None:
    opened(desk, fetching)
    with clock.moved_to(clock.now() + timedelta(days=8)):
        services.sweep()
        db.session.commit()
    assert db.session.scalars(select(MediaOpening)).all() == []
    assert db.session.scalars(select(Delivery)).one() is not None
