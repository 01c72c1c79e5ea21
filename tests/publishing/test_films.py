"""A film, from the library by way of the composer and an approval to the channel: there once, whole, and said to be."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from humasflow.channels import reaching
from humasflow.channels.adapters.meta.facebook import FacebookAdapter
from humasflow.channels.adapters.meta.instagram import InstagramAdapter
from humasflow.channels.adapters.registry import make_adapters
from humasflow.channels.adapters.telegram import TelegramAdapter
from humasflow.channels.adapters.tiktok import TikTokAdapter
from humasflow.channels.adapters.tiktok.adapter import MODERATION
from humasflow.channels.adapters.x import XAdapter
from humasflow.channels.adapters.youtube import YouTubeAdapter
from humasflow.channels.connections.services.access import sealed
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.posts import policy as post_policy
from humasflow.posts import queries as posts
from humasflow.publishing.services import sending
from humasflow.stories import queries as stories
from tests.publishing import films
from tests.publishing.channel import connect
from tests.publishing.desk import NewsDesk, crash_at
from tests.publishing.studio import BrowserOf, Studio, digest
from tests.support.scripted import script

pytestmark = pytest.mark.db
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
SETTINGS: dict[str, dict[str, Any]] = {
    "tiktok": {"open_id": "o1", "username": "kantor"},
    "youtube": {"channel_id": "UC1", "uploads": "UU1"},
    "telegram": {"chat_id": -1001, "username": "kantor"},
    "facebook": {"page_id": "1001"},
    "instagram": {"page_id": "1001", "user_id": "178"},
    "x": {"user_id": "9", "username": "kantor"},
}
KINDS: dict[str, tuple[Any, Any]] = {
    "tiktok": (TikTokAdapter, films.TikTok),
    "youtube": (YouTubeAdapter, films.YouTube),
    "telegram": (TelegramAdapter, films.Telegram),
    "facebook": (FacebookAdapter, films.Facebook),
    "instagram": (InstagramAdapter, films.Instagram),
    "x": (XAdapter, films.X),
}
BOTH = pytest.mark.parametrize("platform", ["tiktok", "youtube"])


def fetched(app: Flask, url: str) -> bytes:
    """As the platform reads a film at the address it was given."""
    assert url.startswith("https://humas.kantor.go.id/m/") and url.endswith(".mp4")
    with app.test_client().get(urlsplit(url).path) as response:
        assert response.status_code == 200
        return response.data


@pytest.fixture
def site(platform: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The platform, the only one that can be reached."""
    adapter, kind = KINDS[platform]
    made = kind()
    known = {**make_adapters(script()), platform: adapter(made)}
    monkeypatch.setattr(reaching, "adapters", lambda: known)
    return made


@pytest.fixture
def studio(app: Flask, desk: NewsDesk, browser_of: BrowserOf, platform: str, site: Any) -> Studio:
    """An office whose account there is connected."""
    app.config["PUBLIC_URL"] = "https://humas.kantor.go.id"
    site.fetch = lambda url: fetched(app, url)
    made = Studio(desk, browser_of, platform)
    found = connect(made.outlet, platform, **SETTINGS[platform])
    if platform == "telegram":
        found.secrets = sealed({"token": TOKEN})
        db.session.commit()
    return made


@pytest.mark.parametrize("platform", KINDS)
def test_from_the_library_to_the_channel(studio: Studio, site: Any, platform: str) -> None:
    film = studio.film()
    post = studio.due(film)
    (item,) = posts.get_current_version(post).pictures
    assert (item.asset_id, item.alt_text, item.crop) == (film.id, "", "")

    assert studio.work(post) == "published"

    assert site.public() == [digest(film)], "there once, and byte for byte"
    delivery = studio.desk.delivery(post)
    told = {
        "tiktok": ("7301000000000000001", "https://www.tiktok.com/@kantor/video/7301000000000000001"),
        "youtube": ("video-1", "https://www.youtube.com/watch?v=video-1"),
        "telegram": ("1", "https://t.me/kantor/1"),
        "facebook": ("900", "https://www.facebook.com/kantor/videos/900/"),
        "instagram": ("p-c1", "https://www.instagram.com/reel/p-c1/"),
        "x": ("1881", "https://x.com/kantor/status/1881"),
    }
    assert (delivery.external_id, delivery.permalink) == told[platform]
    assert delivery.answer_sha256 and len(delivery.answer_sha256) == 64
    (shown,) = (delivery.payload or {})["pictures"]
    assert (shown["kind"], shown["mime"], shown["size"]) == ("video", "video/mp4", film.size)


@BOTH
def test_its_words_go_with_it(studio: Studio, site: Any, platform: str) -> None:
    assert studio.work(studio.due(studio.film())) == "published"
    if platform == "tiktok":
        (shown,) = site.publications.values()
        assert shown["title"] == "Gedung arsip dibuka."
    else:
        (session,) = site.sessions.values()
        snippet = session["resource"]["snippet"]
        assert (snippet["title"], snippet["description"]) == (
            "Peresmian gedung arsip",
            "Gedung arsip dibuka.",
        )


