"""The pages that readers see."""

import struct
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from flask import url_for

from humasflow.core.db import db
from humasflow.newsroom import addresses, feeds, queries
from humasflow.newsroom.share_card import share_card
from humasflow.orgs.models import Unit
from humasflow.posts.models import PostVersion
from humasflow.publishing.enums import DeliveryState
from humasflow.stories import services as stories
from humasflow.stories.enums import StorySource, StoryState
from tests.factories import desk, newsroom

FRONT = "/berita/kantor-uji/"
CANARY = "<script>alert(1)</script>"

pytestmark = pytest.mark.usefixtures("in_request")


def meta(page, name):
    tag = page.soup.find("meta", attrs={"property": name}) or page.soup.find("meta", attrs={"name": name})
    return tag["content"] if tag else None


# The list


def test_an_empty_newsroom_says_so(browser, world):
    page = browser.get(FRONT)
    assert page.h1 == "Kantor Uji"
    assert "Belum ada berita" in page.main


def test_newest_first_the_first_one_large_with_picture_and_local_date(browser, world):
    asset = newsroom.picture(world)
    newsroom.publish(world, title="Yang lama", published_at=datetime(2026, 11, 20, 2, tzinfo=UTC))
    newest = newsroom.publish(world, title="Yang baru", pictures=(newsroom.shown(asset),))
    page = browser.get(FRONT)
    titles = [a.get_text() for a in page.soup.select("main article h2 a, main article h3 a")]
    assert titles == ["Yang baru", "Yang lama"]
    large = page.soup.select_one("main article")
    assert large.find("a")["href"] == newsroom.path(world, newest)
    assert large.find("img")["alt"] == "Peserta di aula"
    assert "Sabtu, 21 November 2026 09.00 WIB" in large.get_text()
    assert "Berita terbaru" in large.get_text()


def test_another_zone_another_clock(browser, other_world):
    newsroom.publish(other_world, published_at=datetime(2026, 11, 20, 15, 30, tzinfo=UTC))
    assert "Sabtu, 21 November 2026 00.30 WIT" in browser.get("/berita/kantor-lain/").main


def test_only_live_stories_of_the_newsroom_itself(browser, world, other_world):
    newsroom.publish(other_world, title="Milik kantor lain")
    draft = newsroom.post(world, title="Belum tayang")
    for state in set(DeliveryState) - {DeliveryState.PUBLISHED}:
        newsroom.publish(world, title=f"Keadaan {state}").state = state
    social = newsroom.publish(world, title="Di Facebook saja")
    social.account_id = world.facebook.id
    db.session.commit()
    page = browser.get(FRONT)
    assert "Belum ada berita" in page.main
    for word in ("Milik", draft.story.title, "Keadaan", "Facebook"):
        assert word not in page.main


def test_pages_go_back_in_time_without_gaps_or_repeats(browser, world):
    newsroom.publish_many(world, 16)
    first = browser.get(FRONT)
    second = browser.get(first.link("Berita yang lebih lama"))
    titles = [a.get_text() for p in (first, second) for a in p.soup.select("article h2 a, article h3 a")]
    assert titles == [f"Berita {n}" for n in range(16, 0, -1)]
    assert second.link("Kembali ke yang terbaru") == FRONT
    assert second.soup.select_one("link[rel=canonical]")["href"].startswith(
        f"http://localhost{FRONT}?setelah="
    )


def test_stories_of_the_same_second_are_each_shown_once(browser, world):
    for n in range(15):
        newsroom.publish(world, title=f"Serentak {n}")
    first = browser.get(FRONT)
    second = browser.get(first.link("Berita yang lebih lama"))
    titles = [a.get_text() for p in (first, second) for a in p.soup.select("article h2 a, article h3 a")]
    assert sorted(titles) == sorted(f"Serentak {n}" for n in range(15))


@pytest.mark.parametrize("cursor", ["~", "abc~1", "1~x", "9" * 40 + "~1", "'; DROP TABLE delivery"])
def test_a_damaged_cursor_starts_from_the_top(browser, world, cursor):
    newsroom.publish(world, title="Masih ada")
    assert "Masih ada" in browser.get(f"{FRONT}?setelah={cursor}").main


