"""The bundled platforms and content types."""

from dataclasses import fields

import pytest

from humasflow.channels.adapters.base import Counter, Field, Limits
from humasflow.channels.adapters.variant import MediaKind, Variant
from humasflow.channels.presets.loader import (
    LIMIT_FIELDS,
    PresetError,
    UnknownPlatform,
    UrlVerdict,
    content_types,
    get_platform,
    limits_for,
    platform_of_url,
    platforms,
    with_overrides,
)
from humasflow.channels.reaching import adapters, get_adapter


def test_every_platform_is_complete():
    assert list(platforms()) == [
        "website_own", "website_portal", "facebook", "instagram", "x", "tiktok", "youtube", "threads", "mastodon",
        "bluesky", "telegram", "whatsapp", "media_massa", "other",
    ]  # fmt: skip
    for platform in platforms().values():
        assert platform.label
        assert platform.icon
        assert platform.adapter in adapters()
        assert len(platform.limits_source) <= 200  # the column of a channel kind
        for fact in platform.facts:
            assert fact.value > 0
            assert fact.unit
            assert fact.source
            assert len(fact.as_of) == 7


@pytest.mark.parametrize(
    ("platform", "counter", "name", "value"),
    [
        ("instagram", Counter.CHARS, "text", 2200),
        ("instagram", Counter.CHARS, "hashtags", 5),
        ("instagram", Counter.CHARS, "alt_text", 1000),
        ("x", Counter.WEIGHTED, "text", 280),
        ("facebook", Counter.CHARS, "text", 63206),
        ("tiktok", Counter.CHARS, "text", 2200),
        ("tiktok", Counter.CHARS, "title", 90),
        ("youtube", Counter.BYTES, "text", 5000),
        ("youtube", Counter.BYTES, "title", 100),
        ("threads", Counter.CHARS_EMOJI_BYTES, "links", 5),
        ("mastodon", Counter.GRAPHEMES, "url_length", 23),
        ("bluesky", Counter.GRAPHEMES, "text_bytes", 3000),
        ("telegram", Counter.UTF16, "text_with_media", 1024),
        ("website_own", Counter.CHARS, "text", None),
        ("instagram", Counter.CHARS, "media_min", 1),
    ],
)
def test_the_limits_of_the_platforms(platform, counter, name, value):
    limits = get_platform(platform).limits

    assert limits.counter is counter
    assert getattr(limits, name) == value


def test_every_enforced_limit_has_a_field():
    assert {field.name for field in fields(Limits)} >= LIMIT_FIELDS


def test_stored_numbers_make_the_same_limits_again():
    for platform in platforms().values():
        stored = limits_for(platform.key, counter=platform.limits.counter.value, values=platform.limit_values)
        assert stored == platform.limits
        assert platform.limits_as_of == min([fact.as_of for fact in platform.facts], default="")


def test_an_account_overrides_and_a_missing_number_is_no_limit():
    instagram = get_platform("instagram").limits

    assert with_overrides(instagram, {"hashtags": 30}).hashtags == 30
    assert with_overrides(instagram, {"hashtags": None, "media_min": None}).hashtags is None
    assert with_overrides(instagram, {"media_min": None}).media_min == 0
    edited = limits_for("instagram", counter="graphemes", values={"text": 100})
    assert (edited.text, edited.hashtags, edited.media_min, edited.counter) == (
        100,
        None,
        0,
        Counter.GRAPHEMES,
    )
    assert edited.media_kinds == {MediaKind.IMAGE, MediaKind.VIDEO}
    assert limits_for("kanal_buatan_sendiri", counter="chars", values={}) == Limits()
    assert Field.HASHTAGS in limits_for("threads", counter="chars", values={}).advisory


@pytest.mark.parametrize(
    "values", [{"teks": 1}, {"text": -1}, {"text": "280"}, {"text": True}, {"text": 1.5}]
)
def test_a_limit_that_is_none_is_refused(values):
    with pytest.raises(PresetError):
        limits_for("x", counter="weighted", values=values)


def test_an_unknown_counter_or_platform_is_refused():
    with pytest.raises(PresetError):
        limits_for("x", counter="kira-kira", values={})
    with pytest.raises(UnknownPlatform):
        get_platform("friendster")