@pytest.mark.parametrize("fault", ["never left", "answer lost", "down"])
@pytest.mark.parametrize(
    ("platform", "piece"),
    [("tiktok", 1), ("tiktok", 2), ("youtube", 2), ("youtube", 4), ("facebook", 3), ("instagram", 1), ("instagram", 2),
     ("x", 2)],
)  # fmt: skip
def test_whatever_happens_to_a_piece_it_is_there_once_and_whole(
    studio: Studio, site: Any, platform: str, fault: str, piece: int
) -> None:
    film = studio.film()
    post = studio.due(film)
    site.faults = [""] * (piece - 1) + [fault]

    assert studio.work(post, over=timedelta(hours=5)) == "published"

    assert site.public() == [digest(film)]


@BOTH
@pytest.mark.parametrize("after", [False, True])
def test_a_worker_that_dies_at_the_last_piece(
    studio: Studio, site: Any, platform: str, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = studio.film()
    post = studio.due(film)
    with crash_at(monkeypatch, sending, "call", after=after):
        studio.desk.work()

    assert studio.work(post, over=timedelta(hours=5)) == "published"

    assert site.public() == [digest(film)]


@pytest.mark.parametrize("platform", ["telegram"])
def test_telegram_cannot_be_asked_so_a_person_is(studio: Studio, site: Any, platform: str) -> None:
    post = studio.due(studio.film())
    site.faults = ["answer lost"]

    assert studio.work(post, over=timedelta(hours=5)) == "unknown"

    assert len(site.public()) == 1 and site.count("POST") == 1


@pytest.mark.parametrize("platform", ["tiktok"])
@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("spam_risk_text", "menolak isi publikasi ini"),
        ("file_format_check_failed", "menolak gambar atau videonya"),
    ],
)
def test_what_tiktok_refuses_after_the_upload_has_failed_and_says_why(
    studio: Studio, site: Any, platform: str, verdict: str, words: str
) -> None:
    post = studio.due(studio.film())
    site.verdict = verdict

    assert studio.work(post) == "failed"

    assert words in studio.desk.delivery(post).error and site.public() == []


@pytest.mark.parametrize("platform", ["tiktok"])
def test_an_application_nobody_audited_sends_nothing(studio: Studio, site: Any, platform: str) -> None:
    post = studio.due(studio.film())
    site.levels = ("SELF_ONLY",)

    assert studio.work(post) == "failed"

    assert "Unggah sendiri" in studio.desk.delivery(post).error and site.publications == {}


@pytest.mark.parametrize("platform", ["tiktok"])
def test_a_film_that_tiktok_shows_nobody_is_not_said_to_be_live(
    studio: Studio, site: Any, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Complete, it says, and in six hours no public number: a person looks."""
    post = studio.due(studio.film())
    plain = site._status

    def without_number(name: str) -> Any:
        told = plain(name)
        if told.object()["data"]["status"] == "PUBLISH_COMPLETE":
            return films._ok(status="PUBLISH_COMPLETE", publicaly_available_post_id=[])
        return told

    monkeypatch.setattr(site, "_status", without_number)
    assert studio.work(post, over=MODERATION - timedelta(minutes=30)) not in ("published", "unknown")
    with clock.moved_to(clock.now() + MODERATION):
        assert studio.work(post) == "unknown"
    assert len(site.publications) == 1


@pytest.mark.parametrize("platform", ["youtube"])
def test_what_youtube_keeps_private_is_not_said_to_be_live(studio: Studio, site: Any, platform: str) -> None:
    post = studio.due(studio.film())
    site.privacy = "private"

    assert studio.work(post) == "failed"

    assert "Unggah sendiri" in studio.desk.delivery(post).error and len(site.sessions) == 1


@pytest.mark.parametrize("platform", ["telegram"])
def test_a_hundred_megabytes_are_too_many_for_a_bot(
    studio: Studio, site: Any, platform: str, browser_of: BrowserOf
) -> None:
    """Both numbers are named: by the composer while it is written, by the page it cannot be submitted from, and by the
    worker, should it have become so large after its approval. Nothing is sent.
    """
    sentence = "Berkas ke-1 100,0 MB; Telegram Film menerima paling besar 50,0 MB."
    film = studio.film(4000)
    fits = studio.due(film)
    film.size = 100_000_000
    db.session.commit()

    late = studio.composed(film)
    version = stories.get_current_version(late.story)
    found = post_policy.problems_of(late, posts.get_current_version(late), version, "")
    assert [problem.message for problem in found if problem.blocks] == [sentence]
    assert sentence in browser_of(studio.world.editor).get(f"/publikasi/{late.id}/sunting").text
    with pytest.raises(UserError, match="100,0 MB"):
        studio.desk.submit(late.story)
    db.session.rollback()

    assert studio.work(fits) == "failed"
    assert studio.desk.delivery(fits).error == sentence
    assert site.asked == []