def test_sections_are_the_content_types_that_have_something(browser, world):
    newsroom.publish(world, title="Kabar harian")
    newsroom.publish(world, title="Kabar besar", content_type=world.headline)
    newsroom.publish(world, title="Unggahan", content_type=world.social)
    front = browser.get(FRONT)
    names = [a.get_text() for a in front.soup.select(".sections a")]
    assert sorted(names) == sorted(["Semua", world.news.label, world.headline.label])
    assert "Unggahan" in front.main, "what is no section still stands among all"
    section = browser.get(front.link(world.headline.label))
    assert section.h1 == world.headline.label
    assert "Kabar besar" in section.main
    assert "Kabar harian" not in section.main
    assert section.soup.select_one(".sections a[aria-current]").get_text() == world.headline.label


def test_an_empty_section_says_so_and_an_unknown_one_is_not_found(browser, world):
    assert "Belum ada siaran pers" in browser.get(f"{FRONT}jenis/siaran_pers").main
    browser.get(f"{FRONT}jenis/tidak-ada", status=404)
    browser.get(f"{FRONT}jenis/unggahan", status=404)


@pytest.mark.parametrize("number", [1, 3, 13])
def test_the_list_takes_the_same_number_of_statements_however_long(browser, world, statements, number):
    asset = newsroom.picture(world)
    newsroom.publish_many(world, number, pictures=(newsroom.shown(asset),))
    browser.get(FRONT)  # whether the installation is set up is asked once
    statements.reset()
    browser.get(FRONT)
    assert len(statements) == 3, statements.statements
    assert not any("payload" in s for s in statements.statements), "lists never read the snapshots"


@pytest.mark.parametrize(
    "address", ["", "jenis/berita_terbaru", "feed.xml", "feed.json", "sitemap.xml", "sematan"]
)
def test_no_such_office_or_one_that_is_closed(browser, world, address):
    browser.get(f"/berita/tidak-ada/{address}", status=404)
    newsroom.publish(world)
    db.session.get(Unit, world.office.id).is_active = False
    db.session.commit()
    page = browser.get(FRONT + address, status=404)
    assert page.h1 == "Halaman tidak ditemukan"
    assert "beranda" not in page.text, "a reader is not sent to the staff's pages"


# A story


@pytest.fixture
def full(world):
    """A story with everything."""
    one, two = newsroom.picture(world), newsroom.picture(world, colour="#993311")
    return newsroom.publish(
        world, title="Lelang serentak di Medan & Binjai", lead="Ratusan peserta hadir.",
        body_html="<h2>Hari pertama</h2><p>Isi <strong>berita</strong>.</p>", place="Aula Kantor, Medan",
        event_date=datetime(2026, 11, 19, tzinfo=UTC).date(), writer_credit="Penulis Satu",
        pictures=(
            newsroom.shown(one, alt_text="Juru lelang berdiri", credit="Fotografer Satu"),
            newsroom.shown(two, alt_text="Peserta duduk", credit="Fotografer Dua"),
        ),
        captions={one.id: "Suasana lelang"}, link="https://lelang.example/jadwal",
    )  # fmt: skip


def test_a_story_in_full(browser, world, full):
    page = browser.get(newsroom.path(world, full))
    assert page.h1 == "Lelang serentak di Medan & Binjai"
    for words in (
        "Berita terbaru", "Ratusan peserta hadir.", "Sabtu, 21 November 2026 09.00 WIB", "Suasana lelang",
        "Foto: Fotografer Satu", "Narasi: Penulis Satu / Foto: Fotografer Satu, Fotografer Dua",
        "Kamis, 19 November 2026", "Aula Kantor, Medan", "0 kali dibaca", "Bagikan ke WhatsApp",
    ):  # fmt: skip
        assert words in page.main, words
    assert page.soup.select_one(".prose strong").get_text() == "berita"
    assert [i["alt"] for i in page.soup.select("main img")] == ["Juru lelang berdiri", "Peserta duduk"]
    assert page.link("Tautan terkait") == "https://lelang.example/jadwal"
    assert page.link("WhatsApp").startswith(
        "https://wa.me/?text=Lelang%20serentak%20di%20Medan%20%26%20Binjai%0A"
    )


def test_what_other_sites_show_of_a_story(browser, world, full):
    page = browser.get(newsroom.path(world, full))
    url = f"http://localhost{newsroom.path(world, full)}"
    assert page.soup.select_one("link[rel=canonical]")["href"] == url == meta(page, "og:url")
    assert meta(page, "og:type") == "article"
    assert meta(page, "og:title") == "Lelang serentak di Medan & Binjai"
    assert meta(page, "og:description") == "Ratusan peserta hadir."
    assert meta(page, "og:site_name") == "Kantor Uji"
    assert meta(page, "og:image:alt") == "Juru lelang berdiri"
    assert meta(page, "article:published_time") == "2026-11-21T02:00:00+00:00"
    assert meta(page, "twitter:card") == "summary_large_image"
    with browser.client.get(meta(page, "og:image")) as image:
        assert (image.status_code, image.mimetype) == (200, meta(page, "og:image:type"))
    kinds = [link["type"] for link in page.soup.select("link[rel=alternate]")]
    assert kinds == ["application/atom+xml", "application/feed+json"]