def test_a_typical_post_on_each_platform():
    manual = get_adapter("manual")
    tags = tuple(f"tag{number}" for number in range(6))

    codes = {
        key: {
            problem.code.value
            for problem in manual.validate(Variant(text="a" * 600, hashtags=tags), platform.limits)
        }
        for key, platform in platforms().items()
    }
    assert codes["facebook"] == codes["website_portal"] == codes["whatsapp"] == codes["telegram"] == set()
    assert codes["x"] == codes["bluesky"] == codes["mastodon"] == {"too_long"}
    assert codes["threads"] == {"too_long", "too_many"}
    assert codes["instagram"] == codes["tiktok"] == {"too_many", "too_few"}
    assert codes["youtube"] == {"too_few"}


@pytest.mark.parametrize(
    ("platform", "url", "account", "verdict"),
    [
        (
            "facebook",
            "https://www.facebook.com/kantor.contoh/posts/1",
            {"handle": "@Kantor.Contoh"},
            "belongs",
        ),
        (
            "facebook",
            "https://m.facebook.com/story.php?story_fbid=1&id=2",
            {"handle": "kantor.contoh"},
            "belongs",
        ),
        ("facebook", "https://fb.watch/abc", {"handle": "kantor.contoh"}, "belongs"),
        ("facebook", "https://facebook.com/orang.lain/posts/1", {"handle": "kantor.contoh"}, "other_account"),
        ("facebook", "https://facebook.com.jahat.example/kantor.contoh/posts/1", {}, "other_host"),
        ("facebook", "https://notfacebook.com/a", {}, "other_host"),
        ("instagram", "https://www.instagram.com/p/AbC/", {"handle": "kantor"}, "belongs"),
        ("instagram", "https://www.instagram.com/lain/reel/AbC/", {"handle": "kantor"}, "other_account"),
        ("x", "https://twitter.com/kantor/status/1", {"handle": "Kantor"}, "belongs"),
        ("x", "https://x.com/i/status/1", {"handle": "kantor"}, "belongs"),
        ("x", "https://x.com/lain/status/1", {"handle": "kantor"}, "other_account"),
        ("tiktok", "https://vt.tiktok.com/AbC/", {"handle": "kantor"}, "belongs"),
        ("tiktok", "https://www.tiktok.com/@lain/video/1", {"handle": "@kantor"}, "other_account"),
        ("youtube", "https://youtu.be/abc", {"handle": "kantor"}, "belongs"),
        ("threads", "https://www.threads.net/@kantor/post/abc", {"handle": "kantor"}, "belongs"),
        (
            "bluesky",
            "https://bsky.app/profile/lain.bsky.social/post/3k",
            {"handle": "kantor.bsky.social"},
            "other_account",
        ),
        ("telegram", "https://t.me/s/lain/12", {"handle": "kantor"}, "other_account"),
        ("telegram", "https://t.me/kantor/12", {"handle": "kantor"}, "belongs"),
        (
            "mastodon",
            "https://sosial.go.id/@kantor/12",
            {"handle": "kantor", "host": "https://sosial.go.id/@kantor"},
            "belongs",
        ),
        (
            "mastodon",
            "https://lain.go.id/@kantor/12",
            {"handle": "kantor", "host": "sosial.go.id"},
            "other_host",
        ),
        (
            "website_portal",
            "https://www.kantor-contoh.example/berita/14021",
            {"host": "www.kantor-contoh.example"},
            "belongs",
        ),
        (
            "website_portal",
            "https://lain.example/berita/14021",
            {"host": "kantor-contoh.example"},
            "other_host",
        ),
        ("website_portal", "https://apa-saja.example/berita/14021", {}, "belongs"),
        ("media_massa", "https://koran.example/a", {}, "belongs"),
        ("x", "javascript:alert(1)", {}, "not_a_link"),
        ("other", "catatan", {}, "not_a_link"),
    ],
)
def test_whether_a_recorded_address_belongs_to_the_account(platform, url, account, verdict):
    assert get_platform(platform).check_url(url, **account) is UrlVerdict(verdict)


def test_a_pasted_address_names_its_platform():
    assert platform_of_url("https://id-id.facebook.com/a").key == "facebook"
    assert platform_of_url("https://youtu.be/a").key == "youtube"
    assert platform_of_url("https://kantor.go.id/a") is None
    assert platform_of_url("bukan alamat") is None


def test_content_types():
    types = {preset.code: preset for preset in content_types()}

    assert list(types) == [
        "berita_utama", "berita_terbaru", "artikel", "siaran_pers", "pengumuman", "infografis", "videografis", "reels",
        "story", "klarifikasi_hoaks", "unggahan", "pembaruan_profil",
    ]  # fmt: skip
    assert types["berita_utama"].label == "Berita utama"
    assert types["berita_utama"].suits("website_portal")
    assert not types["reels"].suits("website_own")
    assert types["pengumuman"].suits("telegram")