def test_a_page_without_a_picture_is_shared_with_the_name_of_the_office(browser, world):
    bare = newsroom.publish(world)
    for address in (newsroom.path(world, bare), FRONT):
        page = browser.get(address)
        assert meta(page, "twitter:card") == "summary_large_image"
        assert meta(page, "og:image") == f"http://localhost{FRONT}kartu.png"
        assert meta(page, "og:image:alt") == "Kantor Uji"
    with browser.client.get(f"{FRONT}kartu.png") as card:
        assert (card.status_code, card.mimetype) == (200, "image/png")
        assert card.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in card.headers
        width, height = struct.unpack(">II", card.data[16:24])
        assert [str(width), str(height)] == [meta(page, "og:image:width"), meta(page, "og:image:height")]
    assert browser.client.get("/berita/tidak-ada/kartu.png").status_code == 404


@pytest.mark.parametrize("name", ["", "A", "Kantor " * 60, "x" * 400])
def test_every_name_fits_its_card(name):
    assert share_card(name).startswith(b"\x89PNG")


def test_the_address_is_the_one_that_publishing_promised(world, full):
    live = queries.find_article(queries.get_newsroom("kantor-uji"), full.post_id)
    assert addresses.article_path("kantor-uji", live) == newsroom.path(world, full)


def test_without_a_setting_the_address_is_the_one_that_was_asked(app, browser, world):
    app.config["PUBLIC_URL"] = ""
    page = browser.get(FRONT)
    assert page.soup.select_one("link[rel=canonical]")["href"] == f"http://localhost{FRONT}"


def test_other_titles_lead_to_the_canonical_address(browser, world, full):
    right = newsroom.path(world, full)
    for wrong in (right + "-lama", right.rpartition("/")[0], right.rpartition("/")[0] + "/x"):
        moved = browser.get(wrong, status=301)
        assert moved.location == right
        assert moved.response.headers["Cache-Control"] == "public, max-age=60", "titles may change back"


def test_a_source_is_named_when_the_words_are_another_ones(browser, world):
    agency = newsroom.publish(world, source=StorySource.AGENCY, source_note="Siaran pers Kanwil")
    own = newsroom.publish(world, source=StorySource.SECTION, source_note="Titipan dari grup seksi")
    assert "Siaran pers Kanwil" in browser.get(newsroom.path(world, agency)).main
    assert "Titipan" not in browser.get(newsroom.path(world, own)).main


def test_before_and_after(browser, world):
    first, second, third = newsroom.publish_many(world, 3)
    page = browser.get(newsroom.path(world, second))
    assert page.link("Sebelumnya") == newsroom.path(world, first)
    assert page.link("Berikutnya") == newsroom.path(world, third)
    assert "Sebelumnya" not in browser.get(newsroom.path(world, first)).main
    assert "Berikutnya" not in browser.get(newsroom.path(world, third)).main


def test_an_edit_that_is_not_published_does_not_show(browser, world, full):
    full.post.story.state = StoryState.DRAFT
    stories.save_version(
        full.post.story, actor=world.as_(world.editor), content=desk.text(title="Judul lain", lead="Lain")
    )
    other = PostVersion(
        post_id=full.post_id, number=2, created_at=newsroom.FIRST, text="Lain", link="", digest="0" * 64
    )
    db.session.add(other)
    db.session.flush()
    full.post.current_version_id = other.id
    db.session.commit()
    page = browser.get(newsroom.path(world, full))
    assert page.h1 == "Lelang serentak di Medan & Binjai"
    assert "Lain" not in page.main.split()
    with browser.client.get(meta(page, "og:image")) as image:
        assert image.status_code == 200


def test_a_story_taken_down_is_gone_with_a_plain_word(browser, world, full):
    image = meta(browser.get(newsroom.path(world, full)), "og:image")
    newsroom.retract(full)
    for address in (newsroom.path(world, full), f"{FRONT}{full.post_id}"):
        page = browser.get(address, status=410)
        assert "Berita ini diturunkan pada Minggu, 22 November 2026 09.00 WIB." in page.main
        assert "hanya untuk redaksi" not in page.html
        assert "Lelang" not in page.html
        assert meta(page, "robots") == "noindex"
    assert "Lelang" not in browser.get(FRONT).main
    browser.get(image, status=404)


def test_a_story_that_went_out_again_is_shown(browser, world, full):
    newsroom.retract(full)
    full.post.generation = 2
    again = newsroom.current_or_new(full.post)
    newsroom.fill(again, newsroom.take_snapshot(full.post))
    again.state, again.published_at = DeliveryState.PUBLISHED, newsroom.FIRST + timedelta(days=2)
    db.session.commit()
    assert "Senin, 23 November 2026" in browser.get(newsroom.path(world, full)).main


def test_unknown_foreign_and_unpublished_stories_are_not_found(browser, world, other_world):
    foreign = newsroom.publish(other_world, title="Milik kantor lain")
    draft = newsroom.post(world, title="Belum tayang")
    db.session.commit()
    for post_id in (foreign.post_id, draft.id, 999_999, 9223372036854775807, 99999999999999999999999):
        page = browser.get(f"{FRONT}{post_id}/milik-kantor-lain", status=404)
        assert "Milik" not in page.text


def test_a_delivery_without_a_snapshot_has_title_and_summary(browser, world):
    bare = newsroom.publish(world, title="Dari daftar lama")
    bare.payload, bare.summary, bare.cover_asset_id = None, "Ringkasannya saja", None
    db.session.commit()
    assert "Ringkasannya saja" in browser.get(newsroom.path(world, bare)).main


def test_the_number_of_statements_of_a_story(browser, world, full, statements):
    address = newsroom.path(world, full)
    browser.get(FRONT)  # whether the installation is set up is asked once
    for _ in range(2):
        statements.reset()
        browser.get(address)
        assert len(statements) == 6, statements.statements
        newsroom.publish_many(world, 3)


def test_nothing_typed_becomes_code(browser, world):
    asset = newsroom.picture(world)
    one = newsroom.publish(
        world, title=f"Judul {CANARY}", lead=f'Lead "><img src=x onerror=alert(1)> {CANARY}',
        body_html="<p>Isi</p>", place=CANARY, writer_credit=CANARY,
        pictures=(newsroom.shown(asset, alt_text=f'"{CANARY}', credit=CANARY),), captions={asset.id: CANARY},
    )  # fmt: skip
    payload = dict(one.payload)
    # As if something unclean had reached the database.
    payload["body_html"] = (
        f"<p>Isi</p>{CANARY}<img src=x onerror=alert(1)><a href='javascript:alert(1)'>x</a>"
    )
    payload["link"] = "javascript:alert(1)"
    one.payload = payload
    db.session.commit()
    for address in (FRONT, newsroom.path(world, one), f"{FRONT}sematan", f"{FRONT}jenis/berita_terbaru"):
        page = browser.get(address)
        assert "alert(1)</script>" not in page.html
        assert not page.soup.find_all("img", src="x")
        assert not [a for a in page.soup.find_all("a", href=True) if a["href"].startswith("javascript:")]
    # A feed's title and summary are plain text; only its content is HTML.
    item = browser.client.get(f"{FRONT}feed.json").get_json()["items"][0]
    entry = ElementTree.fromstring(browser.client.get(f"{FRONT}feed.xml").data).find(f"{{{feeds.ATOM}}}entry")
    for html in (item["content_html"], entry.findtext(f"{{{feeds.ATOM}}}content")):
        assert "<script" not in html
        assert "javascript:" not in html
        assert "<img src=x" not in html
    assert item["title"] == f"Judul {CANARY}" == entry.findtext(f"{{{feeds.ATOM}}}title")


def test_a_very_long_title_and_emoji(browser, world):
    one = newsroom.publish(world, title="🎉 " + "Pengumumanpentingsekali" * 8)
    assert browser.get(newsroom.path(world, one)).h1.startswith("🎉 Pengumuman")
    emoji = newsroom.publish(world, title="🎉🎉🎉")
    assert newsroom.path(world, emoji).endswith("/tanpa-judul")
    assert browser.get(newsroom.path(world, emoji)).h1 == "🎉🎉🎉"


def test_every_public_address_of_the_newsroom_is_tested_here(app):
    rules = {r.endpoint for r in app.url_map.iter_rules() if r.endpoint.startswith("newsroom.")}
    assert rules == {
        f"newsroom.{n}"
        for n in (
            "index", "by_type", "article", "article_short", "read", "picture", "card", "embed", "embed_guide", "atom",
            "json_feed", "sitemap", "sitemap_page", "robots",
        )
    }  # fmt: skip
    assert url_for("newsroom.index", slug="x") == "/berita/x/"
